from tests.api.test_deidentification import headers, headers_of
from tests.factories.accounts import make_department
from tests.web.test_report_changes import case, change, department

__all__ = ["case", "change", "department", "headers"]

URL = "/api/v1/deidentification/changes/"


def test_a_script_compares_both_versions_and_decides(client, change, headers):
    [line] = client.get(URL, headers=headers).json["changes"]
    shown = client.get(f"{URL}{line['id']}", headers=headers).json
    answer = {"decision": "kept", "reason": "later_knowledge"}

    done = client.post(f"{URL}{line['id']}/decision", json=answer, headers=headers)
    again = client.post(f"{URL}{line['id']}/decision", json=answer, headers=headers)
    late = client.post(
        f"{URL}{line['id']}/decision", json={"decision": "replaced"}, headers=headers
    )

    assert (line["decision"], line["status"]) == ("", "corrected")
    assert "".join(part["text"] for part in shown["arrived"]["text"]) == "Foyer de M. DURAND."
    assert shown["choices"] == ["kept", "replaced"]
    assert (done.json["decision"], done.json["reason"]) == ("kept", "later_knowledge")
    assert (again.status_code, late.status_code) == (200, 409)


def test_another_department_is_told_nothing(client, session, password_hash, change):
    other = headers_of(session, password_hash, make_department(session))

    assert client.get(URL, headers=other).json["changes"] == []
    assert client.get(f"{URL}{change.id}", headers=other).status_code == 404
