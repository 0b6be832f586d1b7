import pytest
from sqlalchemy import func, select

from peeraudit.adapters import queue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Permission, Role
from peeraudit.models.identities import Identity
from peeraudit.models.jobs import Job
from peeraudit.services import accounts, tokens
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account
from tests.factories.network import make_actor
from tests.factories.retention import later, make_ended

URL = "/api/v1/retention"


@pytest.fixture
def ended(session, monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    return make_ended(session, make_actor(session, Role.NETWORK_LEAD), departments=1)


@pytest.fixture
def officer(session, password_hash):
    """Return the headers of a token of a data protection officer that lives long enough."""
    account = make_account(session, password_hash, Role.DATA_PROTECTION_OFFICER)
    person = accounts.find_person(account.id)
    with unit_of_work():
        secret = tokens.create_token(
            "test",
            ROLE_PERMISSIONS[Role.DATA_PROTECTION_OFFICER],
            days=365,
            by=person.as_actor(person.grants[0]),
        )
    return {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}


def test_it_tells_what_is_kept_and_destroys_what_is_due(client, session, ended, officer):
    [before] = client.get(URL, headers=officer).json["campaigns"]
    with later():
        [due] = client.get(URL, headers=officer).json["campaigns"]
        ordered = client.post(f"{URL}/purge", headers=officer)
        sweep()
        run = client.get(f"{URL}/runs/{ordered.json['id']}", headers=officer).json
        after = client.get(URL, headers=officer).json

    assert (before["kept"], before["due"], before["months"]) == (17, 0, 6)
    assert (due["due"], due["holds"]) == (17, {})
    assert ordered.status_code == 202
    assert (run["state"], run["cases"], run["reports"]) == ("succeeded", 17, 17)
    assert [after["campaigns"][0][name] for name in ("kept", "due", "purged")] == [0, 0, 17]
    assert [one["id"] for one in after["runs"]] == [run["id"]]
    assert after["running"] is None
    assert session.scalar(select(func.count()).select_from(Identity)) == 0


def test_nothing_due_is_refused_in_words(client, ended, officer):
    answer = client.post(f"{URL}/purge", headers=officer)

    assert answer.status_code == 422
    assert "Nothing is due" in answer.json["message"]


def test_another_job_is_no_run(client, session, ended, officer):
    [job_id] = session.scalars(select(Job.id))

    assert client.get(f"{URL}/runs/{job_id}", headers=officer).status_code == 404


def test_a_lead_has_no_part_in_it(client, session, password_hash):
    account = make_account(session, password_hash, Role.NETWORK_LEAD)
    person = accounts.find_person(account.id)
    with unit_of_work():
        secret = tokens.create_token(
            "test", {Permission.USE_API_TOKENS}, days=1, by=person.as_actor(person.grants[0])
        )

    answer = client.get(URL, headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 403
