"""Rows that do nothing: Rowmill, the bare loop through the broker and a multiprocessing.Pool, in turn."""

from benchmarks import projects, rowmill
from benchmarks.figures import LESS, MORE, ratios
from benchmarks.peers import programs

MICROS = 1_000_000


def measure(session, rows: int, runs: int | None = None) -> None:
    has_limit = programs.has_bare_loop()
    if not has_limit:
        missing_limit(session)
    session.rowmill.warm()
    one_s = rowmill.summary_seconds(session.rowmill.one_row().text)
    ours, limits, pools = [], [], []
    for _ in range(session.runs(runs or 3)):
        ours.append(run(session, rows, one_s))
        if has_limit:
            limits.append(programs.bare_loop(session, rows))
            session.values(bare_loop_rows_per_s=limits[-1]["rows_per_s"])
        pools.append(programs.pool(session, rows))
        session.values(pool_rows_per_s=pools[-1]["rows_per_s"])
    add_figures(session, f"noop {rows}", rows, ours, limits, pools)


def missing_limit(session) -> None:
    """`all` measures the rest; the command itself cannot pair what it is for."""
    if not session.is_all:
        rowmill.check_jar(programs.BARE_LOOP_JAR, programs.BARE_LOOP_BUILD)
    session.note(f"noop: the bare loop is left out: {programs.BARE_LOOP_JAR.name} was not built")


def run(session, rows: int, one_s: float) -> dict[str, float]:
    """Computes a table of so many rows, and prints what was measured."""
    project = session.rowmill.project("noop", projects.table(rows))
    session.rowmill.forget_rows(project)
    measured = session.rowmill.run(project)
    run_s = rowmill.summary_seconds(measured.text)
    values = {
        "run_s": run_s,
        "rows_per_s": rows / max(run_s, 0.05),  # the line has tenths of seconds
        "cpu_us_per_row": measured.cpu_s * MICROS / rows,
        "head_peak_mb": rowmill.head_peak_mb(measured),
        "consumer_peak_mb": rowmill.consumer_peak_mb(measured),
    }
    further = (run_s - one_s) * MICROS / rows
    session.values(rows=rows, wall_s=measured.wall_s, run_of_one_row_s=one_s, us_per_further_row=further, **values)
    return values


def add_figures(session, name: str, rows: int, ours, limits, pools) -> None:
    def of(measurements, key):
        return [measurement[key] for measurement in measurements]

    session.add(f"{name}: rowmill", "rows/s", of(ours, "rows_per_s"), MORE)
    session.add(f"{name}: pool", "rows/s", of(pools, "rows_per_s"), MORE)
    session.add(f"{name}: to the pool", "x", ratios(of(ours, "rows_per_s"), of(pools, "rows_per_s")), MORE)
    session.add(f"{name}: CPU of a row", "us", of(ours, "cpu_us_per_row"), LESS)
    session.add(f"{name}: CPU of a row, pool", "us", [p["cpu_s"] * MICROS / rows for p in pools], LESS)
    session.add(f"{name}: peak memory of the head", "MB", of(ours, "head_peak_mb"), LESS)
    session.add(f"{name}: peak memory of the consumer", "MB", of(ours, "consumer_peak_mb"), LESS)
    if limits:
        cpu = [(limit["head_cpu_s"] + limit["consumer_cpu_s"]) * MICROS / rows for limit in limits]
        session.add(f"{name}: bare loop", "rows/s", of(limits, "rows_per_s"), MORE)
        session.add(f"{name}: to the bare loop", "x", ratios(of(ours, "rows_per_s"), of(limits, "rows_per_s")), MORE)
        session.add(f"{name}: CPU of a row, bare loop", "us", cpu, LESS)
