"""Runs programs, and measures the time, CPU and memory of all their processes."""

import contextlib
import dataclasses
import os
import pathlib
import resource
import signal
import subprocess
import threading
import time

from benchmarks.errors import BenchmarkError

SAMPLE_SECONDS = 0.25
# The processes of a run appear early; to list all processes costs more than to look at known ones.
LISTED_ALWAYS_FOR = 20
LISTED_EVERY = 4
END_SECONDS = 30
LEFT_SECONDS = 2
TICKS = os.sysconf("SC_CLK_TCK")
KB_A_MB = 1024


@dataclasses.dataclass
class Process:
    """What is known about one process: its command, its highest resident memory and its own CPU time."""

    pid: int
    words: list[str]
    is_on_node: bool = False
    peak_mb: float = 0
    cpu_s: float = 0


@dataclasses.dataclass(frozen=True)
class Measured:
    """How a program ended and what all its processes needed, with those on nodes."""

    exit_code: int
    wall_s: float
    cpu_s: float
    nodes_cpu_s: float
    started: float
    processes: list[Process]
    log: pathlib.Path

    @property
    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def peaks(self, role) -> list[float]:
        """Returns the peak memory of the processes that have a role, in MB."""
        return [process.peak_mb for process in self.processes if role(process.words)]


class Sampler:
    """Samples the processes below a root, and those of nodes, on a thread of its own, four times a second."""

    def __init__(self, root: int, node_roots):
        self.root = root
        self.node_roots = node_roots
        self.known: dict[tuple[int, str], Process] = {}
        self.pids: list[tuple[int, bool]] = []
        self.count = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _run(self):
        while not self.ended.wait(SAMPLE_SECONDS):
            self.sample()

    def sample(self):
        """Looks at every process once."""
        if self.count < LISTED_ALWAYS_FOR or self.count % LISTED_EVERY == 0:
            self.pids = [(pid, False) for pid in tree([self.root])] + [(pid, True) for pid in tree(self.node_roots())]
        self.count += 1
        for pid, is_on_node in self.pids:
            with contextlib.suppress(OSError, IndexError, ValueError):
                self._look_at(pid, is_on_node)

    def _look_at(self, pid: int, is_on_node: bool):
        fields = stat_fields(pid)
        words = command_words(pid)
        key = (pid, fields[19])  # the start time, because pids are reused
        process = self.known.setdefault(key, Process(pid, words, is_on_node))
        if words and words != process.words:
            process.words, process.peak_mb = words, 0  # a child looks like its parent until it executes its program
        process.cpu_s = (int(fields[11]) + int(fields[12])) / TICKS
        process.peak_mb = max(process.peak_mb, status_mb(pid, "VmHWM"))


