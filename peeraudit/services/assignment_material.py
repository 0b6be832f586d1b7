"""Use cases: what an assignment starts from: cases that lack a reader, and who may read them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from peeraudit.adapters.clock import now
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, PlanRules, Speciality
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.limits import OwnLimits, most_in_campaign
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS
from peeraudit.domain.workflow import GONE, READING_TURNS, AssignmentState, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import COUNTED, Assignment
from peeraudit.models.campaigns import CampaignDepartment
from peeraudit.models.cases import Case
from peeraudit.models.network import OwnLimit, Reviewer
from peeraudit.models.network import Speciality as SpecialityRow
from peeraudit.models.sampling import Draw
from peeraudit.services import blinding, blinding_places, campaigns
from peeraudit.services.blinding import CasePlace
from peeraudit.services.presence import away_for

# A case in one of these states may still lack a reader: the planned one never came, or left.
UNREAD = (CaseState.ELIGIBLE, CaseState.ASSIGNED, CaseState.IN_REVIEW)
# A case in one of these states is not yet let pass by its department.
UNREADY = (CaseState.DRAWN, CaseState.DEIDENTIFIED, CaseState.QUARANTINED)
# For so long it is remembered whose reports a reviewer has had.
MEMORY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read in a campaign today.

    Attributes:
        whole: each with the cases that the person takes in the campaign, in cases.
        held: cases that each has already, in cases; absent means none, or not counted.
    """

    whole: tuple[PlanReviewer, ...]
    held: Mapping[str, int]

    @property
    def with_room(self) -> tuple[PlanReviewer, ...]:
        """Return them with the cases that each can still take."""
        found = []
        for one in self.whole:
            held = self.held.get(one.id, 0)
            room, least = max(one.capacity - held, 0), max(one.minimum - held, 0)
            found.append(replace(one, capacity=room, minimum=min(least, room)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Material:
    """All that a plan depends on.

    Attributes:
        cases: those that lack reviews, with how many.
        turns: for each of them the turns that nobody holds, in order.
        conflicts: (case id, reviewer id) pairs that must not be.
        met: ids of the two reviewers of each case that both have already.
    """

    cases: tuple[PlanCase, ...]
    turns: Mapping[str, tuple[Turn, ...]]
    readers: Readers
    conflicts: frozenset[tuple[str, str]]
    met: tuple[tuple[str, str], ...] = ()

    @property
    def wanted(self) -> int:
        """Return how many reviews are wanted."""
        return sum(case.reviews for case in self.cases)


@dataclass(frozen=True, slots=True)
class Holding:
    """One assignment of a case, whatever became of it."""

    reviewer_id: UUID
    department_id: UUID
    turn: Turn
    is_live: bool


def gather(campaign_id: UUID) -> Material:
    """Return what a plan of a campaign starts from now."""
    protocol = campaigns.protocol_of(campaign_id)
    holdings = holdings_of(campaign_id)
    places = {place.case_id: place for place in blinding.places_of_cases(campaign_id)}
    cases, turns = [], {}
    for row in db.session.execute(
        select(Case.id, Case.modality, Case.region, Case.is_child, Case.is_double_read)
        .where(Case.campaign_id == campaign_id, Case.state.in_(UNREAD))
        .order_by(Case.id)
    ):
        live = {one.turn for one in holdings.get(row.id, ()) if one.is_live}
        wanted = READING_TURNS if row.is_double_read else READING_TURNS[:1]
        free = tuple(turn for turn in wanted if turn not in live)
        if free and row.id in places:
            cases.append(
                PlanCase(
                    id=str(row.id),
                    department=str(places[row.id].department_id),
                    modality=row.modality,
                    region=row.region,
                    reviews=len(free),
                    is_child=row.is_child,
                    author=author_label(places[row.id]),
                    readers=_reading(holdings.get(row.id, ())),
                )
            )
            turns[str(row.id)] = free
    readers = find_readers(campaign_id, protocol)
    waiting = [place for case_id, place in places.items() if str(case_id) in turns]
    conflicts = _conflicts(waiting, holdings, readers, is_apart=_is_apart(protocol))
    met = [
        _reading(held) for case_id, held in sorted(holdings.items()) if str(case_id) not in turns
    ]
    pairs = tuple((one[0], one[1]) for one in met if len(one) == len(READING_TURNS))
    return Material(tuple(cases), turns, readers, conflicts, pairs)


def _reading(holdings: Collection[Holding]) -> tuple[str, ...]:
    """Return who reads a case or has read it, adjudicators apart."""
    live = (one for one in holdings if one.is_live and one.turn in READING_TURNS)
    return tuple(sorted(str(one.reviewer_id) for one in live))


def find_readers(campaign_id: UUID, protocol: Protocol, *, counts_all: bool = True) -> Readers:
    """Return who may read in a campaign today: taking part, accepting, present, able to sign in.

    Present is who is there today and for half of the delay of a review at least.

    Args:
        campaign_id: which campaign.
        protocol: its protocol.
        counts_all: False leaves out what most of them hold, which takes long to count.
    """
    rows = _present(campaign_id, protocol)
    held = loads_of(campaign_id, None if counts_all else [one.id for one in rows if one.weekly])
    most_of = _own_most(campaign_id, rows, held, protocol)
    fields = _fields()
    limits = protocol.assignment
    had, given = {}, {}
    if limits.author_limit is not None:
        had = blinding_places.readings_by_author(now() - MEMORY)
    if limits.department_quota is not None:
        places = select(CampaignDepartment.department_id).where(
            CampaignDepartment.campaign_id == campaign_id
        )
        given = blinding_places.readings_by_department(
            campaign_id, db.session.scalars(places).all()
        )
    whole = [
        PlanReviewer(
            id=str(row.id),
            department=str(row.department_id),
            specialities=frozenset(fields[row.id]),
            capacity=most_of[row.id],
            # Who takes fewer cases than all should have is asked for no more than that.
            minimum=min(limits.min_load or 0, most_of[row.id]),
            reads_children=row.reads_children,
            read=had.get(row.id, {}),
            given=given.get(row.id, {}),
        )
        for row in rows
    ]
    return Readers(whole=tuple(whole), held=held)


def _present(campaign_id: UUID, protocol: Protocol) -> Sequence[Any]:
    away = away_for(protocol.delays.review_days)
    return db.session.execute(
        select(
            Reviewer.id,
            Reviewer.department_id,
            Reviewer.capacity,
            Reviewer.weekly,
            Reviewer.reads_children,
        )
        .join(Account, Account.id == Reviewer.account_id)
        .join(CampaignDepartment, CampaignDepartment.department_id == Reviewer.department_id)
        .where(
            CampaignDepartment.campaign_id == campaign_id,
            Reviewer.accepting,
            Account.active,
            Reviewer.id.not_in(away),
        )
        .order_by(Reviewer.id)
    ).all()


def _fields() -> Mapping[UUID, set[Speciality]]:
    fields: dict[UUID, set[Speciality]] = defaultdict(set)
    for reader_id, modality, region in db.session.execute(
        select(SpecialityRow.reviewer_id, SpecialityRow.modality, SpecialityRow.region)
    ):
        fields[reader_id].add(Speciality(modality, region))
    return fields


def author_label(place: CasePlace) -> str:
    """Return what stands for a case's author in a plan; empty where nobody is named."""
    return "" if place.author_id is None else str(place.author_id)


def _own_most(
    campaign_id: UUID, rows: Collection[Any], held: Mapping[str, int], protocol: Protocol
) -> dict[UUID, int]:
    """Return how many cases of a campaign each reviewer may have in all, in cases."""
    most, days = protocol.assignment.max_load, protocol.delays.review_days
    own, unread = limits_of(campaign_id), unread_of([row.id for row in rows if row.weekly])
    return {
        row.id: most_in_campaign(
            row.capacity if most is None else min(row.capacity, most),
            OwnLimits(own.get(row.id), row.weekly),
            held=held.get(str(row.id), 0),
            unread=unread.get(row.id, 0),
            days=days,
        )
        for row in rows
    }


def limits_of(campaign_id: UUID) -> dict[UUID, int]:
    """Return how many cases of a campaign reviewers want at most; those who said so alone."""
    rows = db.session.execute(
        select(OwnLimit.reviewer_id, OwnLimit.most).where(OwnLimit.campaign_id == campaign_id)
    )
    return dict(rows.all())


def is_beyond_limit(campaign_id: UUID, reviewer_id: UUID) -> bool:
    """Return whether a reviewer has more of a campaign than the person wants at most."""
    most = limits_of(campaign_id).get(reviewer_id)
    held = loads_of(campaign_id, [reviewer_id])
    return most is not None and held.get(str(reviewer_id), 0) > most


def unread_of(reviewer_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many cases reviewers have still to read, over all campaigns."""
    if not reviewer_ids:
        return {}
    rows = db.session.execute(
        select(Assignment.reviewer_id, func.count())
        .where(
            Assignment.reviewer_id.in_(reviewer_ids),
            Assignment.state.in_({*OPEN_ASSIGNMENTS, AssignmentState.PLANNED}),
            Assignment.turn.in_(READING_TURNS),
        )
        .group_by(Assignment.reviewer_id)
    )
    return dict(rows.all())


def loads_of(campaign_id: UUID, reviewer_ids: Collection[UUID] | None = None) -> dict[str, int]:
    """Return how many cases of a campaign each reviewer has or has read, in cases.

    Args:
        campaign_id: which campaign.
        reviewer_ids: of whom; None asks of all.
    """
    if reviewer_ids is not None and not reviewer_ids:
        return {}
    held = (
        select(Assignment.reviewer_id, func.count())
        .where(Assignment.campaign_id == campaign_id, COUNTED)
        .group_by(Assignment.reviewer_id)
    )
    if reviewer_ids is not None:
        held = held.where(Assignment.reviewer_id.in_(reviewer_ids))
    rows = db.session.execute(held)
    return {str(reviewer_id): count for reviewer_id, count in rows}


def holdings_of(campaign_id: UUID) -> dict[UUID, list[Holding]]:
    """Return who has or had each case of a campaign."""
    return _holdings(Assignment.campaign_id == campaign_id)


def holdings_at(case_ids: Collection[UUID]) -> dict[UUID, list[Holding]]:
    """Return who has or had each of a few cases."""
    return _holdings(Assignment.case_id.in_(case_ids))


def _holdings(which: ColumnElement[bool]) -> dict[UUID, list[Holding]]:
    found: dict[UUID, list[Holding]] = defaultdict(list)
    for case_id, reviewer_id, department_id, turn, state in db.session.execute(
        select(
            Assignment.case_id,
            Assignment.reviewer_id,
            Reviewer.department_id,
            Assignment.turn,
            Assignment.state,
        )
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .where(which)
    ):
        found[case_id].append(Holding(reviewer_id, department_id, turn, state not in GONE))
    return found


def rules_of(protocol: Protocol, seed: str) -> PlanRules:
    """Return the rules of a plan under a protocol."""
    return PlanRules(
        seed=seed,
        allocation=protocol.assignment.allocation,
        distinct_departments=protocol.assignment.distinct_departments,
        department_quota=protocol.assignment.department_quota,
        author_limit=protocol.assignment.author_limit,
    )


def seed_of_draw(campaign_id: UUID) -> str:
    """Return the seed of a campaign's draw.

    Raises:
        InvalidInput: nothing was drawn yet.
    """
    seed = db.session.scalar(select(Draw.seed).where(Draw.campaign_id == campaign_id))
    if seed is None:
        raise InvalidInput(N_("Nothing was drawn in this campaign yet: draw the sample first."))
    return seed


def _is_apart(protocol: Protocol) -> bool:
    return protocol.assignment.distinct_departments


def _conflicts(
    waiting: Collection[CasePlace],
    holdings: Mapping[UUID, list[Holding]],
    readers: Readers,
    *,
    is_apart: bool,
) -> frozenset[tuple[str, str]]:
    """Return the pairs that must not be: authors, declared conflicts, those who had the case."""
    pairs = {(str(case), str(one)) for case, one in blinding.conflicts_at(waiting)}
    staff: dict[str, list[str]] = defaultdict(list)
    for reader in readers.whole:
        staff[reader.department].append(reader.id)
    for place in waiting:
        for one in holdings.get(place.case_id, ()):
            pairs.add((str(place.case_id), str(one.reviewer_id)))
            # Its other reader holds the case still: the second one comes from elsewhere.
            if is_apart and one.is_live:
                pairs |= {(str(place.case_id), who) for who in staff[str(one.department_id)]}
    return frozenset(pairs)


def count_states(campaign_id: UUID) -> Counter[CaseState]:
    """Return how many cases of a campaign are in each state."""
    rows = db.session.execute(
        select(Case.state, func.count()).where(Case.campaign_id == campaign_id).group_by(Case.state)
    )
    return Counter(dict(rows.all()))
