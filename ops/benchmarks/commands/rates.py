"""Rows a second of the whole command, with its start."""

from benchmarks import projects
from benchmarks.figures import MORE


def measure(session, *sizes: int) -> None:
    session.rowmill.warm()
    for rows in sizes or (1_000, 10_000, 100_000):
        project = session.rowmill.project("rate", projects.table(rows))
        rates = []
        for _ in range(session.runs(3)):
            session.rowmill.forget_rows(project)
            measured = session.rowmill.run(project)
            rates.append(rows / measured.wall_s)
            session.values(rows=rows, wall_s=measured.wall_s, rows_per_s=rates[-1])
        session.add(f"rate {rows}: with the start", "rows/s", rates, MORE)
