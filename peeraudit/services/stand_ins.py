"""Use cases: who can take over one reading of a campaign now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import select
from sqlalchemy.orm import aliased

from peeraudit.adapters import clock
from peeraudit.domain.assignment.chains import Field, Page, find_chain
from peeraudit.domain.assignment.eligibility import is_competent
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer
from peeraudit.domain.assignment.replacement import (
    Handover,
    NoReviewerFree,
    Reading,
    choose_reviewer,
)
from peeraudit.domain.errors import N_
from peeraudit.domain.limits import most_at_once
from peeraudit.domain.offers import SILENCE
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import GONE, AssignmentEvent, AssignmentState, Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import COUNTED, Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import assignment_material, blinding, campaigns, offers
from peeraudit.services.assignment_material import UNREAD
from peeraudit.services.offers import Offer

# Case, turn, the reading if somebody does it, modality, region, and whether a child's.
_Row = tuple[UUID, Turn, UUID | None, str, str, bool]
# Nobody has begun these: the first is not even shown to its reviewer yet.
MOVABLE = (AssignmentState.PLANNED, AssignmentState.OFFERED, AssignmentState.ACCEPTED)
# Whoever did one of these has answered.
ANSWERED = (AssignmentState.ACCEPTED, AssignmentState.STARTED, AssignmentState.SUBMITTED)
_COSTS_OF_MOVING = {state: cost for cost, state in enumerate(MOVABLE)}
_FIELD = (Case.modality, Case.region, Case.is_child)
# So many readings of a reviewer are opened at once.
PAGE = 24
MADE_ROOM = Sentence(
    N_("Taken over from a reviewer who made room for a case that nobody else could read.")
)


@dataclass(slots=True)
class Bench:
    """Those who may read in a campaign, with how much each holds, kept up to date by ``note``.

    How much somebody holds is counted when it is first asked for: of a large campaign few are.
    """

    campaign_id: UUID
    protocol: Protocol
    seed: str
    readers: tuple[PlanReviewer, ...]
    loads: dict[str, int]
    # The case that was last asked for, and what was given out of its author and department since.
    asked: PlanCase | None = None
    # What those hold whom the last search has asked, by field: it changes from search to search.
    held: dict[str, dict[Field, list[_Row]]] = field(default_factory=dict)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    REASON: ClassVar[Sentence] = Sentence(
        N_("Least loaded of those who may read this case, then by chance.")
    )

    @classmethod
    def of(cls, campaign_id: UUID, *, but: Collection[UUID] = ()) -> "Bench":
        """Return who may take over in a campaign today; of its cases nothing is opened yet.

        Who let an offer lapse lately and has answered none is not asked to stand in.

        Args:
            campaign_id: which campaign.
            but: reviewers who get nothing now.
        """
        protocol = campaigns.protocol_of(campaign_id)
        readers = assignment_material.find_readers(campaign_id, protocol, counts_all=False)
        left_out = {str(one) for one in but}
        if protocol.delays.answer_days:
            left_out |= _silent(campaign_id)
        return cls(
            campaign_id=campaign_id,
            protocol=protocol,
            seed=assignment_material.seed_of_draw(campaign_id),
            readers=tuple(one for one in readers.whole if one.id not in left_out),
            loads={},
        )

    def find(self, case: Case, turn: Turn) -> UUID | None:
        """Return who takes a turn of a case, held until the end of the unit of work; or None.

        Nobody gets a case again that the person had before, nobody with a conflict, and,
        where the protocol keeps departments apart, nobody of the other reader's.
        """
        [wanted] = self._readings([_row_of(case, turn)])
        self.asked = wanted.case
        self._count([one.id for one in self.readers if is_competent(one, wanted.case)])
        while True:
            try:
                chosen = choose_reviewer(
                    wanted.case,
                    self.readers,
                    loads=self.loads,
                    seed=self.seed,
                    barred=wanted.barred,
                    barred_departments=wanted.barred_departments,
                )
            except NoReviewerFree:
                return None
            if self._is_still_free(chosen):
                return UUID(chosen.id)

    def find_chain(self, case: Case, turn: Turn) -> tuple[Handover, ...]:
        """Return the fewest hand-overs after which somebody has room for a turn of a case.

        Only readings that nobody has begun change hands, first those that their reviewers do
        not see yet, last those that they have accepted. Empty where there is no way.
        """
        [wanted] = self._readings([_row_of(case, turn)])
        self.asked = wanted.case
        self._count([one.id for one in self.readers])
        self.held = {}
        try:
            chain = find_chain(
                wanted,
                self.readers,
                loads=self.loads,
                fields=self._fields,
                page=self._page,
                seed=self.seed,
            )
        except NoReviewerFree:
            return ()
        last = next(one for one in self.readers if one.id == chain[-1].taker)
        return chain if self._is_still_free(last) else ()

    def _count(self, names: Collection[str]) -> None:
        """Count how much each of some reviewers holds, where it is not known yet."""
        unknown = [one for one in names if one not in self.loads]
        if not unknown:
            return
        # To name most of them takes longer than to count them all.
        some = [UUID(one) for one in unknown] if 2 * len(unknown) < len(self.readers) else None
        held = assignment_material.loads_of(self.campaign_id, some)
        self.loads.update({one: held.get(one, 0) for one in unknown})

    def _fields(self, names: Sequence[str]) -> dict[str, list[Field]]:
        """Return in which fields reviewers hold readings that nobody has begun.

        What they hold is read with it, cheapest first: to find a field is to find them all.
        """
        asked = {UUID(one): one for one in names}
        # All that may move counts: to say so again lets it be found by the index of loads, where
        # SQLite, which does not know how many there are, would look through the whole campaign.
        counted = (
            select(Assignment)
            .where(
                Assignment.campaign_id == self.campaign_id,
                Assignment.reviewer_id.in_(asked),
                Assignment.state.in_(MOVABLE),
                COUNTED,
            )
            .subquery()
        )
        row = aliased(Assignment, counted)
        rows = db.session.execute(
            select(row.reviewer_id, row.case_id, row.turn, row.id)
            .add_columns(*_FIELD)
            .join(Case, Case.id == row.case_id)
            .where(Case.state.in_(UNREAD))
            .order_by(*_FIELD, sql_case(_COSTS_OF_MOVING, value=row.state), row.id)
        )
        found: dict[str, dict[Field, list[_Row]]] = {one: defaultdict(list) for one in names}
        for reviewer_id, case_id, turn, reading, *of in rows:
            found[asked[reviewer_id]][of[0], of[1], of[2]].append((case_id, turn, reading, *of))
        self.held |= found
        return {name: list(fields) for name, fields in found.items()}

    def _page(self, reviewer_id: str, of: Field, number: int) -> Page:
        """Return some readings of a reviewer and field that nobody has begun, cheapest first."""
        held = self.held[reviewer_id][of]
        first, end = number * PAGE, (number + 1) * PAGE
        return Page(self._readings(held[first:end]), is_last=end >= len(held))

    def _readings(self, rows: Sequence[_Row]) -> list[Reading]:
        """Return readings with who may not do them, in their order."""
        case_ids = [row[0] for row in rows]
        places = {place.case_id: place for place in blinding.places_of(case_ids)}
        holdings = assignment_material.holdings_at(case_ids)
        barred: dict[UUID, set[str]] = defaultdict(set)
        for case_id, reviewer_id in blinding.conflicts_at(places.values()):
            barred[case_id].add(str(reviewer_id))
        apart = self.protocol.assignment.distinct_departments
        found = []
        for case_id, turn, name, modality, region, is_child in rows:
            if case_id not in places:
                continue
            had = holdings.get(case_id, [])
            others = {str(h.department_id) for h in had if h.is_live and h.turn is not turn}
            home = str(places[case_id].department_id)
            author = assignment_material.author_label(places[case_id])
            wanted = PlanCase(
                str(case_id), home, modality, region, is_child=is_child, author=author
            )
            barred[case_id] |= {str(one.reviewer_id) for one in had} | self._sated(wanted)
            found.append(
                Reading(
                    id="" if name is None else str(name),
                    case=wanted,
                    barred=frozenset(barred[case_id]),
                    barred_departments=frozenset(others if apart else ()),
                )
            )
        return found

    def _sated(self, case: PlanCase) -> set[str]:
        """Return who has as much of a case's author, or of its department, as the rules allow."""
        rules = self.protocol.assignment
        limits = (rules.author_limit, case.author), (rules.department_quota, case.department)
        return {
            one.id
            for (limit, name), had in zip(limits, ("read", "given"), strict=True)
            if limit is not None and name
            for one in self.readers
            if getattr(one, had).get(name, 0) + self.taken[one.id, name] >= limit
        }

    def note(self, reviewer_id: UUID) -> None:
        """Keep that a reviewer has taken one reading more, of the case last asked for."""
        self.loads[str(reviewer_id)] = self.loads.get(str(reviewer_id), 0) + 1
        if self.asked is not None:
            for name in (self.asked.author, self.asked.department):
                self.taken[str(reviewer_id), name] += 1

    def _is_still_free(self, chosen: PlanReviewer) -> bool:
        """Hold a reviewer; return whether nobody else has given the person a case meanwhile."""
        reviewer_id = UUID(chosen.id)
        held = select(Reviewer.weekly).where(Reviewer.id == reviewer_id).with_for_update()
        weekly = db.session.scalar(held)
        load = assignment_material.loads_of(self.campaign_id, [reviewer_id]).get(chosen.id, 0)
        known = self.loads.get(chosen.id, 0)
        # Loads only ever rise here, so that the search comes to an end.
        self.loads[chosen.id] = max(known, load)
        if weekly is not None and not self._keeps_week(reviewer_id, weekly):
            # Another campaign has filled the person's week.
            self.loads[chosen.id] = max(self.loads[chosen.id], chosen.capacity)
        return self.loads[chosen.id] == known

    def _keeps_week(self, reviewer_id: UUID, weekly: int) -> bool:
        """Return whether one case more keeps the weekly limit of a reviewer, who is held."""
        unread = assignment_material.unread_of([reviewer_id]).get(reviewer_id, 0)
        return unread < most_at_once(weekly, self.protocol.delays.review_days)


