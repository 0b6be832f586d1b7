"""How is JSON that somebody else wrote parsed, so that no text of it breaks what reads it?"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, TypeGuard

HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
MOST_REPORTS = 10**9
"""No frame holds more; a larger count is a slip of the pen, and too large to compute with."""


def parse_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value that a JSON text holds.

    Raises:
        ValueError: it is no JSON, it is nested too deeply to be read, a number in it is not
            finite (Python itself reads ``NaN``, ``Infinity`` and ``1e999``), or a text holds
            half a character, which no file can be written with.
    """
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        if HALF_CHARACTER.search(text):
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def is_count(value: object) -> TypeGuard[int]:
    """Return whether a JSON value is a whole number of reports."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_REPORTS


def member(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a part of an object that must itself be one; an empty one where it is absent.

    Raises:
        TypeError: it is something else.
    """
    found = data.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise TypeError(f"“{name}” is no object")
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise ValueError(f"{digits} is too large")
    return found
