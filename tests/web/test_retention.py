import pytest
from sqlalchemy import func, select

from peeraudit.adapters import queue
from peeraudit.domain.accounts import Role
from peeraudit.models.identities import Identity
from peeraudit.models.jobs import Job
from peeraudit.services import retention
from peeraudit.tasks.upkeep import sweep
from tests.factories.network import make_actor
from tests.factories.retention import later, make_ended


@pytest.fixture
def ended(session, monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    return make_ended(session, make_actor(session, Role.NETWORK_LEAD), departments=1)


def identities(session):
    return session.scalar(select(func.count()).select_from(Identity))


def test_before_the_end_it_tells_when(client, sign_in, ended):
    sign_in(Role.DATA_PROTECTION_OFFICER)

    page = client.get("/retention/").text

    assert ended.campaign.code in page
    assert "/retention/purge" not in page


def test_what_is_due_is_shown_confirmed_and_destroyed(client, session, sign_in, ended):
    with later():
        sign_in(Role.DATA_PROTECTION_OFFICER)
        shown = client.get("/retention/").text
        asked = client.get("/retention/purge").text
        assert identities(session) == 17
        done = client.post("/retention/purge")
        running = client.get("/retention/").text
        [job_id] = session.scalars(select(Job.id).where(Job.kind == "purge"))
        progress = client.get(f"/jobs/{job_id}.json")
        sweep()
        after = client.get("/retention/").text
        empty = client.get("/retention/purge").text

    assert 'href="/retention/purge"' in shown
    assert ended.campaign.title in asked
    assert "btn-danger" in asked
    assert done.location == "/retention/"
    assert f"/jobs/{job_id}.json" in running
    assert progress.json["state"] == "queued"
    assert identities(session) == 0
    assert 'href="/retention/purge"' not in after
    assert "btn-danger" not in empty


def test_ordering_it_twice_says_so(client, sign_in, ended):
    with later():
        sign_in(Role.DATA_PROTECTION_OFFICER)
        client.post("/retention/purge")
        again = client.post("/retention/purge")

    assert again.status_code == 422


def test_where_nothing_is_due_nothing_happens(client, session, sign_in, ended):
    sign_in(Role.DATA_PROTECTION_OFFICER)

    answer = client.post("/retention/purge")

    assert answer.status_code == 422
    assert identities(session) == 17


@pytest.mark.parametrize("role", [Role.NETWORK_LEAD, Role.ADMINISTRATOR, Role.AUTHOR])
def test_others_see_nothing_of_it(client, sign_in, ended, role):
    with later():
        sign_in(role, ended.audit.departments[0].id if role is Role.AUTHOR else None)
        assert client.get("/retention/").status_code == 403
        assert client.post("/retention/purge").status_code == 403
        assert not retention.show_retention(by=None).runs


def test_no_page_names_anybody(client, sign_in, ended):
    with later():
        sign_in(Role.DATA_PROTECTION_OFFICER)
        told = client.get("/retention/").text + client.get("/retention/purge").text

    assert not [one for one in ended.reports if one.accession in told]
    assert "Lenoir" not in told
