"""How does an original report come apart for the coordinator who checks its masks?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.spans import Kind, Layer, Span, settle


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the original text.

    Attributes:
        kind: what it is, where it is masked or looks as if it should be; else None.
        layer: who found it; None for a plain stretch.
        is_doubt: whether it is not masked and looks as if it should be.
        shown: what reviewers read in its place, a moved day; empty where it is masked.
    """

    words: str
    kind: Kind | None = None
    layer: Layer | None = None
    is_doubt: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True)
class MaskLine:
    """Words that are masked.

    Attributes:
        start: where the first of their masks begins in the original text.
        count: how many masks hide the same words.
        layer: who found the first of them.
        shown: what reviewers read in its place, a moved day; empty where it is masked.
    """

    start: int
    words: str
    kind: Kind
    layer: Layer
    count: int
    shown: str


def mask_lines(text: str, spans: Sequence[Span]) -> tuple[MaskLine, ...]:
    """Return the words that are masked in a report, each with how often."""
    alike: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        alike[fold(text[span.start : span.end])].append(span)
    return tuple(
        MaskLine(one.start, text[one.start : one.end], one.kind, one.layer, len(same), one.shown)
        for same in alike.values()
        for one in same[:1]
    )


def pieces(text: str, spans: Sequence[Span], suspects: Sequence[Span]) -> Iterator[Piece]:
    """Yield a report in stretches, with what is masked and what looks as if it should be."""
    masked, last = set(spans), 0
    for span in sorted([*spans, *settle(text, suspects)]):
        start = max(span.start, last)
        if start > last:
            yield Piece(text[last:start])
        if span.end > start:
            is_doubt = span not in masked
            yield Piece(text[start : span.end], span.kind, span.layer, is_doubt, span.shown)
        last = max(last, span.end)
    if last < len(text):
        yield Piece(text[last:])
