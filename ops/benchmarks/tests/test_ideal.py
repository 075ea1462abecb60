import unittest

from benchmarks.ideal import is_long, is_long_in_java, list_schedule, tail_durations


class IdealTest(unittest.TestCase):
    def test_the_slot_that_is_free_first_takes_the_next_row(self):
        self.assertEqual(list_schedule([3, 1, 1, 1, 2], 2), 5)

    def test_a_long_last_row_ends_alone(self):
        self.assertEqual(list_schedule([1, 1, 1, 10], 2), 11)

    def test_sixty_seconds_in_eight_slots_take_eight(self):
        self.assertEqual(list_schedule([1] * 60, 8), 8)

    def test_no_rows_take_no_time(self):
        self.assertEqual(list_schedule([], 4), 0)

    def test_there_must_be_a_slot(self):
        with self.assertRaises(ValueError):
            list_schedule([1], 0)

    def test_about_one_row_in_a_hundred_is_long(self):
        long = [i for i in range(4_000) if is_long(i, 100)]
        self.assertGreater(len(long), 25)
        self.assertLess(len(long), 55)
        self.assertEqual(tail_durations(4_000, 0.005, 2, 100).count(2), len(long))

    def test_java_selects_the_same_rows(self):
        python = is_long_in_java(100).replace("L", "")
        self.assertTrue(all(eval(python, {"index": i}) == is_long(i, 100) for i in range(3_000)))
