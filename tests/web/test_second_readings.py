"""A second reader cannot tell whether chance or a first score asked for the reading."""

import json
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.assignment.editing import EditedReview
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.workflow import AssignmentState, DeclineReason, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.messages import Message
from peeraudit.models.network import Speciality
from peeraudit.services import assignment, profiles, readings, scoring, tokens
from peeraudit.services.profiles import NewConflict
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    make_reviewer,
    plan,
    reviewer_actor,
)
from tests.factories.scoring import MASKED, add_reviewer

MOMENT = timedelta(minutes=5)
CLEAN = ScoreSheet("1", seconds=60)
DISCREPANT = ScoreSheet("3a", "missed_finding", "Un nodule de 9 mm n'est pas décrit.", seconds=60)
UNIQUE = re.compile(r'[0-9a-f]{8}-[0-9a-f-]{27}|(?<=name="csrf_token" value=")[^"]+|nonce-?\S+')


class Audit:
    """Two cases of one department: one to be read twice by design, and one by its first score."""

    def __init__(self, session, password_hash, sign_in):
        self.session = session
        self.places = [make_department(session) for _ in range(4)]
        self.first = make_reviewer(session, self.places[1])
        account_id = sign_in(Role.REVIEWER, self.places[2].id)
        self.second = add_reviewer(session, account_id, self.places[2])
        session.add(Speciality(reviewer_id=self.second.id, modality="CT", region="*"))
        self.actor = Actor(account_id, Role.REVIEWER, self.places[2].id)
        campaign = make_drawn_campaign(session, self.places)
        words = {"masked_text": MASKED, "shown_date": "2026-10"}
        [self.planned] = make_cases(
            session, campaign, self.places[0], 1, is_double_read=True, **words
        )
        [self.routed] = make_cases(session, campaign, self.places[0], 1, **words)
        self.publish(campaign, lead(session, password_hash))

    def publish(self, campaign, by):
        """Publish a plan in which the first reader has both cases first."""
        turns = ((self.planned, self.first, Turn.FIRST), (self.routed, self.first, Turn.FIRST))
        edited = [
            EditedReview(2 + number, str(case.id), turn, str(reader.id))
            for number, (case, reader, turn) in enumerate(
                [*turns, (self.planned, self.second, Turn.SECOND)]
            )
        ]
        view = plan(campaign, by)
        with unit_of_work():
            plan_id = assignment.replace_entries(view.id, edited, by=by)
        with unit_of_work():
            assignment.publish_plan(plan_id, by=by)
        sweep()

    def row(self, case, turn=Turn.SECOND):
        found = select(Assignment).where(Assignment.case_id == case.id, Assignment.turn == turn)
        live = found.where(Assignment.state != AssignmentState.REPLACED)
        return self.session.scalars(live.execution_options(populate_existing=True)).one()

    def read_first(self, case, sheet):
        """Let the first reader hand in, and the worker do what follows."""
        row = self.row(case, Turn.FIRST)
        with unit_of_work():
            scoring.submit_review(row.id, sheet, by=reviewer_actor(self.first))
        sweep()

    def headers(self):
        with unit_of_work():
            secret = tokens.create_token(
                "test", frozenset({Permission.SCORE_CASES}), days=1, by=self.actor
            )
        return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def audit(session, password_hash, sign_in):
    return Audit(session, password_hash, sign_in)


def test_a_planned_second_reading_is_offered_only_once_the_first_is_in(client, audit):
    waiting = audit.row(audit.planned)

    assert waiting.state is AssignmentState.PLANNED
    assert audit.planned.code not in client.get("/scoring/").text
    assert client.get(f"/scoring/{waiting.id}").status_code == 404
    assert audit.session.scalars(select(Message.account_id)).all() == [audit.first.account_id]

    audit.read_first(audit.planned, CLEAN)

    assert audit.planned.code in client.get("/scoring/").text
    assert client.get(f"/scoring/{waiting.id}").status_code == 200


@pytest.mark.parametrize("routed_first", [True, False])
def test_it_looks_like_one_that_a_first_score_asked_for(client, audit, routed_first):
    begun = now()
    order = [(audit.planned, CLEAN), (audit.routed, DISCREPANT)]
    for case, sheet in reversed(order) if routed_first else order:
        audit.read_first(case, sheet)

    rows = [audit.row(audit.planned), audit.row(audit.routed)]
    assert [row.origin for row in rows] == ["random", "routing"]
    assert {row.reviewer_id for row in rows} == {audit.second.id}
    for row in rows:
        assert begun + timedelta(days=7) <= row.due_at <= now() + timedelta(days=7)
    codes = [case.code for case, _ in (reversed(order) if routed_first else order)]

    headers = audit.headers()
    listed = client.get("/api/v1/scoring/", headers=headers).json["cases"]
    shown = [client.get(f"/api/v1/scoring/{row.id}", headers=headers).json for row in rows]
    pages = [client.get(f"/scoring/{row.id}").text for row in rows]
    page = client.get("/scoring/").text

    assert [one["code"] for one in listed] == codes
    assert page.index(codes[0]) < page.index(codes[1])
    assert same_but_for_the_case(*listed)
    assert same_but_for_the_case(*shown)
    assert plain(pages[0], audit.planned) == plain(pages[1], audit.routed)


def test_both_are_told_of_in_the_same_words(audit):
    audit.read_first(audit.planned, CLEAN)
    audit.read_first(audit.routed, DISCREPANT)

    told = audit.session.scalars(
        select(Message).where(Message.account_id == audit.second.account_id)
    ).all()
    one, other = [(notice.kind, json.loads(notice.params), notice.path) for notice in told]

    assert one == other
    assert one[0] == NoticeKind.CASES_OFFERED.value


def test_each_has_the_whole_delay_again_when_it_is_handed_over(audit, session):
    audit.read_first(audit.planned, CLEAN)
    audit.read_first(audit.routed, DISCREPANT)
    third = make_reviewer(session, audit.places[3])

    for case in (audit.planned, audit.routed):
        with unit_of_work():
            readings.decline(audit.row(case).id, DeclineReason.UNAVAILABLE, by=audit.actor)

    rows = [audit.row(audit.planned), audit.row(audit.routed)]
    assert {row.reviewer_id for row in rows} == {third.id}
    assert abs(rows[0].due_at - rows[1].due_at) < MOMENT


def test_who_has_come_into_a_conflict_since_the_plan_is_not_asked(audit, session):
    third = make_reviewer(session, audit.places[3])
    with unit_of_work():
        profiles.add_conflict(
            NewConflict(department_id=audit.places[0].id, reason="J'y remplace"), by=audit.actor
        )

    audit.read_first(audit.planned, CLEAN)

    assert audit.row(audit.planned).reviewer_id == third.id
    assert audit.row(audit.planned).origin == "replacement"


def same_but_for_the_case(one, other):
    """Compare what programs are told; two moments of one test are the same moment."""
    days = [datetime.fromisoformat(told["due_at"]) for told in (one, other)]
    unlike = {key for key in one | other if one.get(key) != other.get(key)}
    return abs(days[0] - days[1]) < MOMENT and unlike == {"assignment_id", "code", "due_at"}


def plain(page, case):
    """Return a page without what tells one case from the next."""
    return UNIQUE.sub("", page.replace(case.code, "CODE"))
