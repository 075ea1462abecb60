"""One module for each command: its function `measure` receives the session and the numbers of the command line."""

import importlib
from collections.abc import Callable


def load(module: str) -> Callable:
    """Returns the function `measure` of a module."""
    return importlib.import_module(f"{__name__}.{module}").measure
