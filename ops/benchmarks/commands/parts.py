"""A table of many small parts: open it with a run that has nothing to do, show it, check it."""

from benchmarks import processes, projects, rowmill
from benchmarks.figures import LESS

ROWS_A_PART = 10


def measure(session, parts: int) -> None:
    classes = session.rowmill.javac("MakeParts.java")
    session.rowmill.warm()
    project = session.rowmill.project("parts", projects.table(parts * ROWS_A_PART))
    session.rowmill.forget_rows(project)
    session.rowmill.run(project, "--quick", ROWS_A_PART)  # the first part, whose footer the others get
    table = project / "tables" / projects.NAME
    command = [session.java, "-cp", f"{rowmill.JAR}:{classes}", "MakeParts", table, parts, ROWS_A_PART]
    processes.run_well(command, session.rowmill.log())
    calls = {
        "open": lambda: session.rowmill.run(project),
        "show": lambda: session.rowmill.other("show", project),
        "check": lambda: session.rowmill.other("check", project),
    }
    for name, call in calls.items():
        runs = [call() for _ in range(session.runs(3))]
        session.add(f"parts {parts}: {name}", "s", [run.wall_s for run in runs], LESS)
        session.add(f"parts {parts}: {name}, head", "MB", [rowmill.head_peak_mb(run) for run in runs], LESS)
