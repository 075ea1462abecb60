"""A node that has no Java and nothing in its caches: its first row, and what it costs a run that ends before."""

import time

from benchmarks import projects
from benchmarks.commands import nodes as node_runs
from benchmarks.errors import BenchmarkError
from benchmarks.figures import LESS
from benchmarks.testbed import Testbed

LIMIT_S = 120

PRINTING = """    @Column long value(int index, RowContext context) throws Exception {
        System.out.println("row " + context.node() + " " + System.currentTimeMillis());
        Thread.sleep(100);
        return index * 3L + 1;
    }"""


def measure(session) -> None:
    """Uses two nodes for each run, because a node has something in its caches afterwards."""
    session.rowmill.warm()
    runs = session.runs(3)
    firsts, ends, plain = [], [], []
    with Testbed(session, 2 * runs, "nojava,limit=1") as testbed:
        for node in range(1, 2 * runs, 2):
            firsts.append(first_row(session, testbed, node))
            ends.append(short_run(session, testbed, "--ssh-cluster-csv-path", testbed.cluster(node + 1)))
            plain.append(short_run(session, testbed))
            session.values(first_row_s=firsts[-1], one_row_s=ends[-1], one_row_without_node_s=plain[-1])
    session.add("bare: first row of the node", "s", firsts, LESS)
    session.add("bare: run of one row with the node", "s", ends, LESS)
    more = [with_node - without for with_node, without in zip(ends, plain, strict=True)]
    session.add("bare: run of one row with the node, minus one without", "s", more, LESS)


def first_row(session, testbed, node: int) -> float:
    """Returns the seconds from the command to the first row on the node; the head computes rows meanwhile."""
    project = session.rowmill.project("bare", projects.table(node_runs.ROWS, PRINTING))
    session.rowmill.forget_rows(project)
    options = ("-v", "--cpu-limit", 1, "--ssh-cluster-csv-path", testbed.cluster(node))
    with testbed.background(project, *options) as running:
        while testbed.address(node) not in (rows := node_runs.first_rows(running)):
            if running.has_ended() or running.seconds() > LIMIT_S:
                raise BenchmarkError("no row ran on the node:\n" + "\n".join(running.lines()[-20:]))
            time.sleep(0.1)
        running.terminate()
    return rows[testbed.address(node)] / 1000 - running.started


def short_run(session, testbed, *options) -> float:
    """Returns the seconds of a run of one row on the head of the testbed."""
    project = session.rowmill.project("short", projects.table(1))
    session.rowmill.forget_rows(project)
    return testbed.run(project, "--cpu-limit", 1, *options).wall_s
