"""60 rows of 1 s on the head and three nodes that have eight slots together."""

from benchmarks import projects
from benchmarks.figures import LESS
from benchmarks.testbed import Testbed

ROWS, SLOTS_A_NODE, NODES = 60, 2, 3
IDEAL_S = 8

COLUMNS = """    @Column long started(int index) { return System.currentTimeMillis(); }
    @Column long ended(long started) throws InterruptedException {
        Thread.sleep(1_000);
        return System.currentTimeMillis();
    }
    @Column String node(int index, RowContext context) { return context.node(); }"""


def measure(session) -> None:
    session.rowmill.warm()
    with Testbed(session, NODES, f"limit={SLOTS_A_NODE}") as testbed:
        once(session, testbed)  # fills the caches of the nodes
        runs = [once(session, testbed) for _ in range(session.runs(3))]
    session.add("spread: computing", "s", [run["computing_s"] for run in runs], LESS)
    session.add("spread: command to end", "s", [run["wall_s"] for run in runs], LESS)
    session.add("spread: first row", "s", [run["first_row_s"] for run in runs], LESS)


def once(session, testbed) -> dict[str, float]:
    """Computes the rows, and returns the time between the start of the first one and the end of the last one."""
    project = session.rowmill.project("spread", projects.table(ROWS, COLUMNS))
    session.rowmill.forget_rows(project)
    options = ("--cpu-limit", SLOTS_A_NODE, "--ssh-cluster-csv-path", testbed.cluster())
    measured = testbed.run(project, *options)
    rows = session.rowmill.rows(project)
    first = min(int(row["started"]) for row in rows) / 1000
    values = {
        "computing_s": max(int(row["ended"]) for row in rows) / 1000 - first,
        "wall_s": measured.wall_s,
        "first_row_s": first - measured.started,
    }
    by_node = sorted([row["node"] for row in rows].count(node) for node in {row["node"] for row in rows})
    session.values(ideal_s=IDEAL_S, rows_by_node="+".join(map(str, by_node)), cpu_s=measured.cpu_s, **values)
    return values
