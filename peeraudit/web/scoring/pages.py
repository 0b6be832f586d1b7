"""How do a reviewer's queue and a case read on the page?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from flask import url_for
from flask_babel import format_date, gettext, ngettext, to_user_timezone

from peeraudit.adapters.clock import now
from peeraudit.domain.instruments import Category, ErrorType, Instrument
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.domain.scoring import ScoreSheet, needs_comment
from peeraudit.domain.workflow import DECLINE_LABELS, DeclineReason
from peeraudit.services.scoring import Queue, QueuedCase, Segments, SheetSection, SheetView

DAYS_NAMED_BY_WEEKDAY = 6
SENTENCES_SHOWN = 3
# An identifier has a button of its own, which takes the case from everyone.
_REASONS = tuple(r for r in DeclineReason if r is not DeclineReason.IDENTIFIER_SEEN)


@dataclass(frozen=True, slots=True)
class ScoreChoice:
    """One score on the pad."""

    code: str
    key: str
    label: str
    help: str
    discrepant: bool
    needs_comment: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One error type, or one reason to give a case back."""

    code: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ScoringPage:
    """All that the scoring page shows.

    Attributes:
        days_left: whole days until the case is due; negative when it is late.
        message: what the person must know before going on; mostly empty.
        errors: what is missing or wrong, by field.
    """

    case_code: str
    position: int
    total: int
    days_left: int
    facts: Sequence[str]
    exam: Segments
    blinding: str
    language: str
    sections: Sequence[SheetSection]
    scores: Sequence[ScoreChoice]
    types: Sequence[Choice]
    draft: ScoreSheet
    revision: int
    decline_reasons: Sequence[Choice]
    sheet_url: str
    draft_url: str
    pull_url: str
    decline_url: str
    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case that waits."""

    code: str
    url: str
    campaign: str
    modality: str
    region: str
    due: str
    is_late: bool
    is_started: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What a reviewer has to read.

    Attributes:
        sentences: how many until when, the most pressing first.
        has_begun: the next case is one that was begun.
    """

    sentences: Sequence[str]
    rows: Sequence[QueueRow]
    campaigns: int
    has_begun: bool
    done: int
    seconds: int


def queue_page(queue: Queue) -> QueuePage:
    """Return a queue in the words of the page's language."""
    return QueuePage(
        sentences=_sentences(queue.cases),
        rows=[_row(case) for case in queue.cases],
        campaigns=len({case.campaign for case in queue.cases}),
        has_begun=bool(queue.cases) and queue.cases[0].is_started,
        done=queue.done,
        seconds=queue.seconds,
    )


def scoring_page(
    view: SheetView,
    *,
    sheet: ScoreSheet | None = None,
    message: str = "",
    errors: Mapping[str, str] | None = None,
) -> ScoringPage:
    """Return a case in the words of the page's language.

    Args:
        view: the case.
        sheet: what was just sent and could not be taken; None shows what was kept.
        message: what the person must know before going on.
        errors: what is missing or wrong, by field.
    """
    scale = view.instrument
    return ScoringPage(
        case_code=view.code,
        position=view.position,
        total=view.total,
        days_left=days_until(view.due_at),
        facts=_facts(view),
        exam=view.exam,
        blinding=gettext(view.blinding),
        language=view.language,
        sections=view.sections,
        scores=[_score(one, scale) for one in scale.categories],
        types=[_type(one) for one in scale.error_types],
        draft=sheet or view.sheet,
        revision=view.revision,
        decline_reasons=[Choice(r.value, gettext(DECLINE_LABELS[r])) for r in _REASONS],
        sheet_url=url_for("scoring.score_case", assignment_id=view.assignment_id),
        draft_url=url_for("scoring.save_draft", assignment_id=view.assignment_id),
        pull_url=url_for("scoring.pull_case", assignment_id=view.assignment_id),
        decline_url=url_for("scoring.decline_case", assignment_id=view.assignment_id),
        message=message,
        errors=errors or {},
    )


def days_until(moment: datetime) -> int:
    """Return the calendar days from today to ``moment``, in the zone of the installation."""
    return (_day(moment) - _day(now())).days


def _day(moment: datetime) -> date:
    day: date = to_user_timezone(moment).date()
    return day


def _sentences(cases: Sequence[QueuedCase]) -> list[str]:
    """Return how many cases are due when, for instance "6 reports to read by Friday"."""
    late = sum(days_until(case.due_at) < 0 for case in cases)
    said = []
    if late:
        said.append(
            ngettext(
                "One report should have been read by now.",
                "%(num)s reports should have been read by now.",
                late,
            )
        )
    groups = [(d, len(list(g))) for d, g in groupby(cases[late:], key=lambda c: _day(c.due_at))]
    for number, (day, count) in enumerate(groups[:SENTENCES_SHOWN]):
        said.append(_first(count, day) if not number and not late else _further(count, day))
    rest = sum(count for _, count in groups[SENTENCES_SHOWN:])
    if rest:
        said.append(ngettext("One more is due later.", "%(num)s more are due later.", rest))
    return said


def _first(count: int, day: date) -> str:
    return ngettext(
        "You have one report to read %(until)s.",
        "You have %(num)s reports to read %(until)s.",
        count,
        until=until(day),
    )


def _further(count: int, day: date) -> str:
    return ngettext(
        "Then one more %(until)s.", "Then %(num)s more %(until)s.", count, until=until(day)
    )


def until(day: date) -> str:
    """Return until when, as one says it: today, by tomorrow, by Friday, by 9 December."""
    left = (day - _day(now())).days
    if left == 0:
        return gettext("today")
    if left == 1:
        return gettext("by tomorrow")
    if left <= DAYS_NAMED_BY_WEEKDAY:
        return gettext("by %(weekday)s", weekday=format_date(day, "EEEE"))
    return gettext("by %(day)s", day=format_date(day, "d MMMM"))


def _row(case: QueuedCase) -> QueueRow:
    return QueueRow(
        code=case.code,
        url=url_for("scoring.score_case", assignment_id=case.assignment_id),
        campaign=case.campaign,
        modality=_label(MODALITY_LABELS, case.modality),
        region=_label(REGION_LABELS, case.region),
        due=format_date(_day(case.due_at), "EEE d MMM"),
        is_late=days_until(case.due_at) < 0,
        is_started=case.is_started,
    )


def _label(labels: Mapping[str, str], code: str) -> str:
    return gettext(labels[code]) if code in labels else code


def _facts(view: SheetView) -> list[str]:
    facts = [_label(MODALITY_LABELS, view.modality), _label(REGION_LABELS, view.region)]
    if view.month:
        year, month = (int(part) for part in view.month.split("-"))
        facts.append(format_date(date(year, month, 1), "MMMM y"))
    return facts


def _score(one: Category, scale: Instrument) -> ScoreChoice:
    return ScoreChoice(
        code=one.code,
        key=one.key,
        label=gettext(one.label),
        help=gettext(one.help),
        discrepant=scale.is_discrepant(one.code),
        needs_comment=needs_comment(scale, one.code, urgent=False),
    )


def _type(one: ErrorType) -> Choice:
    return Choice(one.code, gettext(one.label), one.key)
