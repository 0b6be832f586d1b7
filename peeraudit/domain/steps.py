"""How is work done that can be stopped between two of its steps?"""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def run_through(steps: Generator[object, None, Result]) -> Result:
    """Do all steps of a work without stopping; return what it comes to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
