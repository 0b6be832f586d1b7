"""How does a text read when nobody in it can be recognised?"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.known import (
    KnownIdentities,
    find_names,
    find_numbers,
    find_places,
)
from peeraudit.domain.blinding.lexicon import (
    COMMON_FAMILY,
    EPONYMS,
    FIRST_NAMES,
    ORDINARY,
    Stretches,
    eponym_stretches,
    fold_word,
)
from peeraudit.domain.blinding.rules import find_by_rule
from peeraudit.domain.blinding.spans import PLACEHOLDER, Masked, Span, reapply, settle

QUARANTINE_DOUBT: Final = 0.5
"""A case whose doubt reaches this goes to the coordinator before anyone else sees it."""

_MAX_PASSES: Final = 8
_PAIR: Final = re.compile(
    r"(?<![\w’'-])(?P<a>[A-ZÀ-Ý][\w’'-]+)[ \t]+"
    r"(?P<b>(?:(?:de|du|le|la|van|von|el)[ \t]+)?[A-ZÀ-Ý](?:[\w’'-]+|\.))"
)
_CAPITAL_PAIR: Final = re.compile(
    r"(?<=[a-zà-ÿ,] )(?P<x>[A-ZÀ-Ý][a-zà-ÿ]{2,}[ ](?:[A-Z]\.[ ])?[A-ZÀ-Ý][a-zà-ÿ]{2,})(?![\w-])"
)
_SUSPICIONS: Final = tuple(
    (weight, re.compile(shape))
    for weight, shape in (
        (0.6, r"(?P<x>\S*@\S*)"),
        (
            0.5,
            (r"\b(?:Dr|Docteur|Doctor|Pr|Mme|Mrs|Mr|Ms|Monsieur|Madame)\.?[ \t]+"
            r"(?P<x>[^\W\d_]{2,})"),
        ),
        (0.4, r"(?<![\w.,])(?P<x>\d{6,})(?![\w.,]\d|\w)"),
        (0.5, r"(?i:\bnamed|\bs['’]appelle|\bsurnomm\w+)[ \t]+(?P<x>[^\W\d_]+)"),
        (0.3, r"⟧[ \t,]+(?P<x>[A-ZÀ-Ý]{4,})(?![\w:])"),
    )
)  # fmt: skip
_NAME_LEFT: Final = 0.25
_PAIR_LEFT: Final = 0.2
_COMMON_PAIRS: Final[str] = (
    "radiology department magnetic resonance computed tomography united states middle east"
    " ultrasound doppler emergency nuclear medicine clinical correlation comparison findings"
    " impression american college fleischner society view study event portable supine upright"
)
_NOT_PEOPLE: Final = frozenset(_COMMON_PAIRS.split())


def _by_dictionary(text: str, meant: Stretches) -> Iterator[Span]:
    """Yield given names that stand beside a family name."""
    for found in _PAIR.finditer(text):
        if any(low <= found.start() < high for low, high in meant):
            continue
        first, second = fold_word(found["a"]), fold_word(found["b"])
        parts = {part for part in re.split(r"[-' ]", f"{first} {second}") if part}
        known_first = first.split("-")[0] in FIRST_NAMES
        known_second = second.split("-")[0] in FIRST_NAMES
        if parts & (EPONYMS - COMMON_FAMILY) or not (known_first or known_second):
            continue
        other = second if known_first else first
        if len(other) == 1 and not known_first:
            continue
        upper = found["a"].isupper() or found["b"].isupper()
        if other not in ORDINARY or upper or (known_first and known_second):
            yield Span(found.start(), found.end(), "person", "dictionary")


def _found(text: str, known: KnownIdentities, language: str) -> tuple[list[Span], list[Span]]:
    """Return what is to be hidden, and the known names that look like plain words."""
    meant = eponym_stretches(text)
    names, left = find_names(text, known, meant)
    hidden = [
        *names,
        *find_numbers(text, known),
        *find_places(text, known),
        *find_by_rule(text, language),
        *_by_dictionary(text, meant),
    ]
    return settle(text, hidden), left


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
    for span in spans:
        for low, high, origin in plain:
            if low <= span.start and span.end <= high:
                shift = origin - low
                yield Span(span.start + shift, span.end + shift, span.kind, span.layer)
                break


def _suspects(text: str, left: Sequence[Span]) -> Iterator[tuple[float, Span]]:
    for span in left:
        yield _NAME_LEFT, span
    for weight, shape in _SUSPICIONS:
        for found in shape.finditer(text):
            yield weight, Span(*found.span("x"), "other", "rule")
    meant = eponym_stretches(text)
    for found in _CAPITAL_PAIR.finditer(text):
        words = {fold_word(word) for word in found["x"].split()}
        if words & (EPONYMS | _NOT_PEOPLE):
            continue
        if not any(low <= found.start("x") < high for low, high in meant):
            yield _PAIR_LEFT, Span(*found.span("x"), "person", "dictionary")


def _weigh(
    text: str, left: Sequence[Span], plain: Sequence[tuple[int, int, int]]
) -> tuple[float, tuple[Span, ...]]:
    certainty = 1.0
    suspects: dict[tuple[int, int], Span] = {}
    barriers = [found.span() for found in PLACEHOLDER.finditer(text)]
    for weight, span in _suspects(text, left):
        if any(low < span.end and span.start < high for low, high in barriers):
            continue
        for origin in _back([span], plain):
            if (origin.start, origin.end) not in suspects:
                certainty *= 1 - weight
                suspects[origin.start, origin.end] = origin
    return round(1 - certainty, 4), tuple(sorted(suspects.values()))


def mask(text: str, known: KnownIdentities, language: str = "") -> Masked:
    """Return ``text`` without what could lead to its patient, its author or its department.

    Three layers look at the text: what the message itself knows, rules for French and English
    reports, and a dictionary of given names. They look again at the result until nothing more
    is found, so masking a masked text changes nothing. Diseases, signs and anatomy named after
    people stay, unless a title stands before the name.

    Args:
        text: the report.
        known: the identities behind it.
        language: ``fr`` or ``en``: spares a text the rules that only make sense in the other
            language, such as French postal codes; empty applies all.
    """
    spans: list[Span] = []
    left: list[Span] = []
    masked = text
    plain = _origins(text, spans)
    for _ in range(_MAX_PASSES):
        found, left = _found(masked, known, language)
        new = list(_back(found, plain))
        if not new:
            break
        spans = settle(text, [*spans, *new])
        masked = reapply(text, spans)
        plain = _origins(text, spans)
    doubt, suspects = _weigh(masked, left, plain)
    return Masked(masked, tuple(spans), doubt, suspects)


def remask(text: str, spans: Sequence[Span], known: KnownIdentities, language: str = "") -> Masked:
    """Return ``text`` with the spans that a coordinator left, and the doubt that remains.

    Nothing is added to the spans: what the layers would find beyond them was shown on purpose.

    Args:
        text: the report.
        spans: what is to be hidden, in any order.
        known: the identities behind it.
        language: as for ``mask``.
    """
    settled = settle(text, spans)
    masked, plain = reapply(text, settled), _origins(text, settled)
    _, left = _found(masked, known, language)
    doubt, suspects = _weigh(masked, left, plain)
    return Masked(masked, tuple(settled), doubt, suspects)
