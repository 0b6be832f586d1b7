import pytest
from sqlalchemy import select

from peeraudit.adapters.queue import Outbox
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import NotFound
from peeraudit.models.intake import IntakeItem, Upload
from peeraudit.models.jobs import Job
from peeraudit.models.trail import TrailEntry
from peeraudit.services import intake, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.network import make_actor

NAME = "DUPONT_Jeanne_IRM.csv"


@pytest.fixture
def coordinator(session):
    return make_actor(session, Role.COORDINATOR, make_department(session))


def send(coordinator, content):
    with unit_of_work():
        new = NewUpload(coordinator.department_id, NAME)
        upload_id = intake.receive(new, [content], by=coordinator)
    sweep()
    return upload_id


def everything_kept(session):
    """Return all that the tables around a file hold, as text."""
    tables = (Upload, Job, IntakeItem, Outbox, TrailEntry)
    rows = [row for one in tables for row in session.execute(select(one.__table__))]
    return "".join(repr(tuple(row)) for row in rows)


@pytest.mark.parametrize(
    "content", [b"accession,report_text\nA1,Foie normal.\n", b"nothing at all"]
)
def test_the_name_of_a_file_stands_nowhere_in_the_clear(session, coordinator, content):
    send(coordinator, content)

    assert "DUPONT" not in everything_kept(session)


def test_the_own_coordinator_reads_it_in_what_went_wrong_too(session, coordinator):
    upload_id = send(coordinator, b"nothing at all")

    shown = intake_uploads.show_upload(upload_id, by=coordinator)

    assert shown.file_name == NAME
    assert shown.job.error_params["name"] == NAME


def test_nobody_else_does(session, coordinator):
    upload_id = send(coordinator, b"nothing at all")
    other = make_actor(session, Role.COORDINATOR, make_department(session))

    with pytest.raises(NotFound):
        intake_uploads.show_upload(upload_id, by=other)
    assert intake_uploads.list_uploads(by=other) == []


def test_a_table_without_headings_is_looked_at_and_not_fallen_over(session, coordinator):
    with unit_of_work():
        new = NewUpload(coordinator.department_id, NAME, declared_format="csv")
        upload_id = intake.receive(new, [b"nothing\n"], by=coordinator)

    assert intake_uploads.show_upload(upload_id, by=coordinator).asks_layout
