"""The command line of ops/bench."""

import argparse
import signal
import sys

from benchmarks import arguments, compare, graphs, results
from benchmarks.commands import load
from benchmarks.errors import BenchmarkError, WrongInput
from benchmarks.session import Options, Session

INTERRUPTED = 130


ALL_MODULE = "everything"  # all() is a function of Python

# The numbers of each command, and what it is for.
COMMANDS = {
    "noop": ("ROWS [RUNS]", "rows that do nothing, beside a bare loop through the broker and a Python pool"),
    "rates": ("[ROWS...]", "rows a second of the whole command (default 1000 10000 100000)"),
    "start": ("[N]", "from the command to the first row and to the end, N times (default 5)"),
    "busy": ("MICROS [SECONDS]", "rows that keep their slot busy: 5 s with the start, 30 s without it"),
    "tails": ("[ROWS]", "rows of 5 ms, 1 % of them 2 s, beside the ideal (default 4000)"),
    "latency": ("[ROWS]", "one row at a time: from index() to its column method (default 200)"),
    "pi": ("", "the pi example, beside a plain Java loop"),
    "memory": ("[ROWS...]", "peak memory and rate (default 10000 1000000 10000000)"),
    "resume": ("ROWS [NEW]", "ROWS rows are stored: nothing to do, then NEW more (default 10)"),
    "columns": ("N [ROWS]", "a table of N columns (default 20000 rows)"),
    "values": ("BYTES", "values of so many bytes, beside pyarrow (--python)"),
    "parts": ("N", "a table of N small parts: open, show, check"),
    "mount": ("[MIB]", "files through sshfs, beside OpenSSH's server (default 500 MiB)"),
    "connect": ("ROWS [MS]", "one SSH node: tunnel, direct and local; MS ms more of round-trip time"),
    "nodes": ("N", "N SSH nodes, with empty and with full caches"),
    "spread": ("", "60 rows of 1 s on the head and three nodes, 8 slots"),
    "idle": ("N", "CPU and memory of the head with N idle nodes"),
    "bare": ("", "a node without Java and with empty caches"),
    "all": ("", "everything, and one table with the goals (--quick: small sizes)"),
}

OTHERS = {
    "compare": ("FILE FILE", "what got worse or better between two files of --json"),
    "graphs": ("FILE DIR", "draws the graphs of a file of --json as SVG"),
    "help": ("", "prints this"),
}

HELP = """Measures Rowmill on this computer, and compares it with limits and peers in the same run.

usage: ops/bench COMMAND [NUMBER...] [OPTION...]

{commands}

options:
  --json FILE      write the figures, their samples, the computer, the JDK and the commit
  --runs N         repeat each measurement N times
  --quick          all, nodes, idle, mount, values: small sizes, to try the commands
  --python FILE    values, all: a Python that has pyarrow
  --graphs DIR     all: draw graphs

Needs producer/target/producer.jar (ops/mvn -q package -DskipTests). connect, nodes, spread, idle and bare need what
ops/testbed needs; mount needs sshfs, fuse3 and openssh-server. All files are in a temporary directory (TMPDIR), which
is removed at the end. docs/performance.md says what each command measures.
Exit codes: 0 done; 1 a measurement failed; 2 wrong input."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message):
        raise WrongInput(f"{message} (ops/bench help)")


def help_text() -> str:
    lines = [
        f"  {f'{name} {usage}'.strip():<22} {purpose}" for name, (usage, purpose) in {**COMMANDS, **OTHERS}.items()
    ]
    return HELP.format(commands="\n".join(lines))


def parser() -> Parser:
    made = Parser(prog="ops/bench", add_help=False, allow_abbrev=False)
    made.add_argument("--json")
    made.add_argument("--runs", type=int)
    made.add_argument("--quick", action="store_true")
    made.add_argument("--python")
    made.add_argument("--graphs")
    made.add_argument("-h", "--help", action="store_true")
    made.add_argument("words", nargs="*")
    return made


def main(given: list[str]) -> int:
    """Runs a command, and returns the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that everything is cleaned up
    try:
        return run(given)
    except BenchmarkError as e:
        print(f"ops/bench: {e}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0


def run(given: list[str]) -> int:
    parsed = parser().parse_intermixed_args(given)
    if parsed.help or parsed.words[:1] == ["help"]:
        print(help_text())
        return 0
    if not parsed.words:
        raise WrongInput("a command is missing (ops/bench help)")
    name, *words = parsed.words
    if name in OTHERS:
        return read_files(name, words)
    if name not in COMMANDS:
        raise WrongInput(f"unknown command '{name}' (ops/bench help)")
    if parsed.runs is not None and parsed.runs < 1:
        raise WrongInput(f"--runs: a positive number was expected, not {parsed.runs}")
    numbers = arguments.parse(name, COMMANDS[name][0], words)
    options = Options(parsed.json, parsed.runs, parsed.quick, parsed.python, parsed.graphs)
    return measure(load(ALL_MODULE if name == "all" else name), numbers, options)


def measure(command, numbers: list[int], options: Options) -> int:
    """Measures, and writes the file of results even if the rest failed."""
    if options.json:
        results.check_writable(options.json)
    with Session(options) as session:
        try:
            command(session, *numbers)
        finally:
            if options.json and session.figures:
                results.write(options.json, results.Results(session.machine, session.figures, session.notes))
    return 0


def read_files(name: str, words: list[str]) -> int:
    """Runs a command that reads files of results."""
    usage = OTHERS[name][0]
    if len(words) != len(usage.split()):
        raise WrongInput(f"{name}: two names were expected ({arguments.full_usage(name, usage)})")
    if name == "compare":
        lines = compare.report(*map(results.read, words))
    else:
        lines = [str(file) for file in graphs.draw(results.read(words[0]).figures, words[1])]
        lines = lines or ["no graph: each needs figures of at least two sizes"]
    print("\n".join(lines))
    return 0
