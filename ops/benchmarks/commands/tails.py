"""Rows of 5 ms, with 1 % of 2 s among them, in the order of the index: compared with list scheduling."""

from benchmarks import ideal, projects
from benchmarks.figures import LESS

SLOTS = 4
SHORT_S, LONG_S, ONE_IN = 0.005, 2.0, 100

# The rows sleep, so that there may be more slots than CPUs.
SLEEPING = f"""    @Column long value(int index) throws InterruptedException {{
        Thread.sleep({ideal.is_long_in_java(ONE_IN)} ? {LONG_S * 1000:.0f} : {SHORT_S * 1000:.0f});
        return index * 3L + 1;
    }}"""


def measure(session, rows: int = 4_000) -> None:
    session.rowmill.warm()
    ideal_s = ideal.list_schedule(ideal.tail_durations(rows, SHORT_S, LONG_S, ONE_IN), SLOTS)
    project = session.rowmill.project("tails", projects.table(rows, SLEEPING))
    samples = []
    for _ in range(session.runs(3)):
        one_s = session.rowmill.one_row().wall_s
        session.rowmill.forget_rows(project)
        measured = session.rowmill.run(project, "--cpu-limit", SLOTS)
        samples.append((measured.wall_s - one_s) / ideal_s)
        session.values(rows=rows, slots=SLOTS, ideal_s=ideal_s, wall_s=measured.wall_s, run_of_one_row_s=one_s)
    session.add(f"tails {rows}: to the ideal", "x", samples, LESS)
