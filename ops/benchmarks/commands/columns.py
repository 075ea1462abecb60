"""Tables with many columns."""

from benchmarks import projects, rowmill
from benchmarks.figures import MORE

COLUMN = "    @Column long c%d(int index) { return index * %dL; }"


def measure(session, columns: int, rows: int = 20_000) -> None:
    session.rowmill.warm()
    source = projects.table(rows, "\n".join(COLUMN % (i, i) for i in range(columns)))
    project = session.rowmill.project("columns", source)
    rates = []
    for _ in range(session.runs(3)):
        session.rowmill.forget_rows(project)
        measured = session.rowmill.run(project)
        run_s = max(rowmill.summary_seconds(measured.text), 0.05)
        rates.append(rows / run_s)
        session.values(columns=columns, rows=rows, run_s=run_s, rows_per_s=rates[-1], cells_per_s=rates[-1] * columns)
    session.add(f"columns {columns}: rate", "rows/s", rates, MORE)
    session.add(f"columns {columns}: cells", "cells/s", [rate * columns for rate in rates], MORE)
