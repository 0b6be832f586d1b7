from datetime import timedelta
from uuid import uuid4

import pytest

from peeraudit.adapters.clock import beginning_of, now, shifted, today
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import InvalidFields, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.network import ReviewerCard
from peeraudit.models.network import Conflict
from peeraudit.services import profiles
from peeraudit.services.profiles import NewConflict
from tests.factories.accounts import make_account, make_department
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


def absent(reviewer, first, last):
    with unit_of_work():
        profiles.add_absence(today() + timedelta(first), today() + timedelta(last), by=reviewer)


def in_conflict(reviewer, **values):
    with unit_of_work():
        profiles.add_conflict(NewConflict(**values), by=reviewer)


class TestDeclareProfile:
    def test_before_it_nothing_is_known(self, session, place):
        profile = profiles.show_profile(by=make_actor(session, Role.REVIEWER, place))

        assert not profile.known
        assert profile.card.specialities == ()

    def test_the_first_one_makes_a_reviewer_and_the_next_changes_it(self, reviewer):
        with unit_of_work():
            profiles.declare_profile(
                ReviewerCard(5, accepting=False, reads_children=False), by=reviewer
            )

        profile = profiles.show_profile(by=reviewer)
        assert profile.known
        assert profile.card == ReviewerCard(5, accepting=False, reads_children=False)

    def test_nobody_makes_an_adjudicator_of_oneself(self, session, place):
        actor = make_actor(session, Role.REVIEWER, place)
        for _ in range(2):
            with unit_of_work():
                profiles.declare_profile(ReviewerCard(5, adjudicates=True), by=actor)

        assert not profiles.show_profile(by=actor).card.adjudicates

    def test_somebody_else_has_no_profile(self, session, place):
        with pytest.raises(NotAllowed):
            profiles.show_profile(by=make_actor(session, Role.COORDINATOR, place))


class TestAbsences:
    def test_days_to_come_are_listed_and_can_be_taken_back(self, reviewer):
        absent(reviewer, 3, 5)
        absent(reviewer, 0, 0)
        shown = profiles.show_profile(by=reviewer).absences

        with unit_of_work():
            profiles.remove_absence(shown[0].id, by=reviewer)

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
            profiles.remove_absence(profiles.show_profile(by=reviewer).absences[0].id, by=other)

        assert len(profiles.show_profile(by=reviewer).absences) == 1

    def test_without_a_profile_there_are_none(self, session, place):
        with pytest.raises(InvalidInput, match="First say"):
            absent(make_actor(session, Role.REVIEWER, place), 1, 2)


class TestConflicts:
    def test_a_department_and_a_colleague_are_listed_once_each(self, session, place, reviewer):
        other = make_department(session)
        colleague = make_account(session, "-", Role.AUTHOR)
        for _ in range(2):
            in_conflict(reviewer, department_id=other.id, reason="  spouse ")
            in_conflict(reviewer, colleague_email=f" {colleague.email.upper()} ")

        shown = profiles.show_profile(by=reviewer).conflicts

        assert [(one.department_name, one.colleague_name) for one in shown] == [
            (other.name, ""),
            ("", colleague.name),
        ]
        assert shown[0].reason == "spouse"

    def test_one_can_be_taken_back(self, session, reviewer):
        in_conflict(reviewer, department_id=make_department(session).id)
        [shown] = profiles.show_profile(by=reviewer).conflicts

        with unit_of_work():
            profiles.remove_conflict(shown.id, by=reviewer)

        assert session.query(Conflict).count() == 0

    @pytest.mark.parametrize("both", [True, False])
    def test_either_a_department_or_a_colleague_is_named(self, session, reviewer, both):
        values = (
            {"department_id": make_department(session).id, "colleague_email": "a@b.example"}
            if both
            else {}
        )

        with pytest.raises(InvalidFields):
            in_conflict(reviewer, **values)

    def test_neither_oneself_nor_a_stranger_is_a_colleague(self, session, place):
        account = make_account(session, "-", Role.REVIEWER, place.id)
        actor = make_actor(session, Role.REVIEWER, place)
        with unit_of_work():
            profiles.declare_profile(CARD, by=actor)
        in_conflict(actor, colleague_email=account.email)

        with pytest.raises(InvalidFields):
            in_conflict(actor, colleague_email="stranger@hospital.example")

    def test_a_department_that_does_not_exist_is_not_found(self, reviewer):
        with pytest.raises(NotFound):
            in_conflict(reviewer, department_id=uuid4())

    def test_the_own_department_is_not_offered(self, session, place, reviewer):
        other = make_department(session)

        assert profiles.list_places(by=reviewer) == [(other.id, other.name)]


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
