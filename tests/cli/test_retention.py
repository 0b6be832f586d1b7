import json

import pytest
from sqlalchemy import func, select

from peeraudit.domain.accounts import Role
from peeraudit.models.identities import Identity
from tests.factories.network import make_actor
from tests.factories.retention import later, make_ended


@pytest.fixture
def run(app, session):
    def invoke(*words):
        return app.test_cli_runner().invoke(args=["retention", *words])

    return invoke


@pytest.fixture
def ended(session, monkeypatch):
    monkeypatch.setattr("peeraudit.adapters.queue.wake", lambda task, duty_id: None)
    return make_ended(session, make_actor(session, Role.NETWORK_LEAD), departments=1)


def identities(session):
    return session.scalar(select(func.count()).select_from(Identity))


def test_the_preview_tells_what_is_due_and_changes_nothing(session, ended, run):
    before = run("preview").output
    with later():
        said, found = run("preview").output, json.loads(run("preview", "--json").output)

    assert f"{ended.campaign.code}: 17 cases kept until " in before
    assert ", 0 due, 0 destroyed." in before
    assert ", 17 due, 0 destroyed." in said
    assert found["campaigns"][0] | {"ends_at": "", "closed_at": ""} == {
        "code": ended.campaign.code, "state": "closed", "months": 6, "closed_at": "", "ends_at": "",
        "kept": 17, "due": 17, "purged": 0, "holds": {},
    }  # fmt: skip
    assert identities(session) == 17


def test_it_asks_before_it_destroys(session, ended, run):
    with later():
        done = run("purge")

    assert done.exit_code == 1
    assert "cannot be undone" in done.output
    assert identities(session) == 17


def test_it_destroys_what_is_due_once(session, ended, run):
    with later():
        done, again = run("purge", "--yes"), run("purge", "--yes")

    assert "17 cases and 17 reports name nobody any more: succeeded." in done.output
    assert "Nothing is due" in again.output
    assert (done.exit_code, again.exit_code) == (0, 0)
    assert identities(session) == 0
