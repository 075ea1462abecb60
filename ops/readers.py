"""Runs that add columns and are killed, beside programs that read the table in a loop. Called by ops/readers."""

import multiprocessing
import pathlib
import random
import signal
import subprocess
import sys
import time

FIRST_ROWS = 20_000
MORE_ROWS = 500
RECOMPUTE_EVERY = 3
READERS = ("duckdb", "pyarrow", "pandas", "polars")


def read(name, table):
    """Returns the values of the columns index and first."""
    files = f"{table}/*.parquet"
    if name == "duckdb":
        import duckdb

        return duckdb.sql(f'select "index", "first" from read_parquet(\'{files}\')').fetchall()
    if name == "pyarrow":
        import pyarrow.dataset

        found = pyarrow.dataset.dataset(str(table), format="parquet").to_table(columns=["index", "first"])
        return list(zip(found["index"].to_pylist(), found["first"].to_pylist()))
    if name == "pandas":
        import pandas

        found = pandas.read_parquet(table, columns=["index", "first"])
        return list(zip(found["index"], found["first"]))
    import polars

    return polars.scan_parquet(files).select("index", "first").collect().rows()


def read_all(name, table, stop, results):
    """Reads until told to stop, and puts the number of readings, of repetitions, and the faults."""
    readings = repeated = last = 0
    faults = []
    while not stop.is_set():
        try:
            rows = read(name, table)
        except Exception as e:  # each library has its own exceptions
            if name == "polars":
                repeated += 1
            else:
                faults.append(f"{type(e).__name__}: {e}")
            continue
        readings += 1
        if len({index for index, _ in rows}) != len(rows):
            faults.append(f"{len(rows)} rows, but {len({index for index, _ in rows})} indices")
        if len(rows) < last:
            faults.append(f"{len(rows)} rows after {last}")
        faults += [f"row {index}: {value}" for index, value in rows if value != index][:1]
        last = max(last, len(rows))
    results.put((name, readings, repeated, last, faults[:5], len(faults)))


def write_table(project, rows, columns):
    body = "".join(
        f"    @Column long c{i}(int index) throws InterruptedException {{ Thread.sleep(1); return index * {i}L; }}\n"
        for i in range(columns)
    )
    (project / "Read.java").write_text(
        "import java.util.stream.IntStream;\nimport java.util.stream.Stream;\n"
        "import org.rowmill.table.Column;\nimport org.rowmill.table.Table;\n\n"
        "public class Read extends Table<Integer> {\n"
        f"    @Override public Stream<Integer> index() {{ return IntStream.range(0, {rows}).boxed(); }}\n"
        f"    @Column long first(int index) {{ return index; }}\n{body}}}\n"
    )


def run(jar, project, log, *options, kill_after=None):
    """Runs the table; kills its head after some seconds. Returns whether the head was killed."""
    process = subprocess.Popen(
        ["java", "-jar", jar, "run", str(project), *options], stdout=log, stderr=log, start_new_session=True
    )
    try:
        code = process.wait(timeout=kill_after)
    except subprocess.TimeoutExpired:
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for head in children or [str(process.pid)]:
            subprocess.run(["kill", f"-{signal.SIGKILL.value}", head], check=False)
        process.wait(timeout=60)
        return True
    if code != 0:
        raise SystemExit(f"the run ended with exit code {code}; its output is {log.name}")
    return False


def main(work, jar, runs, seed):
    project = pathlib.Path(work) / "project"
    project.mkdir()
    table = project / "tables" / "Read"
    chance = random.Random(seed)
    with open(pathlib.Path(work) / "log", "w") as log:
        write_table(project, FIRST_ROWS, 0)
        run(jar, project, log)
        context = multiprocessing.get_context("spawn")  # Polars and pyarrow do not survive a fork
        stop, results = context.Event(), context.Queue()
        processes = [context.Process(target=read_all, args=(name, table, stop, results)) for name in READERS]
        for process in processes:
            process.start()
        killed = 0
        start = time.monotonic()
        for i in range(1, runs + 1):
            write_table(project, FIRST_ROWS + i * MORE_ROWS, i)
            options = ["--recompute", "first"] if i % RECOMPUTE_EVERY == 0 else []
            killed += run(jar, project, log, *options, kill_after=chance.uniform(4, 18))
        run(jar, project, log)
        seconds = time.monotonic() - start
        stop.set()
        found = [results.get() for _ in processes]
        for process in processes:
            process.join()
    expected = FIRST_ROWS + runs * MORE_ROWS
    wrong = 0
    print(f"seed {seed}: {runs + 1} runs in {seconds:.0f} s, {killed} of them killed; {expected} rows")
    for name, readings, repeated, last, faults, count in sorted(found):
        print(f"{name}: {readings} readings, {count} wrong" + (f", {repeated} repeated" if repeated else ""))
        for fault in faults:
            print(f"  {fault}")
        wrong += count
    final = {name: len(read(name, table)) for name in READERS}
    wrong += sum(rows != expected for rows in final.values())
    print(f"rows at the end: {', '.join(f'{name} {rows}' for name, rows in final.items())}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
