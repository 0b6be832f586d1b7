import re
from datetime import timedelta

import pytest

from peeraudit.adapters.clock import shifted
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.services import blinding_unsealing as unsealing
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.network import make_actor

WHY = "A bleeding was missed, the ward must know."
NAME = "Quarantedouze"


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def case(session, place):
    patient = Patient(names=(Person(last=NAME, first="Zoé"),))
    return make_case(
        session, make_campaign(session, [place]), make_report(session, place, patient=patient)
    )


@pytest.fixture
def officer(sign_in, place):
    return Actor(sign_in(Role.SAFETY_OFFICER, place.id), Role.SAFETY_OFFICER, place.id)


def granted(session, case, officer):
    with unit_of_work():
        request_id = unsealing.ask(case.code, WHY, by=officer)
    second = make_actor(session, Role.DATA_PROTECTION_OFFICER)
    with unit_of_work():
        unsealing.decide(request_id, grant=True, by=second)
    return request_id


class TestAsk:
    def test_the_code_of_an_urgent_case_is_filled_in(self, client, officer, case):
        page = client.get(f"/unsealing/?code={case.code}")

        assert f'value="{case.code}"' in page.text

    def test_it_is_asked_and_waits(self, client, officer, case):
        page = client.post(
            "/unsealing/", data={"code": case.code, "reason": WHY}, follow_redirects=True
        )

        assert page.status_code == 200
        assert case.code in page.text
        assert WHY in page.text
        assert "/decision" not in page.text

    @pytest.mark.parametrize("reason", ["", "urgent"])
    def test_without_a_reason_nothing_typed_is_lost(self, client, officer, case, reason):
        page = client.post("/unsealing/", data={"code": case.code, "reason": reason})

        assert page.status_code == 422
        assert f'value="{case.code}"' in page.text


class TestShow:
    def test_it_is_shown_once_opened_and_kept_nowhere(self, client, session, officer, case):
        request_id = granted(session, case, officer)
        before = client.get(f"/unsealing/{request_id}")
        assert NAME not in before.text

        page = client.post(f"/unsealing/{request_id}/opening", follow_redirects=True)

        assert NAME in page.text
        assert page.headers["Cache-Control"] == "no-store"
        # A page that is left open loads anew once the time is over.
        assert 14 * 60 < int(page.headers["Refresh"]) <= 15 * 60 + 1
        again = client.post(f"/unsealing/{request_id}/opening")
        assert again.status_code == 422
        assert NAME not in again.text

    def test_when_its_time_is_over_it_can_be_asked_for_anew(self, client, session, officer, case):
        with shifted(timedelta(hours=-30)):
            request_id = granted(session, case, officer)

        page = client.get(f"/unsealing/{request_id}")

        assert f"/unsealing/?code={case.code}" in page.text
        assert "Refresh" not in page.headers

    def test_the_second_person_decides_and_sees_nobody(self, client, session, sign_in, place, case):
        asking = make_actor(session, Role.SAFETY_OFFICER, place)
        with unit_of_work():
            request_id = unsealing.ask(case.code, WHY, by=asking)
        sign_in(Role.DATA_PROTECTION_OFFICER)
        assert re.search(rf'href="/unsealing/{request_id}"', client.get("/unsealing/").text)

        refused = client.post(f"/unsealing/{request_id}/decision", data={"decision": "refuse"})
        assert refused.status_code == 422
        assert 'id="reason-error"' in refused.text
        client.post(f"/unsealing/{request_id}/decision", data={"decision": "grant"})
        with unit_of_work():
            unsealing.open_identity(request_id, by=asking)

        assert NAME not in client.get(f"/unsealing/{request_id}").text

    def test_who_asked_cannot_decide(self, client, officer, case):
        with unit_of_work():
            request_id = unsealing.ask(case.code, WHY, by=officer)

        page = client.post(f"/unsealing/{request_id}/decision", data={"decision": "grant"})

        assert page.status_code in {403, 422}
        assert unsealing.show_request(request_id, by=officer).state == "asked"
