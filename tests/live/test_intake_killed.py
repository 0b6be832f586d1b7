"""A large file whose worker is killed again and again, and one that is cancelled."""

import pytest

from tests.factories.tables import table_lines

pytestmark = [
    pytest.mark.services,
    pytest.mark.xdist_group("live"),
    pytest.mark.timeout(900),
]

REPORTS = 20_000
KILLS = 2
PATIENCE = 400
OVER = {"succeeded", "failed", "cancelled"}


@pytest.fixture(scope="module")
def coordinator(installation):
    made = installation.furnish(
        departments=[{"code": "KILL", "name": "Centre d'imagerie qui tient"}],
        people=[{"email": "kim@kill.example", "name": "Kim", "roles": [["coordinator", "KILL"]]}],
    )
    return made.departments["KILL"], made.people["kim@kill.example"].token


def send(installation, coordinator, name, prefix):
    department_id, token = coordinator
    content = "".join(table_lines(REPORTS, prefix, specimens=500)).encode()
    where = f"/api/v1/uploads?department_id={department_id}"
    sent = installation.send_file(where, name, content, token=token)
    assert sent.status == 202, sent.text

    def look():
        answer = installation.call("GET", f"/api/v1/uploads/{sent.json['id']}", token=token)
        assert answer.status == 200, answer.text
        return answer.json

    return look


def test_twenty_thousand_reports_survive_two_kills(installation, coordinator, record_property):
    upload = send(installation, coordinator, "large.csv", "K")
    pauses = []
    for _ in range(KILLS):
        done = upload()["done"]
        installation.wait_until(
            lambda done=done: upload()["done"] > done, what="the reading goes on", seconds=PATIENCE
        )
        before = upload()
        installation.kill_worker()
        assert before["state"] == "running"
        assert sum(before["counts"].values()) == before["done"]
        pauses.append(
            installation.wait_until(
                lambda before=before: upload()["done"] > before["done"],
                what="the reading goes on after the kill",
                seconds=PATIENCE,
            )
        )
    installation.wait_until(
        lambda: upload()["state"] in OVER, what="the file is read", seconds=PATIENCE
    )
    record_property("intake, seconds from each kill to going on", [round(p, 1) for p in pauses])

    read = upload()
    assert read["state"] == "succeeded"
    assert read["counts"]["accepted"] == read["done"] == REPORTS
    assert read["bytes_read"] == read["size"]


def test_a_reading_is_cancelled_within_seconds(installation, coordinator, record_property):
    upload = send(installation, coordinator, "cancelled.csv", "C")
    installation.wait_until(lambda: upload()["done"] > 0, what="the reading began")
    upload_id, (_, token) = upload()["id"], coordinator

    asked = installation.call("POST", f"/api/v1/uploads/{upload_id}/cancel", token=token)
    seconds = installation.wait_until(lambda: upload()["state"] in OVER, what="it stopped")
    record_property("intake, seconds from cancelling to the end", f"{seconds:.1f}")

    assert asked.status == 202, asked.text
    assert upload()["state"] == "cancelled"
    assert upload()["done"] < REPORTS
    assert upload()["kept_until"]
