from uuid import uuid4

import pytest
from sqlalchemy import func, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import NotFound
from peeraudit.models.intake import IntakeItem, Report, Upload
from peeraudit.services import blinding_records as records
from peeraudit.services.intake_listening import keep_message
from peeraudit.services.intake_names import names_of
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department

MESSAGE = (
    "MSH|^~\\&|RIS|HOP|NET|A|20260331||ORU^R01|M1|P|2.5\rOBR|1||A1|X^Scanner|||20260331\r"
    "OBX|1|TX|||Pas d'épanchement.||||||F\r"
).encode()


@pytest.fixture
def department(session):
    return make_department(session)


def keep(department_id, message):
    with unit_of_work():
        return keep_message(department_id, message)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_message_becomes_an_upload_that_is_read(session, department):
    assert keep(department.id, MESSAGE)
    sweep()

    [upload] = session.scalars(select(Upload))
    assert (upload.channel, upload.format, upload.uploaded_by) == ("mllp", "hl7v2", None)
    assert "M1" not in names_of(upload).file
    [report] = session.scalars(select(Report))
    text = records.open_text(records.reports_of([report.id])[report.id])
    assert (report.accession, text) == ("A1", "Pas d'épanchement.")


def test_a_message_that_comes_twice_changes_nothing(session, department):
    keep(department.id, MESSAGE)
    sweep()

    assert not keep(department.id, MESSAGE)
    sweep()

    assert (count(session, Upload), count(session, IntakeItem)) == (1, 1)


def test_other_bytes_or_another_department_are_another_message(session, department):
    other = make_department(session)

    assert keep(department.id, MESSAGE)
    assert keep(department.id, MESSAGE.replace(b"panchement", b"panchement droit"))
    assert keep(other.id, MESSAGE)

    assert count(session, Upload) == 3


def test_an_unknown_department_is_told(session):
    with pytest.raises(NotFound):
        keep(uuid4(), MESSAGE)
