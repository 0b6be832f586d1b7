from datetime import UTC, datetime, timedelta

import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import NotAllowed
from peeraudit.services import intake, intake_messages, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.services.intake_listening import keep_message
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
# The second of these days has 23 hours in Paris.
BEGINS = [
    datetime(2026, 3, 29, 22, tzinfo=UTC),
    datetime(2026, 3, 28, 23, tzinfo=UTC),
    datetime(2026, 3, 27, 23, tzinfo=UTC),
]


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


@pytest.fixture
def come(coordinator, monkeypatch):
    """Let a message come at a moment."""

    def arrive(moment, accession, department_id=coordinator.department_id):
        monkeypatch.setattr(intake, "now", lambda: moment)
        with unit_of_work():
            assert keep_message(department_id, message(accession))

    return arrive


def message(accession):
    return (
        f"MSH|^~\\&|RIS|HOP|NET|A|20260331||ORU^R01|M{accession}|P|2.5\r"
        f"OBR|1||{accession}|X^Scanner|||20260301\rOBX|1|TX|||Foie normal.||||||F\r"
    ).encode()


class TestListDays:
    def test_messages_are_told_by_the_readers_day(self, coordinator, come):
        for hours, accession in ((0, "A1"), (9.99, "A2"), (10, "A3"), (-13, "A4"), (-13.01, "A5")):
            come(NOON + timedelta(hours=hours), accession)

        days = intake_messages.list_days(BEGINS, by=coordinator)

        assert [(day.began, day.messages) for day in days] == list(
            zip(BEGINS, [1, 3, 1], strict=True)
        )

    def test_it_says_what_is_read_refused_and_waits(self, coordinator, come):
        come(NOON, "A1")
        come(NOON + timedelta(minutes=1), "")
        sweep()
        come(NOON + timedelta(minutes=2), "A3")

        [day] = intake_messages.list_days(BEGINS, by=coordinator)

        assert (day.messages, day.waiting, day.stopped) == (3, 1, 0)
        assert (day.counts["accepted"], day.counts["refused"]) == (1, 1)
        assert day.last_at == NOON + timedelta(minutes=2)
        assert day.size > 3 * len(message(""))

    def test_what_came_before_all_days_or_to_others_is_not_told(self, session, coordinator, come):
        come(BEGINS[-1] - timedelta(seconds=1), "A1")
        come(NOON, "A1", make_department(session).id)

        assert intake_messages.list_days(BEGINS, by=coordinator) == []

    def test_a_file_is_no_message_and_a_message_no_file(self, coordinator, come):
        come(NOON, "A1")
        with unit_of_work():
            new = NewUpload(coordinator.department_id, "reports.hl7")
            intake.receive(new, [message("A2")], by=coordinator)

        [day] = intake_messages.list_days(BEGINS, by=coordinator)
        files = intake_uploads.list_uploads(by=coordinator)

        assert day.messages == 1
        assert [file.file_name for file in files] == ["reports.hl7"]

    def test_a_reviewer_may_not_ask(self, coordinator):
        with pytest.raises(NotAllowed):
            intake_messages.list_days(BEGINS, by=Actor(coordinator.account_id, Role.REVIEWER))


class TestListMessages:
    def test_the_newest_come_first_page_by_page(self, coordinator, come):
        for minutes in range(5):
            come(NOON + timedelta(minutes=minutes), f"A{minutes}")
        span = (BEGINS[1], BEGINS[0])

        first = intake_messages.list_messages(*span, by=coordinator, limit=3)
        rest = intake_messages.list_messages(
            *span, by=coordinator, before=first[-1].uploaded_at, limit=3
        )

        minutes = [round((m.uploaded_at - NOON).total_seconds() / 60) for m in [*first, *rest]]
        assert minutes == [4, 3, 2, 1, 0]

    def test_those_that_were_refused_are_told_apart(self, coordinator, come):
        come(NOON, "A1")
        come(NOON + timedelta(minutes=1), "")
        sweep()

        [left] = intake_messages.list_messages(
            BEGINS[1], BEGINS[0], by=coordinator, only_unsettled=True
        )

        assert left.counts["refused"] == 1
