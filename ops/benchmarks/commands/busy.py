"""Rows that keep their slots busy: which share of the time the slots compute."""

from benchmarks import projects, rowmill
from benchmarks.figures import MORE

WITH_START_S = 5
WITHOUT_START_S = 30


def measure(session, micros: int, seconds: int | None = None) -> None:
    session.rowmill.warm()
    with_start, without_start = seconds or WITH_START_S, seconds or WITHOUT_START_S
    shares = [run(session, micros, with_start)["share"] for _ in range(session.runs(3))]
    session.add(f"busy {micros}: {with_start} s with the start", "%", shares, MORE)
    shares = [without(session, micros, without_start) for _ in range(session.runs(3))]
    session.add(f"busy {micros}: {without_start} s without the start", "%", shares, MORE)


def run(session, micros: int, seconds: int) -> dict[str, float]:
    """Computes rows that take so many seconds in every slot."""
    rows = max(session.slots, seconds * 1_000_000 * session.slots // micros)
    project = session.rowmill.project("busy", projects.table(rows, projects.SPINNING % micros))
    session.rowmill.forget_rows(project)
    measured = session.rowmill.run(project)
    run_s = rowmill.summary_seconds(measured.text)
    values = {"wall_s": measured.wall_s, "run_s": run_s, "rows_per_s": rows / run_s, "share": seconds / run_s * 100}
    session.values(rows=rows, micros=micros, slots=session.slots, seconds=seconds, **values)
    return values


def without(session, micros: int, seconds: int) -> float:
    """Returns the share without the time that a run of one row takes."""
    one_s = session.rowmill.one_row().wall_s
    return seconds / (run(session, micros, seconds)["wall_s"] - one_s) * 100
