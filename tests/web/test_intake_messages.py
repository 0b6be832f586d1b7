from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.models.accounts import RoleGrant
from peeraudit.services import intake
from peeraudit.services.intake_listening import keep_message
from peeraudit.tasks.upkeep import sweep
from peeraudit.web.intake import messages
from tests.services.test_intake_messages import message

PARIS = ZoneInfo("Europe/Paris")
# Half past midnight in Paris, of a day that London has not seen begin.
LATE = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)


@pytest.fixture
def come(session, sign_in, monkeypatch):
    """Sign in as a coordinator, and let messages come for the department."""
    account_id = sign_in(Role.COORDINATOR)
    department_id = session.scalar(
        select(RoleGrant.department_id).where(RoleGrant.account_id == account_id)
    )

    def arrive(count, *, accession="A{}", moment=LATE):
        for number in range(count):
            when = moment + timedelta(seconds=number)
            monkeypatch.setattr(intake, "now", lambda when=when: when)
            monkeypatch.setattr(messages, "today", lambda when=when: clock.local_day(when))
            with unit_of_work():
                keep_message(department_id, message(accession.format(number)))
        sweep()

    return arrive


def test_a_day_of_messages_is_one_line_that_leads_to_them(client, come):
    come(3)

    page = client.get("/intake/").text
    day = client.get("/intake/messages/2026-07-01").text

    assert page.count("/intake/messages/2026-07-01") == 2
    assert "mllp-" not in page
    assert "1er juil. 2026" in page
    assert [f"00:30:0{number}" in day for number in range(4)] == [True, True, True, False]
    assert "Aucun message" in client.get("/intake/messages/2026-06-30").text


def test_a_message_leads_back_to_its_day(client, come):
    come(1)
    day = client.get("/intake/messages/2026-07-01").text
    address = day.split('data-href="')[1].split('"')[0]

    page = client.get(address).text

    assert "<h1>Message du 1er juil. 2026, 00:30</h1>" in page
    assert "/intake/messages/2026-07-01" in page


def test_what_is_left_to_do_is_told_apart(client, come):
    come(1)
    settled = client.get("/intake/messages/2026-07-01?show=unsettled").text
    come(1, accession="", moment=LATE + timedelta(minutes=1))
    left = client.get("/intake/messages/2026-07-01?show=unsettled").text

    assert "Rien ne reste à faire" in settled
    assert "00:31:00" in left
    assert "00:30:00" not in left


def test_a_long_day_goes_on_on_the_next_page(client, come, monkeypatch):
    monkeypatch.setattr(messages, "MESSAGES_ON_A_PAGE", 2)
    come(3)
    page = client.get("/intake/messages/2026-07-01").text
    assert "Plus anciens" in page
    older = page.split("before=")[1].split('"')[0]

    rest = client.get(f"/intake/messages/2026-07-01?before={older}").text

    assert "00:30:00" in rest
    assert "00:30:01" not in rest
    assert "Plus anciens" not in rest


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-07-01T00:00"])
def test_what_is_no_day_is_not_found(client, come, day):
    assert client.get(f"/intake/messages/{day}").status_code == 404


@pytest.mark.parametrize("before", ["", "now", "2026-07-01", "2026-07-01T00:00:00"])
def test_an_odd_mark_shows_the_whole_day(client, come, before):
    come(1)

    assert "00:30:00" in client.get(f"/intake/messages/2026-07-01?before={before}").text


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-12-31", "2028-02-29"])
def test_a_day_begins_at_midnight_in_the_zone_of_the_installation(app, day):
    moment = datetime.fromisoformat(day)

    with app.test_request_context():
        begin = clock.beginning_of(moment.date())

    assert begin.astimezone(PARIS).replace(tzinfo=None) == moment
