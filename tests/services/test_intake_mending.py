"""Refused items that are put right, tried again, and destroyed when their time is over."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from peeraudit.adapters import clock, storage
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Conflicting, NotFound
from peeraudit.domain.jobs import JobState
from peeraudit.models.intake import RefusedItem, Report, Upload
from peeraudit.services import blinding_records as records
from peeraudit.services import intake, intake_mending, intake_refused, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.intake import purge_intake
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.services.test_intake import TABLE


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, text, **values):
    new = NewUpload(coordinator.department_id, "reports.csv", **values)
    with unit_of_work():
        upload_id = intake.receive(new, [text.encode()], by=coordinator)
    sweep()
    return upload_id


@pytest.fixture
def refused(session, coordinator) -> tuple[UUID, UUID]:
    """An upload of three rows, and its refused item."""
    upload_id = send(coordinator, TABLE)
    [item] = intake_uploads.list_items(upload_id, by=coordinator, status="refused")
    assert item.can_be_mended
    return upload_id, item.id


class TestTryAgain:
    def test_a_filled_in_field_makes_it_a_report(self, session, coordinator, refused):
        upload_id, item_id = refused

        with unit_of_work():
            mended = intake_mending.try_again(item_id, changes={"accession": "A3"}, by=coordinator)

        upload = intake_uploads.show_upload(upload_id, by=coordinator)
        report = session.scalar(select(Report).where(Report.accession == "A3"))
        assert mended.status == "accepted"
        assert records.open_text(records.reports_of([report.id])[report.id]) == "Sans numéro."
        assert upload.counts == {
            "accepted": 3, "updated": 0, "duplicate": 0, "excluded": 0, "refused": 0
        }  # fmt: skip
        assert session.scalar(select(func.count()).select_from(RefusedItem)) == 0

    def test_refused_again_it_keeps_what_was_changed(self, session, coordinator, refused):
        upload_id, item_id = refused

        with unit_of_work():
            mended = intake_mending.try_again(item_id, changes={"status": "maybe"}, by=coordinator)

        shown = intake_mending.show_refused(item_id, by=coordinator)
        assert mended.status == "refused"
        assert shown.fields["status"] == "maybe"
        assert intake_uploads.show_upload(upload_id, by=coordinator).counts["refused"] == 1

    def test_a_report_that_is_known_becomes_a_duplicate(self, session, coordinator, refused):
        _, item_id = refused
        changes = {"accession": "A1", "text": "INDICATION: toux. CONCLUSION: normal."}

        with unit_of_work():
            mended = intake_mending.try_again(item_id, changes=changes, by=coordinator)

        assert mended.status == "duplicate"

    def test_what_is_put_right_once_is_not_taken_twice(self, session, coordinator, refused):
        _, item_id = refused
        with unit_of_work():
            intake_mending.try_again(item_id, changes={"accession": "A3"}, by=coordinator)

        with pytest.raises(Conflicting), unit_of_work():
            intake_mending.try_again(item_id, changes={"accession": "A4"}, by=coordinator)

    def test_another_department_never_sees_it(self, session, coordinator, password_hash, refused):
        elsewhere = make_department(session)
        account = make_account(session, password_hash, Role.COORDINATOR, elsewhere.id)
        other = Actor(account.id, Role.COORDINATOR, elsewhere.id)

        with pytest.raises(NotFound):
            intake_mending.show_refused(refused[1], by=other)


class TestPurge:
    def test_refused_items_are_destroyed_after_thirty_days(self, session, coordinator, refused, at):
        at(clock.now() + timedelta(days=30, minutes=1))

        purge_intake()

        with pytest.raises(NotFound):
            intake_mending.show_refused(refused[1], by=coordinator)
        [item] = intake_uploads.list_items(refused[0], by=coordinator, status="refused")
        assert not item.can_be_mended

    def test_a_file_that_was_read_goes_and_one_that_failed_waits(self, session, coordinator, at):
        read = send(coordinator, TABLE)
        failed = send(coordinator, "%PDF-1.7")

        purge_intake()

        assert not storage.path_of(read).exists()
        assert storage.path_of(failed).exists()
        assert session.get(Upload, read).kept_until is None
        at(clock.now() + timedelta(days=31))
        assert intake_refused.purge() == 2
        assert not storage.path_of(failed).exists()


class TestReadAgain:
    def test_a_file_that_failed_can_be_read_again(self, session, coordinator):
        upload_id = send(coordinator, "%PDF-1.7")
        assert intake_uploads.show_upload(upload_id, by=coordinator).may_read_again

        with unit_of_work():
            intake.read_again(upload_id, by=coordinator)
        sweep()

        upload = intake_uploads.show_upload(upload_id, by=coordinator)
        assert upload.job.state is JobState.FAILED

    def test_one_that_was_read_to_its_end_cannot(self, session, coordinator):
        upload_id = send(coordinator, TABLE)

        with pytest.raises(Conflicting), unit_of_work():
            intake.read_again(upload_id, by=coordinator)

    def test_stored_files_name_nobody(self, session, coordinator):
        upload_id = send(coordinator, "%PDF-1.7 DUPONT")

        assert b"DUPONT" not in storage.path_of(upload_id).read_bytes()


def test_the_table_of_refused_items_says_where_and_why(session, coordinator, refused):
    lines = "".join(intake_uploads.refused_table(refused[0], by=coordinator)).splitlines()

    assert lines[0].endswith("position,place,reason_code,reason")
    assert "missing_accession" in lines[1]


FEED = (
    "MSH|^~\\&|RIS|H|||20261001||ORU^R01|M1|P|2.5\r"
    "PID|1||123||DUPONT^Anne\r"
    "OBX|1|TX|1^TEXT||Foie normal.||||||F\r"
    "MSH|^~\\&|RIS|H|||20261002||ADT^A08|M2|P|2.5\r"
    "PID|1||124||MARTIN^Paul\r"
)


def test_a_message_is_put_right_as_a_message(session, coordinator):
    new = NewUpload(coordinator.department_id, "feed.hl7")
    with unit_of_work():
        upload_id = intake.receive(new, [FEED.encode()], by=coordinator)
    sweep()
    items = intake_uploads.list_items(upload_id, by=coordinator, status="refused")
    held = intake_mending.show_refused(items[-1].id, by=coordinator)
    assert held.content.startswith("MSH|")
    mended = held.content.replace("ADT^A08", "ORU^R01") + (
        "\nOBR|1||A77|^SCANNER|||20261002\nOBX|1|TX|1^TEXT||Rate normale.||||||F"
    )

    with unit_of_work():
        done = intake_mending.try_again(items[-1].id, content=mended, by=coordinator)

    report = session.scalar(select(Report).where(Report.accession == "A77"))
    assert done.status == "accepted"
    assert records.open_text(records.reports_of([report.id])[report.id]) == "Rate normale."


def test_a_row_with_too_many_cells_is_put_right_as_a_row(session, coordinator):
    upload_id = send(coordinator, TABLE + "A5,R5,DUPONT,CT,2026-10-05,final,Foie, rate,normaux.\n")
    items = intake_uploads.list_items(upload_id, by=coordinator, status="refused")
    held = intake_mending.show_refused(items[-1].id, by=coordinator)

    with unit_of_work():
        done = intake_mending.try_again(
            items[-1].id,
            content=held.content.replace("Foie, rate,normaux.", "Foie et rate normaux."),
            by=coordinator,
        )

    assert done.status == "accepted", held.content


def test_what_a_reason_quotes_is_told_until_the_item_is_destroyed(session, coordinator, at):
    upload_id = send(coordinator, TABLE.replace(",2026-10-01,", ",Ann 31,"))

    def reasons():
        items = intake_uploads.list_items(upload_id, by=coordinator, status="refused")
        return " ".join(str(item.reason) for item in items)

    assert "“Ann 31”" in reasons()
    at(clock.now() + timedelta(days=31))
    purge_intake()

    assert "“Aaa 99”" in reasons()
    assert "Ann" not in reasons()


class TestTextOutsideMessages:
    MESSAGE = (
        "MSH|^~\\&|RIS|H|||20261001||ORU^R01|M{0}|P|2.5\nOBR|1||H{0}|^IRM|||20261001"
        "||||||||||||||||MR|F\nOBX|1|TX|||Ménisque intègre.||||||F\n"
    )

    @pytest.fixture
    def outside(self, session, coordinator):
        upload_id = send(coordinator, f"OBX perdu\n{self.MESSAGE.format(1)}")
        (item,) = intake_uploads.list_items(upload_id, by=coordinator, status="refused")
        return upload_id, item

    def mend(self, item, coordinator, content):
        with unit_of_work():
            return intake_mending.try_again(item.id, content=content, by=coordinator)

    def test_put_into_a_message_it_is_taken_in(self, coordinator, outside):
        upload_id, item = outside
        assert (item.reason_code, item.can_be_mended) == ("outside_messages", True)

        mended = self.mend(item, coordinator, self.MESSAGE.format(2))

        upload = intake_uploads.show_upload(upload_id, by=coordinator)
        assert mended.status == "accepted"
        assert (upload.counts["accepted"], upload.counts["refused"], upload.total) == (2, 0, 2)

    def test_still_outside_it_is_refused_for_that_and_kept_as_it_was_changed(
        self, coordinator, outside
    ):
        mended = self.mend(outside[1], coordinator, "OBX retrouvé")

        assert mended.status == "refused"
        assert "outside any message" in str(mended.reason)
        shown = intake_mending.show_refused(outside[1].id, by=coordinator)
        assert shown.content == "OBX retrouvé\n"
