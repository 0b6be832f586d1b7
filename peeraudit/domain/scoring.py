"""Is a score sheet complete, and what is still missing on it?"""

from collections.abc import Iterator
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput
from peeraudit.domain.instruments import Instrument

COMMENT_MINIMUM = 10
"""Fewest characters of a comment that explains a discrepancy or an urgent tick."""

COMMENT_MAXIMUM = 5000
"""Most characters of a comment."""

LONGEST_READING = 24 * 60 * 60
"""A longer reading is a clock that was never stopped, in seconds."""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What a reviewer says of a case.

    Args:
        score: a code of the instrument.
        error_type: a code of its taxonomy; None for a concordant score.
        comment: free text.
        urgent: the treating clinician must be told now.
        recognised: the reviewer believes to have recognised the author.
        seconds: active reading time, in seconds.
    """

    score: str | None
    error_type: str | None = None
    comment: str = ""
    urgent: bool = False
    recognised: bool = False
    seconds: int = 0


def needs_error_type(instrument: Instrument, score: str | None) -> bool:
    """Return whether ``score`` must come with an error type."""
    return score in instrument.discrepant


def needs_comment(instrument: Instrument, score: str | None, *, urgent: bool) -> bool:
    """Return whether ``score`` or the urgent tick must come with a comment."""
    return urgent or score in instrument.discrepant


def find_problems(sheet: ScoreSheet, instrument: Instrument) -> dict[str, InvalidInput]:
    """Return what keeps a sheet from being submitted.

    Args:
        sheet: the sheet as it stands.
        instrument: the campaign's scale.

    Returns:
        One sentence for each field with a problem, by the field's name; empty if complete.
    """
    found = [*_of_score(sheet, instrument), *_of_comment(sheet, instrument), *_of_time(sheet)]
    return dict(found)


def check_sheet(sheet: ScoreSheet, instrument: Instrument) -> None:
    """Refuse a sheet that may not be submitted.

    Args:
        sheet: the sheet to submit.
        instrument: the campaign's scale.

    Raises:
        InvalidFields: something is missing or wrong; ``fields`` says what, by field.
    """
    problems = find_problems(sheet, instrument)
    if problems:
        raise InvalidFields(problems)


def _of_score(sheet: ScoreSheet, instrument: Instrument) -> Iterator[tuple[str, InvalidInput]]:
    if sheet.score is None:
        yield "score", InvalidInput(N_("Choose a score."))
    elif sheet.score not in instrument.codes:
        yield (
            "score",
            InvalidInput(N_("The scale has no score “%(score)s”."), score=sheet.score),
        )
    elif needs_error_type(instrument, sheet.score) and not sheet.error_type:
        yield "error_type", InvalidInput(N_("Say what kind of error it is."))
    elif sheet.error_type and not needs_error_type(instrument, sheet.score):
        yield "error_type", InvalidInput(N_("A concordant score has no kind of error: clear it."))
    if sheet.error_type and sheet.error_type not in instrument.error_codes:
        yield (
            "error_type",
            InvalidInput(N_("The taxonomy has no error type “%(code)s”."), code=sheet.error_type),
        )


def _of_comment(sheet: ScoreSheet, instrument: Instrument) -> Iterator[tuple[str, InvalidInput]]:
    length = len(sheet.comment.strip())
    if length > COMMENT_MAXIMUM:
        yield (
            "comment",
            InvalidInput(
                N_("The comment has %(length)d characters and may have %(maximum)d."),
                length=length,
                maximum=COMMENT_MAXIMUM,
            ),
        )
    if length < COMMENT_MINIMUM and needs_comment(instrument, sheet.score, urgent=sheet.urgent):
        yield (
            "comment",
            InvalidInput(
                N_("Explain in at least %(minimum)d characters what the author should learn."),
                minimum=COMMENT_MINIMUM,
            )
            if not sheet.urgent
            else InvalidInput(
                N_("Explain in at least %(minimum)d characters what is urgent."),
                minimum=COMMENT_MINIMUM,
            ),
        )


def _of_time(sheet: ScoreSheet) -> Iterator[tuple[str, InvalidInput]]:
    if not 0 <= sheet.seconds <= LONGEST_READING:
        yield (
            "seconds",
            InvalidInput(N_("The reading time must lie between 0 seconds and 24 hours.")),
        )
