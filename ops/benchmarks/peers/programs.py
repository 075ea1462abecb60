"""Runs the limits and peers, and returns what they measured."""

import sys

from benchmarks import machine, processes, rowmill
from benchmarks.peers import lines

BARE_LOOP_JAR = machine.ROOT / "benchmarks" / "target" / "benchmarks.jar"
BARE_LOOP_CLASS = "org.rowmill.benchmarks.BareLoop"
LEAST_ROWS_FOR_C2 = 300_000  # with fewer rows, C2 compiles for longer than it saves
BARE_LOOP_BUILD = "ops/mvn -q package -DskipTests"


def has_bare_loop() -> bool:
    return BARE_LOOP_JAR.is_file()


def bare_loop(session, rows: int) -> dict[str, float]:
    """Passes rows through the broker as Rowmill does, and does nothing else."""
    rowmill.check_jar(BARE_LOOP_JAR, BARE_LOOP_BUILD)
    options = ["-XX:+UseParallelGC"] + (["-XX:TieredStopAtLevel=1"] if rows < LEAST_ROWS_FOR_C2 else [])
    command = [session.java, *options, "-cp", str(BARE_LOOP_JAR), BARE_LOOP_CLASS, str(rows)]
    measured = processes.run_well(command, session.rowmill.log(), directory=session.work)
    return lines.values(measured.text, "rows_per_s", "run_s", "head_cpu_s", "consumer_cpu_s")


def pool(session, rows: int) -> dict[str, float]:
    """Computes rows with a multiprocessing.Pool that has as many workers as Rowmill has slots."""
    script = machine.ROOT / "ops" / "benchmarks" / "peers" / "pool.py"
    command = [sys.executable, script, rows, session.slots, session.work / "pool.csv"]
    measured = processes.run_well(command, session.rowmill.log())
    return {**lines.values(measured.text, "rows_per_s", "run_s"), "cpu_s": measured.cpu_s}
