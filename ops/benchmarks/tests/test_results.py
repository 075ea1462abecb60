import json
import pathlib
import tempfile
import unittest

from benchmarks import results
from benchmarks.errors import WrongInput
from benchmarks.figures import LESS, MORE, Figure
from benchmarks.report import outcome, table


class ResultsTest(unittest.TestCase):
    def test_what_is_written_can_be_read(self):
        figures = [Figure("a", "ms", (1.0, 2.5), LESS, 3.0), Figure("b", "x", (0.5,), MORE)]
        written = results.Results({"cpus": 2}, figures, ["a note"])
        self.assertEqual(results.from_json(results.to_json(written)), written)

    def test_each_figure_has_the_fields_that_other_programs_read(self):
        text = results.to_json(results.Results({}, [Figure("a", "ms", (1.0, 2.0), LESS, 3.0)]))
        expected = {"name": "a", "unit": "ms", "samples": [1, 2], "median": 1.5, "goal": 3, "better": "less"}
        self.assertEqual(json.loads(text)["figures"], [expected])

    def test_samples_keep_six_digits(self):
        self.assertEqual(results.rounded(123456.789), 123457)
        self.assertEqual(results.rounded(0.000123456789), 0.000123457)

    def test_other_files_are_rejected_with_their_names(self):
        for text in ("", "[]", "{}", '{"format": 2}', '{"format": 1, "figures": [{}]}'):
            with tempfile.TemporaryDirectory() as directory:
                file = pathlib.Path(directory) / "file.json"
                file.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(WrongInput, "file.json"):
                    results.read(str(file))

    def test_a_missing_file_is_wrong_input(self):
        with self.assertRaisesRegex(WrongInput, "cannot be read"):
            results.read("/nowhere/file.json")


class ReportTest(unittest.TestCase):
    def test_the_table_says_which_goals_are_met(self):
        figures = [
            Figure("start: end", "ms", (1_700.0,), LESS, 1_600),
            Figure("rate", "rows/s", (9_000.0,), MORE, 5_000),
            Figure("other", "MB", (5.0,), LESS),
        ]
        lines = table(figures)
        self.assertEqual(lines[0].split(), ["what", "value", "goal", "ratio", "met"])
        self.assertRegex(lines[1], r"start: end +1,700 ms +at most 1,600 ms +1\.06 +no$")
        self.assertRegex(lines[2], r"rate +9,000 rows/s +at least 5,000 rows/s +1\.80 +yes$")
        self.assertRegex(lines[3], r"other +5\.00 MB$")
        self.assertEqual(outcome(figures), "1 of 2 goals met")
