"""Use cases: the readings of an invented audit that is long over, written down all at once.

What people of the running campaigns do one by one, those of a year ago have done: their readings
follow from the same planted truths by the same rules, and only the rows are written in bulk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, select, update

from peeraudit.adapters.bulk import insert_rows
from peeraudit.adapters.clock import now
from peeraudit.domain.adjudication import Basis, Route, needs_notice, route_case
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.recognition import RecognitionAnswer
from peeraudit.domain.scoring import name_blinding
from peeraudit.domain.specimens import behaviour
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.readings import Reading, read
from peeraudit.domain.specimens.truths import Truth
from peeraudit.domain.workflow import READING_TURNS, AssignmentState, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.models.scoring import Review
from peeraudit.services import blinding, blinding_recognition, campaigns
from peeraudit.services.outcomes import instrument_of

DAYS_OF_TURN = {Turn.FIRST: (1, 13), Turn.SECOND: (14, 20), Turn.ADJUDICATOR: (21, 33)}
"""First and last day after the offers on which a turn was read."""

DAYS_TO_REPLY = 14


@dataclass(frozen=True, slots=True)
class _Reader:
    id: UUID
    department_id: UUID
    adjudicates: bool
    severity: float


@dataclass
class _Rows:
    assignments: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[UUID, RecognitionAnswer, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was said of a case in one turn."""

    turn: Turn
    reader: UUID
    said: Reading


def write_readings(
    campaign_id: UUID, truths: Mapping[UUID, Truth], severity: Mapping[str, float], *, seed: str
) -> int:
    """Write what the readers of a published plan said of each case, until all are settled.

    Args:
        campaign_id: its plan is published, and nobody has read anything yet.
        truths: case → what is wrong with its report.
        severity: e-mail address of a reviewer → the shift of the log-odds of a discrepancy.
        seed: the same seed gives the same readings of the same plan.

    Returns:
        How many reviews there are then.
    """
    author = _Author(campaign_id, severity, seed)
    planned = author.planned()
    places = {one.case_id: one.department_id for one in blinding.places_of_cases(campaign_id)}
    cases = select(Case).where(Case.campaign_id == campaign_id).order_by(Case.code)
    settled = []
    for case in db.session.scalars(cases).all():
        if case.id in planned:
            settled.append(case.id)
            author.settle(case, truths[case.id], planned[case.id], places[case.id])
    author.write(settled)
    return len(author.rows.reviews)


