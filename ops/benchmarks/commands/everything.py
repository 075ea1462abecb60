"""Runs every benchmark, and prints one table."""

import dataclasses

from benchmarks import graphs, report, testbed
from benchmarks.commands import load
from benchmarks.errors import BenchmarkError


@dataclasses.dataclass(frozen=True)
class Step:
    """A measurement, and its numbers at full size and with --quick."""

    name: str
    full: tuple[int, ...]
    quick: tuple[int, ...] | None
    needs_testbed: bool = False


# With --quick, a step without numbers for it is left out.
STEPS = (
    Step("start", (5,), (1,)),
    Step("rates", (1_000, 10_000, 100_000), (1_000, 3_000)),
    Step("noop", (1_000_000,), (10_000, 1)),
    Step("busy", (1_000,), (1_000, 2)),
    Step("busy", (10_000,), None),
    Step("busy", (100_000,), None),
    Step("tails", (4_000,), (200,)),
    Step("latency", (200,), (20,)),
    Step("pi", (), None),
    Step("memory", (10_000, 100_000, 1_000_000, 10_000_000), (1_000, 10_000)),
    Step("resume", (1_000_000,), (10_000,)),
    Step("resume", (10_000_000,), None),
    Step("columns", (1,), (1, 1_000)),
    Step("columns", (10,), (10, 1_000)),
    Step("columns", (100,), (100, 1_000)),
    Step("values", (100,), None),
    Step("values", (1_000,), (1_000,)),
    Step("values", (10_000,), None),
    Step("values", (100_000,), (100_000,)),
    Step("values", (1_000_000,), None),
    Step("parts", (10_000,), (100,)),
    Step("mount", (500,), (20,)),
    Step("connect", (200_000,), None, True),
    Step("nodes", (1,), (1,), True),
    Step("nodes", (3,), (2,), True),
    Step("nodes", (10,), None, True),
    Step("spread", (), None, True),
    Step("idle", (50,), None, True),
    Step("bare", (), None, True),
)


def measure(session) -> None:
    """Runs every step; one that fails becomes a note, and the others follow."""
    session.is_all = True
    if session.options.quick and not session.options.runs:
        session.options = dataclasses.replace(session.options, runs=1)
    no_testbed = testbed.missing()
    for step in STEPS:
        numbers = step.quick if session.options.quick else step.full
        if numbers is None:
            continue
        if step.needs_testbed and no_testbed:
            session.note(f"{step.name} is left out: no testbed can be made here: {no_testbed}")
            continue
        run(session, step, numbers)
    finish(session)


def run(session, step: Step, numbers: tuple[int, ...]) -> None:
    name = f"{step.name} {' '.join(map(str, numbers))}".strip()
    session.say(f"--- {name}")
    try:
        load(step.name)(session, *numbers)
    except BenchmarkError as e:
        session.note(f"{name} failed: {e}")
    except Exception as e:  # a bug; the other steps take hours, and their figures must not be lost
        session.note(f"{name} failed: {type(e).__name__}: {e}")


def finish(session) -> None:
    """Prints the table and the notes, and draws the graphs."""
    session.say("")
    for line in report.table(session.figures):
        session.say(line)
    session.say(report.outcome(session.figures))
    for note in session.notes:
        session.say(f"note: {note}")
    if session.options.graphs:
        for file in graphs.draw(session.figures, session.options.graphs):
            session.say(f"graph: {file}")
