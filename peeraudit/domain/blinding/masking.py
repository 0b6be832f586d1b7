"""How does a text read when nobody in it can be recognised?"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.blinding.beside import find_beside
from peeraudit.domain.blinding.chains import find_people, is_inside
from peeraudit.domain.blinding.day_shift import DayShift, move_days
from peeraudit.domain.blinding.doubt import suspects, weigh
from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.halves import find_halves
from peeraudit.domain.blinding.known import (
    KnownIdentities,
    KnownName,
    find_names,
    index_names,
)
from peeraudit.domain.blinding.known_numbers import find_numbers
from peeraudit.domain.blinding.known_people import NameShape, find_people_by_name, shapes_of
from peeraudit.domain.blinding.known_places import find_places, find_taught
from peeraudit.domain.blinding.letterheads import find_lines
from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.scanning import Scan, scan
from peeraudit.domain.blinding.spans import PEOPLE, Kind, Masked, Span, hide, reapply, settle
from peeraudit.domain.blinding.talk import find_spoken

_MAX_PASSES: Final = 8
_AROUND: Final = 120
_WORTH_REPEATING: Final = 3
_PEOPLE: Final = PEOPLE | {"signature"}


Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Page:
    """A text, or what is left of it, in the three forms in which it is searched.

    Attributes:
        text: as it is.
        even: every space alike.
        folded: in small letters, without accents.
    """

    text: str
    even: str
    folded: str

    def without(self, spans: Sequence[Span]) -> "_Page":
        """Return the page with ``spans`` hidden: each form is cut alike, so offsets agree."""
        return _Page(*(hide(form, spans) for form in (self.text, self.even, self.folded)))


def _page(text: str) -> _Page:
    even = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\t", " ")
    return _Page(text, even, fold(even))


def mask(
    text: str, known: KnownIdentities, language: str = "", shift: DayShift | None = None
) -> Masked:
    """Return ``text`` without what could lead to its patient, its author or its department.

    Three layers look at the text: what the message itself knows, rules for French and English
    reports, and dictionaries of names. They look again at the result, near what they hid, until
    nothing more is found, so masking a masked text changes nothing. Diseases, signs and anatomy
    named after people stay, unless a title stands before the name.

    Args:
        text: the report.
        known: the identities behind it.
        language: ``fr`` or ``en``: spares a text the rules that only make sense in the other
            language, such as French postal codes; empty applies all.
        shift: by how much days are moved; None masks them all.
    """
    finder = _Finder(known, index_names(known), shapes_of(known), language)
    whole = page = _page(text)
    spans: list[Span] = []
    first = finder.find(page, [(0, len(text))])
    new = first.hidden
    for _ in range(_MAX_PASSES):
        if not new:
            break
        spans = settle(text, [*spans, *new])
        page = whole.without(spans)
        plain = _origins(text, spans)
        found = finder.find(page, _windows(page.text, plain, new))
        new = list(_back(found.hidden, plain))
    if shift is None:
        return _weighed(whole, page.text, spans, first)
    spans = move_days(text, spans, shift, language)
    return _weighed(whole, reapply(text, spans), spans, first)


def remask(text: str, spans: Sequence[Span], known: KnownIdentities, language: str = "") -> Masked:
    """Return ``text`` with the spans that a coordinator left, and the doubt that remains.

    Nothing is added to the spans: what the layers would find beyond them was shown on purpose.

    Args:
        text: the report.
        spans: what is to be hidden, in any order.
        known: the identities behind it.
        language: as for ``mask``.
    """
    page = _page(text)
    found = _Finder(known, index_names(known), shapes_of(known), language).find(
        page, [(0, len(text))]
    )
    settled = settle(text, spans)
    return _weighed(page, reapply(text, settled), settled, found)


@dataclass(frozen=True, slots=True)
class _Findings:
    """What was found on a page: what is to be hidden, names left as words, and what was read."""

    hidden: list[Span]
    left: list[Span]
    read: Scan


@dataclass(frozen=True, slots=True)
class _Finder:
    known: KnownIdentities
    names: dict[str, KnownName]
    shapes: tuple[tuple[Kind, NameShape], ...]
    language: str

    def find(self, page: _Page, windows: Sequence[Window]) -> _Findings:
        """Return what is to be hidden on a page: known words anywhere, the rest in the windows."""
        even, known = page.even, self.known
        hidden = [
            *find_numbers(even, page.folded, known),
            *find_places(even, page.folded, known),
            *find_taught(even, page.folded, known),
            *find_lines(page.text, known.lines),
        ]
        if windows[0] == (0, len(even)):
            hidden += find_people_by_name(even, page.folded, self.shapes)
        left: list[Span] = []
        read = Scan([], [], [], [])
        for low, high in windows:
            part = scan(even, low, high, self.language)
            named, unsure = find_names(even, (*part.capitals, *part.lowers), self.names)
            hidden += [*part.spans, *named, *find_people(even, part.capitals, part.lowers)]
            hidden += find_spoken(even, part.capitals, part.lowers)
            left += unsure
            read.capitals.extend(part.capitals)
            read.lowers.extend(part.lowers)
            read.numbers.extend(part.numbers)
        settled = settle(page.text, hidden)
        again = [
            *_repeated(even, settled, read),
            *find_beside(even, settled),
            *find_halves(even, settled),
        ]
        return _Findings(settle(page.text, [*settled, *again]) if again else settled, left, read)


def _repeated(text: str, spans: Sequence[Span], read: Scan) -> Iterator[Span]:
    """Yield where a word of a name that was found stands once more, without its title."""
    if not any(span.kind in _PEOPLE and span.layer != "known" for span in spans):
        return
    tokens = (*read.capitals, *read.lowers)
    starts = [span.start for span in spans]
    owners: dict[str, Span] = {}
    for token in tokens:
        if token.word.mark in "FOGA":
            at = bisect_right(starts, token.start) - 1
            if at >= 0 and spans[at].end > token.start and spans[at].kind in _PEOPLE:
                owners.setdefault(token.word.folded, spans[at])
    for token in tokens:
        owner = owners.get(token.word.folded)
        if owner is None or len(token.word.folded) <= _WORTH_REPEATING:
            continue
        at = bisect_right(starts, token.start) - 1
        is_free = at < 0 or spans[at].end <= token.start
        is_own = token.word.mark != "A" or is_inside(text, token.start)
        if is_free and is_own and not is_meant(text, token.start, token.end):
            kind = "person" if owner.kind == "signature" else owner.kind
            yield Span(token.start, token.end, kind, owner.layer)


def _weighed(page: _Page, masked: str, spans: Sequence[Span], found: _Findings) -> Masked:
    doubtful = suspects(page.even, spans, found.read, found.left)
    doubt, seen = weigh(list(doubtful))
    return Masked(masked, tuple(spans), doubt, seen)


def _windows(
    masked: str, plain: Sequence[tuple[int, int, int]], new: Iterable[Span]
) -> list[Window]:
    """Return the stretches of the masked text, in whole lines, around what was just hidden."""
    starts = [(origin, low) for low, _, origin in plain]
    windows: list[Window] = []
    at = 0
    for span in sorted(new):
        while at + 1 < len(starts) and starts[at + 1][0] <= span.end:
            at += 1
        place = starts[at][1]
        if windows and place + _AROUND < windows[-1][1]:
            continue
        low = masked.rfind("\n", 0, max(0, place - _AROUND)) + 1
        high = masked.find("\n", min(len(masked), place + _AROUND))
        high = len(masked) if high < 0 else high
        if windows and low <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(high, windows[-1][1]))
        else:
            windows.append((low, high))
    return windows


def _origins(text: str, spans: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Return the plain stretches: start and end once masked, and start in the input."""
    plain: list[tuple[int, int, int]] = []
    last = written = 0
    for span in spans:
        kept = span.start - last
        plain.append((written, written + kept, last))
        written += kept + len(span.kind) + 2
        last = span.end
    plain.append((written, written + len(text) - last, last))
    return plain


def _back(spans: Sequence[Span], plain: Sequence[tuple[int, int, int]]) -> Iterator[Span]:
    """Yield spans of the masked text in offsets of the input text."""
    starts = [low for low, _, _ in plain]
    for span in spans:
        low, high, origin = plain[bisect_right(starts, span.start) - 1]
        if span.end <= high:
            shift = origin - low
            yield Span(span.start + shift, span.end + shift, span.kind, span.layer)
