"""Use cases: whom a reviewer recognised, asked once the review is in, and how often it was right.

The answers are kept apart from the scores. What was guessed is sealed: a right guess names whose
report a case is. Only the counts leave this module.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from peeraudit.adapters.clock import now
from peeraudit.adapters.sealing import seal, unseal
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, NotFound
from peeraudit.domain.recognition import (
    GuessCounts,
    Judged,
    Recognised,
    RecognitionAnswer,
    check_answer,
    count_guesses,
    names_author,
)
from peeraudit.domain.workflow import READING_TURNS, AssignmentState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import KeptGuesses, RecognitionRow
from peeraudit.models.network import Department, Reviewer
from peeraudit.services import blinding_records as records
from peeraudit.services import campaigns, trail
from peeraudit.services.blinding_records import CaseLink
from peeraudit.services.reading_desk import reviewer_of

# Later nobody remembers what the report read like.
ASKED_WITHIN = timedelta(days=1)


class AlreadyAnswered(Conflicting):
    """The question was answered; the answer stands."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a review that was handed in.

    Attributes:
        about: what may have been recognised: a department that is shown needs no recognising.
        departments: id and name of each department that may be named: every one of the network
            but the reviewer's own, so that the list tells nothing of the case; none where the
            protocol shows the department.
    """

    assignment_id: UUID
    code: str
    about: tuple[Recognised, ...]
    departments: tuple[tuple[UUID, str], ...]


def find_unanswered(*, by: Actor) -> UUID | None:
    """Return the acting reviewer's latest review of which the question is still open."""
    by.require(Permission.SCORE_CASES)
    return db.session.scalar(
        select(Assignment.id)
        .outerjoin(RecognitionRow, RecognitionRow.assignment_id == Assignment.id)
        .where(
            Assignment.reviewer_id.in_(reviewer_of(by)),
            Assignment.turn.in_(READING_TURNS),
            Assignment.state == AssignmentState.SUBMITTED,
            Assignment.ended_at > now() - ASKED_WITHIN,
            RecognitionRow.assignment_id.is_(None),
        )
        .order_by(Assignment.ended_at.desc(), Assignment.id)
        .limit(1)
    )


def show_question(assignment_id: UUID, *, by: Actor) -> Question:
    """Return what is asked of a review.

    Raises:
        NotFound: there is no such review of the acting reviewer.
        AlreadyAnswered: the question was answered.
    """
    row, code = _own(assignment_id, by)
    return _question(row, code)


def answer_question(assignment_id: UUID, answer: RecognitionAnswer, *, by: Actor) -> None:
    """Keep what a reviewer recognised, for good.

    Raises:
        InvalidFields: the answer contradicts itself; ``fields`` says how.
        NotFound: there is no such review of the acting reviewer.
        AlreadyAnswered: the question was answered; a second click changes nothing.
    """
    row, code = _own(assignment_id, by, lock=True)
    question = _question(row, code)
    check_answer(answer, question.about, [one for one, _ in question.departments])
    keep_answers([(row.id, answer, now())])
    # That it was answered, never what.
    trail.record("answer_recognition", by, object_kind="assignment", object_id=row.id)


def keep_answers(given: Iterable[tuple[UUID, RecognitionAnswer, datetime]]) -> None:
    """Keep what was answered of some reviews, and when; whether it may be is asked before."""
    for assignment_id, answer, moment in given:
        row = RecognitionRow(
            assignment_id=assignment_id,
            recognition=answer.recognition,
            about=answer.about.value if answer.about else "",
            answered_at=moment,
        )
        if answer.names_somebody:
            seal_guess(row, answer.department_id, answer.name.strip())
        db.session.add(row)


