"""SSH nodes of ops/testbed, each with an address of its own on this computer."""

import contextlib
import os
import pathlib
import random
import subprocess

from benchmarks import machine, processes
from benchmarks.errors import BenchmarkError

SCRIPT = machine.ROOT / "ops" / "testbed"


def missing() -> str | None:
    """Returns why no testbed can be made here; None if it can."""
    done = subprocess.run([SCRIPT, "check"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else (done.stdout + done.stderr).strip().replace("\n", "; ")


class Testbed:
    """Nodes 1 to N. Leaving the context ends all their processes."""

    def __init__(self, session, nodes: int, spec: str = ""):
        self.session = session
        self.nodes = nodes
        self.specs = [f"{i}:{spec}" for i in range(1, nodes + 1)] if spec else []
        number = random.SystemRandom().randrange(1000)
        self.state = session.work / f"testbed-{number}"
        self.net = f"10.{200 + number % 50}.{number // 50}"
        self.environment = {
            **session.rowmill.environment,
            "TESTBED_STATE": str(self.state),
            "TESTBED_PREFIX": f"rb{number}-",
            "TESTBED_NET": self.net,
            "PATH": f"{pathlib.Path(session.java).parent}:{os.environ['PATH']}",
        }

    def __enter__(self):
        try:
            self.call("up", self.nodes, *self.specs)
        except BaseException:
            with contextlib.suppress(BenchmarkError):
                self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.call("down")

    def call(self, *words) -> str:
        """Runs a command of ops/testbed, and returns what it prints."""
        command = [str(SCRIPT), *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"exit code {done.returncode}: {' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def address(self, node: int) -> str:
        return f"{self.net}.{node}"

    def cluster(self, *nodes: int) -> pathlib.Path:
        """Writes a cluster file with these nodes, by default with all."""
        file = self.session.work / f"cluster-{'-'.join(map(str, nodes)) or 'all'}.csv"
        file.write_text(self.call("csv", *nodes), encoding="utf-8")
        return file

    def command(self, project: pathlib.Path, *options) -> list[str]:
        """Returns the command of a run on the head of the testbed."""
        home = f"-Duser.home={self.state / 'home'}"
        return [str(SCRIPT), "head", *self.session.rowmill.command(project, *options, jvm=[home])]

    def run(self, project: pathlib.Path, *options) -> processes.Measured:
        """Computes the missing rows of a project; every row must succeed."""
        command = self.command(project, *options)
        measured = processes.run(command, self.session.rowmill.log(), self.environment, node_roots=self.roots)
        processes.check(measured, command)
        return measured

    def background(self, project: pathlib.Path, *options) -> processes.Running:
        command = self.command(project, *options)
        return processes.Running(command, self.session.rowmill.log(), self.environment, node_roots=self.roots)

    def roots(self) -> list[int]:
        """Returns the first processes of the nodes: all others of a node are below them."""
        pids = []
        for file in self.state.glob("n[0-9]*/init.pid"):
            text = machine.read(str(file)).strip()
            if text.isdigit():
                pids.append(int(text))
        return pids
