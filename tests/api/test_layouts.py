from io import BytesIO

from peeraudit.domain.accounts import Permission
from peeraudit.tasks.upkeep import sweep
from tests.api.test_intake import bearer, department  # noqa: F401 - fixtures
from tests.services.test_intake_layouts import COLUMNS, ODD
from tests.services.test_intake_workbooks import NOTE, SCANNER, workbook
from tests.services.test_intake_workbooks import ODD as TABLE


def test_a_script_says_how_a_table_is_written(client, bearer, department):  # noqa: F811 - fixtures
    headers = bearer(Permission.UPLOAD_REPORTS, Permission.READ_INTAKE)
    sent = client.post(
        f"/api/v1/uploads?department_id={department.id}&format=csv",
        data={"file": (BytesIO(ODD.encode()), "odd.csv")},
        headers=headers,
    ).json
    url = f"/api/v1/uploads/{sent['id']}"
    guess = client.get(f"{url}/layout", headers=headers).json
    layout = {**guess["layout"], "columns": list(COLUMNS), "dates": {"observed": "day_first"}}

    answer = client.post(f"{url}/layout", json={"layout": layout}, headers=headers)
    sweep()

    assert sent["state"] == "asks_layout"
    assert answer.status_code == 204
    assert client.get(url, headers=headers).json["counts"]["accepted"] == 2


def test_what_is_no_layout_is_named(client, bearer, department):  # noqa: F811 - fixtures
    headers = bearer(Permission.UPLOAD_REPORTS)
    sent = client.post(
        f"/api/v1/uploads?department_id={department.id}&format=csv",
        data={"file": (BytesIO(ODD.encode()), "odd.csv")},
        headers=headers,
    ).json

    answer = client.post(
        f"/api/v1/uploads/{sent['id']}/layout", json={"layout": {"colour": 1}}, headers=headers
    )

    assert answer.status_code == 422


def test_a_script_sees_every_sheet_of_a_workbook(client, bearer, department):  # noqa: F811 - fixtures
    headers = bearer(Permission.UPLOAD_REPORTS, Permission.READ_INTAKE)
    content = workbook(Scanner=SCANNER, Notes=NOTE, Divers=TABLE)
    sent = client.post(
        f"/api/v1/uploads?department_id={department.id}",
        data={"file": (BytesIO(content), "book.xlsx")},
        headers=headers,
    ).json
    url = f"/api/v1/uploads/{sent['id']}"
    guess = client.get(f"{url}/layout", headers=headers).json
    layout = {**guess["layout"], "more": [], "left_out": ["Divers"]}

    answer = client.post(f"{url}/layout", json={"layout": layout}, headers=headers)
    sweep()

    assert [(one["name"], one["table"]) for one in guess["workbook"]] == [
        ("Scanner", 0), ("Notes", None), ("Divers", 1),
    ]  # fmt: skip
    assert answer.status_code == 204
    (refused,) = client.get(f"{url}/items?status=refused", headers=headers).json["items"]
    assert refused["reason_code"] == "sheet_left_out"
