"""Measured figures and their statistics."""

import dataclasses
import math
import statistics

MORE = "more"
LESS = "less"


@dataclasses.dataclass(frozen=True)
class Figure:
    """What was measured: samples in a unit, whether more or less is better, and the goal, if there is one."""

    name: str
    unit: str
    samples: tuple[float, ...]
    better: str
    goal: float | None = None

    def __post_init__(self):
        if not self.samples:
            raise ValueError(f"{self.name}: a figure needs a sample")
        if self.better not in (MORE, LESS):
            raise ValueError(f"{self.name}: better: '{MORE}' or '{LESS}' was expected, not '{self.better}'")

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def range(self) -> float:
        """The difference between the largest and the smallest sample."""
        return max(self.samples) - min(self.samples)

    @property
    def goal_ratio(self) -> float | None:
        """The median as a multiple of the goal; None without a goal."""
        return self.median / self.goal if self.goal else None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal is None:
            return None
        return self.median >= self.goal if self.better == MORE else self.median <= self.goal


def percentile(samples, share: float) -> float:
    """Returns the smallest sample that at least this share of the samples does not exceed."""
    if not samples:
        raise ValueError("a percentile needs a sample")
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratios(numerators, denominators) -> list[float]:
    """Divides samples of the same run by each other."""
    return [a / b for a, b in zip(numerators, denominators, strict=True)]


def number(value: float) -> str:
    """Writes a number with three or more significant digits, for people."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    if size >= 1 or size == 0:
        return f"{value:.2f}"
    return f"{value:.3g}"


def with_unit(value: float, unit: str) -> str:
    """Writes a number and its unit."""
    return f"{number(value)} {unit}"
