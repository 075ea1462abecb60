"""The goals of figures, by name. Figures of other sizes have no goal."""

GOALS = {
    "noop 1000000: to the bare loop": 0.8,
    "noop 1000000: to the pool": 1.0,
    "rate 1000: with the start": 800,
    "rate 10000: with the start": 5_000,
    "rate 100000: with the start": 12_000,
    "start, empty cache: end": 2_500,
    "start: first row": 1_250,
    "start: end": 1_600,
    "busy 1000: 30 s without the start": 90,
    "busy 10000: 30 s without the start": 97,
    "busy 100000: 30 s without the start": 99,
    "busy 1000: 5 s with the start": 70,
    "busy 10000: 5 s with the start": 78,
    "busy 100000: 5 s with the start": 80,
    "tails 4000: to the ideal": 1.12,
    "pi: wall without the start, to the bare loop": 1.05,
    "pi: CPU minus 3 s, to the bare loop": 1.0,
    "connect 200000, 0 ms: tunnel to local": 0.7,
    "connect 200000, 0 ms: direct to local": 0.8,
    "memory 10000: head": 300,
    "memory 1000000: head": 400,
    "memory 10000000: head": 400,
    "memory: time of a row at 10000000, to 1000000": 1.2,
    "resume 1000000: nothing to do": 1.5,
    "resume 10000000: nothing to do": 6.0,
    "resume 10000000: head": 700,
    "resume 1000000: 10 new rows, minus nothing to do": 0.3,
    "values 1000: to pyarrow": 0.5,
    "values 1000000: to pyarrow": 0.5,
    "nodes 3, warm: first row": 2_500,
    "nodes 10, warm: first row": 2_500,
    "nodes 10, warm: first row of the last node": 4_000,
    "spread: computing": 8.3,
    "spread: command to end": 11.0,
    "idle 50: CPU of the head": 2.0,
    "idle 50: memory of the head for a node": 5.0,
    "bare: first row of the node": 5.0,
    **{
        f"mount 500, {way}, {what}: to OpenSSH": 1.0
        for way in ("pipes", "ssh")
        for what in ("read", "write", "read small files", "write small files")
    },
}


def goal(name: str) -> float | None:
    """Returns the goal of a figure, or None."""
    return GOALS.get(name)
