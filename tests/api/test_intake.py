from io import BytesIO

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.services import tokens
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.services.test_intake import TABLE


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def bearer(session, password_hash, department):
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    actor = Actor(account.id, Role.COORDINATOR, department.id)

    def with_scopes(*scopes):
        with unit_of_work():
            secret = tokens.create_token("test", frozenset(scopes), days=1, by=actor)
        return {"Authorization": f"Bearer {secret}"}

    return with_scopes


def send(client, headers, department_id):
    return client.post(
        f"/api/v1/uploads?department_id={department_id}",
        data={"file": (BytesIO(TABLE.encode()), "octobre.csv")},
        headers=headers,
    )


class TestSendFile:
    def test_a_script_sends_a_file_and_reads_what_became_of_it(self, client, bearer, department):
        headers = bearer(Permission.UPLOAD_REPORTS, Permission.READ_INTAKE)
        sent = send(client, headers, department.id)
        sweep()

        url = f"/api/v1/uploads/{sent.json['id']}"
        items = client.get(f"{url}/items?status=refused", headers=headers).json["items"]

        assert sent.status_code == 202
        assert client.get(url, headers=headers).json["counts"]["accepted"] == 2
        assert [item["reason_code"] for item in items] == ["missing_accession"]

    def test_a_token_without_the_scope_is_refused(self, client, bearer, department):
        answer = send(client, bearer(Permission.READ_INTAKE), department.id)

        assert answer.status_code == 403
        assert "upload_reports" in answer.json["message"]

    def test_another_department_is_refused(self, client, bearer, session):
        other = make_department(session)

        answer = send(client, bearer(Permission.UPLOAD_REPORTS), other.id)

        assert answer.status_code == 403

    def test_a_wrong_option_is_named(self, client, bearer):
        headers = bearer(Permission.UPLOAD_REPORTS)

        answer = send(client, headers, "not-a-department")

        assert answer.status_code == 422
        assert "department_id" in answer.text


def test_the_description_is_openapi_3_1(client):
    described = client.get("/api/v1/openapi.json").json

    assert described["openapi"].startswith("3.1")
    assert "/api/v1/uploads" in described["paths"]
    assert not any(path.startswith("/intake") for path in described["paths"])
