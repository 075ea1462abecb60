"""Errors that end a benchmark with one message and without a stack trace."""


class BenchmarkError(Exception):
    """A measurement is not possible, for example because a run failed."""

    exit_code = 1


class WrongInput(BenchmarkError):
    """The user made a mistake, or something that the benchmark needs is missing. The message says what to do."""

    exit_code = 2
