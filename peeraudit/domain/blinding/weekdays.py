"""Which weekday belongs to a day, so that it is hidden or moved with it?

A weekday left beside a day that is masked narrows it down; beside a moved day, it tells by how
much the day was moved.
"""

import re
from typing import Final

LONG: Final = (
    r"(?i:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday)"
)
SHORT: Final = (
    r"(?i:lun|mar|mer|jeu|ven|sam|dim|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?![^\W\d_])\.?"
)
PARTS: Final = (
    r"(?i:dernier|prochain|pass[ée]|matin|soir|midi|apr[èe]s-midi|last|next|morning|afternoon|"
    r"evening|night|[ap]\.?m\b\.?)"
)
"""What is said of a weekday: which one it is, or which part of it."""
_BEFORE: Final = re.compile(
    rf"(?<![\w-])(?:[lL]e[ ])?(?:{LONG}(?:[ ]{PARTS})?|{SHORT})(?:,[ ]?|[ ]\(?)"
    r"(?:(?i:le|the)[ ])?\Z"
)
_RELATIVE: Final = re.compile(
    r"(?<!\w)(?i:le|(?:this[ ]|the[ ])?(?:last|next|past|coming|previous|following)|this|ce)[ ]\Z"
)
_BEHIND: Final = re.compile(rf"[ ]?\({LONG}\)|,[ ]{LONG}(?!\w|[ ](?:le[ ]|the[ ])?\d)")
_REACH: Final = 32
_RELATIVE_REACH: Final = 16
_WORDS: Final[str] = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday"
    " saturday sunday lun mar mer jeu ven sam dim mon tue tues wed weds thu thur thurs fri sat sun"
)
_WORDS_BEFORE: Final = frozenset(_WORDS.split())
_SIGNS: Final = frozenset(" (")
_IS_WEEKDAY: Final = re.compile(rf"{LONG}|{SHORT}")


def with_weekday(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a day with the weekday before or behind it: ``Monday, 4 Dec``, ``4/12 (lundi)``.

    Args:
        text: the text.
        start: the first character of the day, or of a weekday alone.
        end: one past its last.

    Returns:
        where it starts and ends now; a weekday alone takes in ``last`` or ``this`` before it.
    """
    if text[start - 1 : start] in _SIGNS:
        if _may_follow_weekday(text, start):
            found = _BEFORE.search(text, max(0, start - _REACH), start)
            start = found.start() if found else start
        if text[start].isalpha() and _IS_WEEKDAY.match(text, start):
            found = _RELATIVE.search(text, max(0, start - _RELATIVE_REACH), start)
            start = found.start() if found else start
    if text[end : end + 1] in {",", " ", "("} and (behind := _BEHIND.match(text, end)):
        end = behind.end()
    return start, end


def _may_follow_weekday(text: str, start: int) -> bool:
    """Return whether a weekday stands before a day: asked first, for few days follow one."""
    words = text[max(0, start - _REACH) : start].lower().split()
    words = [word.strip(",.(") for word in words[-2:]]
    return not _WORDS_BEFORE.isdisjoint(words)
