"""Reads and writes files through sshfs, from Rowmill's SFTP server and from OpenSSH's in turn."""

import os
import pathlib
import shutil

from benchmarks import processes
from benchmarks.figures import LESS, MORE, ratios
from benchmarks.mounts import Mounts, openssh_server, timed

MIB = 1 << 20
SMALL_FILES, QUICK_SMALL_FILES = 5_000, 200
SMALL_BYTES = 1_000
ROUNDS = 3
WRITTEN, NEW = "written", "new"


def measure(session, mib: int = 500) -> None:
    served = session.work / "served"
    files = QUICK_SMALL_FILES if session.options.quick else SMALL_FILES
    fill(served, mib, files)
    with Mounts(session, served) as mounts:
        ours, our_server = mounts.pipes("rowmill-pipes", "/", mounts.serve())
        theirs, their_server = mounts.pipes("openssh-pipes", str(served), [openssh_server()])
        pipes = {"rowmill": ours, "openssh": theirs}
        read_on_pipes(session, pipes, mib, {"rowmill": our_server.pid, "openssh": their_server.pid})
        compare(session, "pipes", pipes, mib, files)
        port, keys = mounts.sshd()
        ssh = {"rowmill": mounts.rowmill_through_ssh(port, keys), "openssh": mounts.openssh_through_ssh(port, keys)}
        compare_reading(session, "ssh", ssh, mib)
        compare(session, "ssh", ssh, mib, files)


def fill(served: pathlib.Path, mib: int, files: int) -> None:
    """Makes one large file and many small ones."""
    (served / "small").mkdir(parents=True)
    write_large(served / "file", mib)
    write_small(served / "small", files)


def write_large(file: pathlib.Path, mib: int) -> None:
    block = os.urandom(MIB)
    with open(file, "wb", buffering=0) as output:
        for _ in range(mib):
            output.write(block)


def read_large(file: pathlib.Path) -> None:
    block = bytearray(MIB)
    with open(file, "rb", buffering=0) as source:
        while source.readinto(block):
            pass


def write_small(directory: pathlib.Path, files: int) -> None:
    for i in range(files):
        (directory / f"f{i}").write_bytes(b"x" * SMALL_BYTES)


def read_small(directory: pathlib.Path) -> None:
    for entry in os.scandir(directory):
        pathlib.Path(entry.path).read_bytes()


def read_on_pipes(session, mounts, mib: int, servers: dict[str, int]) -> None:
    """Compares reading, and the CPU time that the servers need for it."""
    before = {name: processes.cpu_seconds(pid) for name, pid in servers.items()}
    compare_reading(session, "pipes", mounts, mib)
    gigabytes = ROUNDS * mib * MIB / 1e9
    for name, pid in servers.items():
        used = (processes.cpu_seconds(pid) - before[name]) / gigabytes
        session.add(f"mount {mib}, pipes, read: CPU of the server, {name}", "s/GB", [used], LESS)


def compare_reading(session, way: str, mounts, mib: int) -> None:
    name = f"mount {mib}, {way}, read"
    pair(session, name, "MB/s", mib * MIB / 1e6, lambda at: read_large(at / "file"), mounts)


def compare(session, way: str, mounts, mib: int, files: int) -> None:
    """Compares writing, and small files."""
    name = f"mount {mib}, {way}"
    pair(session, f"{name}, write", "MB/s", mib * MIB / 1e6, lambda at: write_large(at / WRITTEN, mib), mounts)
    pair(session, f"{name}, read small files", "files/s", files, lambda at: read_small(at / "small"), mounts)
    pair(session, f"{name}, write small files", "files/s", files, lambda at: write_small(at / NEW, files), mounts)


def pair(session, name: str, unit: str, amount: float, action, mounts) -> None:
    """Does the same on both mounts, in turn, and adds the rates and their ratio."""
    rates: dict[str, list[float]] = {server: [] for server in mounts}
    for _ in range(ROUNDS):
        for server, directory in mounts.items():
            (directory / NEW).mkdir()
            rates[server].append(amount / timed(lambda at=directory: action(at)))
            remove_written(directory)
        session.say(f"{name}: " + " ".join(f"{server}={samples[-1]:.1f}" for server, samples in rates.items()))
    for server, samples in rates.items():
        session.add(f"{name}: {server}", unit, samples, MORE)
    session.add(f"{name}: to OpenSSH", "x", ratios(rates["rowmill"], rates["openssh"]), MORE)


def remove_written(directory: pathlib.Path) -> None:
    (directory / WRITTEN).unlink(missing_ok=True)
    shutil.rmtree(directory / NEW)
