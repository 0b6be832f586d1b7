import pytest

from peeraudit.domain.specimens.files import csv_lines
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("live")]

REPORTS = 3000
OVER = {"succeeded", "failed", "cancelled"}


@pytest.fixture(scope="module")
def department(installation):
    made = installation.furnish(
        departments=[{"code": "LIVE", "name": "Centre d'imagerie tenace"}],
        people=[
            {"email": "ann@live.example", "name": "Ann Doe", "roles": [["coordinator", "LIVE"]]},
            {
                "email": "rob@live.example",
                "name": "Rob Roe",
                "roles": [["reviewer", "LIVE"], ["author", "LIVE"]],
                "reviewer": {"capacity": 60},
                "author_key": "10000000012",
            },
        ],
    )
    return made.departments["LIVE"], made.people


class TestAnInstallation:
    def test_it_serves_the_people_who_were_put_in(self, installation, department):
        _, people = department

        for person in people.values():
            answer = installation.call("GET", "/api/v1/me", token=person.token)

            assert answer.status == 200, answer.text
            assert answer.json["account_id"] == person.id

    def test_nothing_is_lost_or_doubled_when_the_worker_is_killed(
        self, installation, department, record_property
    ):
        department_id, people = department
        token = people["ann@live.example"].token
        where = f"/api/v1/uploads?department_id={department_id}"
        sent = installation.send_file(where, "feed.csv", feed(), token=token)
        assert sent.status == 202, sent.text

        def upload():
            answer = installation.call("GET", f"/api/v1/uploads/{sent.json['id']}", token=token)
            assert answer.status == 200, answer.text
            return answer.json

        installation.wait_until(lambda: upload()["done"] > 0, what="the reading began")
        before = upload()
        killed = installation.kill_worker()
        again = installation.wait_until(
            lambda: upload()["done"] > before["done"], what="the reading goes on"
        )
        installation.wait_until(lambda: upload()["state"] in OVER, what="the file is read")
        record_property("intake, seconds from the worker's kill to going on", f"{again:.1f}")

        assert installation.worker_pid() != killed
        assert before["state"] == "running"
        assert upload()["state"] == "succeeded"
        assert upload()["counts"]["accepted"] == REPORTS


def feed() -> bytes:
    network = specimen_network("live")
    return "".join(csv_lines(list(specimen_reports(network, REPORTS)))).encode()
