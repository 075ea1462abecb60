"""Tests of the benchmarks; ops/lint runs them. They start no Java."""
