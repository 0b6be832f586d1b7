import pytest

from peeraudit.domain.keyring import Keyring, parse_keyring
from peeraudit.services import duties
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign, make_case, make_report


@pytest.fixture
def run(app, session):
    def invoke(*words):
        return app.test_cli_runner().invoke(args=["keys", *words])

    return invoke


@pytest.fixture
def rotated(app, session, monkeypatch, run):
    """A new key is there, and something that the old one sealed."""
    place = make_department(session)
    make_case(session, make_campaign(session, [place]), make_report(session, place))
    line = run("new").stdout
    fresh, problems = parse_keyring(line)
    assert problems == []
    keys = {**app.config["IDENTITY_KEYS"].keys, **fresh.keys}
    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring(keys))


def test_a_new_key_is_the_next_version_and_says_what_to_do(run):
    done = run("new")

    assert parse_keyring(done.stdout)[0].newest == 2
    assert "flask keys rotate" in done.stderr


def test_rotating_seals_everything_and_the_old_key_may_go(run, rotated, monkeypatch):
    # The claim of a duty is renewed by a thread, which cannot share the connection of a test.
    monkeypatch.setattr("peeraudit.adapters.queue.CLAIM_RENEWED_EVERY", duties.timedelta(hours=1))
    refused = run("check", "1")
    assert refused.exit_code == 1
    assert refused.stderr

    done = run("rotate")

    assert done.exit_code == 0, done.output
    assert "sealed under key 2: succeeded" in done.stdout
    assert run("check", "1").exit_code == 0
    assert "1: nothing" in run("list").stdout
    assert "2" in run("rotate").stdout
