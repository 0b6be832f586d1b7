from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import InvalidInput, NotAllowed, NotFound
from peeraudit.models.accounts import AccessToken
from peeraudit.services import accounts, tokens
from tests.factories.accounts import make_account

SCOPES = frozenset({Permission.WRITE_PROTOCOL, Permission.READ_CAMPAIGN})


@pytest.fixture
def lead(session, password_hash):
    account = make_account(session, password_hash, Role.NETWORK_LEAD)
    return Actor(account.id, Role.NETWORK_LEAD)


def create(by, **values):
    wanted = {"name": "nightly", "scopes": SCOPES, "days": 30} | values
    with unit_of_work():
        return tokens.create_token(wanted["name"], wanted["scopes"], days=wanted["days"], by=by)


class TestCreateToken:
    def test_the_secret_finds_its_person_and_scopes(self, lead):
        bearer = tokens.find_bearer(create(lead))

        assert bearer.person.id == lead.account_id
        assert bearer.scopes == SCOPES

    def test_only_the_hash_is_kept(self, lead, session):
        secret = create(lead)

        row = session.scalars(select(AccessToken)).one()

        assert secret not in (row.token_hash, row.name)
        assert len(secret) > 40

    @pytest.mark.parametrize(
        "wrong", [{"name": " "}, {"scopes": frozenset()}, {"days": 0}, {"days": 366}]
    )
    def test_what_cannot_be_used_is_refused(self, lead, wrong):
        with pytest.raises(InvalidInput):
            create(lead, **wrong)

    def test_every_scope_at_once_fits_into_its_column(self, lead, session):
        create(lead, scopes=frozenset(Permission))

        assert tokens.list_tokens(by=lead)[0].scopes == frozenset(Permission)

    def test_every_role_may_make_tokens(self):
        # What a page does, a script may do: so each role needs tokens.
        for role in Role:
            assert Actor(None, role).may(Permission.USE_API_TOKENS), role


class TestEnd:
    def test_a_token_ends_on_its_day(self, lead):
        secret = create(lead, days=30)

        with clock.shifted(timedelta(days=29, hours=23)):
            assert tokens.find_bearer(secret)
        with clock.shifted(timedelta(days=30, seconds=1)):
            assert tokens.find_bearer(secret) is None
            assert tokens.list_tokens(by=lead) == []

    def test_a_revoked_token_ends_at_once(self, lead):
        secret = create(lead)
        token = tokens.list_tokens(by=lead)[0]

        with unit_of_work():
            tokens.revoke_token(token.id, by=lead)

        assert tokens.find_bearer(secret) is None
        assert tokens.list_tokens(by=lead) == []

    def test_nobody_revokes_the_token_of_another(self, lead, session, password_hash):
        create(lead)
        token = tokens.list_tokens(by=lead)[0]
        other = Actor(make_account(session, password_hash).id, Role.NETWORK_LEAD)

        with pytest.raises(NotFound), unit_of_work():
            tokens.revoke_token(token.id, by=other)

    def test_it_ends_with_the_account(self, lead, session, password_hash):
        secret = create(lead)
        admin = Actor(
            make_account(session, password_hash, Role.ADMINISTRATOR).id, Role.ADMINISTRATOR
        )
        with unit_of_work():
            accounts.set_active(lead.account_id, active=False, by=admin)

        assert tokens.find_bearer(secret) is None

    def test_an_unknown_secret_is_nobody(self, session):
        assert tokens.find_bearer("pa_unknown") is None


class TestNoteUse:
    def test_it_is_written_down_once_in_a_while(self, lead):
        secret = create(lead)

        def used_at():
            with unit_of_work():
                tokens.note_use(secret)
            return tokens.list_tokens(by=lead)[0].last_used_at

        first = used_at()
        with clock.shifted(timedelta(minutes=4)):
            second = used_at()
        with clock.shifted(timedelta(minutes=6)):
            third = used_at()

        assert first == second < third


def test_a_role_without_tokens_makes_none(lead, monkeypatch):
    monkeypatch.setattr(Actor, "may", lambda self, permission: False)

    with pytest.raises(NotAllowed):
        create(lead)
