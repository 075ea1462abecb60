import unittest

from benchmarks.commands.nodes import ROW
from benchmarks.commands.start import FIRST
from benchmarks.errors import BenchmarkError
from benchmarks.peers.lines import values
from benchmarks.rowmill import computed_rows, is_consumer, is_head, summary_seconds

OUTPUT = """............ [ Powered by Rowmill v0.1.0 ] ............

Noop: 429/1,000 rows, 0 failed, 213 rows/s, 0:02, ETA 0:03, 0/2 slots busy
Noop: 1000 rows listed, 990 computed, 0 failed, 4.7 s
"""


class RowmillTest(unittest.TestCase):
    def test_the_summary_of_a_run_is_found(self):
        self.assertEqual(summary_seconds(OUTPUT), 4.7)
        self.assertEqual(computed_rows(OUTPUT), 990)

    def test_a_run_without_a_summary_is_an_error(self):
        with self.assertRaisesRegex(BenchmarkError, "no line"):
            summary_seconds("error: something\n")

    def test_processes_are_told_apart_by_their_commands(self):
        launcher = ["java", "-jar", "/r/producer/target/producer.jar", "run", "p"]
        consumer = ["/jdk/bin/java", "-Xmx1g", "-jar", "/c/rowmill/consumer-0.1.0-abc.jar"]
        archive = ["/jdk/bin/java", "-Xshare:dump", "-cp", "/r/producer/target/producer.jar"]
        self.assertTrue(is_head(launcher))
        self.assertFalse(is_consumer(launcher))
        self.assertTrue(is_consumer(consumer))
        self.assertTrue(is_consumer(["/jdk/bin/java", "-jar", f"/home/tb1/.cache/rowmill/{'1f' * 32}.jar"]))
        self.assertFalse(is_head(consumer))
        self.assertFalse(is_head(archive))
        self.assertFalse(is_head(["bash", "ops/testbed", "head", *launcher]))
        self.assertFalse(is_head([]))

    def test_lines_that_rows_print_are_found(self):
        self.assertEqual(FIRST.findall("Noop 0: first 1790000000000\nother"), ["1790000000000"])
        lines = "Noop 5: row 10.84.0.1 1790000000000\nNoop 6: row head 1790000000001\n"
        self.assertEqual(ROW.findall(lines), [("10.84.0.1", "1790000000000"), ("head", "1790000000001")])

    def test_values_of_programs_are_found_in_the_last_line_that_has_them(self):
        text = "rows=1 run_s=9\nwarning: a=b\nrows=10 run_s=0.5 rows_per_s=20\n"
        self.assertEqual(values(text, "run_s", "rows"), {"run_s": 0.5, "rows": 10})
        with self.assertRaisesRegex(BenchmarkError, "no line"):
            values(text, "head_cpu_s")
        with self.assertRaisesRegex(BenchmarkError, "numbers"):
            values("a=b", "a")
