"""Rows that do nothing on one SSH node: through the SSH connection, directly, and on this computer, in turn."""

import time

from benchmarks import processes, projects
from benchmarks.figures import MORE, ratios
from benchmarks.testbed import Testbed

# The head computes almost nothing, so that the node's rows determine the time.
COLUMN = """    @Column long value(int index, RowContext context) throws Exception {
        if (!context.node().equals("%s")) Thread.sleep(500);
        return index * 3L + 1;
    }"""
WAYS = ("tunnel", "direct")


def measure(session, rows: int, millis: int = 0) -> None:
    session.rowmill.warm()
    name = f"connect {rows}, {millis} ms"
    rates: dict[str, list[float]] = {way: [] for way in (*WAYS, "local")}
    with Testbed(session, 1) as testbed:
        testbed.call("slow", 1, millis)
        project = session.rowmill.project("connect", projects.table(rows, COLUMN % testbed.address(1)))
        cluster = testbed.cluster()
        for _ in range(session.runs(3)):
            for way in WAYS:
                rates[way].append(run(session, testbed, project, cluster, way, rows))
            rates["local"].append(local(session, rows))
    for way, samples in rates.items():
        session.add(f"{name}: {way}", "rows/s", samples, MORE)
    for way in WAYS:
        session.add(f"{name}: {way} to local", "x", ratios(rates[way], rates["local"]), MORE)


def run(session, testbed, project, cluster, way: str, rows: int) -> float:
    """Returns the rows per second from the moment when the node is ready to the end of the command."""
    session.rowmill.forget_rows(project)
    options = ("-v", "--cpu-limit", 1, "--no-remote-mount-needed", "--ssh-cluster-csv-path", cluster, "--connect", way)
    with testbed.background(project, *options) as running:
        run_s, measured = seconds_after(running, ": ready,")
    return printed(session, way, rows, run_s, measured)


def printed(session, way: str, rows: int, run_s: float, measured) -> float:
    cpu = {"head_cpu_s": measured.cpu_s - measured.nodes_cpu_s, "node_cpu_s": measured.nodes_cpu_s}
    session.values(connect=way, rows=rows, run_s=run_s, rows_per_s=rows / run_s, **cpu)
    return rows / run_s


def seconds_after(running, words: str):
    """Waits for a line with these words, and then for the end; returns the time between them."""
    while not running.has_ended() and not any(words in line for line in running.lines()):
        time.sleep(0.05)
    start = running.seconds()
    measured = running.wait()
    processes.check(measured, running.command)
    return measured.wall_s - start, measured


def local(session, rows: int) -> float:
    """Returns the rows per second on this computer alone, from the first row to the end of the command."""
    project = session.rowmill.project("local", projects.table(rows, projects.FIRST_ROW))
    session.rowmill.forget_rows(project)
    with session.rowmill.background(project, "-v") as running:
        run_s, measured = seconds_after(running, "first ")
    return printed(session, "local", rows, run_s, measured)
