"""From the command to the first row and to the end, for a table of one row."""

import re

from benchmarks import projects
from benchmarks.errors import BenchmarkError
from benchmarks.figures import LESS
from benchmarks.processes import Measured

EMPTY_CACHES = 3
FIRST = re.compile(r"first (\d+)$", re.MULTILINE)


def measure(session, starts: int = 5) -> None:
    add(session, "start, empty cache", [first(session, i) for i in range(min(EMPTY_CACHES, starts))])
    session.rowmill.use_cache("cache")
    session.rowmill.warm()
    add(session, "start", [one(session) for _ in range(starts)])


def first(session, number: int) -> dict[str, float]:
    """Starts with a cache directory that does not exist yet."""
    session.rowmill.use_cache(f"empty-{number}")
    return one(session)


def one(session) -> dict[str, float]:
    """Starts once, and prints the times."""
    project = session.rowmill.project("start", projects.table(1, projects.FIRST_ROW))
    session.rowmill.forget_rows(project)
    measured = session.rowmill.run(project, "-v")
    times = {"first_row_ms": first_row_ms(measured), "end_ms": measured.wall_s * 1000, "cpu_s": measured.cpu_s}
    session.values(**times)
    return times


def first_row_ms(measured: Measured) -> float:
    """Returns when the first row ran, in milliseconds after the command."""
    found = FIRST.search(measured.text)
    if not found:
        raise BenchmarkError(f"the row printed nothing:\n{measured.text[-2000:]}")
    return int(found[1]) - measured.started * 1000


def add(session, name: str, starts) -> None:
    session.add(f"{name}: first row", "ms", [start["first_row_ms"] for start in starts], LESS)
    session.add(f"{name}: end", "ms", [start["end_ms"] for start in starts], LESS)
    session.add(f"{name}: CPU of a run of one row", "s", [start["cpu_s"] for start in starts], LESS)
