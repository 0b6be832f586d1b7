"""How do an adjudicator's list and a case to settle read on the page?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import url_for
from flask_babel import format_date, gettext

from peeraudit.domain.instruments import Instrument
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.domain.scoring import needs_comment
from peeraudit.domain.workflow import DECLINE_LABELS, DeclineReason
from peeraudit.services.adjudication import (
    CaseToSettle,
    Contested,
    Decision,
    Opinion,
    SettlingView,
)
from peeraudit.services.scoring import Segments, SheetSection
from peeraudit.web.scoring.pages import Choice, ScoreChoice, days_until

# An identifier has a button of its own, which takes the case from everyone.
_REASONS = tuple(r for r in DeclineReason if r is not DeclineReason.IDENTIFIER_SEEN)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One case that waits to be settled."""

    code: str
    url: str
    campaign: str
    modality: str
    region: str
    days_left: int
    is_reconsideration: bool


@dataclass(frozen=True, slots=True)
class OpinionBox:
    """What A or B says, in the words of the page's language.

    Attributes:
        error_code: for taking it over into the sheet.
    """

    title: str
    score: str
    score_label: str
    is_discrepant: bool
    error_type: str
    error_code: str
    comment: str
    urgent: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class SettlingPage:
    """All that the settling page shows.

    Attributes:
        boxes: A and B; where the author contests an outcome, that outcome first.
        days_left: whole days until the case is due; negative when it is late.
        errors: what is missing or wrong, by field.
    """

    case_code: str
    waiting: int
    days_left: int
    facts: Sequence[str]
    exam: Segments
    blinding: str
    language: str
    sections: Sequence[SheetSection]
    contested: OpinionBox | None
    boxes: Sequence[OpinionBox]
    scores: Sequence[ScoreChoice]
    types: Sequence[Choice]
    decision: Decision
    decline_reasons: Sequence[Choice]
    sheet_url: str
    pull_url: str
    decline_url: str
    errors: Mapping[str, str] = field(default_factory=dict)


def waiting_row(case: CaseToSettle) -> WaitingRow:
    """Return a case that waits, in the words of the page's language."""
    return WaitingRow(
        code=case.code,
        url=url_for("adjudication.settle_case", assignment_id=case.assignment_id),
        campaign=case.campaign,
        modality=label_of(MODALITY_LABELS, case.modality),
        region=label_of(REGION_LABELS, case.region),
        days_left=days_until(case.due_at),
        is_reconsideration=case.is_reconsideration,
    )


def settling_page(
    view: SettlingView,
    *,
    decision: Decision | None = None,
    errors: Mapping[str, str] | None = None,
) -> SettlingPage:
    """Return a case to settle in the words of the page's language.

    Args:
        view: the case.
        decision: what was just sent and could not be taken; None shows an empty sheet.
        errors: what is missing or wrong, by field.
    """
    scale = view.instrument
    own = view.assignment_id
    return SettlingPage(
        case_code=view.code,
        waiting=view.waiting,
        days_left=days_until(view.due_at),
        facts=_facts(view),
        exam=view.exam,
        blinding=gettext(view.blinding),
        language=view.language,
        sections=view.sections,
        contested=_contested(view.contested, scale) if view.contested else None,
        boxes=[_opinion(one, scale) for one in view.opinions],
        scores=score_choices(scale),
        types=[Choice(one.code, gettext(one.label), one.key) for one in scale.error_types],
        decision=decision or Decision(""),
        decline_reasons=[Choice(r.value, gettext(DECLINE_LABELS[r])) for r in _REASONS],
        sheet_url=url_for("adjudication.settle_case", assignment_id=own),
        pull_url=url_for("adjudication.pull_case", assignment_id=own),
        decline_url=url_for("adjudication.decline_case", assignment_id=own),
        errors=errors or {},
    )


def score_choices(scale: Instrument) -> list[ScoreChoice]:
    """Return the scores of a scale for its pad, mildest first."""
    return [
        ScoreChoice(
            code=one.code,
            key=one.key,
            label=gettext(one.label),
            help=gettext(one.help),
            discrepant=scale.is_discrepant(one.code),
            needs_comment=needs_comment(scale, one.code, urgent=False),
        )
        for one in scale.categories
    ]


def label_of(labels: Mapping[str, str], code: str) -> str:
    """Return the words of a code; the code itself where it has none."""
    return gettext(labels[code]) if code in labels else code


def type_label(scale: Instrument, code: str) -> str:
    """Return the words of an error type; nothing where there is none."""
    return gettext(scale.error_type(code).label) if code else ""


def _facts(view: SettlingView) -> list[str]:
    facts = [label_of(MODALITY_LABELS, view.modality), label_of(REGION_LABELS, view.region)]
    if view.month:
        year, month = (int(part) for part in view.month.split("-"))
        facts.append(format_date(date(year, month, 1), "MMMM y"))
    return facts


def _opinion(one: Opinion, scale: Instrument) -> OpinionBox:
    return OpinionBox(
        title=gettext("Review %(letter)s", letter=one.letter),
        score=one.score,
        score_label=gettext(scale.category(one.score).label),
        is_discrepant=scale.is_discrepant(one.score),
        error_type=type_label(scale, one.error_type),
        error_code=one.error_type,
        comment=one.comment,
        urgent=one.urgent,
    )


def _contested(one: Contested, scale: Instrument) -> OpinionBox:
    return OpinionBox(
        title=gettext("Outcome that the author contests"),
        score=one.score,
        score_label=gettext(scale.category(one.score).label),
        is_discrepant=scale.is_discrepant(one.score),
        error_type=type_label(scale, one.error_type),
        error_code=one.error_type,
        comment=one.comment,
        urgent=False,
        words=one.words,
    )
