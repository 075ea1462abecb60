"""Reads the lines NAME=VALUE NAME=VALUE that programs print for the benchmarks."""

from benchmarks.errors import BenchmarkError


def values(text: str, *names: str) -> dict[str, float]:
    """Returns the numbers of the last line that has all these names."""
    for line in reversed(text.splitlines()):
        words = dict(word.split("=", 1) for word in line.split() if "=" in word)
        if all(name in words for name in names):
            try:
                return {name: float(words[name]) for name in names}
            except ValueError as e:
                raise BenchmarkError(f"numbers were expected: {line}") from e
    raise BenchmarkError(f"no line with {', '.join(name + '=' for name in names)} in:\n{text[-2000:]}")
