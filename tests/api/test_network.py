from datetime import timedelta
from uuid import uuid4

import pytest

from peeraudit.adapters.clock import today
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Role
from peeraudit.models.network import Reviewer
from peeraudit.services import tokens
from tests.factories.accounts import make_account, make_department
from tests.factories.network import make_actor

DEPARTMENT = {"code": "NORD", "name": "Hôpital Nord", "city": "Lyon"}
READING = {"capacity": 40, "specialities": [["CT", "chest"], ["MR", "*"]]}


@pytest.fixture
def bearer(session):
    def of(role, department=None):
        actor = make_actor(session, role, department)
        with unit_of_work():
            secret = tokens.create_token("test", ROLE_PERMISSIONS[role], days=1, by=actor)
        return {"Authorization": f"Bearer {secret}"}

    return of


@pytest.fixture
def lead(bearer):
    return bearer(Role.NETWORK_LEAD)


@pytest.fixture
def reviewer(bearer, session):
    return bearer(Role.REVIEWER, make_department(session))


class TestDepartments:
    def test_a_script_adds_changes_and_reads_them(self, client, lead):
        added = client.post("/api/v1/departments", json=DEPARTMENT, headers=lead)
        url = f"/api/v1/departments/{added.json['id']}"

        changed = client.put(url, json={**DEPARTMENT, "city": "Nancy"}, headers=lead)

        assert added.status_code == 201
        assert changed.json["city"] == client.get(url, headers=lead).json["city"] == "Nancy"
        [listed] = client.get("/api/v1/departments", headers=lead).json["departments"]
        assert (listed["code"], listed["reviewers"]) == ("NORD", 0)

    def test_what_is_wrong_is_told_by_field(self, client, lead):
        answer = client.post("/api/v1/departments", json={"code": "a b", "name": ""}, headers=lead)

        assert answer.status_code == 422
        assert set(answer.json["details"]) == {"code", "name"}

    def test_a_reviewer_adds_none(self, client, reviewer):
        answer = client.post("/api/v1/departments", json=DEPARTMENT, headers=reviewer)

        assert answer.status_code == 403


class TestReviewers:
    def test_a_script_sets_one_up_and_changes_it(self, client, session, lead):
        place = make_department(session)
        account = make_account(session, "-", Role.REVIEWER, place.id)
        body = {**READING, "email": account.email}
        added = client.post("/api/v1/reviewers", json=body, headers=lead)
        url = f"/api/v1/reviewers/{added.json['id']}"

        changed = client.put(url, json={**READING, "adjudicates": True}, headers=lead)

        assert added.status_code == 201
        assert added.json["specialities"] == [["CT", "chest"], ["MR", "*"]]
        assert changed.json["adjudicates"]
        assert client.get(url, headers=lead).json == changed.json
        assert len(client.get("/api/v1/reviewers", headers=lead).json["reviewers"]) == 1

    @pytest.mark.parametrize("pair", [[], ["CT"], ["CT", "chest", "x"], ["XX", "*"]])
    def test_a_speciality_that_is_none_is_refused(self, client, session, lead, pair):
        account = make_account(session, "-", Role.REVIEWER)
        body = {"email": account.email, "specialities": [pair]}

        answer = client.post("/api/v1/reviewers", json=body, headers=lead)

        assert answer.status_code == 422
        assert "specialities" in answer.json["details"]


class TestProfile:
    def test_a_reviewer_declares_everything_by_script(self, client, session, reviewer):
        other = make_department(session)
        day = (today() + timedelta(days=1)).isoformat()
        client.put("/api/v1/profile", json=READING, headers=reviewer)
        client.post(
            "/api/v1/profile/absences",
            json={"first_day": day, "last_day": day},
            headers=reviewer,
        )
        conflict = {"department_id": str(other.id), "reason": "ancien poste"}
        client.post("/api/v1/profile/conflicts", json=conflict, headers=reviewer)

        profile = client.get("/api/v1/profile", headers=reviewer).json
        for kind in ("absences", "conflicts"):
            url = f"/api/v1/profile/{kind}/{profile[kind][0]['id']}"
            assert client.delete(url, headers=reviewer).status_code == 204

        assert (profile["known"], profile["capacity"]) == (True, 40)
        assert profile["absences"][0]["first_day"] == day
        assert profile["conflicts"][0]["department_name"] == other.name
        after = client.get("/api/v1/profile", headers=reviewer).json
        assert (after["absences"], after["conflicts"]) == ([], [])

    def test_the_lead_enters_an_absence_by_script(self, client, session, lead, reviewer):
        client.put("/api/v1/profile", json=READING, headers=reviewer)
        url = f"/api/v1/reviewers/{session.query(Reviewer).one().id}/absences"
        day = (today() + timedelta(days=1)).isoformat()
        away = {"first_day": day, "last_day": day, "finishes": False}

        entered = client.post(url, json=away, headers=lead)
        refused = client.post(url, json=away, headers=reviewer)
        own = client.get("/api/v1/profile/absences", headers=reviewer).json
        taken = client.delete(f"{url}/{own['absences'][0]['id']}", headers=lead)

        assert (entered.status_code, refused.status_code, taken.status_code) == (201, 403, 204)
        assert own == entered.json
        assert client.get(url, headers=lead).json == {"absences": []}

    def test_limits_are_set_and_told_by_script(self, client, reviewer):
        client.put("/api/v1/profile", json=READING, headers=reviewer)

        kept = client.put("/api/v1/profile/limits", json={"weekly": 4}, headers=reviewer)
        wrong = client.put("/api/v1/profile/limits", json={"weekly": 0}, headers=reviewer)
        none = client.put(f"/api/v1/profile/limits/{uuid4()}", json={"most": 1}, headers=reviewer)

        assert kept.json == {"weekly": 4, "campaigns": []}
        assert (wrong.status_code, none.status_code) == (422, 404)
        assert client.get("/api/v1/profile/limits", headers=reviewer).json == kept.json

    def test_the_lead_has_none(self, client, lead):
        assert client.get("/api/v1/profile", headers=lead).status_code == 403
