import csv
import io
import zipfile

import openpyxl
import pytest
from sqlalchemy import func, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import InvalidInput, NotAllowed
from peeraudit.domain.jobs import JobState
from peeraudit.models.identities import ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.services import duties, intake, intake_keeping, intake_repeats, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.adapters.readers.structured_reports import as_bytes, document, item
from tests.factories.accounts import make_account, make_department

TABLE = (
    "accession,report_id,patient_last,modality,performed,status,report_text\n"
    'A1,R1,DUPONT,CT,2026-10-01,final,"INDICATION: toux. CONCLUSION: normal."\n'
    'A2,R2,MARTIN,MR,2026-10-02,final,"INDICATION: chute. CONCLUSION: normal."\n'
    ",R3,DURAND,CT,2026-10-03,final,Sans numéro.\n"
)


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, text, **values):
    new = NewUpload(coordinator.department_id, "reports.csv", **values)
    content = text if isinstance(text, bytes) else text.encode()
    with unit_of_work():
        upload_id = intake.receive(new, [content], by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def reports(session):
    return session.scalar(select(func.count()).select_from(Report))


class TestReadUpload:
    def test_long_texts_make_short_bites_and_lose_none(self, session, coordinator, monkeypatch):
        sizes, take_in = [], intake_keeping.take_in

        def counted(upload, arrived, *, first):
            sizes.append(len(arrived))
            return take_in(upload, arrived, first=first)

        monkeypatch.setattr(intake, "CHARACTERS_PER_BITE", 50)
        monkeypatch.setattr(intake_keeping, "take_in", counted)

        upload = send(coordinator, TABLE)

        # The second text passes the bound; what was refused counts by what is kept of it.
        assert sizes == [2, 1]
        assert (upload.counts["accepted"], upload.counts["refused"]) == (2, 1)

    def test_it_accepts_or_refuses_each_row_with_its_place(self, session, coordinator):
        upload = send(coordinator, TABLE)

        assert upload.job.state is JobState.SUCCEEDED
        assert upload.counts["accepted"] == 2
        assert upload.counts["refused"] == 1
        [refused] = intake_uploads.list_items(upload.id, by=coordinator, status="refused")
        assert str(refused.place).startswith("line 4")
        assert "accession" in str(refused.reason)

    def test_the_same_file_again_adds_no_report(self, session, coordinator):
        send(coordinator, TABLE)

        again = send(coordinator, TABLE)

        assert again.counts["duplicate"] == 2
        assert reports(session) == 2

    def test_an_unchanged_file_is_told_without_being_read(self, session, coordinator, monkeypatch):
        whole = TABLE.replace(",R3", "A3,R3")
        first = send(coordinator, whole)
        monkeypatch.setattr(intake, "open_upload", None)
        monkeypatch.setattr(intake_repeats, "ITEMS_PER_BITE", 2)

        again = send(coordinator, whole)

        before = intake_uploads.list_items(first.id, by=coordinator)
        after = intake_uploads.list_items(again.id, by=coordinator)
        assert again.job.state is JobState.SUCCEEDED
        assert (again.format, again.counts["duplicate"], again.total) == ("csv", 3, 3)
        assert [item.place for item in after] == [item.place for item in before]
        assert reports(session) == 3

    def test_an_unchanged_file_with_refused_items_is_read_again(self, session, coordinator):
        send(coordinator, TABLE)

        again = send(coordinator, TABLE)

        [refused] = intake_uploads.list_items(again.id, by=coordinator, status="refused")
        assert refused.can_be_mended

    def test_a_changed_text_is_a_new_version(self, session, coordinator):
        send(coordinator, TABLE)

        again = send(coordinator, TABLE.replace("toux. CONCLUSION: normal", "toux. CONCLUSION: x"))

        assert again.counts["updated"] == 1
        current = session.scalars(select(Report).where(Report.accession == "A1", Report.is_current))
        assert [r.version for r in current] == [2]

    def test_a_dry_run_keeps_no_report(self, session, coordinator):
        upload = send(coordinator, TABLE, dry_run=True)

        assert upload.counts["accepted"] == 2
        assert reports(session) == 0

    def test_it_goes_on_where_a_killed_worker_stopped(self, session, coordinator, monkeypatch):
        monkeypatch.setattr(intake, "ITEMS_PER_BITE", 1)
        new = NewUpload(coordinator.department_id, "reports.csv")
        with unit_of_work():
            upload_id = intake.receive(new, [TABLE.encode()], by=coordinator)
        steps = intake.read_upload(intake_uploads.show_upload(upload_id, by=coordinator).job.id)
        for _ in range(2):
            with unit_of_work():
                next(steps)

        sweep()

        upload = intake_uploads.show_upload(upload_id, by=coordinator)
        assert upload.job.state is JobState.SUCCEEDED
        assert sum(upload.counts.values()) == 3
        assert reports(session) == 2

    def test_identities_are_kept_apart(self, session, coordinator):
        send(coordinator, TABLE)

        assert session.scalar(select(func.count()).select_from(ReportIdentity)) == 2
        assert "DUPONT" not in repr(session.execute(select(Report.__table__)).all())

    @pytest.mark.parametrize(
        ("content", "word"),
        [(b"%PDF-1.7", "PDF"), (b"\x00\x01\x02" * 200, "holds no text")],
    )
    def test_a_file_that_cannot_be_read_says_why(self, session, coordinator, content, word):
        upload = send(coordinator, content)

        assert upload.job.state is JobState.FAILED
        assert word in upload.job.error % dict(upload.job.error_params)


def test_what_is_derived_is_kept_and_marked(session, coordinator):
    send(
        coordinator,
        "accession,performed,exam_name,urgency,report_text\n"
        "A1,2026-10-01,IRM du genou droit,,Adressé par les urgences. Ménisques intègres.\n"
        "A2,2026-10-01,IRM du genou,R,Adressé par les urgences. Ménisques intègres.\n",
    )

    first, second = session.scalars(select(Report).order_by(Report.accession))
    assert (first.laterality, first.urgency) == ("right", "urgent")
    assert {"laterality", "urgency"} <= set(first.derived.split())
    assert (second.laterality, second.urgency) == ("", "routine")
    assert not {"laterality", "urgency"} & set(second.derived.split())


def test_an_examination_of_a_child_is_known_by_the_dates(session, coordinator):
    send(
        coordinator,
        "accession,performed,birth_date,exam_name,report_text\n"
        "A1,2026-10-01,2008-10-02,Radio du poignet,Pas de fracture visible.\n"
        "A2,2026-10-01,2008-10-01,Radio du poignet,Pas de fracture visible.\n"
        "A3,2026-10-01,,Radio du poignet,Pas de fracture visible.\n",
    )

    found = session.scalars(select(Report).order_by(Report.accession))
    assert [one.is_child for one in found] == [True, False, False]


class TestReceive:
    def test_an_empty_file_is_refused_at_once(self, session, coordinator):
        with pytest.raises(InvalidInput, match="is empty"):
            send(coordinator, "")

    def test_another_department_is_refused(self, session, coordinator):
        other = make_department(session)

        with pytest.raises(NotAllowed), unit_of_work():
            intake.receive(NewUpload(other.id, "x.csv"), [b"x"], by=coordinator)


def test_the_table_after_the_feed_adds_no_report(session, coordinator, shared):
    feed = (shared / "hl7v2/scout/all_messages_cr.hl7").read_bytes()
    table = (shared / "reports/scout_derived/reports.csv").read_bytes()

    first = send(coordinator, feed)
    second = send(coordinator, table)

    assert first.counts["accepted"] == 224
    assert first.counts["refused"] == 12
    assert second.counts["duplicate"] == 224
    assert reports(session) == 224
    assert duties.HANDLERS


class TestSealedArchives:
    def test_an_archive_of_structured_reports_is_read_from_the_store(self, session, coordinator):
        one = [item("TEXT", "Conclusion", "Pas d'épanchement pleural.")]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as members:
            members.writestr("a.dcm", as_bytes(document(one)))
            members.writestr(
                "b.dcm", as_bytes(document(one, AccessionNumber="A2", SOPInstanceUID="1.2.9"))
            )
            members.writestr("notes.txt", "x")

        upload = send(coordinator, archive.getvalue())

        # A file that is no report beside them: each file is read as what it is.
        assert upload.format == "zip"
        assert (upload.counts["accepted"], upload.counts["refused"]) == (2, 1)
        assert reports(session) == 2

    def test_a_workbook_is_read_from_the_store(self, session, coordinator):
        book = openpyxl.Workbook()
        for row in csv.reader(io.StringIO(TABLE)):
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)

        upload = send(coordinator, file.getvalue())

        assert (upload.counts["accepted"], upload.counts["refused"]) == (2, 1)
