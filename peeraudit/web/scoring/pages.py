"""How do a reviewer's queue and a case read on the page?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import url_for
from flask_babel import format_date, ngettext

from peeraudit.adapters.clock import local_day
from peeraudit.adapters.wording import in_words
from peeraudit.domain.blind_reads import OwnFindings
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.summaries.severity_page import own_sentence
from peeraudit.services.acceptances import CampaignOffer
from peeraudit.services.blind_reads import BlindStage
from peeraudit.services.scoring import Queue, QueuedCase, SheetView
from peeraudit.services.severity import OwnPosition
from peeraudit.web.scoring.days import until
from peeraudit.web.scoring.offer_lines import OfferLine, offer_line
from peeraudit.web.sheets import CaseScreen, case_screen, days_until, label_of

SENTENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ScoringPage:
    """All that the scoring page shows.

    Attributes:
        position: which case of the campaign this is for the reviewer, from 1.
        message: what the person must know before going on; mostly empty.
    """

    case: CaseScreen
    position: int
    total: int
    revision: int
    draft_url: str
    message: str = ""
    own: "OwnReading | None" = None


@dataclass(frozen=True, slots=True)
class OwnReading:
    """What the reviewer found before the report was shown, and since when it is locked."""

    findings: str
    locked_at: datetime


@dataclass(frozen=True, slots=True)
class BlindPage:
    """All that the page shows on which a reviewer reads first.

    Attributes:
        position: which case of the campaign this is for the reviewer, from 1.
        findings: as they were kept, or as they were just sent and could not be locked.
        message: what the person must know before going on; mostly empty.
    """

    case: CaseScreen
    position: int
    total: int
    findings: OwnFindings
    revision: int
    findings_url: str
    message: str = ""


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
    is_offered: bool
    is_started: bool


@dataclass(frozen=True, slots=True)
class PositionLine:
    """What a reviewer reads of the own scores in one campaign."""

    campaign: str
    text: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What a reviewer has to read.

    Attributes:
        sentences: how many until when, the most pressing first.
        offers: what waits for an answer, by campaign.
        has_begun: the next case is one that was begun.
    """

    sentences: Sequence[str]
    offers: Sequence[OfferLine]
    rows: Sequence[QueueRow]
    campaigns: int
    has_begun: bool
    done: int
    seconds: int


def queue_page(queue: Queue, offered: Sequence[CampaignOffer]) -> QueuePage:
    """Return a queue in the words of the page's language."""
    return QueuePage(
        sentences=_sentences(queue.cases),
        offers=[offer_line(one) for one in offered],
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
    return ScoringPage(
        case=case_screen(view, sheet or view.sheet, errors, door="scoring", address="score_case"),
        position=view.position,
        total=view.total,
        revision=view.revision,
        draft_url=url_for("scoring.save_draft", assignment_id=view.assignment_id),
        message=message,
        own=_own(view.blind),
    )


def position_lines(positions: Sequence[OwnPosition]) -> list[PositionLine]:
    """Return where a reviewer stands, in the words of the page's language."""
    return [PositionLine(one.title, in_words(own_sentence(one.row))) for one in positions]


def blind_page(
    view: SheetView,
    *,
    findings: OwnFindings | None = None,
    message: str = "",
    errors: Mapping[str, str] | None = None,
) -> BlindPage:
    """Return a case whose report is not shown yet, in the words of the page's language.

    Args:
        view: the case.
        findings: what was just sent and could not be locked; None shows what was kept.
        message: what the person must know before going on.
        errors: what is missing or wrong, by field.
    """
    kept = view.blind.findings if view.blind else OwnFindings()
    return BlindPage(
        case=case_screen(view, view.sheet, errors, door="scoring", address="score_case"),
        position=view.position,
        total=view.total,
        findings=findings or kept,
        revision=view.revision,
        findings_url=url_for("scoring.lock_findings", assignment_id=view.assignment_id),
        message=message,
    )


def _own(blind: BlindStage | None) -> OwnReading | None:
    if blind is None or blind.locked_at is None:
        return None
    return OwnReading(blind.findings.text, blind.locked_at)


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
    groups = [
        (d, len(list(g))) for d, g in groupby(cases[late:], key=lambda c: local_day(c.due_at))
    ]
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


def _row(case: QueuedCase) -> QueueRow:
    return QueueRow(
        code=case.code,
        url=url_for("scoring.score_case", assignment_id=case.assignment_id),
        campaign=case.campaign,
        modality=label_of(MODALITY_LABELS, case.modality),
        region=label_of(REGION_LABELS, case.region),
        due=format_date(local_day(case.due_at), "EEE d MMM"),
        is_late=days_until(case.due_at) < 0,
        is_offered=case.is_offered,
        is_started=case.is_started,
    )
