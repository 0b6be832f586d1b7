"""How does a case's masked report come apart for those who read it?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.blind_reads import opening_of
from peeraudit.domain.blinding.spans import render_segments
from peeraudit.domain.examinations import ExamFacts, facts_of
from peeraudit.domain.intake.sections import Section, split_sections
from peeraudit.models.cases import Case

Segments = tuple[tuple[str | None, str], ...]

_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class SheetSection:
    """One part of a masked report: its heading, and its stretches of text and masks.

    Attributes:
        is_letterhead: it stands above the report itself: who, where, when, to whom.
    """

    heading: str
    segments: Segments
    is_letterhead: bool = False

    @property
    def has_shifted_days(self) -> bool:
        """Whether days of it are shown, moved like all days of its patient."""
        return any(kind == "shifted" for kind, _ in self.segments)


def whole_report(text: str, language: str) -> tuple[SheetSection, ...]:
    """Return all parts of a masked report."""
    return _rendered(split_sections(text, language))


def opening_of_report(text: str, language: str) -> tuple[SheetSection, ...]:
    """Return the parts of a masked report that tell nothing of what was found."""
    return _rendered(opening_of(split_sections(text, language)))


def exam_of(case_row: Case) -> Segments:
    """Return the examination's name, unless the report says it itself."""
    if case_row.exam.casefold() in case_row.masked_text.casefold():
        return ()
    return tuple(render_segments(case_row.exam))


def facts_of_case(case_row: Case) -> ExamFacts:
    """Return which side was examined and how urgently, and what of it was worked out."""
    return facts_of(case_row.laterality, case_row.urgency, case_row.derived)


def _rendered(parts: Sequence[Section]) -> tuple[SheetSection, ...]:
    sections = []
    for number, part in enumerate(parts):
        # What stands above the first heading of several is a letterhead: mostly masks.
        is_head = number == 0 and not part.heading and len(parts) > 1
        body = _EMPTY_LINES.sub("\n", part.body) if is_head else part.body
        sections.append(SheetSection(part.heading, tuple(render_segments(body)), is_head))
    return tuple(sections)