def stat_fields(pid: int) -> list[str]:
    """Returns the fields of /proc/PID/stat from the third one: the name before them may contain spaces."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()


def command_words(pid: int) -> list[str]:
    try:
        text = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [word.decode("utf-8", "replace") for word in text.split(b"\0") if word]


def status_mb(pid: int, name: str) -> float:
    """Returns a line of /proc/PID/status in MB; 0 if the process has ended."""
    return status(pid, name) / KB_A_MB


def status(pid: int, name: str) -> int:
    """Returns the number in a line of /proc/PID/status; 0 if the process has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith(name + ":"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def cpu_seconds(pid: int) -> float:
    """Returns the CPU time of a process and of its children that have ended; 0 if the process has ended."""
    try:
        return sum(int(field) for field in stat_fields(pid)[11:15]) / TICKS
    except (OSError, IndexError, ValueError):
        return 0.0


def tree(roots) -> list[int]:
    """Returns the roots and all processes below them, parents first."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                children.setdefault(int(stat_fields(int(name))[1]), []).append(int(name))
    found = list(roots)
    for pid in found:  # grows
        found += children.get(pid, [])
    return found


class Running:
    """A program that runs in the background. Leaving the context ends it and all its processes, by their ids."""

    def __init__(self, command, log: pathlib.Path, environment=None, directory=None, node_roots=list):
        self.command = [str(word) for word in command]
        self.log = log
        self.started = time.time()
        self.start = time.monotonic()
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, cwd=directory
            )
        self.usage: resource.struct_rusage | None = None
        self.sampler = Sampler(self.process.pid, node_roots)

    def __enter__(self):
        self.sampler.__enter__()
        return self

    def __exit__(self, *_):
        try:
            if self.usage is None:
                self.terminate()
        finally:
            self.sampler.__exit__()

    def seconds(self) -> float:
        return time.monotonic() - self.start

    def lines(self) -> list[str]:
        """Returns what the program has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    def has_ended(self) -> bool:
        if self.usage is None:
            pid, wait_status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self._note_end(wait_status, usage)
        return self.usage is not None

    def wait(self) -> Measured:
        """Waits for the end of the program."""
        if self.usage is None:
            _, wait_status, usage = os.wait4(self.process.pid, 0)
            self._note_end(wait_status, usage)
        return self._measured()

    def _note_end(self, wait_status: int, usage: resource.struct_rusage):
        self.wall_s = self.seconds()
        self.usage = usage
        self.process.returncode = os.waitstatus_to_exitcode(wait_status)

    def _measured(self) -> Measured:
        processes = list(self.sampler.known.values())
        # A process that nobody waited for is in no rusage; the samples have its CPU time, but for the last moment.
        sampled = sum(process.cpu_s for process in processes if not process.is_on_node)
        nodes_s = sum(process.cpu_s for process in processes if process.is_on_node)
        cpu_s = max(self.usage.ru_utime + self.usage.ru_stime, sampled) + nodes_s
        return Measured(self.process.returncode, self.wall_s, cpu_s, nodes_s, self.started, processes, self.log)

    def terminate(self) -> Measured:
        """Asks the program to end, and kills it after some time; then ends what is left of its processes."""
        below = [(pid, start_time(pid)) for pid in tree([self.process.pid])[1:]]
        os.kill(self.process.pid, signal.SIGTERM)
        if not ends_within(END_SECONDS, self.has_ended):
            os.kill(self.process.pid, signal.SIGKILL)
        measured = self.wait()
        if not ends_within(LEFT_SECONDS, lambda: not left(below)):
            for pid in left(below):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            ends_within(END_SECONDS, lambda: not left(below))
        return measured


def left(processes: list[tuple[int, str]]) -> list[int]:
    """Returns the ids of the processes that have not ended."""
    return [pid for pid, start in processes if is_alive(pid, start)]


def ends_within(seconds: float, has_ended) -> bool:
    end = time.monotonic() + seconds
    while not has_ended():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def start_time(pid: int) -> str:
    """Returns when a process started, which tells it from a later one with the same id; empty if it has ended."""
    try:
        return stat_fields(pid)[19]
    except (OSError, IndexError):
        return ""


def is_alive(pid: int, start: str) -> bool:
    try:
        fields = stat_fields(pid)
        return fields[19] == start and fields[0] != "Z"
    except (OSError, IndexError):
        return False


def run(command, log: pathlib.Path, environment=None, directory=None, node_roots=list) -> Measured:
    """Runs a program to its end, and measures it. Does not look at its exit code."""
    with Running(command, log, environment, directory, node_roots) as running:
        return running.wait()


def run_well(command, log: pathlib.Path, environment=None, directory=None) -> Measured:
    """Runs a program that must end with exit code 0."""
    measured = run(command, log, environment, directory)
    check(measured, command)
    return measured


def check(measured: Measured, command) -> None:
    """Fails with the last lines of the program unless its exit code is 0."""
    if measured.exit_code != 0:
        words = " ".join(str(word) for word in command)
        last = "\n".join(measured.lines[-15:])
        raise BenchmarkError(f"exit code {measured.exit_code}: {words}\n{last}")


def await_true(condition, what: str, seconds: float, poll_seconds: float = 0.05) -> None:
    """Waits until a condition is true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise BenchmarkError(f"not within {seconds:.0f} s: {what}")
        time.sleep(poll_seconds)
