import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import beginning_of, now, shifted, today
from peeraudit.adapters.queue import Outbox, TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.absences import Away
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import InvalidFields, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.network import ReviewerCard
from peeraudit.domain.notifications import NoticeKind
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import absences, profiles
from tests.factories.accounts import make_department
from tests.factories.network import make_actor

CARD = ReviewerCard(40, specialities=(("CT", "chest"),))


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def reviewer(session, place):
    actor = make_actor(session, Role.REVIEWER, place)
    with unit_of_work():
        profiles.declare_profile(CARD, by=actor)
    return actor


@pytest.fixture
def row(session, reviewer):
    """The reviewer's own row."""
    return session.scalars(select(Reviewer)).one()


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def days(first, last):
    return Away(today() + timedelta(first), today() + timedelta(last))


def absent(reviewer, first, last):
    with unit_of_work():
        absences.declare_absence(days(first, last), by=reviewer)


class TestAbsences:
    def test_days_to_come_are_listed_and_can_be_taken_back(self, reviewer):
        absent(reviewer, 3, 5)
        absent(reviewer, 0, 0)
        shown = profiles.show_profile(by=reviewer).absences

        with unit_of_work():
            absences.take_back_absence(shown[0].id, by=reviewer)

        assert [one.first_day for one in shown] == [today(), today() + timedelta(3)]
        assert profiles.show_profile(by=reviewer).absences == shown[1:]

    @pytest.mark.parametrize(("first", "last"), [(5, 3), (-5, -1)])
    def test_days_out_of_order_or_past_are_told_at_the_last_day(self, reviewer, first, last):
        with pytest.raises(InvalidFields) as refused:
            absent(reviewer, first, last)

        assert set(refused.value.fields) == {"last_day"}

    def test_nobody_takes_back_those_of_another(self, session, place, reviewer):
        absent(reviewer, 1, 2)
        other = make_actor(session, Role.REVIEWER, place)
        with unit_of_work():
            profiles.declare_profile(CARD, by=other)

        with unit_of_work():
            absences.take_back_absence(profiles.show_profile(by=reviewer).absences[0].id, by=other)

        assert len(profiles.show_profile(by=reviewer).absences) == 1

    def test_without_a_profile_there_are_none(self, session, place):
        with pytest.raises(InvalidInput, match="First say"):
            absent(make_actor(session, Role.REVIEWER, place), 1, 2)


class TestEnterAbsence:
    def test_the_person_is_told_and_the_worker_has_it_to_do(self, session, row, lead):
        with unit_of_work():
            absences.enter_absence(row.id, days(0, 4), finishes=False, by=lead)

        known = absences.list_absences(row.id, by=lead)
        told = session.scalars(select(Message)).one()
        assert [(one.last_day, one.finishes) for one in known] == [(days(0, 4).last_day, False)]
        assert (told.account_id, told.kind) == (row.account_id, NoticeKind.ABSENCE_ENTERED)
        assert json.loads(told.params)["last"] == days(0, 4).last_day.isoformat()
        waiting = session.scalars(select(Outbox.task)).all()
        assert TaskName.RESPECT_ABSENCE in waiting

    def test_a_second_click_enters_nothing_more(self, session, row, lead):
        for _ in range(2):
            with unit_of_work():
                absences.enter_absence(row.id, days(0, 4), finishes=False, by=lead)

        assert len(absences.list_absences(row.id, by=lead)) == 1
        assert len(session.scalars(select(Message)).all()) == 1

    def test_the_trail_says_who_entered_it(self, session, row, lead):
        with unit_of_work():
            absences.enter_absence(row.id, days(0, 4), finishes=False, by=lead)

        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "declare_absence")).one()
        assert entry.actor_id == lead.account_id

    def test_the_person_takes_it_back(self, row, reviewer, lead):
        with unit_of_work():
            absences.enter_absence(row.id, days(0, 4), finishes=False, by=lead)
        with unit_of_work():
            mine = profiles.show_profile(by=reviewer).absences
            absences.take_back_absence(mine[0].id, by=reviewer)

        assert absences.list_absences(row.id, by=lead) == ()

    def test_the_lead_takes_it_back_from_nobody_else(self, session, place, row, reviewer, lead):
        absent(reviewer, 1, 2)
        mine = absences.list_absences(row.id, by=lead)[0]
        other = make_actor(session, Role.REVIEWER, place)
        with unit_of_work():
            profiles.declare_profile(CARD, by=other)
        theirs = session.scalars(
            select(Reviewer.id).where(Reviewer.account_id == other.account_id)
        ).one()

        with unit_of_work():
            absences.withdraw_absence(theirs, mine.id, by=lead)
        assert absences.list_absences(row.id, by=lead) == (mine,)
        with unit_of_work():
            absences.withdraw_absence(row.id, mine.id, by=lead)
        assert absences.list_absences(row.id, by=lead) == ()

    def test_days_that_are_over_are_refused(self, row, lead):
        with pytest.raises(InvalidFields), unit_of_work():
            absences.enter_absence(row.id, days(-4, -1), finishes=False, by=lead)

    def test_an_unknown_reviewer_is_told(self, lead):
        with pytest.raises(NotFound):
            absences.list_absences(uuid4(), by=lead)

    def test_nobody_but_the_lead_may(self, row, reviewer):
        with pytest.raises(NotAllowed), unit_of_work():
            absences.enter_absence(row.id, days(0, 4), finishes=False, by=reviewer)


class TestAroundMidnight:
    @pytest.fixture
    def just_past_midnight(self):
        tomorrow = beginning_of(today() + timedelta(days=1))
        with shifted(tomorrow + timedelta(minutes=30) - now()):
            yield

    def test_the_day_that_is_over_is_over(self, reviewer, just_past_midnight):
        with pytest.raises(InvalidFields):
            absent(reviewer, -1, -1)
        absent(reviewer, 0, 0)

        assert [one.last_day for one in profiles.show_profile(by=reviewer).absences] == [today()]
        assert today() == now().date() + timedelta(days=1)
