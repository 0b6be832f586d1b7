"""Use cases: who and what holds a campaign up, and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.config import TIME_ZONE
from peeraudit.domain.absences import Away
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS, READABLE_CASES
from peeraudit.domain.workflow import READING_TURNS, AssignmentState, CaseState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Department, Reviewer
from peeraudit.services import assignment_material, blinding, campaigns
from peeraudit.services.presence import absences_to_come

# An offer of yesterday is nobody's fault yet.
PATIENCE = timedelta(days=2)


class Held(StrEnum):
    """What a case waits for before anybody can read it."""

    TEXT = "text"
    MASKING = "masking"
    CHECK = "check"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Cases of a department that cannot be read yet.

    Attributes:
        counts: how many wait for what, in cases; only what there is.
        since: since when the first of them waits.
    """

    department: str
    counts: dict[Held, int]
    since: datetime


@dataclass(frozen=True, slots=True)
class LateReader:
    """A reviewer who holds a campaign up, without any word of which cases.

    Attributes:
        unanswered: offers that wait for an answer, in cases.
        answer_by: until when the first of them waits; None where until it is due.
        waiting: cases that were accepted and not begun.
        begun: cases that were begun and not handed in.
        begun_since: since when the first of those lies open.
        late: of all these, how many are past their day.
        due: by when the first of all was to be handed in.
        away: the absence that has begun or comes next before the first due day.
        is_full: the person has all that he or she takes of the campaign.
        is_silent: an offer has waited for its answer for some days.
    """

    reviewer_id: UUID
    name: str
    department: str
    unanswered: int
    answer_by: datetime | None
    waiting: int
    begun: int
    begun_since: datetime | None
    late: int
    due: datetime
    away: Away | None
    is_full: bool
    is_silent: bool

    @property
    def may_be_passed_on(self) -> int:
        """Return how many cases nobody has begun: they could go to others."""
        return self.unanswered + self.waiting


@dataclass(frozen=True, slots=True)
class Lateness:
    """Who and what holds a campaign up.

    Attributes:
        readers: those with late or unanswered cases, the latest first; for the network lead
            alone.
        held_up: cases that cannot be read yet, by department; of those that the actor's role
            reaches.
        leads: whether the actor sees readers.
    """

    readers: tuple[LateReader, ...]
    held_up: tuple[HeldUp, ...]
    leads: bool


@dataclass(slots=True)
class _Pile:
    """What one reviewer has still to hand in."""

    rows: list[Assignment] = field(default_factory=list)
    name: str = ""
    department: str = ""


def show_lateness(campaign_id: UUID, *, by: Actor) -> Lateness:
    """Return who and what holds a campaign up, and why.

    Raises:
        NotFound: there is none, or the actor's department takes no part in it.
    """
    campaign = campaigns.show_campaign(campaign_id, by=by)
    leads = by.may(Permission.PUBLISH_ASSIGNMENT)
    names = {place.id: place.name for place in campaign.departments if by.is_for(place.id)}
    return Lateness(
        readers=_readers(campaign_id) if leads else (),
        held_up=_held_up(campaign_id, names),
        leads=leads,
    )


def _readers(campaign_id: UUID) -> tuple[LateReader, ...]:
    piles, moment = _piles(campaign_id), clock.now()
    absences = absences_to_come(list(piles))
    readers = assignment_material.find_readers(campaign_id, campaigns.protocol_of(campaign_id))
    full = {UUID(one.id) for one in readers.whole if readers.held.get(one.id, 0) >= one.capacity}
    found = [
        _reader(one, pile, absences.get(one, ()), moment, is_full=one in full)
        for one, pile in piles.items()
    ]
    pressing = [one for one in found if one.late or one.is_silent]
    return tuple(sorted(pressing, key=lambda one: (one.due, one.name, one.reviewer_id)))


def _piles(campaign_id: UUID) -> dict[UUID, _Pile]:
    rows = db.session.execute(
        select(Assignment, Account.name, Department.name)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .join(Account, Account.id == Reviewer.account_id)
        .join(Department, Department.id == Reviewer.department_id)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(OPEN_ASSIGNMENTS),
            Case.state.in_(READABLE_CASES),
        )
    )
    piles: dict[UUID, _Pile] = defaultdict(_Pile)
    for row, name, department in rows:
        pile = piles[row.reviewer_id]
        pile.rows.append(row)
        pile.name, pile.department = name, department
    return piles


def _reader(
    reviewer_id: UUID, pile: _Pile, absences: Iterable[Away], moment: datetime, *, is_full: bool
) -> LateReader:
    offered = [row for row in pile.rows if row.state is AssignmentState.OFFERED]
    begun = [row for row in pile.rows if row.state is AssignmentState.STARTED]
    due = min(row.due_at for row in pile.rows)
    return LateReader(
        reviewer_id=reviewer_id,
        name=pile.name,
        department=pile.department,
        unanswered=len(offered),
        answer_by=min((row.answer_by for row in offered if row.answer_by), default=None),
        waiting=len(pile.rows) - len(offered) - len(begun),
        begun=len(begun),
        begun_since=min((row.started_at for row in begun if row.started_at), default=None),
        late=sum(row.due_at < moment for row in pile.rows),
        due=due,
        away=_away(absences, _day(max(due, moment))),
        is_full=is_full,
        is_silent=any(row.offered_at and row.offered_at < moment - PATIENCE for row in offered),
    )


def _away(absences: Iterable[Away], last: date) -> Away | None:
    """Return the first absence that begins by a day."""
    near = [one for one in absences if one.first_day <= last]
    return min(near, key=lambda one: one.first_day, default=None)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(TIME_ZONE)).date()


def _held_up(campaign_id: UUID, names: dict[UUID, str]) -> tuple[HeldUp, ...]:
    states = (CaseState.DRAWN, CaseState.DEIDENTIFIED, CaseState.QUARANTINED)
    places = {p.case_id: p.department_id for p in blinding.places_of_cases(campaign_id)}
    counts: dict[UUID, dict[Held, int]] = defaultdict(lambda: defaultdict(int))
    since: dict[UUID, datetime] = {}
    rows = db.session.execute(
        select(Case.id, Case.state, Case.awaits_text, Case.created_at)
        .where(Case.campaign_id == campaign_id, Case.state.in_(states))
        .order_by(Case.created_at.desc())
    )
    for case_id, state, awaits_text, created_at in rows:
        place = places.get(case_id)
        if place in names:
            counts[place][_held(state, awaits_text=awaits_text)] += 1
            since[place] = created_at
    found = [HeldUp(names[one], dict(counts[one]), since[one]) for one in counts]
    return tuple(sorted(found, key=lambda one: one.department))


def _held(state: CaseState, *, awaits_text: bool) -> Held:
    if state is CaseState.DRAWN:
        return Held.TEXT if awaits_text else Held.MASKING
    return Held.QUARANTINE if state is CaseState.QUARANTINED else Held.CHECK
