"""Compares two files of results: what got slower or faster, by how much, and whether it is more than the spread."""

import dataclasses

from benchmarks.figures import MORE, Figure, number

SAME, WORSE, BETTER, UNKNOWN = "within the spread", "worse", "better", "spread unknown"
ENVIRONMENT = ("cpu_model", "cpus", "memory_mb", "kernel", "jdk")


@dataclasses.dataclass(frozen=True)
class Change:
    """One figure in both files."""

    before: Figure
    after: Figure

    @property
    def percent(self) -> float:
        """The change of the median in percent; more is a larger value, whether that is better or not."""
        if self.before.median == 0:
            return 0.0 if self.after.median == 0 else float("inf")
        return (self.after.median / self.before.median - 1) * 100

    @property
    def spread(self) -> float | None:
        """The larger difference between samples of one file; None if both files have one sample only."""
        if len(self.before.samples) < 2 and len(self.after.samples) < 2:
            return None
        return max(self.before.range, self.after.range)

    @property
    def is_better(self) -> bool:
        return (self.after.median > self.before.median) == (self.before.better == MORE)

    @property
    def verdict(self) -> str:
        """Whether the median changed by more than the samples of one file differ."""
        difference = abs(self.after.median - self.before.median)
        if self.spread is None:
            return UNKNOWN if difference else SAME
        if difference <= self.spread:
            return SAME
        return BETTER if self.is_better else WORSE


def changes(before: list[Figure], after: list[Figure]) -> list[Change]:
    """Pairs figures with the same name and unit: the ones that got worse first, the largest change first."""
    by_name = {figure.name: figure for figure in before}
    paired = [
        Change(by_name[figure.name], figure)
        for figure in after
        if figure.name in by_name and by_name[figure.name].unit == figure.unit
    ]
    order = (WORSE, BETTER, UNKNOWN, SAME)
    return sorted(paired, key=lambda change: (order.index(change.verdict), -abs(change.percent)))


def line(change: Change) -> str:
    """Describes a change, for example `worse +12.0 % noop: CPU of a row 180 -> 202 us (spread 3.0 %)`."""
    before, after = change.before, change.after
    spread = "one sample each"
    if change.spread is not None:
        spread = f"spread {change.spread / before.median * 100 if before.median else 0:.1f} %"
    verdict = change.verdict
    if verdict == UNKNOWN:
        verdict += f", {BETTER if change.is_better else WORSE}"
    values = f"{number(before.median)} -> {number(after.median)} {after.unit}"
    return f"{verdict:<22} {change.percent:+7.1f} %  {after.name}: {values} ({spread})"


def environment_lines(before: dict, after: dict) -> list[str]:
    """Warns of computers or JDKs that differ, because the figures then mean little."""
    return [
        f"warning: {name} differs: {before.get(name)}, {after.get(name)}"
        for name in ENVIRONMENT
        if before.get(name) != after.get(name)
    ]


def report(before, after) -> list[str]:
    """Returns the lines that `ops/bench compare` prints for two files of results."""
    lines = environment_lines(before.machine, after.machine)
    lines.append(f"{title(before)} -> {title(after)}")
    paired = changes(before.figures, after.figures)
    lines += [line(change) for change in paired]
    names = {change.after.name for change in paired}
    for results in (before, after):
        missing = [figure.name for figure in results.figures if figure.name not in names]
        if missing:
            lines.append(f"only in {title(results)}: {', '.join(missing)}")
    return lines


def title(results) -> str:
    return f"{results.machine.get('commit', 'unknown commit')} ({results.machine.get('date', 'unknown date')})"
