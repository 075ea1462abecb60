"""Large values: bytes that a run stores in a second, compared with pyarrow writing the same."""

import shutil
import subprocess

from benchmarks import machine, processes, projects, rowmill
from benchmarks.errors import WrongInput
from benchmarks.figures import MORE, ratios
from benchmarks.peers import lines

TOTAL_BYTES = 256_000_000
QUICK_BYTES = 16_000_000
MAX_ROWS = 200_000
SCRIPT = machine.ROOT / "ops" / "benchmarks" / "peers" / "parquet.py"

COLUMN = """    @Column byte[] value(int index) {
        byte[] value = new byte[%d];
        new java.util.SplittableRandom(index).nextBytes(value);
        return value;
    }"""


def measure(session, size: int) -> None:
    python = find_python(session)
    session.rowmill.warm()
    total = QUICK_BYTES if session.options.quick else TOTAL_BYTES
    rows = max(4, min(MAX_ROWS, total // size))
    project = session.rowmill.project("values", projects.table(rows, COLUMN % size))
    ours, theirs = [], []
    for _ in range(session.runs(3)):
        ours.append(run(session, project, rows, size))
        if python:
            theirs.append(pyarrow(session, python, rows, size))
    session.add(f"values {size}: rowmill", "MB/s", ours, MORE)
    if python:
        session.add(f"values {size}: pyarrow", "MB/s", theirs, MORE)
        session.add(f"values {size}: to pyarrow", "x", ratios(ours, theirs), MORE)


def find_python(session) -> str | None:
    """Returns the Python of --python, which must have pyarrow, or the python3 of the PATH if it has it."""
    chosen = session.options.python
    python = chosen or shutil.which("python3")
    if python and has_pyarrow(python):
        return python
    if chosen:
        raise WrongInput(f"{chosen} has no pyarrow: choose the Python of an environment that has it")
    session.note("values: pyarrow is left out: python3 has none (--python FILE names a Python that has it)")
    return None


def has_pyarrow(python: str) -> bool:
    try:
        done = subprocess.run([python, "-c", "import pyarrow.parquet"], capture_output=True, check=False)
    except OSError as e:
        raise WrongInput(f"--python {python}: {e.strerror}") from e
    return done.returncode == 0


def run(session, project, rows: int, size: int) -> float:
    """Returns the MB/s of a run, without the time that a run of one row takes."""
    one_s = session.rowmill.one_row().wall_s
    session.rowmill.forget_rows(project)
    measured = session.rowmill.run(project)
    seconds = max(measured.wall_s - one_s, 0.01)
    rate = rows * size / 1e6 / seconds
    session.values(rows=rows, bytes=size, wall_s=measured.wall_s, run_of_one_row_s=one_s, mb_per_s=rate)
    return rate


def pyarrow(session, python: str, rows: int, size: int) -> float:
    """Returns the MB/s of pyarrow, without the time to make the values."""
    directory = session.work / "pyarrow"
    shutil.rmtree(directory, ignore_errors=True)
    measured = processes.run_well([python, SCRIPT, rows, size, directory], session.rowmill.log())
    rate = rows * size / 1e6 / lines.values(measured.text, "run_s")["run_s"]
    session.values(rows=rows, bytes=size, pyarrow_mb_per_s=rate)
    return rate
