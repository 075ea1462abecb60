"""What all measurements of one call of ops/bench share."""

import dataclasses
import pathlib
import tempfile

from benchmarks import goals, machine, rowmill
from benchmarks.figures import Figure, with_unit


@dataclasses.dataclass(frozen=True)
class Options:
    """Options of the command line."""

    json: str | None = None
    runs: int | None = None
    quick: bool = False
    python: str | None = None
    graphs: str | None = None


class Session:
    """Owns the temporary directory, and collects the figures. Leaving the context removes the directory."""

    def __init__(self, options: Options):
        self.options = options
        self.java = rowmill.find_java()
        self.machine = machine.facts(self.java)
        self.temporary = tempfile.TemporaryDirectory(prefix="rowmill-bench-", ignore_cleanup_errors=True)
        self.work = pathlib.Path(self.temporary.name).resolve()
        self.rowmill = rowmill.Rowmill(self.work, self.java)
        self.slots = machine.cpus()
        self.figures: list[Figure] = []
        self.notes: list[str] = []
        self.tables: dict[int, pathlib.Path] = {}
        self.is_all = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def runs(self, default: int) -> int:
        """Returns how often to repeat a measurement."""
        return self.options.runs or default

    def add(self, name: str, unit: str, samples, better: str) -> Figure:
        """Adds a figure, and prints it."""
        figure = Figure(name, unit, tuple(float(sample) for sample in samples), better, goals.goal(name))
        self.figures.append(figure)
        spread = ""
        if len(samples) > 1:
            low, high = with_unit(min(figure.samples), unit), with_unit(max(figure.samples), unit)
            spread = f" ({low} to {high}, {len(samples)} samples)"
        self.say(f"{name}: {with_unit(figure.median, unit)}{spread}")
        return figure

    def note(self, text: str) -> None:
        """Notes what was not measured, once."""
        if text not in self.notes:
            self.notes.append(text)
            self.say(f"note: {text}")

    def say(self, line: str) -> None:
        print(line, flush=True)

    def values(self, **values) -> None:
        """Prints the values of one run as NAME=VALUE."""
        self.say(" ".join(f"{name}={short(value)}" for name, value in values.items()))


def short(value) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
