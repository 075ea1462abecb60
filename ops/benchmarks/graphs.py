"""Chooses the figures of the graphs, and writes the SVG files."""

import dataclasses
import pathlib
import re

from benchmarks.errors import WrongInput
from benchmarks.figures import Figure
from benchmarks.svg import Chart, Series


@dataclasses.dataclass(frozen=True)
class Graph:
    """A graph: its lines are figures whose names contain the value of the x axis."""

    file: str
    title: str
    x_label: str
    y_label: str
    lines: tuple[tuple[str, str], ...]
    is_y_log: bool = False


GRAPHS = (
    Graph(
        "rows-rate.svg",
        "Rows that do nothing: rate by number of rows",
        "rows",
        "rows/s",
        (
            (r"memory (\d+): rate", "Rowmill, without the start"),
            (r"rate (\d+): with the start", "Rowmill, with the start"),
            (r"noop (\d+): bare loop", "bare loop through the broker"),
            (r"noop (\d+): pool", "multiprocessing.Pool"),
        ),
    ),
    Graph(
        "rows-memory.svg",
        "Peak memory by number of rows",
        "rows",
        "MB",
        ((r"memory (\d+): head", "head"), (r"memory (\d+): consumer", "consumer")),
    ),
    Graph(
        "columns.svg",
        "Cells by number of columns",
        "columns",
        "cells/s",
        ((r"columns (\d+): cells", "Rowmill"),),
        True,
    ),
    Graph(
        "values.svg",
        "Stored bytes by size of the values",
        "bytes of a value",
        "MB/s",
        ((r"values (\d+): rowmill", "Rowmill"), (r"values (\d+): pyarrow", "pyarrow, writing only")),
        True,
    ),
    Graph(
        "nodes-start.svg",
        "From the command to the first rows by number of nodes",
        "nodes",
        "ms",
        (
            (r"nodes (\d+), warm: first row", "first row, full caches"),
            (r"nodes (\d+), warm: first row of the last node", "all nodes, full caches"),
            (r"nodes (\d+), cold: first row", "first row, empty caches"),
            (r"nodes (\d+), cold: first row of the last node", "all nodes, empty caches"),
        ),
    ),
    Graph(
        "nodes-memory.svg",
        "Memory of the head by number of nodes",
        "nodes",
        "MB",
        ((r"(?:nodes|idle) (\d+)(?:, warm)?: memory of the head", "head"),),
    ),
)


def chart(graph: Graph, figures: list[Figure]) -> Chart | None:
    """Makes the chart of a graph; None if no line has two points."""
    series = []
    for pattern, name in graph.lines:
        points = {int(m[1]): f.median for f in figures if (m := re.fullmatch(pattern, f.name))}
        positive = tuple(sorted((x, y) for x, y in points.items() if x > 0 and y > 0))
        if positive:
            series.append(Series(name, positive))
    if not any(len(line.points) > 1 for line in series):
        return None
    return Chart(graph.title, graph.x_label, graph.y_label, tuple(series), True, graph.is_y_log)


def draw(figures: list[Figure], directory: str) -> list[pathlib.Path]:
    """Writes the graphs for which there are figures, and returns their files."""
    folder = pathlib.Path(directory)
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for graph in GRAPHS:
            drawn = chart(graph, figures)
            if drawn:
                (folder / graph.file).write_text(drawn.svg(), encoding="utf-8")
                files.append(folder / graph.file)
    except OSError as e:
        raise WrongInput(f"{directory}: graphs cannot be written: {e.strerror}") from e
    return files
