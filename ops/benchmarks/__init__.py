"""Benchmarks of Rowmill and of the limits and peers that it is compared with. Called by ops/bench."""
