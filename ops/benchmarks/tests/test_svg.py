import unittest
import xml.etree.ElementTree

from benchmarks.figures import MORE, Figure
from benchmarks.graphs import GRAPHS, chart
from benchmarks.svg import Chart, Series, label, linear_ticks, log_ticks, nice_step, scale


class SvgTest(unittest.TestCase):
    def test_a_log_scale_reaches_from_power_to_power(self):
        made = scale([2_000, 900_000], 0, 300, True)
        self.assertEqual((made.low, made.high), (1_000, 1_000_000))
        self.assertEqual(made.ticks(), [1_000, 10_000, 100_000, 1_000_000])
        self.assertAlmostEqual(made.at(10_000), 100)

    def test_powers_of_ten_are_at_the_ends(self):
        made = scale([1_000, 10_000_000], 0, 100, True)
        self.assertEqual((made.low, made.high), (1_000, 10_000_000))

    def test_a_log_scale_of_one_value_has_a_length(self):
        made = scale([1], 0, 10, True)
        self.assertEqual((made.at(1), made.at(10)), (0, 10))

    def test_a_linear_scale_begins_at_zero_and_contains_all_values(self):
        made = scale([300, 9_700], 400, 0, False)
        self.assertEqual((made.low, made.high), (0, 10_000))
        self.assertEqual(made.at(0), 400)
        self.assertEqual(made.at(10_000), 0)
        self.assertEqual(made.ticks(), [0, 2_000, 4_000, 6_000, 8_000, 10_000])

    def test_zeros_only_can_be_drawn(self):
        self.assertEqual(scale([0, 0], 0, 10, False).high, 1)

    def test_ticks_are_round(self):
        self.assertEqual(nice_step(0.3), 0.5)
        self.assertEqual(nice_step(21), 25)
        self.assertEqual(nice_step(1_000), 1_000)
        self.assertEqual(linear_ticks(0, 2), [0, 0.5, 1, 1.5, 2])
        self.assertEqual(log_ticks(1, 100), [1, 2, 5, 10, 20, 50, 100])
        self.assertEqual(log_ticks(1, 1_000), [1, 10, 100, 1_000])

    def test_labels_are_short(self):
        self.assertEqual([label(v) for v in (0, 0.5, 50, 2_500, 1e7, 2e9)], ["0", "0.5", "50", "2.5k", "10M", "2G"])

    def test_a_chart_is_well_formed_and_has_its_titles(self):
        lines = (Series("Rowmill & more", ((1, 5), (100, 7))), Series("<pool>", ((10, 3),)))
        svg = Chart("Rate", "rows", "rows/s", lines).svg()
        root = xml.etree.ElementTree.fromstring(svg)
        texts = [element.text for element in root.iter() if element.tag.endswith("text")]
        for expected in ("Rate", "rows", "rows/s", "Rowmill & more", "<pool>", "100"):
            self.assertIn(expected, texts)
        self.assertEqual(sum(element.tag.endswith("circle") for element in root.iter()), 3)

    def test_nothing_is_drawn_outside(self):
        root = xml.etree.ElementTree.fromstring(Chart("T", "x", "y", (Series("s", ((1, 0.1), (1e7, 9e6))),)).svg())
        for element in root.iter():
            for name in ("cx", "x1", "x2", "x"):
                self.assertTrue(0 <= float(element.get(name, 0)) <= 720, element.attrib)
            for name in ("cy", "y1", "y2", "y"):
                self.assertTrue(0 <= float(element.get(name, 0)) <= 420, element.attrib)


class GraphsTest(unittest.TestCase):
    def test_figures_become_points_by_their_names(self):
        figures = [Figure(f"memory {rows}: rate", "rows/s", (rows / 2,), MORE) for rows in (1_000, 10_000)]
        made = chart(GRAPHS[0], figures)
        self.assertEqual(made.series[0].points, ((1_000, 500), (10_000, 5_000)))

    def test_a_graph_needs_two_sizes(self):
        self.assertIsNone(chart(GRAPHS[0], [Figure("memory 1000: rate", "rows/s", (5,), MORE)]))

    def test_idle_and_computing_nodes_are_on_one_line(self):
        names = [f"{runs}: memory of the head" for runs in ("nodes 3, warm", "nodes 3, cold", "idle 50")]
        made = chart(GRAPHS[-1], [Figure(name, "MB", (7,), MORE) for name in names])
        self.assertEqual(made.series[0].points, ((3, 7), (50, 7)))
