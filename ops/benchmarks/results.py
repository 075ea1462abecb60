"""Files of results: JSON with the figures, the computer, the JDK, the commit and the date."""

import dataclasses
import json
import pathlib

from benchmarks.errors import WrongInput
from benchmarks.figures import Figure

FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Results:
    """The figures of one call of ops/bench, and where they were measured."""

    machine: dict
    figures: list[Figure]
    notes: list[str] = dataclasses.field(default_factory=list)


def to_json(results: Results) -> str:
    figures = [
        {
            "name": figure.name,
            "unit": figure.unit,
            "samples": [rounded(sample) for sample in figure.samples],
            "median": rounded(figure.median),
            "goal": figure.goal,
            "better": figure.better,
        }
        for figure in results.figures
    ]
    content = {"format": FORMAT, "machine": results.machine, "notes": results.notes, "figures": figures}
    return json.dumps(content, indent=2) + "\n"


def rounded(value: float) -> float:
    """Keeps six significant digits."""
    return float(f"{value:.6g}")


def from_json(text: str) -> Results:
    """Parses a file of results. Fails with ValueError, KeyError or TypeError if it is no such file."""
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise ValueError(f"format {FORMAT} was expected, not {content['format']}")
    figures = [
        Figure(one["name"], one["unit"], tuple(float(s) for s in one["samples"]), one["better"], one["goal"])
        for one in content["figures"]
    ]
    return Results(dict(content["machine"]), figures, list(content["notes"]))


def read(path: str) -> Results:
    """Reads a file of results."""
    try:
        return from_json(pathlib.Path(path).read_text(encoding="utf-8"))
    except OSError as e:
        raise WrongInput(f"{path}: cannot be read: {e.strerror}") from e
    except (ValueError, KeyError, TypeError) as e:
        raise WrongInput(f"{path}: a file that ops/bench --json wrote was expected ({type(e).__name__}: {e})") from e


def write(path: str, results: Results) -> None:
    """Writes a file of results."""
    try:
        pathlib.Path(path).write_text(to_json(results), encoding="utf-8")
    except OSError as e:
        raise WrongInput(f"{path}: cannot be written: {e.strerror}") from e


def check_writable(path: str) -> None:
    """Fails before a long measurement if its results cannot be written."""
    try:
        with open(path, "a", encoding="utf-8"):
            pass
    except OSError as e:
        raise WrongInput(f"{path}: cannot be written: {e.strerror}") from e
