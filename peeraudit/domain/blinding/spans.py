"""What is hidden in a text, and how does the text read without it?"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Kind = Literal[
    "patient", "clinician", "person", "date", "age", "id", "phone", "email", "url",
    "address", "place", "department", "signature", "other",
]  # fmt: skip
Layer = Literal["known", "rule", "dictionary", "coordinator"]

Segment = tuple[Kind | Literal["shifted"] | None, str]
"""What a stretch is and what is shown of it; see ``render_segments``."""

KINDS: Final[tuple[Kind, ...]] = (
    "patient", "clinician", "person", "date", "age", "id", "phone", "email", "url",
    "address", "place", "department", "signature", "other",
)  # fmt: skip
PEOPLE: Final = frozenset({"patient", "clinician", "person"})
"""Kinds of stretches that are somebody's name."""
PLACEHOLDER: Final = re.compile(f"⟦({'|'.join(KINDS)})(?:=([^⟦⟧\\n]{{1,80}}))?⟧")
_WORTH_HIDING: Final = re.compile(r"[^\W_]")


class Span(NamedTuple):
    """A stretch of the input text that is hidden, or that looks as if it should be.

    Attributes:
        start: its first character in the input text, from 0.
        end: one past its last character.
        kind: what it is.
        layer: who found it: a known identity, a rule, the dictionary or the coordinator.
        shown: what is shown in its place, a moved day; empty where it is masked.
    """

    start: int
    end: int
    kind: Kind
    layer: Layer
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its identifiers.

    Attributes:
        text: the text, with ``⟦kind⟧`` for each hidden stretch, or ``⟦date=12/05/2023⟧`` for a
            moved day.
        spans: what was hidden, in order, not overlapping, in offsets of the input text.
        doubt: from 0 to 1, how likely it is that an identifier was left.
        suspects: what raises the doubt, in offsets of the input text.
    """

    text: str
    spans: tuple[Span, ...]
    doubt: float
    suspects: tuple[Span, ...]


def placeholder(kind: Kind, shown: str = "") -> str:
    """Return what stands in the masked text for a hidden stretch of this kind."""
    return f"⟦{kind}={shown}⟧" if shown else f"⟦{kind}⟧"


def reapply(text: str, spans: Iterable[Span]) -> str:
    """Return ``text`` with the spans hidden.

    Args:
        text: the input text.
        spans: what to hide, such as a coordinator's corrected list; overlaps are united and
            what lies outside the text is ignored.
    """
    return hide(text, settle(text, spans))


def hide(text: str, spans: Iterable[Span]) -> str:
    """Return ``text`` with the spans hidden.

    Args:
        text: the input text.
        spans: in order, inside the text, without overlaps, as `settle` returns them.
    """
    parts: list[str] = []
    last = 0
    for span in spans:
        parts += [text[last : span.start], placeholder(span.kind, span.shown)]
        last = span.end
    return "".join([*parts, text[last:]])


def render_segments(masked_text: str) -> list[Segment]:
    """Return a masked text as stretches for a template.

    Args:
        masked_text: a text with ``⟦kind⟧`` placeholders.

    Returns:
        pairs of a kind, ``shifted`` for a moved day, or nothing for plain text, and what is to be
        shown; joined, the stretches are the masked text without the marks of moved days.
    """
    segments: list[Segment] = []
    last = 0
    for found in PLACEHOLDER.finditer(masked_text):
        if found.start() > last:
            segments.append((None, masked_text[last : found.start()]))
        kind, shown = found.groups()
        segments.append(("shifted", shown) if shown else (kind_named(kind), found[0]))
        last = found.end()
    if last < len(masked_text):
        segments.append((None, masked_text[last:]))
    return segments


def kind_named(name: str) -> Kind:
    """Return the kind with this name."""
    return next(kind for kind in KINDS if kind == name)


def settle(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, inside the text, with overlaps united.

    A union takes the kind and layer of its longest part; what is known counts
    double. A stretch that is already a
    placeholder is never hidden again. What is shown in place of a stretch stays only where the
    stretch stays as it is.

    Args:
        text: the input text.
        spans: in any order.
    """
    length = len(text)
    inside = sorted(
        (
            s if s.start >= 0 and s.end <= length else _within(s, length)
            for s in spans
            if s.start < length and s.end > 0 and s.end > s.start
        ),
    )
    united: list[Span] = []
    longest = 0
    for span in inside:
        size = span.end - span.start
        if not united or span.start >= united[-1].end:
            united.append(span)
            longest = size
            continue
        last = united[-1]
        # What is known says more than the longer stretch of a rule with a title in it.
        worth = size * 2 if span.layer == "known" else size
        held = longest * 2 if last.layer == "known" else longest
        owner = span if worth > held else last
        shown = last.shown if span == last else ""
        end = max(last.end, span.end)
        united[-1] = Span(last.start, end, owner.kind, owner.layer, shown)
        longest = size if owner is span else longest
    return _around_placeholders(text, united)


def _within(span: Span, length: int) -> Span:
    return Span(max(span.start, 0), min(span.end, length), span.kind, span.layer)


def _around_placeholders(text: str, spans: Sequence[Span]) -> list[Span]:
    barriers = [found.span() for found in PLACEHOLDER.finditer(text)]
    if not barriers:
        return list(spans)
    kept: list[Span] = []
    at = 0
    for span in spans:
        start = span.start
        # Both are in order: what lies before one span lies before the next.
        while at < len(barriers) and barriers[at][1] <= start:
            at += 1
        within = at
        while within < len(barriers) and barriers[within][0] < span.end:
            low, high = barriers[within]
            kept += _piece(text, start, low, span)
            start = max(start, high)
            within += 1
        kept += _piece(text, start, span.end, span)
    return kept


def _piece(text: str, start: int, end: int, span: Span) -> list[Span]:
    piece = text[start:end]
    if start == span.start and end == span.end:
        return [span]
    if start >= end or not _WORTH_HIDING.search(piece):
        return []
    start += len(piece) - len(piece.lstrip())
    return [Span(start, start + len(piece.strip()), span.kind, span.layer)]
