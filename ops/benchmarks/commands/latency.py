"""How long one row takes on a run that has nothing else to do.

Rowmill does not report when a row was published and when its result was stored. So this measures from the moment at
which index() lists the row to the moment at which its column method runs: planning, publishing and delivery.
"""

from benchmarks import projects
from benchmarks.figures import LESS, percentile

PAUSE_MS = 50
FIRST_PAUSE_MS = 3_000
LEFT_OUT = 2

# System.nanoTime() is the same clock in all processes of a Linux computer.
INDEX = """return Stream.iterate(0, i -> i + 1).limit(%d).map(i -> {
        try {
            Thread.sleep(i == 1 ? %d : %d);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return System.nanoTime();
    });"""
COLUMN = "    @Column long nanos(long index) { return System.nanoTime() - index; }"


def measure(session, rows: int = 200) -> None:
    session.rowmill.warm()
    index = INDEX % (rows + LEFT_OUT, FIRST_PAUSE_MS, PAUSE_MS)
    source = projects.TABLE.format(index_type="Long", index=index, columns=COLUMN)
    runs = [run(session, source) for _ in range(session.runs(3))]
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        samples = [percentile(millis, share) for millis in runs]
        session.add(f"latency, index() to column method: {name}", "ms", samples, LESS)


def run(session, source: str) -> list[float]:
    """Returns the milliseconds of each row, without the first ones: the consumer may not have been ready for them."""
    project = session.rowmill.project("latency", source)
    session.rowmill.forget_rows(project)
    session.rowmill.run(project)
    stored = sorted(session.rowmill.rows(project), key=lambda row: int(row["index"]))
    return [int(row["nanos"]) / 1e6 for row in stored[LEFT_OUT:]]
