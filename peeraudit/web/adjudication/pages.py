"""How do an adjudicator's list and a case to settle read on the page?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from peeraudit.domain.instruments import Instrument
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.services.adjudication import (
    CaseToSettle,
    Contested,
    Decision,
    Opinion,
    SettlingView,
)
from peeraudit.web.sheets import CaseScreen, case_screen, days_until, label_of, type_label


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
        findings: what the reviewer found before the report was shown.
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
    findings: str = ""


@dataclass(frozen=True, slots=True)
class SettlingPage:
    """All that the settling page shows.

    Attributes:
        boxes: A and B; where the author contests an outcome, that outcome first.
    """

    case: CaseScreen
    waiting: int
    contested: OpinionBox | None
    boxes: Sequence[OpinionBox]


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
    scale, sheet = view.instrument, decision or Decision("")
    return SettlingPage(
        case=case_screen(view, sheet, errors, door="adjudication", address="settle_case"),
        waiting=view.waiting,
        contested=_contested(view.contested, scale) if view.contested else None,
        boxes=[_opinion(one, scale) for one in view.opinions],
    )


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
        findings=one.findings,
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
