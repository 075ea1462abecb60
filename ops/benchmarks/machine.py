"""Facts about this computer, the JDK and the sources, which belong to every file of results."""

import datetime
import os
import pathlib
import platform
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def facts(java: str) -> dict:
    """Collects the facts. Take them before the measurements: they contain the load."""
    return {
        "cpus": cpus(),
        "cpu_model": cpu_model(),
        "memory_mb": memory_mb(),
        "kernel": platform.release(),
        "os": os_name(),
        "jdk": jdk(java),
        "python": platform.python_version(),
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def cpus() -> int:
    """Returns the number of CPUs that this process may use; Rowmill has as many slots."""
    return len(os.sched_getaffinity(0))


def cpu_model() -> str:
    """Returns the name of the CPU; on computers whose kernel does not say it, the architecture."""
    for line in read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def memory_mb() -> int:
    for line in read("/proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) // 1024
    return 0


def os_name() -> str:
    for line in read("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return platform.system()


def jdk(java: str) -> str:
    """Returns the version and the vendor's name of a JDK."""
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    return " / ".join(line.strip() for line in lines[:2]) if lines else "unknown"


def commit() -> str:
    """Returns the commit of the sources, with `-changed` if files differ from it."""
    short = git("rev-parse", "--short", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no")
    return (short or "unknown") + ("-changed" if changed else "")


def git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def read(path: str) -> str:
    try:
        return pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