def count_campaign(campaign_id: UUID) -> GuessCounts:
    """Return how often the reviewers of a campaign named the right department and author.

    A guess at the department alone, or at the author of a named department, counts for the
    department; a name counts for the author. Where none was named one counts as unsure. Once the
    identities are destroyed, it is as it was then.
    """
    kept = db.session.get(KeptGuesses, campaign_id)
    if kept is not None:
        return GuessCounts.from_json(kept.counts)
    places = campaigns.departments_of([campaign_id])[campaign_id]
    read = (
        Assignment.campaign_id == campaign_id,
        Assignment.turn.in_(READING_TURNS),
        Assignment.state == AssignmentState.SUBMITTED,
        # What a department chose to have read tells nothing of the blinding of the others.
        Assignment.case_id.in_(select(Case.id).where(Case.channel == "random")),
    )
    reviews = db.session.scalar(select(func.count()).select_from(Assignment).where(*read)) or 0
    answered = db.session.execute(
        select(Assignment.case_id, RecognitionRow)
        .join(RecognitionRow, RecognitionRow.assignment_id == Assignment.id)
        .where(*read)
    ).all()
    links = records.links_of({case_id for case_id, _ in answered})
    known = [(links[case_id], row) for case_id, row in answered if case_id in links]
    names = records.names_of_authors({one.author_id for one, _ in known if one.author_id})
    judged = [_judge(row, link, names) for link, row in known]
    return count_guesses(judged, [place.id for place in places], unanswered=reviews - len(answered))


def destroy_guesses(campaign_id: UUID, case_ids: Collection[UUID]) -> None:
    """Keep the counts of a campaign, then destroy what was guessed of some of its cases."""
    if db.session.get(KeptGuesses, campaign_id) is None:
        counts = count_campaign(campaign_id).to_json()
        db.session.add(KeptGuesses(campaign_id=campaign_id, counts=counts))
        db.session.flush()  # all counting starts there from now on
    given = select(Assignment.id).where(Assignment.case_id.in_(case_ids))
    db.session.execute(
        update(RecognitionRow)
        .where(RecognitionRow.assignment_id.in_(given))
        .values(sealed_guess=None)
    )


def seal_guess(row: RecognitionRow, department_id: UUID | None, name: str) -> None:
    """Write what was guessed into its row, sealed; its assignment is set."""
    plain = json.dumps([department_id.hex if department_id else "", name], ensure_ascii=False)
    row.sealed_guess = seal(plain.encode(), _place(row))


def open_guess(row: RecognitionRow) -> tuple[UUID | None, str]:
    """Return the department and the name that were guessed; None and empty where none was.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    if row.sealed_guess is None:
        return None, ""
    department, name = json.loads(unseal(row.sealed_guess, _place(row)))
    return UUID(department) if department else None, name


def seal_anew(rows: Sequence[RecognitionRow]) -> None:
    """Seal the guesses of some rows under the newest key."""
    for row in rows:
        seal_guess(row, *open_guess(row))


def _judge(row: RecognitionRow, link: CaseLink, names: Mapping[UUID, str]) -> Judged:
    department, name = open_guess(row)
    author = names.get(link.author_id) if link.author_id else None
    right = names_author(name, author) if name and author else None
    return Judged(row.recognition, link.department_id, department, right)


def _own(assignment_id: UUID, by: Actor, *, lock: bool = False) -> tuple[Assignment, str]:
    by.require(Permission.SCORE_CASES)
    wanted = (
        select(Assignment, Case.code)
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.id == assignment_id,
            Assignment.reviewer_id.in_(reviewer_of(by)),
            Assignment.turn.in_(READING_TURNS),
            Assignment.state == AssignmentState.SUBMITTED,
        )
    )
    if lock:
        wanted = wanted.with_for_update(of=Assignment)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such review among yours."))
    if db.session.get(RecognitionRow, assignment_id) is not None:
        raise AlreadyAnswered(N_("You have answered this. Your answer is kept as it was."))
    row, code = found
    return row, code


def _question(row: Assignment, code: str) -> Question:
    if not campaigns.protocol_of(row.campaign_id).blinding.hide_department:
        return Question(row.id, code, (Recognised.AUTHOR,), ())
    return Question(row.id, code, tuple(Recognised), tuple(_departments(row.reviewer_id)))


def _departments(reviewer_id: UUID) -> list[tuple[UUID, str]]:
    own = select(Reviewer.department_id).where(Reviewer.id == reviewer_id).scalar_subquery()
    rows = db.session.execute(
        select(Department.id, Department.name)
        .where(Department.id.is_distinct_from(own))
        .order_by(func.lower(Department.name), Department.id)
    )
    return [(place, name) for place, name in rows]


def _place(row: RecognitionRow) -> str:
    return f"recognition/{row.assignment_id.hex}/guess"