class _Author:
    """Makes up what was said, case by case, and writes it in one go."""

    def __init__(self, campaign_id: UUID, severity: Mapping[str, float], seed: str) -> None:
        self.rows = _Rows()
        self._campaign_id = campaign_id
        self._seed = seed
        self._protocol: Protocol = campaigns.protocol_of(campaign_id)
        self._instrument = instrument_of(self._protocol)
        self._began = now()
        self._places = [one.id for one in campaigns.departments_of([campaign_id])[campaign_id]]
        people = db.session.execute(
            select(Reviewer, Account.email)
            .join(Account, Account.id == Reviewer.account_id)
            .order_by(Account.email)
        )
        self._readers = {
            row.id: _Reader(row.id, row.department_id, row.adjudicates, severity[email])
            for row, email in people
        }
        self._conflicts = blinding.conflicting_pairs(
            db.session.scalars(select(Case.id).where(Case.campaign_id == campaign_id)).all()
        )

    def planned(self) -> dict[UUID, dict[Turn, Assignment]]:
        """Return the readings that the plan gave out, by case."""
        found: dict[UUID, dict[Turn, Assignment]] = {}
        mine = select(Assignment).where(Assignment.campaign_id == self._campaign_id)
        for row in db.session.scalars(mine):
            found.setdefault(row.case_id, {})[row.turn] = row
        return found

    def settle(
        self, case: Case, truth: Truth, planned: Mapping[Turn, Assignment], department_id: UUID
    ) -> None:
        """Make up what was said of one case, until it is settled."""
        dice = Dice(f"{self._seed}/{case.code}")
        told: list[_Told] = []
        for turn, row in sorted(planned.items(), key=lambda pair: READING_TURNS.index(pair[0])):
            row.state, row.offered_at = AssignmentState.SUBMITTED, self._began
            row.started_at = row.ended_at = self._moment(turn, dice)
            told.append(self._read(case, truth, turn, row.reviewer_id, dice))
            self._note_review(case, told[-1], row.id, row.ended_at, is_random=True)
        scores = [one.said.score for one in told]
        step = route_case(scores, len(told), self._protocol.routing)
        if step.route is Route.SECOND_REVIEW:
            reader = self._other(case, department_id, told, dice)
            told.append(self._read(case, truth, Turn.SECOND, reader, dice))
            self._note_turn(case, told[-1], "routing", dice)
            scores = [one.said.score for one in told]
            step = route_case(scores, len(told), self._protocol.routing)
        if step.outcome is None:
            reader = self._other(case, department_id, told, dice, adjudicates=True)
            told.append(_Told(Turn.ADJUDICATOR, reader, self._decide(case, truth, scores, dice)))
            self._note_turn(case, told[-1], "plan", dice)
            self._note_outcome(case, told, told[-1].said.score, Basis.ADJUDICATED)
        else:
            self._note_outcome(case, told, step.outcome.score, step.outcome.basis)

    def write(self, settled: list[UUID]) -> None:
        """Write the rows, and note that the cases are settled."""
        db.session.flush()  # the planned readings are submitted before their reviews refer to them
        connection = db.session.connection()
        for model, rows in (
            (Assignment, self.rows.assignments),
            (Review, self.rows.reviews),
            (Outcome, self.rows.outcomes),
        ):
            insert_rows(connection, cast("Table", model.__table__), rows)
        blinding_recognition.keep_answers(self.rows.answers)
        mine = update(Case).where(Case.campaign_id == self._campaign_id)
        for start in range(0, len(settled), 500):
            some = settled[start : start + 500]
            db.session.execute(mine.where(Case.id.in_(some)).values(state=CaseState.FINAL))

    def _read(self, case: Case, truth: Truth, turn: Turn, reader: UUID, dice: Dice) -> _Told:
        severity = self._readers[reader].severity
        return _Told(turn, reader, read(truth, severity, dice, language=case.language))

    def _decide(self, case: Case, truth: Truth, scores: list[str], dice: Dice) -> Reading:
        score = behaviour.settle(tuple(sorted(scores)), truth, dice)
        error_type, comment = behaviour.comment_on(score, truth, language=case.language)
        return Reading(score, error_type, comment, dice.between(60, 400), urgent=False)

    def _other(
        self,
        case: Case,
        department_id: UUID,
        told: list[_Told],
        dice: Dice,
        *,
        adjudicates: bool = False,
    ) -> UUID:
        """Return somebody who may read the case, of a department that has not read it yet."""
        had = {self._readers[one.reader].department_id for one in told}
        able = [
            one
            for one in self._readers.values()
            if one.department_id != department_id
            and (case.id, one.id) not in self._conflicts
            and one.id not in {said.reader for said in told}
            and (one.adjudicates or not adjudicates)
        ]
        fresh = [one for one in able if one.department_id not in had]
        return dice.pick(fresh or able).id

    def _moment(self, turn: Turn, dice: Dice) -> datetime:
        first, last = DAYS_OF_TURN[turn]
        minutes = dice.between(0, 9 * 60)
        return self._began + timedelta(days=dice.between(first, last), minutes=minutes)

    def _note_turn(self, case: Case, told: _Told, origin: str, dice: Dice) -> None:
        moment, row_id = self._moment(told.turn, dice), uuid4()
        self.rows.assignments.append(
            {
                "id": row_id,
                "campaign_id": self._campaign_id,
                "case_id": case.id,
                "reviewer_id": told.reader,
                "turn": told.turn,
                "state": AssignmentState.SUBMITTED,
                "origin": origin,
                "reason": "",
                "decline_reason": "",
                "due_at": moment,
                "offered_at": self._began,
                "started_at": moment,
                "ended_at": moment,
            }
        )
        # Somebody who was found later is no random reader.
        self._note_review(case, told, row_id, moment, is_random=False)

    def _note_review(
        self, case: Case, told: _Told, assignment_id: UUID, moment: datetime, *, is_random: bool
    ) -> None:
        said = told.said
        if told.turn in READING_TURNS:
            own = self._readers[told.reader].department_id
            # A stream of its own: what was recognised changes nothing that was read.
            dice = Dice(f"{self._seed}/recognised/{case.code}/{told.turn.value}")
            answer = behaviour.recognise(dice, [place for place in self._places if place != own])
            self.rows.answers.append((assignment_id, answer, moment))
        self.rows.reviews.append(
            {
                "id": uuid4(),
                "assignment_id": assignment_id,
                "case_id": case.id,
                "reviewer_id": told.reader,
                "turn": told.turn,
                "version": 1,
                "reason": "",
                "instrument": self._instrument.name,
                "score": said.score,
                "error_type": said.error_type,
                "comment": said.comment,
                "urgent": said.urgent,
                "blinding_mode": name_blinding(self._protocol.blinding),
                "allocation_random": is_random,
                "seconds": said.active_seconds,
                "submitted_at": moment,
            }
        )

    def _note_outcome(self, case: Case, told: list[_Told], score: str, basis: Basis) -> None:
        decided = self._began + timedelta(days=DAYS_OF_TURN[told[-1].turn][1] + 1)
        is_told = needs_notice(self._instrument, score)
        ended = decided + timedelta(days=DAYS_TO_REPLY) if is_told else decided
        words = [one.said for one in told if one.said.score == score and one.said.comment]
        self.rows.outcomes.append(
            {
                "id": uuid4(),
                "case_id": case.id,
                "score": score,
                "basis": basis.value,
                "error_type": words[-1].error_type if words else "",
                "comment": words[-1].comment if words else "",
                "proposed_at": decided,
                "author_notified_at": decided if is_told else None,
                "reply_due_at": ended if is_told else None,
                "final_at": ended,
            }
        )
