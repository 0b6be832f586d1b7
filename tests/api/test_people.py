from datetime import date
from uuid import uuid4

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Grant, Permission, Role
from peeraudit.domain.notifications import NoticeKind
from peeraudit.services import accounts, notifications, tokens
from tests.factories.accounts import make_account, make_department

GOOD = "quatre mots choisis seul"


@pytest.fixture
def bearer(session, password_hash):
    """Return the headers of a new person in a role, and the person's id."""

    def of(role, scopes=None):
        account = make_account(session, password_hash, role)
        person = accounts.find_person(account.id)
        with unit_of_work():
            secret = tokens.create_token(
                "test",
                frozenset(ROLE_PERMISSIONS[role] if scopes is None else scopes),
                days=1,
                by=person.as_actor(person.grants[0]),
            )
        return {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}, person.id

    return of


def new_person(**changed):
    return {
        "email": "anne@hospital.example",
        "name": "Anne Martin",
        "password": GOOD,
        "roles": [{"role": "network_lead"}],
    } | changed


class TestWho:
    def test_it_tells_the_roles_and_what_the_token_may(self, client, bearer):
        headers, account_id = bearer(Role.NETWORK_LEAD, {Permission.USE_API_TOKENS})

        answer = client.get("/api/v1/me", headers=headers).json

        assert answer["account_id"] == str(account_id)
        assert answer["roles"] == [{"role": "network_lead", "department_id": None}]
        assert answer["permissions"] == ["use_api_tokens"]

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer pa_wrong", "Basic abc"])
    def test_without_a_valid_token_nobody_is_told(self, client, header):
        answer = client.get("/api/v1/me", headers={"Authorization": header})

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert set(answer.json) == {"error", "message"}


class TestHealth:
    def test_an_administrator_reads_the_state_of_the_parts(self, client, bearer):
        headers, _ = bearer(Role.ADMINISTRATOR)

        answer = client.get("/api/v1/health", headers=headers).json

        assert answer["is_late"] is False
        assert answer["schema"]


class TestPeople:
    def test_a_script_sets_up_a_person_with_roles(self, client, bearer, session):
        headers, _ = bearer(Role.ADMINISTRATOR)
        place = make_department(session)
        made = client.post("/api/v1/people", json=new_person(), headers=headers)
        url = f"/api/v1/people/{made.json['id']}"
        role = {"role": "reviewer", "department_id": str(place.id)}
        given = client.post(f"{url}/roles", json=role, headers=headers)
        lead = next(r for r in given.json["roles"] if r["role"] == "network_lead")
        taken = client.delete(f"{url}/roles/{lead['id']}", headers=headers)

        everybody = client.get("/api/v1/people", headers=headers).json["people"]

        assert [made.status_code, given.status_code, taken.status_code] == [201, 201, 200]
        assert made.json["must_change_password"] is True
        assert [r["department_name"] for r in taken.json["roles"]] == [place.name]
        assert "anne@hospital.example" in {p["email"] for p in everybody}
        assert GOOD not in str(everybody)

    def test_an_account_is_closed_and_opened_and_gets_a_password(self, client, bearer):
        headers, _ = bearer(Role.ADMINISTRATOR)
        made = client.post("/api/v1/people", json=new_person(), headers=headers).json
        url = f"/api/v1/people/{made['id']}"

        states = [
            client.post(f"{url}/{act}", headers=headers).json["active"] for act in ("close", "open")
        ]
        again = client.post(f"{url}/password", json={"password": GOOD}, headers=headers)

        assert states == [False, True]
        assert again.status_code == 200
        assert client.get(url, headers=headers).json["id"] == made["id"]

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"password": "short"}, "details"),
            ({"roles": [{"role": "king"}]}, "details"),
            ({"roles": [{"role": "reviewer"}]}, "department"),
            ({"email": "no address"}, "e-mail"),
        ],
    )
    def test_what_cannot_be_used_is_told_and_leaves_nothing(self, client, bearer, changed, told):
        headers, _ = bearer(Role.ADMINISTRATOR)

        answer = client.post("/api/v1/people", json=new_person(**changed), headers=headers)

        assert answer.status_code == 422
        assert told in answer.text
        assert len(client.get("/api/v1/people", headers=headers).json["people"]) == 1

    def test_a_token_without_the_scope_and_a_role_without_the_right_are_refused(
        self, client, bearer
    ):
        lacks_scope, _ = bearer(Role.ADMINISTRATOR, {Permission.USE_API_TOKENS})
        lacks_right, _ = bearer(Role.REVIEWER, {Permission.MANAGE_ACCOUNTS})

        for headers in (lacks_scope, lacks_right):
            assert client.get("/api/v1/people", headers=headers).status_code == 403

    def test_somebody_unknown_is_not_found(self, client, bearer):
        headers, _ = bearer(Role.ADMINISTRATOR)
        answer = client.get(f"/api/v1/people/{uuid4()}", headers=headers)

        assert answer.status_code == 404
        assert answer.json["error"] == "NotFound"

    def test_a_wrong_method_names_the_right_ones(self, client, bearer):
        headers, _ = bearer(Role.ADMINISTRATOR)

        answer = client.put("/api/v1/people", headers=headers)

        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]


