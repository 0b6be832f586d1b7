"""Is a score sheet complete, what is missing on it, and who may read when?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import product

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, Msgid
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.protocol import BlindingMode, DateBlinding, TextDates
from peeraudit.domain.workflow import AssignmentState, CaseState

COMMENT_MINIMUM = 10
"""Fewest characters of a comment that explains a discrepancy or an urgent tick."""

COMMENT_MAXIMUM = 5000
"""Most characters of a comment."""

LONGEST_READING = 24 * 60 * 60
"""A longer reading is a clock that was never stopped, in seconds."""

READABLE_CASES = frozenset({CaseState.ASSIGNED, CaseState.IN_REVIEW, CaseState.SECOND_REVIEW})
"""Where a case stands while its reviewers may read it."""

OPEN_ASSIGNMENTS = frozenset(
    {AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.STARTED}
)
"""Where an assignment stands while its reviewer has still to submit."""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What a reviewer says of a case.

    Args:
        score: a code of the instrument.
        error_type: a code of its taxonomy; None for a concordant score.
        comment: free text.
        urgent: the treating clinician must be told now.
        seconds: active reading time, in seconds.
    """

    score: str | None
    error_type: str | None = None
    comment: str = ""
    urgent: bool = False
    seconds: int = 0


def is_read(turns: Collection[AssignmentState], *, is_double_read: bool) -> bool:
    """Return whether the readings that were planned for a case are all in.

    Args:
        turns: where the live assignments of the case's reviewers stand; shape (n,).
        is_double_read: the draw designated the case for two readings; a second reader who gave
            the case back is still to be replaced.
    """
    wanted = 2 if is_double_read else 1
    return len(turns) >= wanted and all(t is AssignmentState.SUBMITTED for t in turns)


def name_blinding(mode: BlindingMode) -> str:
    """Return what a reading was blinded to, in one word that is kept with every review.

    Two readings may be pooled if their words are the same, such as
    ``author,department,date:month``.
    """
    parts = ["author", *(["department"] if mode.hide_department else [])]
    parts.append(f"date:{mode.dates.value}")
    parts += ["shifted"] if mode.text_dates is TextDates.SHIFTED else []
    parts += ["priors"] if mode.prior_reports else []
    parts += ["read-first"] if mode.read_first else []
    return ",".join(parts)


MODE_WORDS = tuple(
    name_blinding(BlindingMode(*choices))
    for choices in product((True, False), DateBlinding, TextDates, (False, True), (False, True))
)
"""Every word that a review may bear; the database takes no other."""


def describe_blinding(mode: BlindingMode) -> Msgid:
    """Return the sentence that tells a reviewer what the protocol masks."""
    return _BLINDING_SENTENCES[mode.hide_department, mode.dates]


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


def check_draft(sheet: ScoreSheet, instrument: Instrument) -> None:
    """Refuse a draft that no further work could make complete; what is missing may be missing.

    Args:
        sheet: the sheet as it stands.
        instrument: the campaign's scale.

    Raises:
        InvalidFields: a code is unknown, the comment too long, the time impossible.
    """
    known = replace(
        sheet,
        score=sheet.score or instrument.codes[0],
        error_type=sheet.error_type if sheet.error_type not in instrument.error_codes else None,
        comment=sheet.comment.ljust(COMMENT_MINIMUM, "."),
    )
    problems = find_problems(known, instrument)
    if not sheet.error_type and "error_type" in problems:
        del problems["error_type"]
    if sheet.error_type in instrument.error_codes:
        problems.pop("error_type", None)
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


_BLINDING_SENTENCES = {
    (True, DateBlinding.HIDDEN): Msgid(
        N_("Blinded reading: the protocol masks author, department and date.")
    ),
    (True, DateBlinding.MONTH): Msgid(
        N_("Blinded reading: the protocol masks author, department and day.")
    ),
    (False, DateBlinding.HIDDEN): Msgid(N_("Blinded reading: the protocol masks author and date.")),
    (False, DateBlinding.MONTH): Msgid(N_("Blinded reading: the protocol masks author and day.")),
}
