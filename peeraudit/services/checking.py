"""Use cases: what a coordinator sees of the own department's cases while checking the masks."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy import case as when

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import (
    OPEN_CAMPAIGNS,
    STAGES,
    UNCHECKED,
    CheckStage,
    stage_of,
)
from peeraudit.domain.blinding.masking import remask
from peeraudit.domain.blinding.spans import Kind, Segment, Span, render_segments
from peeraudit.domain.errors import N_, IllegalMove, NotAllowed, NotFound
from peeraudit.domain.examinations import ExamFacts
from peeraudit.domain.workflow import (
    CASE_MOVES,
    CaseEvent,
    CaseState,
    DeclineReason,
    may_advance,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.services import blinding, blinding_changes, blinding_seen, prior_reports
from peeraudit.services.case_texts import facts_of_case
from peeraudit.services.checked_texts import MaskLine, Piece, mask_lines, pieces
from peeraudit.services.prior_reports import PriorView

CASES_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to show; what is None leaves nothing out."""

    campaign_id: UUID | None = None
    stage: CheckStage | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list.

    Attributes:
        doubt: from 0 to 1, how likely it is that an identifier was left.
        masks: how many stretches of its text are hidden.
        is_back: whether a reader saw an identifier in it.
        awaits_text: whether its report came without its text, which is still to come.
    """

    id: UUID
    code: str
    campaign_title: str
    modality: str
    region: str
    facts: ExamFacts
    exam: str
    stage: CheckStage
    doubt: float
    masks: int
    is_back: bool
    awaits_text: bool


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of cases, how many stand at each stage, and the campaigns to choose from.

    Attributes:
        counts: of the chosen campaign, whatever stage is shown.
        certain: how many cases "approve all" would approve.
    """

    lines: tuple[CaseLine, ...]
    counts: dict[CheckStage, int]
    certain: int
    campaigns: tuple[tuple[UUID, str], ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case as its coordinator sees it: the original beside what a reviewer will read.

    Attributes:
        version: changes with the masks.
        priors: the earlier reports that reviewers will read beside it, masked.
        seen: words in which a reader saw who it is.
        doubts: words that are not masked and look as if they should be, and what they could be.
        left: how many cases of the campaign wait for the check, this one included.
        change_id: a later version of its report that waits for a decision; None without one.
    """

    id: UUID
    code: str
    campaign_id: UUID
    campaign_title: str
    modality: str
    region: str
    facts: ExamFacts
    exam: str
    language: str
    stage: CheckStage
    doubt: float
    is_back: bool
    awaits_text: bool
    excluded_reason: str
    version: str
    original: tuple[Piece, ...]
    masked: tuple[Segment, ...]
    masks: tuple[MaskLine, ...]
    priors: tuple[PriorView, ...]
    seen: tuple[str, ...]
    doubts: tuple[tuple[str, Kind], ...]
    may_check: bool
    may_quarantine: bool
    may_exclude: bool
    left: int
    change_id: UUID | None


def list_cases(wanted: Wanted, *, page: int = 1, by: Actor) -> CaseList:
    """Return the cases of the actor's department, those that wait for the check first."""
    own = _own(by)
    if wanted.campaign_id is not None:
        own = own.where(Case.campaign_id == wanted.campaign_id)
    counts, certain = _counts(own)
    chosen = own if wanted.stage is None else own.where(_is_at(wanted.stage))
    total = sum(counts.values()) if wanted.stage is None else counts[wanted.stage]
    pages = max(1, ceil(total / CASES_ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        chosen.add_columns(Campaign.title)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .order_by(*_ORDER)
        .offset((page - 1) * CASES_ON_A_PAGE)
        .limit(CASES_ON_A_PAGE)
    ).all()
    back = _sent_back([case.id for case, _ in rows])
    lines = tuple(_line(case, title, is_back=case.id in back) for case, title in rows)
    return CaseList(lines, counts, certain, _campaigns(by), page, pages, total)


def next_case(wanted: Wanted, *, after: UUID | None = None, by: Actor) -> UUID | None:
    """Return the next case that waits for the check, in the order of the codes; None when none is.

    Args:
        wanted: only cases of this campaign or stage.
        after: the case that was looked at last; the search goes on behind it and then from
            the first, so that a case left for later comes round again.
        by: the coordinator.
    """
    states = UNCHECKED if wanted.stage is None else UNCHECKED & STAGES[wanted.stage]
    waiting = _own(by).where(Case.state.in_(states)).order_by(Case.code).limit(1)
    if wanted.campaign_id is not None:
        waiting = waiting.where(Case.campaign_id == wanted.campaign_id)
    last = db.session.get(Case, after) if after is not None else None
    found = None
    if last is not None:
        waiting = waiting.where(Case.id != last.id)
        found = db.session.scalar(waiting.where(Case.code > last.code))
    found = found or db.session.scalar(waiting)
    return found.id if found is not None else None


def show_case(case_id: UUID, *, by: Actor) -> CheckedCase:
    """Return a case of the actor's department, original and masked.

    Raises:
        NotFound: there is no such case in the actor's department.
    """
    case = own_case(case_id, by=by)
    material = blinding.materials_of([case.id])[case.id]
    spans = read_spans(case.spans)
    weighed = remask(material.text, spans, material.known, case.language)
    campaign = db.session.get_one(Campaign, case.campaign_id)
    is_open = campaign.state in OPEN_CAMPAIGNS
    left = _own(by).where(Case.campaign_id == campaign.id, Case.state.in_(UNCHECKED))
    return CheckedCase(
        id=case.id,
        code=case.code,
        campaign_id=campaign.id,
        campaign_title=campaign.title,
        modality=case.modality,
        region=case.region,
        facts=facts_of_case(case),
        exam=case.exam,
        language=case.language,
        stage=stage_of(case.state, awaits_text=case.awaits_text),
        doubt=case.doubt,
        is_back=bool(_sent_back([case.id])),
        awaits_text=case.awaits_text,
        excluded_reason=case.excluded_reason,
        version=version_of(case),
        original=tuple(pieces(material.text, weighed.spans, weighed.suspects)),
        masked=tuple(render_segments(case.masked_text)),
        masks=mask_lines(material.text, weighed.spans),
        priors=prior_reports.list_priors(case.id),
        seen=blinding_seen.words_seen(case.id),
        doubts=tuple({material.text[s.start : s.end]: s.kind for s in weighed.suspects}.items()),
        may_check=is_open and case.state in UNCHECKED,
        may_quarantine=is_open and may_advance(CASE_MOVES, case.state, CaseEvent.QUARANTINE),
        may_exclude=is_open and may_advance(CASE_MOVES, case.state, CaseEvent.EXCLUDE),
        left=db.session.scalar(select(func.count()).select_from(left.subquery())) or 0,
        change_id=blinding_changes.waiting_for(case.id),
    )


def own_case(case_id: UUID, *, by: Actor, locked: bool = False) -> Case:
    """Return a case of the actor's department, for masking.

    Raises:
        NotFound: there is no such case in the actor's department.
        IllegalMove: it is to be changed, and its campaign's data are frozen.
    """
    statement = _own(by).where(Case.id == case_id)
    case = db.session.scalar(statement.with_for_update() if locked else statement)
    if case is None:
        raise NotFound(N_("There is no such case."))
    if locked and db.session.get_one(Campaign, case.campaign_id).state not in OPEN_CAMPAIGNS:
        raise IllegalMove(N_("The data of this campaign are frozen: nothing was changed."))
    return case


def unchecked_case(case_id: UUID, *, by: Actor) -> Case:
    """Return a locked case that waits for the actor's check, for masking.

    Raises:
        NotFound: there is no such case in the actor's department.
        IllegalMove: it does not wait for a check.
    """
    case = own_case(case_id, by=by, locked=True)
    if case.state not in UNCHECKED:
        raise IllegalMove(
            N_("This case is not waiting for its check any more. Nothing was changed.")
        )
    return case


def cases_without_doubt(campaign_id: UUID, *, by: Actor) -> Sequence[Case]:
    """Return the locked cases in which nothing doubtful was left, for masking."""
    statement = _own(by).join(Campaign, Campaign.id == Case.campaign_id)
    return db.session.scalars(
        statement.where(
            Case.campaign_id == campaign_id, Campaign.state.in_(OPEN_CAMPAIGNS), _IS_CERTAIN
        )
        .order_by(Case.code)
        .with_for_update(of=Case)
    ).all()


def version_of(case: Case) -> str:
    """Return a short mark that changes with the masks of a case and of its earlier reports."""
    parts = [f"{case.id}{case.spans}", *prior_reports.texts_of(case.id)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def read_spans(kept: str) -> list[Span]:
    """Return the spans that a case keeps."""
    return [Span(*values) for values in json.loads(kept)]


_RANKS = {state: list(CheckStage).index(stage_of(state)) for state in CaseState}
# Doubtful cases come first, then those to check; among them the random code decides.
_RANK = when(_RANKS, value=Case.state, else_=9)
_ORDER: tuple[ColumnElement[int] | ColumnElement[str], ...] = (_RANK, Case.code.expression)
_IS_CERTAIN = (Case.state == CaseState.DEIDENTIFIED) & (Case.doubt == 0)


def _own(by: Actor) -> Select[Case]:
    by.require(Permission.CHECK_DEIDENTIFICATION)
    if by.department_id is None:
        raise NotAllowed(N_("Only a department’s own coordinator sees its reports."))
    return select(Case).where(Case.id.in_(blinding.cases_sent_by(by.department_id)))


def _is_at(stage: CheckStage) -> ColumnElement[bool]:
    """Return the condition that a case is so far with its check."""
    if stage is CheckStage.AWAITS_TEXT:
        return Case.state.in_(STAGES[CheckStage.WAITING]) & Case.awaits_text
    is_in = Case.state.in_(STAGES[stage])
    return is_in & ~Case.awaits_text if stage is CheckStage.WAITING else is_in


def _counts(own: Select[Case]) -> tuple[dict[CheckStage, int], int]:
    rows = db.session.execute(
        own.with_only_columns(
            Case.state, Case.awaits_text, func.count(), func.sum(when((_IS_CERTAIN, 1), else_=0))
        ).group_by(Case.state, Case.awaits_text)
    )
    counts = Counter[CheckStage](dict.fromkeys(CheckStage, 0))
    certain = 0
    for state, awaits_text, count, sure in rows:
        counts[stage_of(state, awaits_text=awaits_text)] += count
        certain += sure
    return dict(counts), certain


def _campaigns(by: Actor) -> tuple[tuple[UUID, str], ...]:
    ids = _own(by).with_only_columns(Case.campaign_id).distinct()
    rows = db.session.execute(
        select(Campaign.id, Campaign.title)
        .where(Campaign.id.in_(ids))
        .order_by(Campaign.created_at.desc(), Campaign.id)
    )
    return tuple(rows.all())


def _sent_back(case_ids: Sequence[UUID]) -> set[UUID]:
    return set(
        db.session.scalars(
            select(Assignment.case_id).where(
                Assignment.case_id.in_(case_ids),
                Assignment.decline_reason == DeclineReason.IDENTIFIER_SEEN,
            )
        )
    )


def _line(case: Case, title: str, *, is_back: bool) -> CaseLine:
    return CaseLine(
        id=case.id,
        code=case.code,
        campaign_title=title,
        modality=case.modality,
        region=case.region,
        facts=facts_of_case(case),
        exam=case.exam,
        stage=stage_of(case.state, awaits_text=case.awaits_text),
        doubt=case.doubt,
        masks=len(json.loads(case.spans)),
        is_back=is_back,
        awaits_text=case.awaits_text,
    )
