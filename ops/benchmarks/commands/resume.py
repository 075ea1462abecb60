"""Runs on a table whose rows are stored: nothing to do, and a few new rows."""

from benchmarks import projects, rowmill
from benchmarks.commands import memory
from benchmarks.errors import BenchmarkError
from benchmarks.figures import LESS


def measure(session, rows: int, new: int = 10) -> None:
    session.rowmill.warm()
    if rows not in session.tables:
        memory.compute(session, rows)
    project = session.tables.pop(rows)
    nothing = [again(session, project, 0) for _ in range(session.runs(3))]
    added = [again(session, write(project, rows + i * new), new) for i in range(1, session.runs(3) + 1)]
    name = f"resume {rows}"
    session.add(f"{name}: nothing to do", "s", [run.wall_s for run in nothing], LESS)
    session.add(f"{name}: {new} new rows", "s", [run.wall_s for run in added], LESS)
    more = [b.wall_s - a.wall_s for a, b in zip(nothing, added, strict=True)]
    session.add(f"{name}: {new} new rows, minus nothing to do", "s", more, LESS)
    session.add(f"{name}: head", "MB", [rowmill.head_peak_mb(run) for run in nothing], LESS)
    session.add(f"{name}: head, {new} new rows", "MB", [rowmill.head_peak_mb(run) for run in added], LESS)


def write(project, rows: int):
    return projects.write(project, projects.table(rows))


def again(session, project, expected: int):
    """Runs once more, and checks how many rows were computed."""
    measured = session.rowmill.run(project)
    computed = rowmill.computed_rows(measured.text)
    if computed != expected:
        raise BenchmarkError(f"{expected} new rows were expected, not {computed}:\n{measured.text[-2000:]}")
    session.values(new=expected, wall_s=measured.wall_s, head_peak_mb=rowmill.head_peak_mb(measured))
    return measured
