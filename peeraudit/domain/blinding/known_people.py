"""Where does a text name somebody whom its message names, though each word alone is a plain one?

``rose marchand``, ``MARCHAND_ROSE``, ``dr long`` and ``Long A`` name Rose Marchand and Anne Long,
in capitals or in small letters; ``long`` and ``rose`` by themselves name nobody.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.lexicon import is_beside_thing, is_ordinary
from peeraudit.domain.blinding.spans import Kind, Span
from peeraudit.domain.intake.reports import Person

_WORD: Final = re.compile(r"[^\W\d_]+")
_TITLES: Final = (
    r"(?:drs?|docteure?|doctor|prs?|prof|professeure?|professor|mme|mlle|mr|mrs|miss|madame|monsieur|"
    r"mademoiselle)"
)
_BETWEEN: Final = r"[ \t]?[,/_^\n-]?[ \t]{0,2}"
_SHORTEST: Final = 2
_REACH: Final = 32
_LONG_ENOUGH: Final = 6


class NameShape(NamedTuple):
    """How somebody's name is searched for in a folded text.

    Attributes:
        hint: a word of the name that must stand in the text at all.
        shape: the expression; its groups are an initial and the name beside it, which need a
            capital.
    """

    hint: str
    shape: re.Pattern[str]


def shapes_of(known: KnownIdentities) -> tuple[tuple[Kind, NameShape], ...]:
    """Return how the people who are known are searched for, for `find_people_by_name`."""
    return (
        *(("patient", _shape_of(person)) for person in known.patients),
        *(("clinician", _shape_of(person)) for person in known.clinicians),
    )


def find_people_by_name(
    text: str, folded: str, shapes: Iterable[tuple[Kind, NameShape]]
) -> Iterator[Span]:
    """Yield where a family name stands with a given name, an initial or a title, in any letters.

    Args:
        text: the input text, every space alike.
        folded: the same, folded.
        shapes: what `shapes_of` returns.
    """
    for kind, (hint, shape) in shapes:
        at = folded.find(hint) if hint in folded else -1
        while at >= 0:
            # Searched near the name alone: to look through the whole text takes long.
            low, at = max(0, at - _REACH), at + len(hint)
            yield from _found(text, folded, shape, (low, at + _REACH, kind))
            at = folded.find(hint, at)


def _found(
    text: str, folded: str, shape: re.Pattern[str], where: tuple[int, int, Kind]
) -> Iterator[Span]:
    low, high, kind = where
    while found := shape.search(folded, low, high):
        # An initial that is none hides no family name behind it.
        low = found.start() + 1
        parts = map(found.start, shape.groupindex)
        is_capital = all(text[at].isupper() for at in parts if at >= 0)
        # A known patient may bear an eponym of two names: ``Vaughan Jackson``.
        if is_capital and not is_beside_thing(text, *found.span()):
            yield Span(*found.span(), kind, "known")
            low = found.end()


@lru_cache(maxsize=16384)
def _shape_of(person: Person) -> NameShape:
    last, first = _WORD.findall(fold(person.last)), _WORD.findall(fold(person.first))
    hint = max(last, key=len, default="")
    if len(hint) < _SHORTEST:
        return NameShape("\n\n\n", re.compile("(?!)"))
    family = r"[ '-]?".join(map(re.escape, last))
    shapes = [rf"{_TITLES}\b\.?[ ]{{1,2}}{family}"]
    if first and len(first[0]) > 1:
        given = re.escape(first[0]) + "".join(rf"(?:[ -]?{re.escape(w)})?" for w in first[1:])
        shapes += [f"{family}{_BETWEEN}{given}", f"{given}{_BETWEEN}{family}"]
    if first:
        initial = re.escape(first[0][0])
        shapes.append(rf"(?P<before>{initial})(?:\.[ -]?|[ ])(?P<one>{family})")
        shapes.append(rf"(?P<other>{family}),?[ ](?P<behind>{initial})(?!['\w-])\.?")
    if len(last) > 1 and len(hint) >= _LONG_ENOUGH and not is_ordinary(hint):
        shapes.append(family)
    inner = "|".join(shapes)
    return NameShape(hint, re.compile(rf"(?<![^\W\d_])(?:{inner})(?![^\W\d_])"))
