from uuid import uuid4

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Grant, Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Conflicting, InvalidInput, NotAllowed, NotFound
from peeraudit.models.trail import TrailEntry
from peeraudit.services import accounts
from peeraudit.services.accounts import NewAccount
from tests.factories.accounts import make_account, make_department

GOOD = "quatre mots choisis seul"


@pytest.fixture
def admin(session, password_hash):
    return Actor(make_account(session, password_hash, Role.ADMINISTRATOR).id, Role.ADMINISTRATOR)


def opened(new, by):
    with unit_of_work():
        return accounts.open_account(new, by=by)


def acts(session):
    return list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.id)))


class TestOpenAccount:
    def test_the_person_holds_the_roles_and_must_change_the_password(self, session, admin):
        place = make_department(session)
        new = NewAccount(
            " Anne@Hospital.Example ", "Anne", GOOD, grants=[Grant(Role.REVIEWER, place.id)]
        )

        person = accounts.find_person(opened(new, admin))

        assert person.email == "anne@hospital.example"
        assert [(g.role, g.department_name) for g in person.grants] == [(Role.REVIEWER, place.name)]
        assert person.must_change_password
        assert acts(session) == ["open_account", "give_role"]

    def test_one_opened_on_the_command_line_keeps_its_password(self, session):
        person = accounts.find_person(opened(NewAccount("a@b.example", "A", GOOD), None))

        assert not person.must_change_password

    @pytest.mark.parametrize(
        "wrong",
        [
            {"email": "nobody"},
            {"email": "a b@c.example"},
            {"email": "a" * 250 + "@b.example"},
            {"name": "  "},
            {"password": "short"},
            {"password": "a@b.example1"[:11]},
        ],
    )
    def test_what_cannot_be_used_is_refused_and_leaves_nothing(self, session, admin, wrong):
        values = {"email": "a@b.example", "name": "A", "password": GOOD} | wrong

        with pytest.raises(InvalidInput):
            opened(NewAccount(**values), admin)

        assert acts(session) == []

    def test_an_address_is_taken_once_whatever_its_case(self, session, admin):
        opened(NewAccount("a@b.example", "A", GOOD), admin)

        with pytest.raises(Conflicting):
            opened(NewAccount("A@B.EXAMPLE", "B", GOOD), admin)

    def test_a_department_that_does_not_exist_is_refused(self, session, admin):
        new = NewAccount("a@b.example", "A", GOOD, grants=[Grant(Role.AUTHOR, uuid4())])

        with pytest.raises(NotFound):
            opened(new, admin)


class TestRoles:
    def test_a_role_given_twice_is_held_once(self, session, admin, password_hash):
        account_id = make_account(session, password_hash).id
        for _ in range(2):
            with unit_of_work():
                accounts.give_role(account_id, Grant(Role.NETWORK_LEAD), by=admin)

        assert len(accounts.find_person(account_id).grants) == 1
        assert acts(session) == ["give_role"]

    def test_nobody_unknown_gets_a_role(self, session, admin):
        with pytest.raises(NotFound), unit_of_work():
            accounts.give_role(uuid4(), Grant(Role.NETWORK_LEAD), by=admin)

    def test_a_role_taken_ends_at_once(self, session, admin, password_hash):
        account_id = make_account(session, password_hash, Role.NETWORK_LEAD).id
        grant = accounts.find_person(account_id).grants[0]

        with unit_of_work():
            accounts.take_role(account_id, grant.id, by=admin)

        assert accounts.find_person(account_id).find_actor(Permission.WRITE_PROTOCOL) is None

    def test_a_role_of_somebody_else_is_not_taken(self, session, admin, password_hash):
        lead = make_account(session, password_hash, Role.NETWORK_LEAD).id
        other = make_account(session, password_hash).id
        grant = accounts.find_person(lead).grants[0]

        with pytest.raises(NotFound), unit_of_work():
            accounts.take_role(other, grant.id, by=admin)

    def test_the_last_administrator_stays_one(self, session, admin):
        grant = accounts.find_person(admin.account_id).grants[0]

        with pytest.raises(Conflicting), unit_of_work():
            accounts.take_role(admin.account_id, grant.id, by=admin)

    def test_with_another_administrator_the_role_can_go(self, session, admin, password_hash):
        other = make_account(session, password_hash, Role.ADMINISTRATOR).id
        grant = accounts.find_person(other).grants[0]

        with unit_of_work():
            accounts.take_role(other, grant.id, by=admin)

        assert accounts.find_person(other).grants == ()

    def test_roles_stand_in_the_order_of_the_product(self, session, admin, password_hash):
        place = make_department(session)
        account_id = make_account(session, password_hash, Role.ADMINISTRATOR).id
        with unit_of_work():
            accounts.give_role(account_id, Grant(Role.COORDINATOR, place.id), by=admin)

        roles = [g.role for g in accounts.find_person(account_id).grants]

        assert roles == [Role.COORDINATOR, Role.ADMINISTRATOR]

    def test_a_role_reaches_its_department_alone(self, session, password_hash):
        north, south = make_department(session), make_department(session)
        account = make_account(session, password_hash, Role.COORDINATOR, north.id)
        person = accounts.find_person(account.id)

        assert person.find_actor(Permission.UPLOAD_REPORTS, north.id) is not None
        assert person.find_actor(Permission.UPLOAD_REPORTS, south.id) is None


