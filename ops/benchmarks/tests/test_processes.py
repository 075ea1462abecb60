import pathlib
import sys
import tempfile
import time
import unittest
import unittest.mock

from benchmarks import processes
from benchmarks.errors import BenchmarkError


class ProcessesTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.log = pathlib.Path(self.directory.name) / "log"

    def test_the_cpu_time_of_children_counts(self):
        burn = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
        parent = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {burn!r}])"
        measured = processes.run([sys.executable, "-S", "-c", parent], self.log)
        self.assertEqual(measured.exit_code, 0)
        self.assertGreaterEqual(measured.cpu_s, 0.2)

    def test_peak_memory_of_a_process_is_sampled(self):
        command = [sys.executable, "-S", "-c", "import time; x = b'x' * 30_000_000; time.sleep(600)"]
        with processes.Running(command, self.log) as running:
            known = running.sampler.known
            processes.await_true(lambda: any(p.peak_mb > 30 for p in list(known.values())), "30 MB are seen", 60, 0.01)

    def test_an_exit_code_other_than_zero_is_an_error_with_the_output(self):
        with self.assertRaisesRegex(BenchmarkError, "exit code 3.*\n.*said why"):
            processes.run_well(["sh", "-c", "echo said why; exit 3"], self.log)

    @unittest.mock.patch.object(processes, "LEFT_SECONDS", 0.05)
    def test_leaving_the_context_ends_the_program_and_what_it_started(self):
        with processes.Running(["sh", "-c", "sleep 60 & echo $!; wait"], self.log) as running:
            processes.await_true(lambda: running.lines(), "the child is there", 60, 0.01)
            child = int(running.lines()[0])
            start = processes.start_time(child)
            self.assertIn(child, processes.tree([running.process.pid]))
        self.assertTrue(running.has_ended())
        self.assertFalse(processes.is_alive(child, start))

    def test_waiting_has_a_limit(self):
        start = time.monotonic()
        with self.assertRaisesRegex(BenchmarkError, "not within"):
            processes.await_true(lambda: False, "never", 0.05, 0.01)
        self.assertLess(time.monotonic() - start, 5)
