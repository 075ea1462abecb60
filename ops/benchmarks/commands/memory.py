"""Peak memory of the head and rate by the number of rows."""

from benchmarks import projects, rowmill
from benchmarks.figures import LESS, MORE


def measure(session, *sizes: int) -> None:
    session.rowmill.warm()
    row_us = []
    for rows in sizes or (10_000, 1_000_000, 10_000_000):
        measured = compute(session, rows)
        run_s = max(rowmill.summary_seconds(measured.text), 0.05)
        head, consumer = rowmill.head_peak_mb(measured), rowmill.consumer_peak_mb(measured)
        session.values(rows=rows, run_s=run_s, head_peak_mb=head, consumer_peak_mb=consumer)
        session.add(f"memory {rows}: head", "MB", [head], LESS)
        session.add(f"memory {rows}: consumer", "MB", [consumer], LESS)
        session.add(f"memory {rows}: rate", "rows/s", [rows / run_s], MORE)
        row_us.append((rows, run_s / rows))
    for (fewer, before), (more, after) in zip(row_us, row_us[1:]):
        session.add(f"memory: time of a row at {more}, to {fewer}", "x", [after / before], LESS)


def compute(session, rows: int):
    """Computes a table of so many rows, and keeps it for `resume`."""
    project = session.rowmill.project(f"rows-{rows}", projects.table(rows))
    session.rowmill.forget_rows(project)
    measured = session.rowmill.run(project)
    session.tables[rows] = project
    return measured
