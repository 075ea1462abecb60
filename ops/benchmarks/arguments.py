"""The numbers of a command: which it has, and what a call gives."""

import re

from benchmarks.errors import WrongInput


def parse(command: str, usage: str, words: list[str]) -> list[int]:
    """Checks the words after a command against its usage, for example `ROWS [RUNS]` or `[ROWS...]`."""
    names = usage.split()
    required = [name for name in names if not name.startswith("[")]
    if len(words) < len(required):
        raise WrongInput(f"{command}: {required[len(words)]} is missing ({full_usage(command, usage)})")
    repeats = any(name.endswith("...]") for name in names)
    if len(words) > len(names) and not repeats:
        raise WrongInput(f"{command}: unexpected argument '{words[len(names)]}' ({full_usage(command, usage)})")
    return [positive(command, names[min(i, len(names) - 1)], word) for i, word in enumerate(words)]


def positive(command: str, name: str, word: str) -> int:
    """Parses a number; only a round-trip time may be 0."""
    plain = name.strip("[].")
    if not re.fullmatch(r"[0-9]+", word) or (int(word) == 0 and plain != "MS"):
        raise WrongInput(f"{command}: {plain}: a positive whole number was expected, not '{word}'")
    return int(word)


def full_usage(command: str, usage: str) -> str:
    return f"usage: ops/bench {command} {usage}".rstrip()