class TestClosing:
    def test_a_closed_account_is_nobody_and_can_be_opened_again(
        self, session, admin, password_hash
    ):
        account_id = make_account(session, password_hash).id
        with unit_of_work():
            accounts.set_active(account_id, active=False, by=admin)
        closed = accounts.find_person(account_id)
        with unit_of_work():
            accounts.set_active(account_id, active=True, by=admin)

        assert closed is None
        assert accounts.find_person(account_id) is not None
        assert acts(session) == ["close_account", "open_account_again"]

    def test_closing_ends_the_sessions_even_after_opening_again(
        self, session, admin, password_hash
    ):
        account_id = make_account(session, password_hash).id
        epoch = accounts.find_person(account_id).session_epoch
        for active in (False, True):
            with unit_of_work():
                accounts.set_active(account_id, active=active, by=admin)

        assert accounts.find_person(account_id, epoch=epoch) is None

    def test_closing_twice_is_written_down_once(self, session, admin, password_hash):
        account_id = make_account(session, password_hash).id
        for _ in range(2):
            with unit_of_work():
                accounts.set_active(account_id, active=False, by=admin)

        assert acts(session) == ["close_account"]

    def test_nobody_closes_the_own_account(self, session, admin):
        with pytest.raises(Conflicting), unit_of_work():
            accounts.set_active(admin.account_id, active=False, by=admin)

    def test_two_administrators_cannot_close_each_other(self, session, admin, password_hash):
        other = make_account(session, password_hash, Role.ADMINISTRATOR).id
        rival = Actor(other, Role.ADMINISTRATOR)
        with unit_of_work():
            accounts.set_active(other, active=False, by=admin)

        with pytest.raises(Conflicting), unit_of_work():
            accounts.set_active(admin.account_id, active=False, by=rival)


class TestPassword:
    def test_a_new_password_ends_the_sessions(self, session, admin, password_hash):
        account_id = make_account(session, password_hash).id
        epoch = accounts.find_person(account_id).session_epoch

        with unit_of_work():
            accounts.set_password(account_id, GOOD, by=admin)

        assert accounts.find_person(account_id, epoch=epoch) is None
        assert accounts.find_person(account_id).must_change_password

    def test_another_person_needs_the_right_to_set_it(self, session, password_hash):
        lead = Actor(make_account(session, password_hash, Role.NETWORK_LEAD).id, Role.NETWORK_LEAD)
        other = make_account(session, password_hash).id

        with pytest.raises(NotAllowed), unit_of_work():
            accounts.set_password(other, GOOD, by=lead)

    def test_ending_the_sessions_ends_them(self, session, password_hash):
        account_id = make_account(session, password_hash).id
        person = accounts.find_person(account_id)
        with unit_of_work():
            accounts.end_sessions(account_id, by=None)

        assert accounts.find_person(account_id, epoch=person.session_epoch) is None
        assert acts(session) == ["end_sessions"]


class TestPreferences:
    def test_language_and_keys_are_kept(self, session, password_hash):
        account_id = make_account(session, password_hash).id
        with unit_of_work():
            accounts.set_preference(account_id, "language", "en")
            accounts.set_preference(account_id, "keys", {"urgent": "x"})

        person = accounts.find_person(account_id)

        assert person.language == "en"
        assert person.preferences["keys"] == {"urgent": "x"}

    def test_what_is_too_long_is_not_kept(self, session, password_hash):
        account_id = make_account(session, password_hash).id
        with unit_of_work():
            accounts.set_preference(account_id, "keys", "x" * 3000)

        assert "keys" not in accounts.find_person(account_id).preferences

    def test_nobody_takes_the_duty_to_change_the_password_from_oneself(
        self, session, password_hash
    ):
        account_id = make_account(session, password_hash).id

        with pytest.raises(InvalidInput), unit_of_work():
            accounts.set_preference(account_id, accounts.MUST_CHANGE, False)


class TestLookingUp:
    def test_a_place_is_found_by_its_code(self, session):
        place = make_department(session)

        assert accounts.find_place(place.code).name == place.name
        with pytest.raises(NotFound, match="NOWHERE"):
            accounts.find_place("NOWHERE")

    def test_an_account_is_found_by_its_address(self, session, password_hash):
        account = make_account(session, password_hash)

        assert accounts.find_account_id(account.email.upper()) == account.id
        with pytest.raises(NotFound):
            accounts.find_account_id("nobody@hospital.example")

    def test_people_and_places_need_the_right(self, session):
        reviewer = Actor(uuid4(), Role.REVIEWER, uuid4())

        for look in (accounts.list_people, accounts.list_places):
            with pytest.raises(NotAllowed):
                look(by=reviewer)
        with pytest.raises(NotAllowed):
            accounts.show_person(uuid4(), by=reviewer)

    def test_a_person_who_is_not_there_is_told(self, session, admin):
        with pytest.raises(NotFound):
            accounts.show_person(uuid4(), by=admin)
