"""Writes byte values to Parquet files with pyarrow, as Rowmill does: ZSTD, files of 64 MiB, each forced to the disk.

usage: parquet.py ROWS BYTES DIRECTORY     prints run_s=S, without the time to make the values
"""

import os
import pathlib
import random
import sys
import time

import pyarrow
import pyarrow.parquet

FILE_BYTES = 64 << 20


def tables(rows: int, size: int):
    """Makes the tables of the files: an index, and a column of incompressible values."""
    step = max(1, min(rows, FILE_BYTES // size))
    make = random.Random(1).randbytes
    for start in range(0, rows, step):
        index = range(start, min(rows, start + step))
        columns = {"index": pyarrow.array(index, pyarrow.int32()), "value": [make(size) for _ in index]}
        yield pyarrow.table(columns)


def write(table, file: pathlib.Path) -> None:
    with open(file, "wb") as output:
        pyarrow.parquet.write_table(table, output, compression="zstd")
        output.flush()
        os.fsync(output.fileno())


def main(rows: int, size: int, directory: pathlib.Path) -> None:
    directory.mkdir(parents=True)
    seconds = 0.0
    for number, table in enumerate(tables(rows, size)):
        start = time.perf_counter()
        write(table, directory / f"part-{number:08d}.parquet")
        seconds += time.perf_counter() - start
    print(f"run_s={seconds:.4f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3]))
