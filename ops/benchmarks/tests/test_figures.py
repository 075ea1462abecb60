import unittest

from benchmarks.figures import LESS, MORE, Figure, number, percentile, ratios, with_unit


class FiguresTest(unittest.TestCase):
    def test_median_and_range_of_samples(self):
        figure = Figure("rate", "rows/s", (3.0, 1.0, 2.0), MORE)
        self.assertEqual(figure.median, 2.0)
        self.assertEqual(figure.range, 2.0)

    def test_more_must_reach_the_goal_and_less_must_not_exceed_it(self):
        self.assertTrue(Figure("a", "x", (0.8,), MORE, 0.8).is_met)
        self.assertFalse(Figure("a", "x", (0.79,), MORE, 0.8).is_met)
        self.assertTrue(Figure("a", "ms", (1250,), LESS, 1250).is_met)
        self.assertFalse(Figure("a", "ms", (1251,), LESS, 1250).is_met)

    def test_a_figure_without_a_goal_is_neither_met_nor_missed(self):
        figure = Figure("a", "ms", (1.0,), LESS)
        self.assertIsNone(figure.is_met)
        self.assertIsNone(figure.goal_ratio)

    def test_a_figure_needs_a_sample_and_a_direction(self):
        with self.assertRaises(ValueError):
            Figure("a", "ms", (), LESS)
        with self.assertRaises(ValueError):
            Figure("a", "ms", (1.0,), "higher")

    def test_percentiles_are_samples(self):
        samples = list(range(1, 101))
        self.assertEqual(percentile(samples, 0.5), 50)
        self.assertEqual(percentile(samples, 0.99), 99)
        self.assertEqual(percentile([7], 0.99), 7)

    def test_ratios_pair_samples_of_the_same_run(self):
        self.assertEqual(ratios([1, 6], [2, 3]), [0.5, 2.0])
        with self.assertRaises(ValueError):
            ratios([1, 2], [1])

    def test_numbers_have_about_three_digits(self):
        self.assertEqual(number(12345.6), "12,346")
        self.assertEqual(number(12.34), "12.3")
        self.assertEqual(number(1.234), "1.23")
        self.assertEqual(number(0.01234), "0.0123")
        self.assertEqual(number(0), "0.00")
        self.assertEqual(with_unit(12345.6, "rows/s"), "12,346 rows/s")
