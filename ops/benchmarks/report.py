"""Prints figures as a table: what, value, goal, ratio to the goal, and whether the goal is met."""

from benchmarks.figures import MORE, Figure, number, with_unit

HEADINGS = ("what", "value", "goal", "ratio", "met")


def cells(figure: Figure) -> tuple[str, ...]:
    """Returns the cells of a figure."""
    value = with_unit(figure.median, figure.unit)
    if figure.goal is None:
        return figure.name, value, "", "", ""
    bound = "at least" if figure.better == MORE else "at most"
    goal = f"{bound} {with_unit(figure.goal, figure.unit)}"
    return figure.name, value, goal, number(figure.goal_ratio), "yes" if figure.is_met else "no"


def table(figures: list[Figure]) -> list[str]:
    """Returns the lines of the table."""
    rows = [HEADINGS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    lines = []
    for row in rows:
        aligned = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, len(row)))]
        lines.append("  ".join(aligned).rstrip())
    return lines


def outcome(figures: list[Figure]) -> str:
    """Returns how many goals are met."""
    goals = [figure for figure in figures if figure.goal is not None]
    return f"{sum(figure.is_met for figure in goals)} of {len(goals)} goals met"
