import pytest

from peeraudit.domain.accounts import Permission
from peeraudit.tasks.upkeep import sweep
from tests.api.test_intake import bearer, department, send  # noqa: F401 - fixtures

SCOPES = (Permission.UPLOAD_REPORTS, Permission.READ_INTAKE)


@pytest.fixture
def headers(bearer):  # noqa: F811 - the fixture
    return bearer(*SCOPES)


@pytest.fixture
def upload_url(client, headers, department):  # noqa: F811 - the fixture
    sent = send(client, headers, department.id)
    sweep()
    return f"/api/v1/uploads/{sent.json['id']}"


@pytest.fixture
def item_url(client, headers, upload_url):
    [item] = client.get(f"{upload_url}/items?status=refused", headers=headers).json["items"]
    assert item["can_be_mended"]
    return f"/api/v1/refused-items/{item['id']}"


class TestRefusedItems:
    def test_a_script_puts_an_item_right(self, client, headers, upload_url, item_url):
        held = client.get(item_url, headers=headers).json

        mended = client.post(item_url, json={"fields": {"accession": "A3"}}, headers=headers)

        assert held["fields"]["text"] == "Sans numéro."
        assert mended.json["status"] == "accepted"
        assert client.get(upload_url, headers=headers).json["counts"]["refused"] == 0

    def test_a_field_that_does_not_exist_is_named(self, client, headers, item_url):
        answer = client.post(item_url, json={"fields": {"colour": "blue"}}, headers=headers)

        assert answer.status_code == 422

    def test_the_table_says_where_and_why(self, client, headers, upload_url, item_url):
        answer = client.get(f"{upload_url}/refused.csv", headers=headers)

        assert "missing_accession" in answer.text


def test_no_text_is_wanted_before_a_draw(client, headers):
    assert client.get("/api/v1/wanted-texts", headers=headers).json == {"reports": []}


def test_a_file_that_was_read_to_its_end_is_not_read_again(client, headers, upload_url):
    assert client.post(f"{upload_url}/again", headers=headers).status_code == 409


def test_a_reading_is_asked_to_stop(client, headers, department):  # noqa: F811 - the fixture
    sent = send(client, headers, department.id).json

    asked = client.post(f"/api/v1/uploads/{sent['id']}/cancel", headers=headers)
    sweep()

    assert asked.status_code == 202
    upload = client.get(f"/api/v1/uploads/{sent['id']}", headers=headers).json
    assert upload["state"] == "cancelled"
