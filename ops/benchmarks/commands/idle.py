"""What idle nodes cost the head: CPU, and the memory that each node adds."""

from benchmarks.commands import nodes as node_runs
from benchmarks.figures import LESS
from benchmarks.testbed import Testbed


def measure(session, nodes: int) -> None:
    session.rowmill.warm()
    with Testbed(session, nodes, "limit=1") as testbed:
        _, many = node_runs.once(session, testbed)
    with Testbed(session, 1, "limit=1") as testbed:
        _, one = node_runs.once(session, testbed)
    session.add(f"idle {nodes}: CPU of the head", "%", [many.cpu_percent], LESS)
    session.add(f"idle {nodes}: memory of the head", "MB", [many.memory_mb], LESS)
    if nodes > 1:
        a_node = (many.memory_mb - one.memory_mb) / (nodes - 1)
        session.add(f"idle {nodes}: memory of the head for a node", "MB", [a_node], LESS)
