import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from peeraudit.adapters.clock import now
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import Delays
from peeraudit.domain.workflow import (
    GONE,
    AssignmentState,
    CampaignState,
    CaseState,
    DeclineReason,
    Turn,
)
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign, CampaignDepartment
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import acceptances, overdue, readings
from peeraudit.tasks.expiry import expire_duties
from tests.factories.accounts import make_department
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    make_reviewer,
    plan_and_publish,
    protocol_of,
    reviewer_actor,
)
from tests.factories.scoring import make_assignment

UNANSWERED = timedelta(days=5, minutes=1)


@pytest.fixture
def campaign(session, network):
    rules = replace(protocol_of(), delays=Delays(answer_days=5))
    return make_drawn_campaign(session, network[0], protocol=rules)


@pytest.fixture
def row(session, network, campaign, by):
    """A reading that was just offered."""
    make_cases(session, campaign, network[0][0], 1)
    plan_and_publish(campaign, by)
    return session.scalars(select(Assignment)).one()


def expire():
    with unit_of_work():
        return overdue.expire_readings()


def accept(session, row):
    reader = session.get(Reviewer, row.reviewer_id)
    with unit_of_work():
        acceptances.accept_offers(row.campaign_id, by=reviewer_actor(reader))


def live(session):
    session.expire_all()
    return session.scalars(select(Assignment).where(Assignment.state.not_in(GONE))).all()


def told(session, kind):
    return session.scalars(select(Message).where(Message.kind == kind.value)).all()


def test_an_offer_says_until_when_it_waits(session, row):
    assert row.answer_by == row.offered_at + timedelta(days=5)
    params = json.loads(told(session, NoticeKind.CASES_TO_ANSWER)[0].params)
    assert params == {
        "count": 1,
        "due": row.due_at.date().isoformat(),
        "answer": row.answer_by.date().isoformat(),
    }


def test_what_nobody_answers_in_time_goes_to_somebody_else(session, row, at):
    at(now() + UNANSWERED)

    assert expire() == 1

    [fresh] = live(session)
    assert fresh.reviewer_id != row.reviewer_id
    assert (fresh.state, fresh.origin) == (AssignmentState.OFFERED, "replacement")
    assert fresh.answer_by > now() + timedelta(days=4)
    old = session.get(Assignment, row.id)
    assert (old.state, old.decline_reason) == (AssignmentState.REPLACED, "")
    [lapsed] = told(session, NoticeKind.OFFERS_LAPSED)
    assert json.loads(lapsed.params) == {"count": 1}
    acts = session.scalars(select(TrailEntry.act).where(TrailEntry.object_id == row.id))
    assert {"expire_assignment", "replace_assignment"} <= set(acts)


def test_a_second_run_changes_nothing(session, row, at):
    at(now() + UNANSWERED)
    expire()

    assert expire() == 0
    assert len(session.scalars(select(Assignment)).all()) == 2


def test_an_accepted_one_waits_until_it_is_due(session, row, at):
    start = now()
    accept(session, row)
    at(start + UNANSWERED)
    assert expire() == 0

    at(start + timedelta(days=15))
    assert expire() == 1


def test_one_that_nobody_else_can_take_stays_and_the_leads_are_not_disturbed_yet(
    session, network, row, at
):
    session.execute(update(Reviewer).where(Reviewer.id != row.reviewer_id).values(accepting=False))
    session.commit()
    at(now() + UNANSWERED)

    assert expire() == 0

    assert [one.id for one in live(session)] == [row.id]
    assert told(session, NoticeKind.CASE_WITHOUT_REVIEWER) == []


def test_who_answered_nothing_is_not_asked_to_stand_in(session, network, campaign, row, at):
    start, silent = now(), row.reviewer_id
    at(start + UNANSWERED)
    expire()
    [fresh] = live(session)
    others = [p.id for p in network[1] if p.id not in {silent, fresh.reviewer_id}]
    session.execute(update(Reviewer).where(Reviewer.id.in_(others)).values(accepting=False))
    session.commit()
    [other] = make_cases(session, campaign, network[0][0], 1, state=CaseState.ASSIGNED)
    second = Assignment(
        campaign_id=campaign.id,
        case_id=other.id,
        reviewer_id=fresh.reviewer_id,
        turn=Turn.FIRST,
        state=AssignmentState.OFFERED,
        due_at=now() + timedelta(days=14),
        offered_at=now(),
    )
    session.add(second)
    session.commit()

    reader = reviewer_actor(session.get(Reviewer, fresh.reviewer_id))
    with unit_of_work():
        readings.decline(second.id, DeclineReason.UNAVAILABLE, by=reader)

    assert silent not in {one.reviewer_id for one in live(session)}


def test_somebody_who_is_full_makes_room_for_it(session, campaign, at):
    home, other, third = (make_department(session) for _ in range(3))
    for place in (home, other, third):
        session.add(CampaignDepartment(campaign_id=campaign.id, department_id=place.id))
    silent = make_reviewer(session, other, specialities=(("MR", "*"),))
    full = make_reviewer(session, third, capacity=1, specialities=(("MR", "*"), ("CT", "*")))
    free = make_reviewer(session, other, specialities=(("CT", "*"),))
    mr, ct = make_cases(session, campaign, home, 2, state=CaseState.ASSIGNED)
    mr.modality, ct.modality = "MR", "CT"
    lapsing = make_assignment(session, mr, silent, days=9, answer_by=now() + timedelta(days=1))
    make_assignment(session, ct, full, days=9, state=AssignmentState.ACCEPTED)
    accepting = {silent.id, full.id, free.id}
    session.execute(update(Reviewer).where(Reviewer.id.not_in(accepting)).values(accepting=False))
    session.commit()
    session.get(Campaign, campaign.id).state = CampaignState.RUNNING
    session.commit()
    at(now() + timedelta(days=2))

    assert expire() == 1

    assert {one.case_id: one.reviewer_id for one in live(session)} == {
        mr.id: full.id,
        ct.id: free.id,
    }
    assert session.get(Assignment, lapsing.id).state is AssignmentState.REPLACED


def test_the_task_lets_offers_lapse(session, row, at):
    at(now() + UNANSWERED)

    expire_duties()

    session.expire_all()
    assert session.get(Assignment, row.id).state is AssignmentState.REPLACED
