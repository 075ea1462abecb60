"""Draws line charts as SVG, without libraries."""

import dataclasses
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 90, 30, 50, 60
LEGEND_LINE = 18
TICKS = 5
SHORT_AXIS_POWERS = 3
COLOURS = ("#1f5fa8", "#c0561b", "#2c7d3f", "#7a3d96", "#555555")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "1 4")
SUFFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclasses.dataclass(frozen=True)
class Scale:
    """Maps values of an axis to pixels."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def at(self, value: float) -> float:
        """Returns the pixel of a value."""
        return self.start + (self.end - self.start) * self.share(value)

    def share(self, value: float) -> float:
        if self.is_log:
            return (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        return log_ticks(self.low, self.high) if self.is_log else linear_ticks(self.low, self.high)


def scale(values, start: float, end: float, is_log: bool) -> Scale:
    """Makes a scale that contains all values: from zero, or between powers of ten."""
    low, high = min(values), max(values)
    if not is_log:
        high = max(high, 0) or 1
        step = nice_step(high / TICKS)
        return Scale(0, math.ceil(high / step - 1e-9) * step, start, end)
    low_power, high_power = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    if low_power == high_power:
        high_power += 1
    return Scale(10.0**low_power, 10.0**high_power, start, end, True)


def nice_step(step: float) -> float:
    """Returns the smallest of 1, 2, 2.5, 5 times a power of ten that is not smaller."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step - 1e-12)


def linear_ticks(low: float, high: float) -> list[float]:
    step = nice_step((high - low) / TICKS)
    count = int((high - low) / step + 1e-9)
    return [low + i * step for i in range(count + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Returns the powers of ten from low to high, and on a short axis also their double and their fivefold."""
    powers = range(round(math.log10(low)), round(math.log10(high)) + 1)
    factors = (1, 2, 5) if len(powers) <= SHORT_AXIS_POWERS else (1,)
    ticks = [factor * 10.0**power for power in powers for factor in factors]
    return [tick for tick in ticks if tick <= high * (1 + 1e-9)]


def label(value: float) -> str:
    """Writes a value of an axis, such as 10k or 2.5M."""
    for size, suffix in SUFFIXES:
        if abs(value) >= size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"


@dataclasses.dataclass(frozen=True)
class Series:
    """A line of a chart."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclasses.dataclass(frozen=True)
class Chart:
    """A chart with one or more lines; the labels of the axes contain the units."""

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    is_x_log: bool = True
    is_y_log: bool = False

    def svg(self) -> str:
        """Returns the chart as a file."""
        xs = [x for line in self.series for x, _ in line.points]
        ys = [y for line in self.series for _, y in line.points]
        bottom = HEIGHT - BOTTOM - LEGEND_LINE * len(self.series)
        x = scale(xs, LEFT, WIDTH - RIGHT, self.is_x_log)
        y = scale(ys, bottom, TOP, self.is_y_log)
        parts = [*self.frame(bottom), *x_axis(x, bottom), *y_axis(y)]
        for number, line in enumerate(self.series):
            parts += series(line, number, x, y, HEIGHT - LEGEND_LINE * (len(self.series) - number))
        return "\n".join([*HEADER, *parts, "</svg>", ""])

    def frame(self, bottom: float) -> list[str]:
        middle = (TOP + bottom) / 2
        return [
            text(WIDTH / 2, 28, self.title, "middle", "font-size='17'"),
            text((LEFT + WIDTH - RIGHT) / 2, bottom + 40, self.x_label, "middle"),
            text(20, middle, self.y_label, "middle", f"transform='rotate(-90 20 {middle:.1f})'"),
        ]


HEADER = (
    f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' width='{WIDTH}' height='{HEIGHT}' "
    "font-family='sans-serif' font-size='13'>",
    f"<rect width='{WIDTH}' height='{HEIGHT}' fill='white'/>",
)


def x_axis(x: Scale, bottom: float) -> list[str]:
    parts = [segment(x.start, bottom, x.end, bottom, "black")]
    for value in x.ticks():
        at = x.at(value)
        parts += [segment(at, bottom, at, bottom + 5, "black"), text(at, bottom + 20, label(value), "middle")]
    return parts


def y_axis(y: Scale) -> list[str]:
    parts = [segment(LEFT, y.start, LEFT, y.end, "black")]
    for value in y.ticks():
        at = y.at(value)
        parts += [segment(LEFT, at, WIDTH - RIGHT, at, "#dddddd"), text(LEFT - 8, at + 4, label(value), "end")]
    return parts


def series(line: Series, number: int, x: Scale, y: Scale, legend_y: float) -> list[str]:
    """Draws a line, its points, and its entry in the legend."""
    colour = COLOURS[number % len(COLOURS)]
    style = f"stroke='{colour}' stroke-width='2' stroke-dasharray='{DASHES[number % len(DASHES)]}'"
    places = [(x.at(a), y.at(b)) for a, b in sorted(line.points)]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    return [
        f"<polyline points='{path}' fill='none' {style}/>",
        *(f"<circle cx='{a:.1f}' cy='{b:.1f}' r='3.5' fill='{colour}'/>" for a, b in places),
        f"<line x1='{LEFT}' y1='{legend_y - 4:.1f}' x2='{LEFT + 35}' y2='{legend_y - 4:.1f}' {style}/>",
        text(LEFT + 45, legend_y, line.name, "start"),
    ]


def segment(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}'/>"


def text(x: float, y: float, words: str, anchor: str, more: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {more}>{escape(words)}</text>"
