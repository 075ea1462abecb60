"""From the command until SSH nodes compute, with empty and with full caches, and what idle nodes cost the head."""

import dataclasses
import re
import time

from benchmarks import processes, projects, rowmill
from benchmarks.errors import BenchmarkError
from benchmarks.figures import LESS
from benchmarks.testbed import Testbed

READY = ": ready, "
ROW = re.compile(r"row (\S+) (\d{13})$", re.MULTILINE)
ROWS = 100_000
READY_LIMIT_S = 300
SETTLE_S, IDLE_S = 10, 30  # the consumers start before the idle time is measured
QUICK_SETTLE_S, QUICK_IDLE_S = 2, 4

SLEEPING = """    @Column long value(int index, RowContext context) throws Exception {
        System.out.println("row " + context.node() + " " + System.currentTimeMillis());
        Thread.sleep(10_000);
        return index * 3L + 1;
    }"""


@dataclasses.dataclass(frozen=True)
class Idle:
    """What the head needs while its nodes sleep."""

    cpu_percent: float
    memory_mb: float
    threads: int


def measure(session, nodes: int) -> None:
    session.rowmill.warm()
    with Testbed(session, nodes, "limit=1") as testbed:
        cold, _ = once(session, testbed, False)
        add_times(session, f"nodes {nodes}, cold", [cold])
        warm = [once(session, testbed, False)[0] for _ in range(session.runs(3) - 1)]
        last, idle = once(session, testbed)
        add_times(session, f"nodes {nodes}, warm", [*warm, last])
        add_idle(session, f"nodes {nodes}, warm", idle)


def once(session, testbed, measures_idle: bool = True) -> tuple[dict[str, float], Idle | None]:
    """Starts a run whose rows sleep, and ends it when all nodes have started a row, or after the idle time."""
    project = session.rowmill.project("idle", projects.table(ROWS, SLEEPING))
    session.rowmill.forget_rows(project)
    options = ("-v", "--cpu-limit", 1, "--ssh-cluster-csv-path", testbed.cluster())
    with testbed.background(project, *options) as running:
        times = until_ready(running, testbed.nodes)
        what = "every node has printed a row"
        processes.await_true(lambda: len(first_rows(running)) > testbed.nodes, what, READY_LIMIT_S)
        idle = while_idle(session, running) if measures_idle else None
        rows = first_rows(running)
        running.terminate()
    times["first_row_ms"] = min(rows.values()) - running.started * 1000
    times["last_node_row_ms"] = max(rows.values()) - running.started * 1000
    session.values(nodes=testbed.nodes, **times, **(dataclasses.asdict(idle) if idle else {}))
    return times, idle


def until_ready(running, nodes: int) -> dict[str, float]:
    """Waits for all nodes, and returns when the first and the last were ready."""
    first = 0.0
    while (ready := sum(READY in line for line in running.lines())) < nodes:
        if running.has_ended() or running.seconds() > READY_LIMIT_S:
            raise BenchmarkError(f"only {ready} of {nodes} nodes were ready:\n" + "\n".join(running.lines()[-20:]))
        first = first or (running.seconds() if ready else 0)
        time.sleep(0.05)
    last = running.seconds()
    return {"first_ready_ms": (first or last) * 1000, "all_ready_ms": last * 1000}


def while_idle(session, running) -> Idle:
    """Measures the JVM of the head while the rows of all nodes sleep."""
    quick = session.options.quick
    time.sleep(QUICK_SETTLE_S if quick else SETTLE_S)
    pid = head_pid(running.process.pid)
    before, start = processes.cpu_seconds(pid), time.monotonic()
    time.sleep(QUICK_IDLE_S if quick else IDLE_S)
    used = (processes.cpu_seconds(pid) - before) / (time.monotonic() - start)
    return Idle(used * 100, processes.status_mb(pid, "VmRSS"), processes.status(pid, "Threads"))


def head_pid(root: int) -> int:
    """Returns the JVM that the launcher has started: the last one that is a head."""
    heads = [pid for pid in processes.tree([root]) if rowmill.is_head(processes.command_words(pid))]
    if not heads:
        raise BenchmarkError("the head has ended")
    return heads[-1]


def first_rows(running) -> dict[str, int]:
    """Returns when each node started its first row, in milliseconds since 1970."""
    rows: dict[str, int] = {}
    for node, millis in ROW.findall("\n".join(running.lines())):
        rows[node] = min(int(millis), rows.get(node, int(millis)))
    return rows


def add_times(session, name: str, runs: list[dict[str, float]]) -> None:
    for what, key in (
        ("first row", "first_row_ms"),
        ("first node ready", "first_ready_ms"),
        ("all nodes ready", "all_ready_ms"),
        ("first row of the last node", "last_node_row_ms"),
    ):
        session.add(f"{name}: {what}", "ms", [run[key] for run in runs], LESS)


def add_idle(session, name: str, idle: Idle) -> None:
    session.add(f"{name}: CPU of the head", "%", [idle.cpu_percent], LESS)
    session.add(f"{name}: memory of the head", "MB", [idle.memory_mb], LESS)
    session.add(f"{name}: threads of the head", "threads", [idle.threads], LESS)
