from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import InvalidInput
from peeraudit.models.accounts import SignInFailure
from peeraudit.services import accounts, sign_in
from peeraudit.services.sign_in import (
    FAILURES_COUNT_FOR,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    SignInRefused,
    TooManyAttempts,
)
from tests.conftest import PASSWORD
from tests.factories.accounts import make_account

HERE, THERE = "192.0.2.1", "192.0.2.2"
GOOD = "quatre mots choisis seul"


@pytest.fixture
def account(session, password_hash):
    account = make_account(session, password_hash, Role.NETWORK_LEAD)
    return SimpleNamespace(id=account.id, email=account.email)


def enter(email, password=PASSWORD, address=HERE):
    with unit_of_work():
        return sign_in.sign_in(email, password, address=address)


def fail(email, times, address=HERE):
    for _ in range(times):
        with unit_of_work():
            sign_in.note_failure(email, address=address)


class TestSignIn:
    def test_the_right_password_opens_whatever_the_case_of_the_address(self, account):
        assert enter(account.email.upper()).id == account.id

    def test_both_refusals_say_the_same(self, account):
        said = set()
        for email, password in ((account.email, "wrong password"), ("no@b.example", PASSWORD)):
            with pytest.raises(SignInRefused) as refused:
                enter(email, password)
            said.add(str(refused.value))

        assert len(said) == 1

    def test_a_closed_account_stays_closed(self, account, session, password_hash):
        admin = accounts.find_person(make_account(session, password_hash, Role.ADMINISTRATOR).id)
        with unit_of_work():
            accounts.set_active(account.id, active=False, by=admin.as_actor(admin.grants[0]))

        with pytest.raises(SignInRefused):
            enter(account.email)


class TestThrottle:
    def test_after_some_failures_even_the_right_password_waits(self, account):
        fail(account.email, FAILURES_PER_ACCOUNT)

        with pytest.raises(TooManyAttempts):
            enter(account.email, address=THERE)

    def test_one_failure_less_does_not_close_the_door(self, account):
        fail(account.email, FAILURES_PER_ACCOUNT - 1)

        assert enter(account.email)

    def test_an_address_that_tries_many_accounts_waits(self, account):
        for number in range(FAILURES_PER_ADDRESS):
            fail(f"person{number}@elsewhere.example", 1)

        with pytest.raises(TooManyAttempts):
            enter(account.email)
        assert enter(account.email, address=THERE)

    def test_a_success_forgets_the_failures_of_the_account(self, account):
        fail(account.email, FAILURES_PER_ACCOUNT - 1)
        enter(account.email)
        fail(account.email, FAILURES_PER_ACCOUNT - 1)

        assert enter(account.email)

    def test_failures_count_for_a_quarter_of_an_hour(self, account, session):
        fail(account.email, FAILURES_PER_ACCOUNT)

        with clock.shifted(FAILURES_COUNT_FOR + timedelta(seconds=1)):
            assert enter(account.email)

    def test_old_failures_are_deleted(self, account, session):
        fail(account.email, 2)
        with clock.shifted(FAILURES_COUNT_FOR + timedelta(seconds=1)):
            fail(account.email, 1)
            with unit_of_work():
                sign_in.forget_old_failures()

        assert session.scalar(select(func.count()).select_from(SignInFailure)) == 1

    def test_neither_address_is_kept_in_clear(self, account, session):
        fail(account.email, 1)

        row = session.scalars(select(SignInFailure)).one()

        assert account.email not in row.email_hash
        assert HERE not in row.address_hash


class TestChangePassword:
    def change(self, account, present=PASSWORD, new=GOOD):
        with unit_of_work():
            return sign_in.change_password(account.id, present, new=new, address=HERE, by=None)

    def test_the_new_password_opens_and_the_old_sessions_end(self, account):
        before = accounts.find_person(account.id)

        after = self.change(account)

        assert after.session_epoch > before.session_epoch
        assert enter(account.email, GOOD)

    def test_the_present_one_is_needed(self, account):
        with pytest.raises(SignInRefused):
            self.change(account, present="not this one")

    def test_guessing_the_present_one_is_slowed_down_too(self, account):
        fail(account.email, FAILURES_PER_ACCOUNT)

        with pytest.raises(TooManyAttempts):
            self.change(account)

    def test_the_same_one_again_is_refused(self, account):
        with pytest.raises(InvalidInput):
            self.change(account, new=PASSWORD)
