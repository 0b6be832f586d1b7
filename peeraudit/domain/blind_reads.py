"""What does a reviewer see and write before the report is shown?"""

from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput
from peeraudit.domain.intake.sections import Section
from peeraudit.domain.scoring import LONGEST_READING

FINDINGS_MINIMUM = 3
"""Fewest characters of own findings: ``RAS`` says that nothing was found."""

FINDINGS_MAXIMUM = 10_000
"""Most characters of own findings."""

OPENING = ("indication", "technique")
"""What is shown from the first: why and how the examination was made, never what it showed."""

ANSWERING = ("findings", "conclusion")
"""What a report must have apart, so that the rest of it can be trusted to tell nothing."""


@dataclass(frozen=True, slots=True)
class OwnFindings:
    """What a reviewer found without having read the report.

    Args:
        text: in the reviewer's own words.
        seconds: active reading time so far, in seconds.
    """

    text: str = ""
    seconds: int = 0


def opening_of(sections: Sequence[Section]) -> list[Section]:
    """Return what a reviewer may read of a report before the own findings are locked.

    Only indication and technique, and of these the first paragraph: below it, a part whose
    head was not known could begin. Of a report whose findings do not stand apart, nothing.

    Args:
        sections: all parts of the report, in their order.
    """
    if not any(part.kind in ANSWERING for part in sections):
        return []
    return [
        Section(part.kind, part.heading, part.body.strip().split("\n\n")[0])
        for part in sections
        if part.kind in OPENING and part.body.strip()
    ]


def check_draft(findings: OwnFindings) -> None:
    """Refuse own findings that no further work could make right.

    Raises:
        InvalidFields: the text is too long, or the time impossible.
    """
    _refuse(_too_much(findings))


def check_findings(findings: OwnFindings) -> None:
    """Refuse own findings that may not be locked.

    Raises:
        InvalidFields: nothing was written, too much, or the time is impossible.
    """
    problems = _too_much(findings)
    if len(findings.text.strip()) < FINDINGS_MINIMUM:
        problems["findings"] = InvalidInput(
            N_("Write what you found before the report is shown; “normal” will do.")
        )
    _refuse(problems)


def _too_much(findings: OwnFindings) -> dict[str, InvalidInput]:
    problems: dict[str, InvalidInput] = {}
    length = len(findings.text)
    if length > FINDINGS_MAXIMUM:
        problems["findings"] = InvalidInput(
            N_("Your findings have %(length)d characters and may have %(maximum)d."),
            length=length,
            maximum=FINDINGS_MAXIMUM,
        )
    if not 0 <= findings.seconds <= LONGEST_READING:
        problems["seconds"] = InvalidInput(
            N_("The reading time must lie between 0 seconds and 24 hours.")
        )
    return problems


def _refuse(problems: dict[str, InvalidInput]) -> None:
    if problems:
        raise InvalidFields(problems)
