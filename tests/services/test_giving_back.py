import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from peeraudit.adapters.clock import today
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.config import TIME_ZONE
from peeraudit.domain.absences import Away
from peeraudit.domain.errors import InvalidInput, NotAllowed
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import GONE, AssignmentState, CaseState
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.messages import Message
from peeraudit.models.network import Absence, Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import absences, giving_back
from peeraudit.tasks.upkeep import sweep
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    plan_and_publish,
    reviewer_actor,
)

ZONE = ZoneInfo(TIME_ZONE)
DAY = timedelta(days=1)


@pytest.fixture
def campaign(session, network, by):
    """A campaign whose eight cases are offered to the readers of two departments."""
    campaign = make_drawn_campaign(session, network[0])
    make_cases(session, campaign, network[0][0], 8)
    plan_and_publish(campaign, by)
    return campaign


@pytest.fixture
def reader(session, campaign):
    """Somebody who has cases."""
    first = session.scalars(select(Assignment).order_by(Assignment.id)).first()
    return session.get(Reviewer, first.reviewer_id)


def mine(session, reader):
    session.expire_all()
    found = select(Assignment).where(
        Assignment.reviewer_id == reader.id, Assignment.state.not_in(GONE)
    )
    return session.scalars(found.order_by(Assignment.due_at, Assignment.id)).all()


def give_back(campaign, reader, count):
    with unit_of_work():
        return giving_back.give_back(campaign.id, count, by=reviewer_actor(reader))


def be_away(reader, first, last, *, finishes=True):
    """Declare an absence, from and to in days from today, and let the worker act on it."""
    day = today()
    with unit_of_work():
        away = Away(day + first * DAY, day + last * DAY)
        absences.declare_absence(away, finishes=finishes, by=reviewer_actor(reader))
    sweep()


def keep_only(session, *people):
    session.execute(
        update(Reviewer).where(Reviewer.id.not_in([p.id for p in people])).values(accepting=False)
    )
    session.commit()


def due_day(row):
    return (row.due_at.astimezone(ZONE).date() - today()).days


def told(session):
    found = select(Message).where(Message.kind == NoticeKind.CASES_PASSED_ON.value)
    return [json.loads(message.params) for message in session.scalars(found)]


class TestGiveBack:
    def test_as_many_as_were_named_go_to_others_and_the_case_is_never_lost(
        self, session, campaign, reader
    ):
        before = mine(session, reader)

        given = give_back(campaign, reader, 1)

        assert (given.moved, given.stayed) == (1, 0)
        assert len(mine(session, reader)) == len(before) - 1
        rows = session.scalars(select(Assignment).where(Assignment.state.not_in(GONE))).all()
        assert len({row.case_id for row in rows}) == len(rows) == 8

    def test_those_that_were_only_offered_and_are_due_last_go_first(
        self, session, campaign, reader
    ):
        early, late = mine(session, reader)[:2]
        late.due_at += 3 * DAY
        early.due_at += 5 * DAY
        early.state = AssignmentState.ACCEPTED
        session.commit()

        give_back(campaign, reader, 1)

        session.expire_all()
        assert session.get(Assignment, late.id).state is AssignmentState.REPLACED
        assert session.get(Assignment, early.id).state is AssignmentState.ACCEPTED

    def test_what_was_begun_stays(self, session, campaign, reader):
        rows = mine(session, reader)
        for row in rows:
            row.state = AssignmentState.STARTED
            session.get(Case, row.case_id).state = CaseState.IN_REVIEW
        session.commit()

        assert give_back(campaign, reader, 9).moved == 0
        assert len(mine(session, reader)) == len(rows)
        assert giving_back.list_unbegun(by=reviewer_actor(reader)) == ()

    def test_what_nobody_else_can_take_stays(self, session, campaign, reader):
        keep_only(session, reader)
        before = mine(session, reader)

        given = give_back(campaign, reader, 99)

        assert (given.moved, given.stayed) == (0, len(before))
        assert [row.id for row in mine(session, reader)] == [row.id for row in before]

    def test_whoever_gives_back_gets_nothing_in_exchange(self, session, campaign, reader):
        held = len(mine(session, reader))
        others = session.scalars(select(Reviewer).where(Reviewer.id != reader.id)).all()
        full = {one.id: len(mine(session, one)) for one in others}
        for one in others:
            one.capacity = full[one.id]
        session.commit()

        give_back(campaign, reader, 99)

        assert len(mine(session, reader)) == held

    def test_the_trail_tells_who_and_why(self, session, campaign, reader):
        give_back(campaign, reader, 1)

        act = select(TrailEntry).where(TrailEntry.act == "decline_assignment")
        [entry] = session.scalars(act).all()
        assert entry.actor_id == reader.account_id
        assert "unavailable" in entry.details

    @pytest.mark.parametrize("count", [0, -1])
    def test_a_count_that_is_none_is_refused(self, campaign, reader, count):
        with pytest.raises(InvalidInput, match="one at least"):
            give_back(campaign, reader, count)

    def test_the_lead_does_it_for_somebody_who_is_told(self, session, campaign, reader, by):
        with unit_of_work():
            given = giving_back.give_back_for(campaign.id, reader.id, 1, by=by)

        assert given.moved == 1
        assert told(session) == [{"moved": 1, "postponed": 0}]
        with pytest.raises(NotAllowed):
            giving_back.give_back_for(campaign.id, reader.id, 1, by=reviewer_actor(reader))