def _row_of(case: Case, turn: Turn) -> _Row:
    """Return a turn that nobody does."""
    return case.id, turn, None, case.modality, case.region, case.is_child


def _silent(campaign_id: UUID) -> frozenset[str]:
    """Return the reviewers who let an offer of a campaign lapse and answered none of it."""
    answered = select(Assignment.reviewer_id).where(
        Assignment.campaign_id == campaign_id, Assignment.state.in_(ANSWERED)
    )
    found = db.session.scalars(
        select(Assignment.reviewer_id)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.state.in_(GONE),
            Assignment.decline_reason == "",
            Assignment.ended_at >= Assignment.answer_by,
            Assignment.ended_at > clock.now() - SILENCE,
            Assignment.reviewer_id.not_in(answered),
        )
        .distinct()
    )
    return frozenset(str(one) for one in found)


def make_room(bench: Bench, case: Case, turn: Turn, offered: list[Assignment]) -> UUID | None:
    """Let others hand over what they have not begun, until somebody has room for a turn.

    Args:
        bench: who may take over.
        case: whose turn is free.
        turn: which.
        offered: what was handed over and is to be announced is added here, so that nobody is
            told twice in one act.

    Returns:
        Who takes the turn now; None where no chain of hand-overs frees anybody, or where
        somebody else writes to one of its readings at this moment.
    """
    chain = bench.find_chain(case, turn)
    rows = _held([UUID(one.reading) for one in chain[1:]])
    if not chain or rows is None:
        return None
    delays = bench.protocol.delays
    # From the far end, so that nobody passes the capacity for a moment.
    for one in reversed(chain[1:]):
        row, moved_case = rows[UUID(one.reading)]
        was_shown = row.state is not AssignmentState.PLANNED
        if was_shown:
            row.ended_at = clock.now()
            offers.move_assignment(row, AssignmentEvent.EXPIRE)
        offers.move_assignment(row, AssignmentEvent.REPLACE)
        db.session.flush()  # the turn must be free before somebody else gets it
        origin = "routing" if row.origin == "routing" else "replacement"
        new = Offer(moved_case, row.turn, UUID(one.taker), origin, MADE_ROOM, row.plan_id)
        if was_shown:
            offered.append(offers.offer(new, delays))
            offers.tell_replaced(row, moved_case.code)
        else:
            offers.plan(new, delays)
    db.session.flush()  # the last one's load is counted again with what was taken
    bench.note(UUID(chain[-1].taker))
    return UUID(chain[0].taker)


def _held(ids: Sequence[UUID]) -> dict[UUID, tuple[Assignment, Case]] | None:
    """Hold readings that nobody has begun, with their cases; None if one cannot be had at once."""
    rows = db.session.execute(
        select(Assignment, Case)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.id.in_(ids), Assignment.state.in_(MOVABLE), Case.state.in_(UNREAD))
        .order_by(Case.id)
        # Reviewers are held already: to wait here for a case could close a circle.
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).all()
    found = {row.id: (row, case) for row, case in rows}
    return found if len(found) == len(ids) else None
