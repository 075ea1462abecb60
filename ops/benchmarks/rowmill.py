"""Starts Rowmill and reads what it prints."""

import contextlib
import csv
import io
import os
import pathlib
import re
import shutil
import subprocess

from benchmarks import machine, processes, projects
from benchmarks.errors import BenchmarkError, WrongInput
from benchmarks.processes import Measured

JAR = machine.ROOT / "producer" / "target" / "producer.jar"
SUMMARY = re.compile(r"(\w+): (\d+) rows listed, (\d+) computed, (\d+) failed, (\d+(?:\.\d+)?) s\b")
CONSUMER_JAR = re.compile(r"consumer-.*\.jar|[0-9a-f]{64}\.jar")  # on nodes, its name is its checksum
WARM_RUNS = 2


def find_java() -> str:
    """Returns the java of the PATH, or of JAVA_HOME. The JDK beside it has javac."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java") or (home and shutil.which(f"{home}/bin/java"))
    if not found:
        raise WrongInput("no java was found on the PATH or in JAVA_HOME: install a JDK 17 or newer")
    return found


def check_jar(jar: pathlib.Path, build: str) -> None:
    if not jar.is_file():
        raise WrongInput(f"{jar.relative_to(machine.ROOT)} is missing: build it with {build}")


def summary_seconds(text: str) -> float:
    """Returns the seconds in the line that a run prints at its end: from the first row listed to the last part."""
    found = SUMMARY.findall(text)
    if not found:
        raise BenchmarkError(f"no line `TABLE: N rows listed, ...` in the output of a run:\n{text[-2000:]}")
    return float(found[-1][4])


def computed_rows(text: str) -> int:
    """Returns how many rows a run has computed."""
    found = SUMMARY.findall(text)
    return int(found[-1][2]) if found else 0


def is_head(words: list[str]) -> bool:
    """Whether a command is one of the two JVMs of a head."""
    return is_jvm(words) and any(pathlib.PurePath(word).name == JAR.name for word in words)


def is_consumer(words: list[str]) -> bool:
    """Whether a command is a consumer, on this computer or on a node of a testbed."""
    return is_jvm(words) and any(CONSUMER_JAR.fullmatch(pathlib.PurePath(word).name) for word in words)


def is_jvm(words: list[str]) -> bool:
    """Whether a command is a JVM, and not one that makes a class archive."""
    return bool(words) and pathlib.PurePath(words[0]).name == "java" and "-Xshare:dump" not in words


def head_peak_mb(measured: Measured) -> float:
    """Returns the peak memory of the launcher and of the JVM of the head, in MB."""
    return sum(measured.peaks(is_head))


def consumer_peak_mb(measured: Measured) -> float:
    """Returns the peak memory of the largest consumer, in MB."""
    return max(measured.peaks(is_consumer), default=0)


class Rowmill:
    """Runs Rowmill with a cache directory of its own, and without options from the environment."""

    def __init__(self, work: pathlib.Path, java: str):
        self.work = work
        self.java = java
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("ROWMILL_")}
        self.use_cache("cache")
        self.logs = 0
        self.warm_caches: set[str] = set()

    def use_cache(self, name: str) -> None:
        """Chooses the cache directory of later runs; a new name is an empty one."""
        self.environment["XDG_CACHE_HOME"] = str(self.work / name)

    def project(self, name: str, source: str) -> pathlib.Path:
        return projects.write(self.work / name, source)

    def forget_rows(self, project: pathlib.Path) -> None:
        shutil.rmtree(project / "tables", ignore_errors=True)

    def log(self) -> pathlib.Path:
        self.logs += 1
        return self.work / f"log-{self.logs}"

    def command(self, project: pathlib.Path, *options, jvm=()) -> list[str]:
        check_jar(JAR, "ops/mvn -q package -DskipTests")
        return [self.java, *jvm, "-jar", str(JAR), "run", str(project), "--no-progress", *map(str, options)]

    def run(self, project: pathlib.Path, *options) -> Measured:
        """Computes the missing rows of a project; every row must succeed."""
        return processes.run_well(self.command(project, *options), self.log(), self.environment)

    def background(self, project: pathlib.Path, *options) -> processes.Running:
        return processes.Running(self.command(project, *options), self.log(), self.environment)

    def other(self, command: str, project: pathlib.Path) -> Measured:
        """Runs another command, such as `show`, on a project."""
        return processes.run_well([self.java, "-jar", str(JAR), command, str(project)], self.log(), self.environment)

    def rows(self, project: pathlib.Path) -> list[dict[str, str]]:
        """Reads the stored rows."""
        command = [self.java, "-jar", str(JAR), "show", str(project), projects.NAME, "--format", "csv"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"exit code {done.returncode}: {' '.join(command)}\n{done.stderr}")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def warm(self) -> None:
        """Makes the class archives: the first run lists the classes, and during the second one they are made."""
        cache = self.environment["XDG_CACHE_HOME"]
        if cache not in self.warm_caches:
            project = self.project("warm", projects.WARM)
            for _ in range(WARM_RUNS):
                self.run(project)
            self.warm_caches.add(cache)

    def one_row(self) -> Measured:
        """Computes a table of one row: the time that every run needs."""
        project = self.project("one", projects.table(1))
        self.forget_rows(project)
        return self.run(project)

    def javac(self, *sources: str) -> pathlib.Path:
        """Compiles programs of ops/benchmarks/java, and returns the directory of the classes."""
        folder = pathlib.Path(__file__).parent / "java"
        classes = self.work / "classes"
        javac = str(pathlib.Path(self.java).resolve().with_name("javac"))
        command = [javac, "-cp", str(JAR), "-d", str(classes), *(str(folder / source) for source in sources)]
        with contextlib.suppress(FileNotFoundError):
            processes.run_well(command, self.log())
            return classes
        raise WrongInput(f"{javac} is missing: install a JDK, not only a Java runtime")
