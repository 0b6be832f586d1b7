from uuid import uuid4

import pytest
from sqlalchemy import event, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import AssignmentState, CaseState, DeclineReason, Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.services import readings
from peeraudit.services.stand_ins import PAGE
from tests.conftest import KIND
from tests.factories.accounts import make_department
from tests.factories.moments import MOMENT
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    make_reviewer,
    plan_and_publish,
    reviewer_actor,
)

LIVE = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.STARTED)


@pytest.fixture
def team(session, password_hash):
    """Two who read one field each, and one who reads both and is full with the second."""
    home, away, other = (make_department(session) for _ in range(3))
    first = make_reviewer(session, away, capacity=1)
    both = make_reviewer(session, away, capacity=1, specialities=(("CT", "*"), ("MR", "*")))
    campaign = make_drawn_campaign(session, [home, away, other])
    [case] = make_cases(session, campaign, home, 1)
    [moved] = make_cases(session, campaign, home, 1)
    moved.modality = "MR"
    session.commit()
    plan_and_publish(campaign, lead(session, password_hash))
    last = make_reviewer(session, other, capacity=1, specialities=(("MR", "*"),))
    return case, moved, first, both, last


def holder(session, case):
    session.expire_all()
    row = select(Assignment).where(Assignment.case_id == case.id, Assignment.state.in_(LIVE))
    return session.scalars(row).one()


def offered(session, case, reviewer):
    """Return a first reading that is offered, without a plan."""
    case.state = CaseState.ASSIGNED
    row = Assignment(
        id=uuid4(),
        campaign_id=case.campaign_id,
        case_id=case.id,
        reviewer_id=reviewer.id,
        turn=Turn.FIRST,
        state=AssignmentState.OFFERED,
        due_at=MOMENT,
    )
    session.add(row)
    session.commit()
    return row


def decline(session, row):
    with unit_of_work():
        by = reviewer_actor(session.get(Reviewer, row.reviewer_id))
        readings.decline(row.id, DeclineReason.UNAVAILABLE, by=by)


def test_somebody_who_is_full_hands_over_what_is_not_begun_and_takes_the_case(session, team):
    case, moved, first, both, last = team
    assert holder(session, case).reviewer_id == first.id
    assert holder(session, moved).reviewer_id == both.id

    decline(session, holder(session, case))

    assert holder(session, case).reviewer_id == both.id
    assert holder(session, moved).reviewer_id == last.id
    told = session.scalars(select(Message.kind)).all()
    assert NoticeKind.CASE_REPLACED.value in told
    assert NoticeKind.CASE_WITHOUT_REVIEWER.value not in told


def test_what_others_could_hand_over_is_found_by_an_index(session, team):
    case, _, _, _, _ = team
    row, sent = holder(session, case), []
    listener = (db.engine, "before_cursor_execute", lambda *args: sent.append(args[2:4]))
    event.listen(*listener)
    try:
        decline(session, row)
    finally:
        event.remove(*listener)
    [(statement, parameters)] = [one for one in sent if "ORDER BY audit_case.modality" in one[0]]

    connection = session.connection()
    if KIND != "sqlite":
        # Of so few rows it would read all, whichever index there is.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN" if KIND == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)

    steps = [row[-1] for row in rows.all()]
    if KIND == "sqlite":
        index = "ix_assignment_campaign_load (campaign_id=? AND reviewer_id=?"
        assert any(index in step for step in steps)
    assert not any(step.startswith("SCAN") or "Seq Scan on assignment" in step for step in steps)


def test_what_is_begun_stays(session, team):
    case, moved, _, both, _ = team
    row = holder(session, moved)
    row.state = AssignmentState.STARTED
    session.commit()

    declined = holder(session, case).id
    decline(session, holder(session, case))

    assert holder(session, moved).reviewer_id == both.id
    assert session.get(Assignment, declined).state is AssignmentState.DECLINED
    assert NoticeKind.CASE_WITHOUT_REVIEWER.value in session.scalars(select(Message.kind)).all()


def test_a_reading_beyond_the_first_page_is_found(session, password_hash):
    home, away, other = (make_department(session) for _ in range(3))
    both = make_reviewer(session, away, capacity=PAGE + 2, specialities=(("CT", "*"), ("MR", "*")))
    campaign = make_drawn_campaign(session, [home, away, other])
    # Whoever has room may not read those of the own department, which come first.
    held = make_cases(session, campaign, other, PAGE + 1) + make_cases(session, campaign, home, 1)
    for case in held:
        case.modality = "MR"
    session.commit()
    plan_and_publish(campaign, lead(session, password_hash))
    last = holder(session, held[-1])
    last.state = AssignmentState.ACCEPTED
    free = make_reviewer(session, other, capacity=1, specialities=(("MR", "*"),))
    first = make_reviewer(session, away, capacity=1)
    [case] = make_cases(session, campaign, home, 1)

    decline(session, offered(session, case, first))

    assert holder(session, case).reviewer_id == both.id
    assert holder(session, held[-1]).reviewer_id == free.id
    assert {holder(session, one).reviewer_id for one in held[:-1]} == {both.id}
