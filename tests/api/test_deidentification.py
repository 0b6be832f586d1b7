import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.cases import Case
from peeraudit.services import tokens
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_campaign
from tests.services.test_masking import masked_case

URL = "/api/v1/deidentification"


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def campaign(session, department):
    return make_campaign(session, [department], state=CampaignState.DRAWN)


@pytest.fixture
def case(session, campaign, department):
    return masked_case(session, campaign, department)


def headers_of(session, password_hash, department, role=Role.COORDINATOR):
    account = make_account(session, password_hash, role, department.id)
    actor = Actor(account.id, role, department.id)
    scope = Permission.CHECK_DEIDENTIFICATION
    if role is not Role.COORDINATOR:
        scope = Permission.SCORE_CASES
    with unit_of_work():
        secret = tokens.create_token("test", frozenset({scope}), days=1, by=actor)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def headers(session, password_hash, department):
    return headers_of(session, password_hash, department)


def test_a_script_masks_words_and_approves_what_it_saw(client, session, case, headers):
    url = f"{URL}/cases/{case.id}"
    shown = client.get(url, headers=headers).json

    masked = client.post(
        f"{url}/masks",
        json={"words": "lobe moyen", "kind": "other", "version": shown["version"]},
        headers=headers,
    )
    stale = client.post(f"{url}/approval", json={"version": shown["version"]}, headers=headers)
    done = client.post(f"{url}/approval", json={"version": masked.json["version"]}, headers=headers)

    assert "".join(part["text"] for part in shown["original"]).count("Durand") == 1
    assert "⟦other⟧" in masked.json["masked_text"]
    assert stale.status_code == 409
    assert stale.json["error"] == "Conflicting"
    assert done.json["stage"] == "checked"
    session.expire_all()
    assert session.get_one(Case, case.id).state is CaseState.ELIGIBLE


def test_a_mask_is_taken_away_and_a_case_set_aside_or_excluded(client, case, headers):
    url = f"{URL}/cases/{case.id}"
    [mask] = [m for m in client.get(url, headers=headers).json["masks"] if m["words"] == "Durand"]

    shown = client.post(
        f"{url}/masks/removal",
        json={"start": mask["start"], "reason": "ordinary_word"},
        headers=headers,
    )
    aside = client.post(f"{url}/quarantine", headers=headers)
    out = client.post(f"{url}/exclusion", json={"reason": "objection"}, headers=headers)

    assert "Durand" in shown.json["masked_text"]
    assert aside.json["stage"] == "quarantined"
    assert out.json["stage"] == "excluded"


def test_all_without_doubt_are_approved(client, campaign, case, headers):
    answer = client.post(
        f"{URL}/approvals", json={"campaign_id": str(campaign.id)}, headers=headers
    )

    counts = client.get(f"{URL}/cases", headers=headers).json["counts"]
    assert answer.json == {"count": 1}
    assert counts["checked"] == 1


def test_another_department_or_role_sees_nothing(client, session, password_hash, case):
    other = headers_of(session, password_hash, make_department(session))
    reviewer = headers_of(session, password_hash, make_department(session), Role.REVIEWER)

    assert client.get(f"{URL}/cases/{case.id}", headers=other).status_code == 404
    assert client.get(f"{URL}/cases", headers=other).json["cases"] == []
    assert client.get(f"{URL}/cases/{case.id}", headers=reviewer).status_code == 403


def test_a_script_teaches_lists_and_forgets_words(session, client, case, headers):
    url = f"{URL}/words"

    taught = client.post(url, json={"words": "lobe  moyen", "kind": "place"}, headers=headers)
    again = client.post(url, json={"words": "LOBE MOYEN", "kind": "place"}, headers=headers)

    assert taught.status_code == again.status_code == 201, taught.text
    assert taught.json["job_id"] is not None
    assert again.json["job_id"] is None
    [line] = client.get(url, headers=headers).json["words"]
    assert (line["words"], line["kind"]) == ("lobe moyen", "place")
    sweep()
    session.expire_all()
    assert "lobe moyen" not in session.get_one(Case, case.id).masked_text

    assert client.delete(f"{url}/{line['id']}", headers=headers).status_code == 204
    assert client.delete(f"{url}/{line['id']}", headers=headers).status_code == 404
    assert client.get(url, headers=headers).json["words"] == []


def test_words_that_are_too_short_are_refused(client, headers):
    answer = client.post(f"{URL}/words", json={"words": "ab"}, headers=headers)

    assert answer.status_code == 422
    assert client.get(f"{URL}/words", headers=headers).json["words"] == []


def test_another_departments_words_are_not_there(session, password_hash, client, headers):
    client.post(f"{URL}/words", json={"words": "plateau"}, headers=headers)
    other = headers_of(session, password_hash, make_department(session))
    [line] = client.get(f"{URL}/words", headers=headers).json["words"]

    assert client.get(f"{URL}/words", headers=other).json["words"] == []
    assert client.delete(f"{URL}/words/{line['id']}", headers=other).status_code == 404
