"""The pi example, compared with a plain Java loop on the same number of threads."""

from benchmarks import machine, processes
from benchmarks.figures import LESS, ratios

START_CPU_S = 3


def measure(session) -> None:
    classes = session.rowmill.javac("PiLoop.java")
    session.rowmill.warm()
    bare, ours, ones = [], [], []
    for _ in range(session.runs(3)):
        command = [session.java, "-cp", classes, "PiLoop", session.slots]
        bare.append(processes.run_well(command, session.rowmill.log()))
        ones.append(session.rowmill.one_row().wall_s)
        ours.append(run(session))
        print_pair(session, bare[-1], ours[-1])
    walls, cpus = [one.wall_s for one in ours], [one.cpu_s for one in ours]
    bare_walls, bare_cpus = [one.wall_s for one in bare], [one.cpu_s for one in bare]
    without = [wall - one for wall, one in zip(walls, ones, strict=True)]
    session.add("pi: wall", "s", walls, LESS)
    session.add("pi: CPU", "s", cpus, LESS)
    session.add("pi: wall to the bare loop", "x", ratios(walls, bare_walls), LESS)
    session.add("pi: wall without the start, to the bare loop", "x", ratios(without, bare_walls), LESS)
    minus = [cpu - START_CPU_S for cpu in cpus]
    session.add("pi: CPU minus 3 s, to the bare loop", "x", ratios(minus, bare_cpus), LESS)


def run(session) -> processes.Measured:
    tables = session.work / "pi"
    session.rowmill.forget_rows(tables)
    example = machine.ROOT / "examples" / "montecarlo-pi"
    measured = session.rowmill.run(example, "--output", tables / "tables")
    session.say(measured.lines[-1])
    return measured


def print_pair(session, bare, ours) -> None:
    session.values(
        bare_wall_s=bare.wall_s,
        bare_cpu_s=bare.cpu_s,
        wall_s=ours.wall_s,
        cpu_s=ours.cpu_s,
        wall_ratio=ours.wall_s / bare.wall_s,
        cpu_ratio=ours.cpu_s / bare.cpu_s,
    )
