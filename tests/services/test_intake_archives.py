"""What a ZIP archive holds is read file by file, and none of it touches the disk."""

import io
import json
import tempfile
import zipfile

import openpyxl
import pytest
from sqlalchemy import func, select

from peeraudit.adapters import storage
from peeraudit.adapters.readers import archives, members
from peeraudit.adapters.readers.batches import Wanted, open_upload
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.jobs import JobState
from peeraudit.models.intake import IntakeItem, Report
from peeraudit.services import intake, intake_members, intake_mending, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.adapters.readers.structured_reports import as_bytes, document, item
from tests.factories.accounts import make_account, make_department

TABLE = "accession,performed,report_text\nT1,2026-10-01,Foie normal.\n,2026-10-02,Rate normale.\n"
MESSAGE = (
    "MSH|^~\\&|RIS|H|||20261001||ORU^R01|M1|P|2.5\rPID|1||P1||DUPONT^Jean\r"
    "OBR|1||H1|^IRM du genou|||20261001||||||||||||||||MR|F\rOBX|1|TX|||Ménisque intègre.||||||F\r"
)
RESOURCE = {
    "resourceType": "DiagnosticReport",
    "id": "F1",
    "status": "final",
    "category": [{"coding": [{"code": "RAD"}]}],
    "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": "F1"}],
    "effectiveDateTime": "2026-10-01",
    "code": {"text": "TDM thoracique"},
    "conclusion": "Pas d'épanchement pleural.",
}


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def zipped(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["accession", "performed", "report_text"])
    book.active.append(["X1", "2026-10-01", "Poumons clairs."])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def of_every_format():
    told = [item("TEXT", "Conclusion", "Pas de fracture.")]
    return {
        "tables/reports.csv": TABLE.encode(),
        "feed.hl7": MESSAGE.encode(),
        "résultats/one.json": json.dumps(RESOURCE).encode(),
        "sr.dcm": as_bytes(document(told, AccessionNumber="D1")),
        "book.xlsx": workbook(),
        "__MACOSX/._reports.csv": b"\0\5\26\7",
        "notes.txt": b"Nothing of use.",
    }


def receive(coordinator, content):
    with unit_of_work():
        new = NewUpload(coordinator.department_id, "all.zip")
        return intake.receive(new, [content], by=coordinator)


def send(coordinator, content):
    upload_id = receive(coordinator, content)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def items(upload, coordinator):
    return intake_uploads.list_items(upload.id, by=coordinator)


class TestParcels:
    def test_each_file_is_read_as_what_it_is(self, session, coordinator, monkeypatch):
        # Nothing plain is ever written down: what is stored is sealed.
        monkeypatch.setattr(tempfile, "TemporaryDirectory", None)
        monkeypatch.setattr(members, "IN_MEMORY", 4)

        upload = send(coordinator, zipped(**of_every_format()))

        assert upload.job.state is JobState.SUCCEEDED
        assert upload.format == "zip"
        found = select(Report.accession).order_by(Report.accession)
        assert session.scalars(found).all() == ["D1", "F1", "H1", "T1", "X1"]
        assert [(str(one.place), one.status) for one in items(upload, coordinator)] == [
            ("“tables/reports.csv”, line 2", "accepted"),
            ("“tables/reports.csv”, line 3, accession", "refused"),
            ("“feed.hl7”, message 1", "accepted"),
            ("“résultats/one.json”, entry 1", "accepted"),
            ("the whole of “sr.dcm”", "accepted"),
            ("“book.xlsx”, line 2", "accepted"),
            ("the whole of “notes.txt”", "refused"),
        ]
        assert upload.job.done <= upload.size

    def test_the_same_archive_again_adds_nothing(self, session, coordinator):
        content = zipped(**{k: v for k, v in of_every_format().items() if "notes" not in k})
        send(coordinator, content)

        again = send(coordinator, content)

        assert (again.counts["duplicate"], again.counts["refused"]) == (5, 1)
        assert session.scalar(select(func.count()).select_from(Report)) == 5

    def test_the_names_of_its_files_lie_sealed_and_are_told_on_the_page(self, session, coordinator):
        files = {"DUPONT_JEAN.csv": TABLE, "MARTIN_notes.txt": "x"}
        upload = send(coordinator, zipped(**files))

        rows = session.execute(select(*IntakeItem.__table__.columns)).all()
        told = [(str(one.place), str(one.reason or "")) for one in items(upload, coordinator)]

        assert not [row for row in rows if "DUPONT" in str(row) or "MARTIN" in str(row)]
        assert [place for place, _ in told] == [
            "“DUPONT_JEAN.csv”, line 2",
            "“DUPONT_JEAN.csv”, line 3, accession",
            "the whole of “MARTIN_notes.txt”",
        ]
        assert "“MARTIN_notes.txt”" in told[-1][1]
        table = "".join(intake_uploads.refused_table(upload.id, by=coordinator))
        assert "“DUPONT_JEAN.csv”, line 3, accession" in table
        assert "MARTIN_notes.txt" in table

    def test_its_names_are_told_when_it_comes_again_and_sealed_anew(self, session, coordinator):
        content = zipped(**{"DUPONT_JEAN.hl7": MESSAGE})
        send(coordinator, content)
        again = send(coordinator, content)

        with unit_of_work():
            rows = session.scalars(select(IntakeItem)).all()
            before = [row.sealed_names for row in rows]
            intake_members.seal_anew(rows)

        assert len(rows) == 2
        assert not set(before) & {row.sealed_names for row in rows}
        [place] = [str(one.place) for one in items(again, coordinator)]
        assert place == "“DUPONT_JEAN.hl7”, message 1"

    def test_a_refused_row_is_mended(self, session, coordinator):
        upload = send(coordinator, zipped(**{"a/b.csv": TABLE, "notes.txt": "x"}))
        [row] = [one for one in items(upload, coordinator) if one.can_be_mended]

        with unit_of_work():
            mended = intake_mending.try_again(row.id, changes={"accession": "T2"}, by=coordinator)

        assert str(row.place) == "“a/b.csv”, line 3, accession"
        assert mended.status == "accepted"

    @pytest.mark.parametrize("count", range(10))
    def test_items_are_passed_over_as_they_would_be_read(self, session, coordinator, count):
        damaged = zipped(**of_every_format(), **{"y.hl7": MESSAGE * 9, "z.csv": TABLE})
        place = damaged.index(b"y.hl7") + len("y.hl7") + 8
        damaged = damaged[:place] + b"\xff" * 8 + damaged[place + 8 :]
        upload_id = receive(coordinator, damaged)

        def opened():
            return open_upload(storage.stored(upload_id), "a.zip", "", Wanted())[1]

        whole, items = list(opened()), opened()
        passed = pass_over(items, count)

        assert len(whole) == 10
        assert (passed, list(items)) == (count, whole[count:])

    def test_it_goes_on_where_it_was_killed(self, session, coordinator, monkeypatch):
        monkeypatch.setattr(intake, "ITEMS_PER_BITE", 2)
        upload_id = receive(coordinator, zipped(**of_every_format()))
        job = intake_uploads.show_upload(upload_id, by=coordinator).job
        steps = intake.read_upload(job.id)
        for _ in range(3):
            with unit_of_work():
                ahead = next(steps)
            ahead()
        done = intake_uploads.show_upload(upload_id, by=coordinator).total

        in_bites(intake.read_upload(job.id))

        upload = intake_uploads.show_upload(upload_id, by=coordinator)
        assert (done, upload.job.error) == (2, "")
        assert (upload.counts["accepted"], upload.counts["refused"], upload.total) == (5, 2, 7)


