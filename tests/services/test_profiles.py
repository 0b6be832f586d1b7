from uuid import uuid4

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import InvalidFields, NotAllowed, NotFound
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
