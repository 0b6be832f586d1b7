"""Which person does a name written in one piece name?"""

from functools import lru_cache
from typing import Final

from peeraudit.domain.intake.reports import Person

_WORDS: Final = (
    "dr pr prof professor professeur mr mrs ms miss mme mlle m docteur doctor md phd frcr"
    " monsieur madame pharmd do"
)
_TITLES: Final = frozenset(_WORDS.split())
_DEGREES: Final = frozenset(
    {"bs", "ba", "dvm", "dabvp", "dacvp", "frcpc", "frcs", "facr", "mbbs", "mbchb", "msc", "ma"}
    | {"rn", "np", "pa", "pa-c", "fnp", "ebir", "interne", "ph", "cca", "jr", "sr", "iii", "ii"}
)


def split_name(full: str) -> tuple[str, str]:
    """Return last and first name of ``DUPONT Jean``, ``Dupont, Jean`` or ``Jean Dupont``.

    Args:
        full: one person's name as written in one cell, with or without a title.
    """
    words = [w for w in full.replace(",", ", ").split() if _bare(w) not in _TITLES]
    name = " ".join(words).strip(" ,")
    parts = [part.strip() for part in name.split(",")]
    name = ", ".join(part for part in parts if _bare(part) not in _DEGREES).strip(" ,")
    words = name.split()
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip(" ,")
    capitals = [w for w in words if w.isupper() and len(w.strip(".")) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(w for w in words if w not in capitals)
    return (words[-1], " ".join(words[:-1])) if words else ("", "")


def _bare(word: str) -> str:
    return word.replace(".", "").strip(",").lower()


@lru_cache(maxsize=4096)
def person_of(full: str, identifier: str = "") -> Person:
    """Return the person of a name written in one piece, with a number when one is known."""
    last, first = split_name(full)
    return Person(identifier, last, first)
