from dataclasses import replace
from uuid import uuid4

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import Conflicting, InvalidFields, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.network import DepartmentCard, ReviewerCard
from peeraudit.models.network import Department, Reviewer
from peeraudit.services import network
from tests.factories.accounts import make_account, make_department
from tests.factories.campaigns import make_frozen, send_reports
from tests.factories.network import make_actor, make_reader

CARD = DepartmentCard("CHU-NORD", "Hôpital Nord", city="Lyon", finess="690000001")


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def add(card, lead):
    with unit_of_work():
        return network.add_department(card, by=lead)


class TestDepartments:
    def test_what_is_added_is_kept_as_it_was_typed(self, lead):
        department_id = add(CARD, lead)

        assert network.show_department(department_id, by=lead).card == CARD
        assert [one.card.code for one in network.list_departments(by=lead)] == ["CHU-NORD"]

    @pytest.mark.parametrize(
        ("twin", "fields"),
        [
            (replace(CARD, name="Autre"), {"code"}),
            (replace(CARD, code="AUTRE"), {"name"}),
            (CARD, {"code", "name"}),
        ],
    )
    def test_a_twin_is_told_at_its_fields(self, session, lead, twin, fields):
        add(CARD, lead)

        with pytest.raises(InvalidFields) as refused:
            add(twin, lead)

        assert set(refused.value.fields) == fields
        assert session.query(Department).count() == 1

    def test_one_that_is_not_sound_is_refused(self, lead):
        with pytest.raises(InvalidFields):
            add(replace(CARD, code="a b"), lead)

    def test_a_change_is_kept(self, lead):
        department_id = add(CARD, lead)
        changed = replace(CARD, code="NORD", city="", finess="", active=False)

        with unit_of_work():
            network.edit_department(department_id, changed, by=lead)

        assert network.show_department(department_id, by=lead).card == changed

    def test_the_code_stays_once_a_published_list_bears_it(self, session, lead):
        places = [make_department(session), make_department(session)]
        send_reports(session, places)
        make_frozen(places, by=lead)
        card = network.show_department(places[0].id, by=lead).card

        with pytest.raises(InvalidFields) as refused, unit_of_work():
            network.edit_department(places[0].id, replace(card, code="OTHER"), by=lead)
        with unit_of_work():
            network.edit_department(places[0].id, replace(card, city="Nancy"), by=lead)

        assert set(refused.value.fields) == {"code"}
        assert network.show_department(places[0].id, by=lead).card.city == "Nancy"

    def test_readers_are_counted_where_they_belong(self, session, lead):
        first, second = make_department(session), make_department(session)
        for place in (first, first, second):
            make_reader(session, place)

        assert [one.reviewers for one in network.list_departments(by=lead)] == [2, 1]
        assert network.show_department(first.id, by=lead).reviewers == 2

    def test_what_is_not_there_is_not_found(self, lead):
        with pytest.raises(NotFound):
            network.show_department(uuid4(), by=lead)
        with pytest.raises(NotFound), unit_of_work():
            network.edit_department(uuid4(), CARD, by=lead)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REVIEWER, Role.QUALITY_LEAD])
    def test_nobody_of_a_department_changes_the_network(self, session, role):
        actor = make_actor(session, role, make_department(session))

        with pytest.raises(NotAllowed):
            network.list_departments(by=actor)
        with pytest.raises(NotAllowed):
            add(CARD, actor)


class TestReviewers:
    CARD = ReviewerCard(40, specialities=(("CT", "chest"),))

    def make(self, account, lead, card=CARD):
        with unit_of_work():
            return network.make_reviewer(account, card, by=lead)

    def test_a_person_with_the_role_is_set_up_by_address(self, session, lead):
        place = make_department(session)
        account = make_account(session, "-", Role.REVIEWER, place.id)
        [candidate] = network.list_candidates(by=lead)

        reviewer_id = self.make(account.email, lead)

        reviewer = network.show_reviewer(reviewer_id, by=lead)
        assert candidate.account_id == account.id
        assert (reviewer.card, reviewer.department_id) == (self.CARD, place.id)
        assert network.list_candidates(by=lead) == []

    def test_a_person_without_the_role_is_refused(self, session, lead):
        account = make_account(session, "-", Role.AUTHOR)

        with pytest.raises(InvalidInput, match="does not hold the role"):
            self.make(account.id, lead)

        assert session.query(Reviewer).count() == 0

    def test_nobody_is_set_up_twice(self, session, lead):
        reviewer = make_reader(session, make_department(session))

        with pytest.raises(Conflicting):
            self.make(reviewer.account_id, lead)

    def test_an_unknown_person_is_not_found(self, lead):
        with pytest.raises(NotFound):
            self.make("nobody@hospital.example", lead)

    def test_a_change_replaces_what_is_read(self, session, lead):
        reviewer = make_reader(session, make_department(session))
        card = ReviewerCard(
            10, accepting=False, adjudicates=True, specialities=(("MR", "spine"), ("MR", "spine"))
        )

        with unit_of_work():
            network.edit_reviewer(reviewer.id, card, by=lead)

        kept = network.show_reviewer(reviewer.id, by=lead).card
        assert kept == replace(card, specialities=(("MR", "spine"),))

    def test_a_card_that_is_not_sound_changes_nothing(self, session, lead):
        reviewer = make_reader(session, make_department(session))
        before = network.show_reviewer(reviewer.id, by=lead)

        with pytest.raises(InvalidFields), unit_of_work():
            network.edit_reviewer(reviewer.id, ReviewerCard(-1), by=lead)

        assert network.show_reviewer(reviewer.id, by=lead) == before

    def test_what_is_not_there_is_not_found(self, lead):
        with pytest.raises(NotFound):
            network.show_reviewer(uuid4(), by=lead)
        with pytest.raises(NotFound), unit_of_work():
            network.edit_reviewer(uuid4(), self.CARD, by=lead)