class TestRespectAbsence:
    def test_what_falls_due_meanwhile_is_due_as_many_days_later(self, session, campaign, reader):
        count = len(mine(session, reader))
        assert {due_day(row) for row in mine(session, reader)} == {14}

        be_away(reader, 12, 16)

        assert [due_day(row) for row in mine(session, reader)] == [19] * count
        assert told(session) == [{"moved": 0, "postponed": count}]
        acts = session.scalars(select(TrailEntry).where(TrailEntry.act == "postpone_assignment"))
        assert len(acts.all()) == count

    def test_whoever_would_rather_hand_over_does_so_but_keeps_what_was_begun(
        self, session, campaign, reader
    ):
        begun = mine(session, reader)[0]
        begun.state = AssignmentState.STARTED
        session.get(Case, begun.case_id).state = CaseState.IN_REVIEW
        session.commit()

        be_away(reader, 12, 16, finishes=False)

        assert [row.id for row in mine(session, reader)] == [begun.id]
        assert due_day(mine(session, reader)[0]) == 19

    def test_a_long_absence_hands_over_whatever_the_reader_would_like(
        self, session, campaign, reader
    ):
        be_away(reader, 3, 40)

        assert mine(session, reader) == []

    def test_what_nobody_else_can_take_is_due_later(self, session, campaign, reader):
        keep_only(session, reader)
        count = len(mine(session, reader))

        be_away(reader, 12, 16, finishes=False)

        assert [due_day(row) for row in mine(session, reader)] == [19] * count

    def test_what_falls_due_on_other_days_stays(self, session, campaign, reader):
        be_away(reader, 1, 12, finishes=False)

        assert {due_day(row) for row in mine(session, reader)} == {14}
        assert told(session) == []

    def test_a_second_run_changes_nothing(self, session, campaign, reader):
        be_away(reader, 12, 16)
        absence = session.scalars(select(Absence)).one()

        with unit_of_work():
            giving_back.respect_absence(absence.id)

        assert {due_day(row) for row in mine(session, reader)} == {19}

    def test_one_that_was_taken_back_before_changes_nothing(self, session, campaign, reader):
        day = today()
        with unit_of_work():
            away = Away(day + 12 * DAY, day + 16 * DAY)
            absences.declare_absence(away, by=reviewer_actor(reader))
        with unit_of_work():
            absence = session.scalars(select(Absence)).one()
            absences.take_back_absence(absence.id, by=reviewer_actor(reader))
        sweep()

        assert {due_day(row) for row in mine(session, reader)} == {14}


class TestThePlanner:
    def test_whoever_leaves_soon_gets_nothing_and_whoever_leaves_late_more_time(
        self, session, network, by
    ):
        campaign = make_drawn_campaign(session, network[0])
        make_cases(session, campaign, network[0][0], 6)
        _, _, soon, late, *_ = network[1]
        be_away(soon, 1, 30)
        be_away(late, 13, 20)

        plan_and_publish(campaign, by)

        assert mine(session, soon) == []
        assert {due_day(row) for row in mine(session, late)} == {14 + 8}

    def test_nobody_takes_over_who_leaves_soon(self, session, network, campaign, reader):
        others = [p for p in network[1] if p.id != reader.id]
        for one in others:
            be_away(one, 1, 30)

        assert give_back(campaign, reader, 1).moved == 0
