from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import now, today
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import NotFound
from peeraudit.domain.workflow import AssignmentState, CaseState
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Absence, Reviewer
from peeraudit.services import lateness
from peeraudit.services.lateness import Held
from tests.factories.accounts import make_department
from tests.factories.network import make_actor
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    plan_and_publish,
)

DAY = timedelta(days=1)


@pytest.fixture
def campaign(session, network, by):
    campaign = make_drawn_campaign(session, network[0])
    make_cases(session, campaign, network[0][0], 8)
    plan_and_publish(campaign, by)
    for row in session.scalars(select(Assignment)):
        row.state = AssignmentState.ACCEPTED
    session.commit()
    return campaign


def rows_of(session):
    """Return the readings of one reviewer."""
    first = session.scalars(select(Assignment).order_by(Assignment.id)).first()
    mine = select(Assignment).where(Assignment.reviewer_id == first.reviewer_id)
    return session.scalars(mine.order_by(Assignment.id)).all()


def show(campaign, by):
    return lateness.show_lateness(campaign.id, by=by)


def test_nobody_is_named_who_answered_and_is_in_time(campaign, by):
    found = show(campaign, by)

    assert (found.readers, found.held_up, found.leads) == ((), (), True)


def test_a_late_reader_is_told_with_every_reason(session, campaign, by):
    begun, waiting = rows_of(session)[:2]
    begun.state, begun.started_at = AssignmentState.STARTED, now() - 9 * DAY
    begun.due_at = now() - 2 * DAY
    waiting.state, waiting.answer_by = AssignmentState.OFFERED, now() + DAY
    waiting.offered_at = now() - 3 * DAY
    reader = session.get(Reviewer, begun.reviewer_id)
    reader.capacity = len(rows_of(session))
    absence = Absence(reviewer_id=reader.id, first_day=today(), last_day=today() + DAY)
    session.add(absence)
    session.commit()

    [one] = show(campaign, by).readers

    assert one.reviewer_id == reader.id
    assert (one.late, one.begun, one.unanswered) == (1, 1, 1)
    assert one.begun_since == begun.started_at
    assert one.answer_by == waiting.answer_by
    assert one.due == begun.due_at
    assert one.waiting == len(rows_of(session)) - 2
    assert one.may_be_passed_on == one.waiting + 1
    assert (one.away.first_day, one.away.last_day) == (absence.first_day, absence.last_day)


def test_an_offer_is_nobodys_fault_for_two_days(session, campaign, by):
    row = rows_of(session)[0]
    row.state, row.offered_at = AssignmentState.OFFERED, now() - DAY
    session.commit()
    assert show(campaign, by).readers == ()

    row.offered_at = now() - 3 * DAY
    session.commit()
    assert [one.unanswered for one in show(campaign, by).readers] == [1]


def test_whoever_has_all_that_the_person_takes_is_full(session, campaign, by):
    mine = rows_of(session)
    mine[0].due_at = now() - DAY
    session.get(Reviewer, mine[0].reviewer_id).capacity = len(mine)
    session.commit()

    assert [one.is_full for one in show(campaign, by).readers] == [True]


def test_the_latest_comes_first_and_cases_taken_back_do_not_count(session, campaign, by):
    people = {}
    for row in session.scalars(select(Assignment).order_by(Assignment.id)):
        people.setdefault(row.reviewer_id, row)
    for days, row in enumerate(people.values(), start=1):
        row.due_at = now() - days * DAY
    last = list(people.values())[-1]
    session.get(Case, last.case_id).state = CaseState.QUARANTINED
    session.commit()

    found = show(campaign, by).readers

    dues = [one.due for one in found]
    assert dues == sorted(dues)
    assert last.reviewer_id not in {one.reviewer_id for one in found}


def test_a_coordinator_sees_the_own_departments_cases_and_no_reviewer(session, network, campaign):
    home, other, _ = network[0]
    rows_of(session)[0].due_at = now() - DAY
    make_cases(session, campaign, home, 2, state=CaseState.DRAWN, awaits_text=True)
    make_cases(session, campaign, home, 1, state=CaseState.DEIDENTIFIED)
    make_cases(session, campaign, other, 1, state=CaseState.QUARANTINED)
    session.commit()

    found = show(campaign, make_actor(session, Role.COORDINATOR, home))

    assert (found.readers, found.leads) == ((), False)
    [mine] = found.held_up
    assert mine.department == home.name
    assert mine.counts == {Held.TEXT: 2, Held.CHECK: 1}


def test_the_lead_sees_what_every_department_waits_for(session, network, campaign, by):
    make_cases(session, campaign, network[0][1], 1, state=CaseState.QUARANTINED)
    make_cases(session, campaign, network[0][0], 1, state=CaseState.DRAWN)

    counts = {one.department: one.counts for one in show(campaign, by).held_up}

    assert counts == {
        network[0][0].name: {Held.MASKING: 1},
        network[0][1].name: {Held.QUARANTINE: 1},
    }


def test_who_takes_no_part_sees_nothing(session, campaign):
    stranger = make_actor(session, Role.COORDINATOR, make_department(session))

    with pytest.raises(NotFound):
        show(campaign, stranger)
