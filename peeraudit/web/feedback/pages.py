"""How does the feedback on a report read on its author's page?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext, ngettext

from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.services.case_texts import Segments, SheetSection
from peeraudit.services.feedback import Feedback, OutcomeLine, OutcomeView, ReplyView
from peeraudit.web.sheets import label_of, type_label

CONCORDANT = "1"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome in the list."""

    url: str
    exam: Segments
    about: str
    accession: str
    performed_on: date | None
    campaign: str
    score: str
    state: str
    reply_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """The list of outcomes, and the sentence that opens it."""

    sentence: str
    to_answer: Sequence[OutcomeRow]
    others: Sequence[OutcomeRow]


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """All that the page of one outcome shows.

    Attributes:
        state: where the outcome stands, in a sentence.
        may_contest: a reconsideration can still be asked for.
    """

    row: OutcomeRow
    score_label: str
    score_help: str
    is_concordant: bool
    error_type: str
    comment: str
    sections: Sequence[SheetSection]
    reply: ReplyView | None
    state: str
    may_reply: bool
    may_contest: bool


def feedback_page(found: Feedback) -> FeedbackPage:
    """Return the list in the words of the page's language."""
    return FeedbackPage(
        sentence=_sentence(found),
        to_answer=[_row(line) for line in found.to_answer],
        others=[_row(line) for line in found.others],
    )


def outcome_page(view: OutcomeView) -> OutcomePage:
    """Return one outcome in the words of the page's language."""
    score = view.instrument.category(view.line.score)
    return OutcomePage(
        row=_row(view.line),
        score_label=gettext(score.label),
        score_help=gettext(score.help),
        is_concordant=not view.instrument.is_discrepant(score.code),
        error_type=type_label(view.instrument, view.error_type),
        comment=view.comment,
        sections=view.sections,
        reply=view.reply,
        state=_state_in_full(view),
        may_reply=view.line.may_reply,
        may_contest=view.line.may_reply and view.is_open,
    )


def _sentence(found: Feedback) -> str:
    total = sum(found.scores.values())
    agreed = found.scores.get(CONCORDANT, 0)
    first = ngettext(
        "One report of yours was read by peers.",
        "%(num)s reports of yours were read by peers.",
        total,
    )
    if total == agreed:
        return first
    second = ngettext(
        "One of them would have been reported in the same way.",
        "%(num)s of them would have been reported in the same way.",
        agreed,
    )
    return f"{first} {second}" if agreed else first


def _row(line: OutcomeLine) -> OutcomeRow:
    modality = label_of(MODALITY_LABELS, line.modality)
    region = label_of(REGION_LABELS, line.region)
    return OutcomeRow(
        url=url_for("feedback.show_outcome", outcome_id=line.id),
        exam=line.exam,
        accession=line.accession,
        performed_on=line.performed_on,
        about=" · ".join(part for part in (modality, region) if part),
        campaign=line.campaign,
        score=line.score,
        state=_state(line),
        reply_due_at=line.reply_due_at if line.may_reply else None,
    )


def _state(line: OutcomeLine) -> str:
    if line.is_final:
        return gettext("Final")
    if line.is_reconsidered:
        return gettext("Being looked at again")
    return gettext("Your reply is awaited")


def _state_in_full(view: OutcomeView) -> str:
    if view.waits_for_decision:
        return gettext(
            "You asked for a second look. Another colleague will decide; you will be told."
        )
    if view.reply is not None and view.reply.asks_reconsideration:
        if view.was_reconsidered:
            return gettext("Another colleague has looked at it again. This outcome is final.")
        return gettext(
            "Nobody else could look at it again within the time that the protocol gives, "
            "so the first outcome stands. It is final; your reply is kept with it."
        )
    if view.line.is_final:
        return gettext("This outcome is final.")
    return ""
