import contextlib
import io
import re
import unittest

from benchmarks import arguments, cli, goals, machine
from benchmarks.commands import everything, load
from benchmarks.errors import WrongInput


class ArgumentsTest(unittest.TestCase):
    def test_numbers_are_checked_against_the_usage(self):
        self.assertEqual(arguments.parse("noop", "ROWS [RUNS]", ["1000", "2"]), [1000, 2])
        self.assertEqual(arguments.parse("rates", "[ROWS...]", ["1", "2", "3"]), [1, 2, 3])
        self.assertEqual(arguments.parse("pi", "", []), [])

    def test_a_round_trip_time_may_be_zero(self):
        self.assertEqual(arguments.parse("connect", "ROWS [MS]", ["5", "0"]), [5, 0])

    def test_errors_name_the_argument_and_the_usage(self):
        for usage, words, expected in (
            ("ROWS [RUNS]", [], "noop: ROWS is missing .usage: ops/bench noop ROWS .RUNS.."),
            ("ROWS [RUNS]", ["1", "2", "3"], "noop: unexpected argument '3'"),
            ("ROWS [RUNS]", ["ten"], "noop: ROWS: a positive whole number was expected, not 'ten'"),
            ("ROWS [RUNS]", ["1", "0"], "noop: RUNS: a positive"),
            ("", ["1"], "noop: unexpected argument '1'"),
        ):
            with self.assertRaisesRegex(WrongInput, expected):
                arguments.parse("noop", usage, words)


class CommandLineTest(unittest.TestCase):
    def fails(self, *words):
        """Returns the one line that a wrong call prints."""
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            self.assertEqual(cli.main(list(words)), 2)
        lines = errors.getvalue().splitlines()
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def test_wrong_calls_print_one_line(self):
        self.assertIn("a command is missing", self.fails())
        self.assertIn("unknown command 'nop'", self.fails("nop", "5"))
        self.assertIn("ROWS is missing", self.fails("noop"))
        self.assertIn("--jso", self.fails("pi", "--jso=x"))
        self.assertIn("--json", self.fails("pi", "--json"))
        self.assertIn("--runs", self.fails("pi", "--runs", "0"))
        self.assertIn("two names were expected", self.fails("compare", "one"))
        self.assertIn("/nowhere/x: cannot be read", self.fails("compare", "/nowhere/x", "/nowhere/y"))

    def test_help_has_every_command(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(cli.main(["help"]), 0)
        for name in {**cli.COMMANDS, **cli.OTHERS}:
            self.assertRegex(output.getvalue(), rf"(?m)^  {name}\b")

    def test_every_command_has_a_measurement(self):
        for name in cli.COMMANDS:
            self.assertTrue(callable(load(cli.ALL_MODULE if name == "all" else name)))

    def test_all_has_every_command(self):
        self.assertEqual({step.name for step in everything.STEPS}, set(cli.COMMANDS) - {"all"})

    def test_steps_have_the_numbers_of_their_commands(self):
        for step in everything.STEPS:
            for numbers in (step.full, step.quick or step.full):
                arguments.parse(step.name, cli.COMMANDS[step.name][0], list(map(str, numbers)))

    def test_goals_belong_to_commands(self):
        for name in goals.GOALS:
            self.assertIn(re.split(r"\W", name)[0].replace("rate", "rates"), cli.COMMANDS)

    def test_the_documentation_has_every_command(self):
        page = machine.read(str(machine.ROOT / "docs" / "performance.md"))
        for name in cli.COMMANDS:
            self.assertIn(f"`{name}", page)
