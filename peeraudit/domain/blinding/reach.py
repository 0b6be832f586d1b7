"""How much of its line is looked at around a word, however long the line is?"""

from typing import Final

LINE_REACH: Final = 240
"""Characters of its line, either way, that may tell what a word is.

A report without line breaks is one line: to look at all of it for each of its words would take
the square of its length.
"""


def line_start(text: str, at: int) -> int:
    """Return where the line of a place begins; -1 where that is further than it may matter."""
    low = max(0, at - LINE_REACH)
    found = text.rfind("\n", low, at)
    if found >= 0:
        return found + 1
    return 0 if low == 0 else -1


def is_first_on_line(text: str, at: int, around: str = " \t\r\v\f") -> bool:
    """Return whether nothing stands before a place on its line.

    Args:
        text: the text.
        at: the place.
        around: signs that count for nothing.
    """
    first = line_start(text, at)
    return first >= 0 and not text[first:at].strip(around)


def line_around(text: str, start: int, end: int) -> str:
    """Return the line of a stretch, as far as it may matter.

    Args:
        text: the text.
        start: the first character of the stretch.
        end: one past its last.
    """
    low = max(line_start(text, start), start - LINE_REACH, 0)
    reach = min(len(text), end + LINE_REACH)
    high = text.find("\n", end, reach)
    return text[low : high if high >= 0 else reach]


def is_loud(text: str, at: int) -> bool:
    """Return whether a line is written in capitals throughout."""
    line = line_around(text, at, at)
    return line.upper() == line
