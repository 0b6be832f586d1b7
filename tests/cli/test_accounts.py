import pytest

from peeraudit.domain.accounts import Permission, Role
from peeraudit.services import accounts, sign_in, tokens
from tests.factories.accounts import make_account, make_department

GOOD = "quatre mots choisis seul"


@pytest.fixture
def run(app, session):
    runner = app.test_cli_runner()

    def command(*args, **kwargs):
        return runner.invoke(args=list(args), **kwargs)

    return command


def create(run, *more, **kwargs):
    return run("accounts", "create", "chief@hospital.example", "--name", "Chief", *more, **kwargs)


class TestCreate:
    def test_the_first_administrator_gets_a_password_that_is_printed_once(self, run):
        done = create(run, "--role", "administrator", "--generate")
        password = done.output.rpartition(": ")[2].strip()

        person = sign_in.sign_in("chief@hospital.example", password, address="")

        assert done.exit_code == 0
        assert [g.role for g in person.grants] == [Role.ADMINISTRATOR]
        assert not person.must_change_password

    def test_a_password_is_asked_for_twice_and_not_shown(self, run):
        done = create(run, input=f"{GOOD}\n{GOOD}\n")

        assert done.exit_code == 0
        assert GOOD not in done.output
        assert sign_in.sign_in("chief@hospital.example", GOOD, address="")

    def test_a_weak_password_is_refused_in_words(self, run):
        done = create(run, input="short\nshort\n")

        assert done.exit_code == 1
        assert "12" in done.output
        assert "Traceback" not in done.output

    def test_a_role_of_a_department_takes_its_code(self, run, session):
        place = make_department(session)

        create(run, "--role", "coordinator", "--department", place.code, "--generate")
        person = accounts.find_person(accounts.find_account_id("chief@hospital.example"))

        assert [(g.role, g.department_id) for g in person.grants] == [(Role.COORDINATOR, place.id)]

    def test_a_department_that_is_missing_is_told(self, run):
        assert create(run, "--role", "coordinator", "--generate").exit_code == 1
        wrong = create(run, "--role", "coordinator", "--department", "NOWHERE", "--generate")
        assert "NOWHERE" in wrong.output


class TestLater:
    def test_a_role_is_given(self, run, session, password_hash):
        account = make_account(session, password_hash)

        done = run("accounts", "give-role", account.email, "network_lead")

        assert done.exit_code == 0
        assert accounts.find_person(account.id).find_actor(Permission.WRITE_PROTOCOL)

    def test_a_password_is_set(self, run, session, password_hash):
        email = make_account(session, password_hash).email

        done = run("accounts", "set-password", email, input=f"{GOOD}\n{GOOD}\n")

        assert done.exit_code == 0
        assert sign_in.sign_in(email, GOOD, address="")

    @pytest.mark.parametrize(
        "args",
        [
            ("accounts", "give-role", "nobody@b.example", "network_lead"),
            ("accounts", "set-password", "nobody@b.example", "--generate"),
            ("tokens", "issue", "nobody@b.example", "--name", "x"),
        ],
    )
    def test_nobody_unknown_gets_anything(self, run, args):
        done = run(*args)

        assert done.exit_code == 1
        assert "Traceback" not in done.output

    def test_everybody_is_listed(self, run, session, password_hash):
        account = make_account(session, password_hash, Role.NETWORK_LEAD)

        line = run("accounts", "list").output.strip()

        assert line.split("\t") == [account.email, account.name, "open", "network_lead"]


class TestTokens:
    def test_one_is_issued_for_all_that_the_person_may(self, run, session, password_hash):
        account = make_account(session, password_hash, Role.DATA_PROTECTION_OFFICER)

        secret = run("tokens", "issue", account.email, "--name", "nightly").output.strip()

        assert tokens.find_bearer(secret).scopes == {
            Permission.GRANT_UNSEALING,
            Permission.READ_TRAIL,
            Permission.RUN_RETENTION,
            Permission.USE_API_TOKENS,
        }

    def test_scopes_narrow_it(self, run, session, password_hash):
        account = make_account(session, password_hash, Role.NETWORK_LEAD)

        done = run("tokens", "issue", account.email, "--name", "x", "--scope", "read_campaign")

        assert tokens.find_bearer(done.output.strip()).scopes == {Permission.READ_CAMPAIGN}

    def test_who_has_no_role_gets_none(self, run, session, password_hash):
        account = make_account(session, password_hash)

        assert run("tokens", "issue", account.email, "--name", "x").exit_code == 1

    def test_a_life_out_of_range_is_told(self, run, session, password_hash):
        account = make_account(session, password_hash, Role.NETWORK_LEAD)

        done = run("tokens", "issue", account.email, "--name", "x", "--days", "999")

        assert done.exit_code == 1
        assert "365" in done.output