class TestNothingInside:
    @pytest.mark.parametrize(
        "files",
        [
            {},
            {"folder/": b"", "folder/inside/": b""},
            {"__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0", "a/Thumbs.db": b"\0"},
        ],
    )
    def test_an_archive_of_nothing_is_one_item_that_says_so(self, session, coordinator, files):
        upload = send(coordinator, zipped(**files))

        (only,) = items(upload, coordinator)
        assert (only.status, only.reason_code) == ("refused", "no_files")
        assert str(only.place) == "the whole file"
        assert upload.job.state is JobState.SUCCEEDED
        assert (upload.total, upload.counts["refused"]) == (1, 1)

    def test_files_of_a_system_are_no_reports(self, session, coordinator):
        of_system = {"a/Thumbs.db": b"\0", "Desktop.ini": b"[x]", "__MACOSX/x": b"\0"}

        upload = send(coordinator, zipped(**of_system, **{"t.csv": TABLE}))

        assert (upload.counts["accepted"], upload.total) == (1, 2)

    def test_an_empty_file_inside_is_one_item(self, session, coordinator):
        upload = send(coordinator, zipped(**{"empty.csv": b"", "feed.hl7": MESSAGE}))

        refused, accepted = items(upload, coordinator)
        assert "is empty" in str(refused.reason)
        assert accepted.status == "accepted"


class TestHarm:
    def test_an_archive_inside_is_not_opened(self, session, coordinator):
        inner = zipped(**{"t.csv": TABLE})

        upload = send(coordinator, zipped(**{"in.zip": inner, "feed.hl7": MESSAGE}))

        refused, accepted = items(upload, coordinator)
        assert "archive inside an archive" in str(refused.reason)
        assert str(refused.place) == "the whole of “in.zip”"
        assert accepted.status == "accepted"

    def test_a_name_is_only_shown(self, session, coordinator):
        name = "../../etc/\u202ereports.csv"

        upload = send(coordinator, zipped(**{name: TABLE, "/x.txt": "x"}))

        places = [str(one.place) for one in items(upload, coordinator)]
        assert places[0] == "“etc/reports.csv”, line 2"
        assert places[-1] == "the whole of “x.txt”"

    def test_a_damaged_file_costs_itself_alone(self, session, coordinator):
        content = bytearray(zipped(**{"a.csv": TABLE * 40, "feed.hl7": MESSAGE}))
        content[content.index(b"a.csv") + 12] ^= 0xFF

        upload = send(coordinator, bytes(content))

        assert [one.status for one in items(upload, coordinator)] == ["refused", "accepted"]

    @pytest.mark.parametrize("harm", ["bomb", "many", "locked"])
    def test_what_may_do_harm_is_refused_as_a_whole(self, session, coordinator, monkeypatch, harm):
        content = zipped(**{"a.csv": TABLE, "b.csv": bytes(30_000_000) if harm == "bomb" else "x"})
        if harm == "many":
            monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
        if harm == "locked":
            place = content.index(b"PK\x01\x02") + 8
            content = content[:place] + b"\x01" + content[place + 1 :]

        upload = send(coordinator, content)

        assert upload.job.state is JobState.FAILED
        assert upload.total == 0
        assert upload.may_read_again
        said = "password" if harm == "locked" else "far more than its size allows"
        assert said in str(upload.job.error)
