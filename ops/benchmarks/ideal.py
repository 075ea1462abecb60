"""The shortest time that rows take if each free slot takes the next row at once."""

import heapq

LCG_FACTOR = 1103515245
LCG_INCREMENT = 12345
LCG_MASK = 0x7FFFFFFF


def list_schedule(durations, slots: int) -> float:
    """Returns when the last row ends if rows start in their order, each in the slot that is free first."""
    if slots < 1:
        raise ValueError(f"at least one slot was expected, not {slots}")
    free_at = [0.0] * slots
    for duration in durations:
        heapq.heapreplace(free_at, free_at[0] + duration)
    return max(free_at)


def is_long(index: int, one_in: int) -> bool:
    """Selects one row in so many, spread as at random, but the same rows each time."""
    return ((index * LCG_FACTOR + LCG_INCREMENT & LCG_MASK) >> 16) % one_in == 0


def is_long_in_java(one_in: int) -> str:
    """Returns the Java expression that selects the same rows as is_long."""
    return f"((index * {LCG_FACTOR}L + {LCG_INCREMENT} & {LCG_MASK}L) >> 16) % {one_in} == 0"


def tail_durations(rows: int, short: float, long: float, one_in: int) -> list[float]:
    """Returns the times of rows of which one in so many is long."""
    return [long if is_long(i, one_in) else short for i in range(rows)]
