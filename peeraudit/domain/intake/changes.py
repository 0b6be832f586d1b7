"""What may become of a case whose report changed after the draw, and what is new in it?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Final

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.workflow import CASE_MOVES, CaseEvent, CaseState, may_advance

_WORDS: Final = re.compile(r"\S+\s*|\s+")
# Comparing takes the product of both lengths: longer reports are compared line by line.
_MOST_WORDS: Final = 4_000


class Decision(StrEnum):
    """What became of a version that came after the draw."""

    KEPT = "kept"
    REPLACED = "replaced"
    EXCLUDED = "excluded"
    OVERTAKEN = "overtaken"
    FROZEN = "frozen"


CHOICES: Final = (Decision.KEPT, Decision.REPLACED, Decision.EXCLUDED)
"""What a coordinator may decide; the others come about by themselves."""

CHOICE_LABELS: Mapping[Decision, Msgid] = {
    Decision.KEPT: Msgid(N_("Keep the drawn version")),
    Decision.REPLACED: Msgid(N_("Put the new version in its place")),
    Decision.EXCLUDED: Msgid(N_("Exclude the case: its report was cancelled")),
}

DECISION_LABELS: Mapping[Decision, Msgid] = {
    Decision.KEPT: Msgid(N_("The drawn version was kept")),
    Decision.REPLACED: Msgid(N_("The new version took its place")),
    Decision.EXCLUDED: Msgid(N_("The case was excluded")),
    Decision.OVERTAKEN: Msgid(N_("A later version came before anybody decided")),
    Decision.FROZEN: Msgid(N_("The drawn version stays: the data were frozen")),
}


class KeepReason(StrEnum):
    """Why the drawn version is what is audited; no free words, which could name somebody."""

    SAME_MEANING = "same_meaning"
    LATER_KNOWLEDGE = "later_knowledge"
    FIRST_REPORT_COUNTS = "first_report_counts"
    ALREADY_READ = "already_read"


KEEP_LABELS: Mapping[KeepReason, Msgid] = {
    KeepReason.SAME_MEANING: Msgid(N_("The findings are the same: only form, names or typing")),
    KeepReason.LATER_KNOWLEDGE: Msgid(N_("The change came of later images, results or calls")),
    KeepReason.FIRST_REPORT_COUNTS: Msgid(N_("The audit is of what was reported first")),
    KeepReason.ALREADY_READ: Msgid(N_("The case was read already")),
}


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What decides on a changed report.

    Attributes:
        state: where its case stands.
        is_cancelled: whether its sender took it back.
        has_text: whether the new version has a text.
        is_read: whether a review of the case was handed in.
    """

    state: CaseState
    is_cancelled: bool
    has_text: bool
    is_read: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words of a version; they are marked where the other version has others."""

    words: str
    is_marked: bool


def choices_for(facts: ChangeFacts) -> tuple[Decision, ...]:
    """Return what may be decided; the drawn version can always be kept.

    Once a review was handed in, the case is what was read: nothing else may take its place, and
    it is not left out by somebody who could know how it was scored.
    """
    other = Decision.EXCLUDED if facts.is_cancelled else Decision.REPLACED
    event = CaseEvent.TAKE_BACK if facts.is_cancelled else CaseEvent.RENEW
    may = not facts.is_read and may_advance(CASE_MOVES, facts.state, event)
    if may and (facts.is_cancelled or facts.has_text):
        return Decision.KEPT, other
    return (Decision.KEPT,)


def compare(old: str, new: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return two versions in stretches, with what only one of them has marked.

    White space makes no difference; the words of all stretches are the whole text again.

    Args:
        old: the version that was drawn.
        new: the version that came after.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = SequenceMatcher(None, _bare(before), _bare(after), autojunk=False)
    blocks = matcher.get_matching_blocks()
    return (
        tuple(_stretches(before, [(one.a, one.size) for one in blocks])),
        tuple(_stretches(after, [(one.b, one.size) for one in blocks])),
    )


def _bare(pieces: Sequence[str]) -> list[str]:
    return [piece.strip() for piece in pieces]


def _stretches(pieces: Sequence[str], shared: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    for (start, size), (following, _) in pairwise([(0, 0), *shared]):
        alike = "".join(pieces[start : start + size])
        other = "".join(pieces[start + size : following])
        # The space behind words is none of them: no mark runs on into the next line.
        bare = other.rstrip()
        for words, is_marked in ((alike, False), (bare, True), (other[len(bare) :], False)):
            if words:
                yield Stretch(words, is_marked)
