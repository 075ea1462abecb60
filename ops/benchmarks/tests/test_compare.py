import unittest

from benchmarks.compare import BETTER, SAME, UNKNOWN, WORSE, Change, changes, line, report
from benchmarks.figures import LESS, MORE, Figure
from benchmarks.results import Results


def rate(*samples, name="rate"):
    return Figure(name, "rows/s", samples, MORE)


class CompareTest(unittest.TestCase):
    def test_a_change_smaller_than_the_difference_between_samples_is_within_the_spread(self):
        self.assertEqual(Change(rate(100, 110, 105), rate(98, 106, 102)).verdict, SAME)

    def test_a_lower_rate_is_worse_and_a_higher_one_better(self):
        self.assertEqual(Change(rate(100, 101, 102), rate(80, 81, 82)).verdict, WORSE)
        self.assertEqual(Change(rate(80, 81, 82), rate(100, 101, 102)).verdict, BETTER)

    def test_a_shorter_time_is_better(self):
        change = Change(Figure("t", "ms", (10, 11), LESS), Figure("t", "ms", (5, 6), LESS))
        self.assertEqual(change.verdict, BETTER)
        self.assertAlmostEqual(change.percent, -47.6, places=1)

    def test_the_larger_spread_of_both_files_counts(self):
        self.assertEqual(Change(rate(100, 100), rate(50, 90)).verdict, SAME)

    def test_single_samples_have_no_spread(self):
        change = Change(rate(100), rate(90))
        self.assertEqual(change.verdict, UNKNOWN)
        self.assertIn("spread unknown, worse", line(change))
        self.assertEqual(Change(rate(100), rate(100)).verdict, SAME)

    def test_what_got_worse_comes_first_and_the_largest_change_before_others(self):
        before = [rate(100, 101, name="a"), rate(100, 101, name="b"), rate(100, 101, name="c")]
        after = [rate(120, 121, name="a"), rate(90, 91, name="b"), rate(50, 51, name="c")]
        self.assertEqual([change.after.name for change in changes(before, after)], ["c", "b", "a"])

    def test_figures_of_one_file_only_and_other_computers_are_mentioned(self):
        before = Results({"cpus": 2, "commit": "a1", "date": "d1"}, [rate(1, name="old"), rate(5)])
        after = Results({"cpus": 4, "commit": "b2", "date": "d2"}, [rate(2, name="new"), rate(5)])
        text = "\n".join(report(before, after))
        self.assertIn("warning: cpus differs: 2, 4", text)
        self.assertIn("only in a1 (d1): old", text)
        self.assertIn("only in b2 (d2): new", text)
        self.assertIn("5.00 -> 5.00 rows/s", text)

    def test_zero_is_comparable(self):
        zero = Figure("z", "%", (0.0, 0.0), LESS)
        self.assertEqual(Change(zero, zero).percent, 0)
        self.assertIn("spread 0.0 %", line(Change(zero, zero)))
