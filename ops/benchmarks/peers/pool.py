"""Rows that do nothing, in a Python multiprocessing.Pool that writes its results to disk.

usage: pool.py ROWS WORKERS FILE     prints rows=N run_s=S rows_per_s=R, without the start of the pool
"""

import csv
import multiprocessing
import os
import sys
import time


def value(index: int) -> tuple[int, int]:
    return index, index * 3 + 1


def main(rows: int, workers: int, file: str) -> None:
    with multiprocessing.Pool(workers) as pool:
        pool.apply(value, (0,))  # the pool is ready
        start = time.perf_counter()
        with open(file, "w", newline="", encoding="utf-8") as output:
            writer = csv.writer(output)
            writer.writerow(["index", "value"])
            writer.writerows(pool.imap_unordered(value, range(rows), chunksize=1))
            output.flush()
            os.fsync(output.fileno())
        seconds = time.perf_counter() - start
    print(f"rows={rows} run_s={seconds:.3f} rows_per_s={rows / seconds:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
