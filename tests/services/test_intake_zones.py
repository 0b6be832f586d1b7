"""Are the day of an examination and the time of signing those of the sending department?"""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.models.intake import IntakeItem, Report
from peeraudit.services import intake, intake_mending
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.adapters.readers.structured_reports import as_bytes, document, item
from tests.factories.accounts import make_account, make_department

HALF_PAST_MIDNIGHT = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def hl7(moment):
    text = f"""MSH|^~\\&|RIS|A|P|B|{moment}||ORU^R01|1|P|2.5
PID|1||77||DUPONT^JEAN
OBR|1||Z1|CT^Scanner thoracique|||{moment}|||||||||||||||{moment}||CT|F
OBX|1|TX|GDT||Poumons clairs.||||||F"""
    return text.replace("\n", "\r").encode()


def fhir(moment):
    return json.dumps(
        {
            "resourceType": "DiagnosticReport",
            "id": "z1",
            "status": "final",
            "identifier": [{"value": "Z1"}],
            "category": [{"coding": [{"code": "RAD"}]}],
            "code": {"text": "CT chest"},
            "effectiveDateTime": moment,
            "issued": moment,
            "conclusion": "Poumons clairs, pas d'épanchement.",
        }
    ).encode()


def dicom(offset):
    zone = {"TimezoneOffsetFromUTC": offset} if offset else {}
    told = [item("TEXT", "Conclusion", "Pas de fracture.")]
    return as_bytes(
        document(
            told,
            AccessionNumber="Z1",
            StudyDate="20260715",
            StudyTime="003000",
            ContentDate="20260715",
            ContentTime="003000",
            **zone,
        )
    )


def csv(moment):
    return (
        "accession,performed,reported,report_text\n"
        f"Z1,{moment},{moment},Poumons clairs et pas d'épanchement.\n"
    ).encode()


def send(coordinator, name, content):
    with unit_of_work():
        new = NewUpload(coordinator.department_id, name)
        intake.receive(new, [content], by=coordinator)
    sweep()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.hl7", hl7("20260715003000")),
        ("b.hl7", hl7("20260715003000+0200")),
        ("c.hl7", hl7("20260714223000+0000")),
        ("d.json", fhir("2026-07-15T00:30:00+02:00")),
        ("e.json", fhir("2026-07-14T22:30:00Z")),
        ("f.dcm", dicom("")),
        ("g.dcm", dicom("+0200")),
        ("h.csv", csv("2026-07-15 00:30")),
        ("i.csv", csv("15/07/2026 00:30")),
    ],
)
def test_half_past_midnight_in_summer_is_that_day_everywhere(session, coordinator, name, content):
    send(coordinator, name, content)

    report = session.scalars(select(Report)).one()
    assert (report.performed_on, report.signed_at) == (date(2026, 7, 15), HALF_PAST_MIDNIGHT)


@pytest.mark.parametrize(
    ("moment", "signed"),
    [
        ("20260329030000", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("20261025235959", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_clock_is_changed_as_the_department_changes_it(session, coordinator, moment, signed):
    send(coordinator, "a.hl7", hl7(moment))

    report = session.scalars(select(Report)).one()
    assert report.signed_at == signed
    assert f"{report.performed_on:%Y%m%d}" == moment[:8]


def test_a_day_alone_stays_that_day(session, coordinator):
    send(coordinator, "a.json", fhir("2026-07-15"))

    assert session.scalars(select(Report)).one().performed_on == date(2026, 7, 15)


def test_what_is_mended_is_read_in_the_same_zone(session, coordinator):
    send(coordinator, "a.csv", csv("2026-07-15 00:30").replace(b"Z1", b""))
    refused = session.scalars(select(IntakeItem)).one()

    with unit_of_work():
        intake_mending.try_again(refused.id, changes={"accession": "Z1"}, by=coordinator)

    assert session.scalars(select(Report)).one().signed_at == HALF_PAST_MIDNIGHT
