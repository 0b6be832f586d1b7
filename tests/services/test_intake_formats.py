"""One report is one report, whichever format brings it first, and whatever letter is around it."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.models.intake import Report
from peeraudit.services import intake, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.adapters.readers.structured_reports import as_bytes, document, item
from tests.factories.accounts import make_account, make_department

FINDINGS = (
    "Opacité alvéolaire du lobe inférieur droit avec bronchogramme aérien. Pas d'épanchement."
)
CONCLUSION = "Pneumopathie du lobe inférieur droit."
LETTER = (
    "CENTRE D'IMAGERIE DU SEREIN\nPatient : DUMONT Hélène\n\nINDICATION : Toux fébrile.\n\n"
    "TECHNIQUE : Acquisition hélicoïdale sans injection.\n\n"
    f"RÉSULTATS :\n{FINDINGS}\n\nCONCLUSION :\n{CONCLUSION}\n"
)


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, content, name="reports"):
    with unit_of_work():
        new = NewUpload(coordinator.department_id, name)
        upload_id = intake.receive(new, [content], by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def message(text=LETTER, *, status="F", number="M1"):
    lines = text.strip().replace("\n", "\\.br\\")
    return (
        f"MSH|^~\\&|RIS|H|||20260401||ORU^R01|{number}|P|2.5\rPID|1||77||DUMONT^Hélène\r"
        f"OBR|1||A1|^Scanner thoracique|||20260331|||||||||||||||20260402||CT|{status}\r"
        f"OBX|1|TX|||{lines}||||||{status}\r"
    ).encode()


def extract(findings=FINDINGS):
    content = [item("TEXT", "Résultats", findings), item("TEXT", "Conclusion", CONCLUSION)]
    return as_bytes(document(content))


def versions(session):
    return session.scalar(select(func.count()).select_from(Report))


class TestExtracts:
    @pytest.mark.parametrize("first", ["feed", "archive"])
    def test_the_extract_and_the_letter_are_one_report(self, session, coordinator, first):
        files = [message(), extract()]

        for content in files if first == "feed" else files[::-1]:
            upload = send(coordinator, content)

        assert upload.counts["duplicate"] == 1
        assert versions(session) == 1

    def test_so_they_are_within_one_file(self, session, coordinator):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("a.hl7", message())
            files.writestr("b.dcm", extract())

        upload = send(coordinator, archive.getvalue())

        assert (upload.counts["accepted"], upload.counts["duplicate"]) == (1, 1)
        assert versions(session) == 1

    @pytest.mark.parametrize(
        "second",
        [
            message(LETTER.replace("droit", "gauche"), number="M2"),
            message(LETTER + "\nADDENDUM : Nodule du lobe moyen vu après relecture.\n"),
            # The sender says that something was corrected, wherever it was.
            message(LETTER.replace("sans injection", "avec injection"), status="C"),
            extract(FINDINGS.replace("Pas d'épanchement", "Épanchement")),
        ],
    )
    def test_what_says_something_else_is_another_version(self, session, coordinator, second):
        send(coordinator, message())

        upload = send(coordinator, second)

        assert upload.counts["updated"] == 1
        assert versions(session) == 2

    def test_a_final_letter_follows_a_preliminary_extract(self, session, coordinator):
        content = [item("TEXT", "Résultats", FINDINGS), item("TEXT", "Conclusion", CONCLUSION)]
        send(coordinator, as_bytes(document(content, VerificationFlag="UNVERIFIED")))

        send(coordinator, message())

        [current] = session.scalars(select(Report).where(Report.is_current))
        assert current.status == "final"


def test_the_structured_reports_of_the_scout_are_those_of_its_feed(session, coordinator, shared):
    send(coordinator, (shared / "hl7v2/scout/all_messages_cr.hl7").read_bytes())
    before = versions(session)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for path in sorted((shared / "dicom/scout_derived_sr").glob("*.dcm")):
            files.write(path, path.name)

    upload = send(coordinator, archive.getvalue())

    assert upload.total == 40
    assert upload.counts["accepted"] + upload.counts["updated"] == versions(session) - before
    assert (upload.counts["duplicate"], upload.counts["accepted"]) == (40, 0)