class TestMessages:
    def test_a_script_reads_them_in_its_language_and_marks_them(self, client, bearer, session):
        headers, account_id = bearer(Role.REVIEWER)
        with unit_of_work():
            accounts.give_role(account_id, Grant(Role.NETWORK_LEAD), by=None)
            notifications.tell(
                account_id,
                NoticeKind.CASES_OFFERED,
                key="k",
                params={"count": 6, "due": date(2026, 12, 4)},
            )
            notifications.tell(
                account_id,
                NoticeKind.CASE_WITHOUT_REVIEWER,
                key="k",
                params={"code": "C-7", "campaign": "Thorax"},
            )
        url = "/api/v1/messages"
        both = client.get(url, headers=headers).json["messages"]
        offered = client.get(f"{url}?role=reviewer", headers=headers).json["messages"]
        read = client.post(f"{url}/{offered[0]['id']}/read", headers=headers)
        unread = client.get(f"{url}?unread=true", headers=headers).json["messages"]

        assert len(both) == 2
        assert offered[0]["text"] == "6 cases wait to be read by you until 4 Dec 2026."
        assert read.json["read_at"] is not None
        assert [m["role"] for m in unread] == ["network_lead"]

    def test_the_message_of_another_is_not_there(self, client, bearer):
        headers, _ = bearer(Role.REVIEWER)

        assert client.post(f"/api/v1/messages/{uuid4()}/read", headers=headers).status_code == 404


class TestTrail:
    def test_the_data_protection_officer_reads_who_did_what(self, client, bearer):
        admin, admin_id = bearer(Role.ADMINISTRATOR)
        client.post("/api/v1/people", json=new_person(), headers=admin)
        headers, _ = bearer(Role.DATA_PROTECTION_OFFICER)

        found = client.get(f"/api/v1/trail?actor_id={admin_id}", headers=headers).json

        assert [e["act"] for e in found["entries"]] == ["give_role", "open_account", "create_token"]
        assert found["entries"][0]["details"]["role"] == "network_lead"

    def test_days_narrow_it(self, client, bearer):
        headers, _ = bearer(Role.DATA_PROTECTION_OFFICER)

        def total(query):
            return client.get(f"/api/v1/trail?{query}", headers=headers).json["total"]

        assert total("until=2000-01-01") == 0
        assert total("since=2000-01-01&until=9999-12-31") == total("") > 0

    def test_nobody_else_reads_it(self, client, bearer):
        headers, _ = bearer(Role.ADMINISTRATOR, {Permission.READ_TRAIL})

        assert client.get("/api/v1/trail", headers=headers).status_code == 403
