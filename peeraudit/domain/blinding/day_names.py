"""What are months and weekdays called, and how is one written like another?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from peeraudit.domain.blinding.folding import fold

Language = Literal["fr", "en"]

_FRENCH: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_FRENCH_SHORT: Final = (
    "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc",
)  # fmt: skip
_ENGLISH: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ENGLISH_SHORT: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_LONG: Final[Mapping[Language, Sequence[str]]] = {"fr": _FRENCH, "en": _ENGLISH}
_SHORT: Final[Mapping[Language, Sequence[str]]] = {"fr": _FRENCH_SHORT, "en": _ENGLISH_SHORT}
_DAYS: Final[Mapping[Language, Sequence[str]]] = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_DAYS_SHORT: Final[Mapping[Language, Sequence[str]]] = {
    "fr": ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_MORE_DAYS: Final[dict[str, tuple[int, Language]]] = {
    "tues": (1, "en"), "weds": (2, "en"), "thur": (3, "en"), "thurs": (3, "en"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Name:
    number: int
    languages: frozenset[Language]
    is_short: bool


_MORE: Final[dict[str, _Name]] = {
    "fev": _Name(2, frozenset({"fr"}), is_short=True),
    "jul": _Name(7, frozenset({"en"}), is_short=True),
    "sept": _Name(9, frozenset({"fr", "en"}), is_short=True),
}


def _names() -> dict[str, _Name]:
    found: dict[str, _Name] = {}
    for lists, is_short in ((_SHORT, True), (_LONG, False)):
        for language, words in lists.items():
            for number, word in enumerate(words, start=1):
                old = found.get(fold(word))
                both = frozenset({language}) | (old.languages if old else frozenset())
                found[fold(word)] = _Name(number, both, is_short)
    return found | _MORE


_NAMES: Final = _names()
WEEKDAYS: Final[Mapping[str, tuple[int, Language]]] = {
    **{
        fold(word): (number, language)
        for lists in (_DAYS, _DAYS_SHORT)
        for language, words in lists.items()
        for number, word in enumerate(words)
    },
    **_MORE_DAYS,
}
"""Folded name of a weekday, shortened or not → its number from Monday, 0, and its language."""


def month_of(word: str) -> int:
    """Return the number of the month that a word names, 1 to 12; 0 where it names none."""
    name = _NAMES.get(fold(word.rstrip(".")))
    return name.number if name else 0


def month_like(word: str, month: int, language: str) -> str:
    """Return the name of a month as ``word`` writes another: its language, length and capitals.

    Args:
        word: the name of a month, shortened or not: ``avr.``, ``MAI``, ``September``.
        month: the month to be named, 1 to 12.
        language: the language of the text, for names that both languages share.
    """
    name = _NAMES[fold(word.rstrip("."))]
    own: Language = "fr" if language == "fr" else "en"
    spoken = own if own in name.languages else next(iter(name.languages))
    lists = _SHORT if name.is_short else _LONG
    written = lists[spoken][month - 1]
    # Behind a whole name the point ends the sentence; "mai" is never shortened.
    if word.endswith(".") and (not name.is_short or written != _LONG[spoken][month - 1]):
        written += "."
    # "FEVRIER" and "fevr." are answered without accents too.
    is_bare = word.isascii() and not lists[spoken][name.number - 1].isascii()
    return _cased(word.rstrip("."), fold(written) if is_bare else written)


def is_french_month(word: str, language: str) -> bool:
    """Return whether a word that names a month is French in a text of this language."""
    languages = _NAMES[fold(word.rstrip("."))].languages
    return languages == {"fr"} or (language == "fr" and "fr" in languages)


def weekday_like(word: str, number: int) -> str:
    """Return the name of a weekday in the language and the capitals in which ``word`` is written.

    Args:
        word: the name of a weekday, shortened or not.
        number: the weekday to be named, Monday being 0.
    """
    folded = fold(word)
    language = WEEKDAYS[folded][1]
    is_long = folded in map(fold, _DAYS[language])
    return _cased(word, (_DAYS if is_long else _DAYS_SHORT)[language][number])


def _cased(like: str, word: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word.lower()
