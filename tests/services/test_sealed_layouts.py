"""Names of sheets and of columns lie sealed, and are told to their department alone."""

import io
from dataclasses import replace

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.jobs import JobState
from peeraudit.models.intake import IntakeItem, RememberedLayout, Upload
from peeraudit.models.jobs import Job
from peeraudit.services import intake, intake_layouts, intake_mending, intake_uploads
from peeraudit.services import sealed_layouts as layouts
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department

NAME = "Bellecombe"
HEADINGS = ["accession", "performed", "report_text", f"Dossier {NAME}"]
ROWS = [["A1", "2026-10-01", "Foie normal.", "x"], ["", "2026-10-02", "Rate normale.", "x"]]
ODD = f"Dossier {NAME};Le jour;Prose\n;01/10/2026;Foie.\nA2;13/10/2026;Rate.\n"


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, content, name, **values):
    new = NewUpload(coordinator.department_id, name, **values)
    with unit_of_work():
        upload_id = intake.receive(new, [content], by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def book(title=NAME, rows=ROWS):
    made, content = Workbook(), io.BytesIO()
    made.active.title = title
    made.create_sheet(f"{NAME} 2").append(["Vu"])
    for row in (HEADINGS, *rows):
        made.active.append(row)
    made.save(content)
    return content.getvalue()


def explained(coordinator):
    upload = send(coordinator, ODD.encode(), "odd.csv", declared_format="csv")
    guess = intake_layouts.show_layout(upload.id, by=coordinator).guess.layout
    layout = guess.with_columns(("accession", "observed", "report_text"))
    with unit_of_work():
        layout = layout.with_dates({"observed": "day_first"})
        intake.confirm_layout(upload.id, layout, by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload.id, by=coordinator)


def kept(session, *models):
    """Return all that the rows hold in the clear."""
    tables = (model.__table__ for model in models)
    return str([session.execute(select(*table.columns)).all() for table in tables])


def places(upload, coordinator):
    return [str(one.place) for one in intake_uploads.list_items(upload.id, by=coordinator)]


class TestNamesOfSheets:
    def test_they_are_told_and_not_kept(self, session, coordinator):
        upload = send(coordinator, book(), "list.xlsx")

        assert (upload.counts["accepted"], upload.counts["refused"]) == (1, 1)
        assert upload.layout.headings[-1] == f"Dossier {NAME}"
        assert places(upload, coordinator) == [
            f"line 2, {NAME}", f"line 3, {NAME}-accession",
        ]  # fmt: skip
        assert NAME not in kept(session, Upload, IntakeItem, Job)

    def test_a_mended_row_still_stands_where_it_stood(self, session, coordinator):
        upload = send(coordinator, book(), "list.xlsx")
        refused = next(
            one for one in intake_uploads.list_items(upload.id, by=coordinator) if one.can_be_mended
        )

        with unit_of_work():
            intake_mending.try_again(refused.id, changes={"accession": "A7"}, by=coordinator)

        assert places(upload, coordinator)[1] == f"line 3, {NAME}-accession"
        assert NAME not in kept(session, IntakeItem)

    def test_a_sheet_that_is_not_there_is_told_and_not_kept(self, session, coordinator):
        layout = send(coordinator, book(), "list.xlsx").layout

        upload = send(coordinator, book("Autre"), "other.xlsx", layout=replace(layout, sheet=NAME))

        assert upload.job.state is JobState.FAILED
        told = upload.job.error_params
        assert (told["sheet"], told["known"]) == (NAME, f"Autre, {NAME} 2")
        assert NAME not in kept(session, Upload, Job)


class TestLayouts:
    def test_headings_are_remembered_and_not_kept(self, session, coordinator):
        first = explained(coordinator)

        again = send(
            coordinator,
            ODD.replace("A2", "A3").encode(),
            "again.csv",
            declared_format="csv",
        )

        assert not again.asks_layout
        assert again.counts["accepted"] == 1
        assert places(first, coordinator)[0] == f"line 2, Dossier {NAME}"
        assert NAME not in kept(session, Upload, RememberedLayout, IntakeItem)

    def test_sealed_anew_they_are_the_same(self, session, coordinator):
        upload = session.get_one(Upload, explained(coordinator).id)
        [row] = session.scalars(select(RememberedLayout)).all()
        before = layouts.layout_of(upload), layouts.remembered(row)
        sealed = upload.sealed_layout, row.sealed_layout

        layouts.seal_anew([upload])
        layouts.seal_remembered_anew([row])

        assert (layouts.layout_of(upload), layouts.remembered(row)) == before
        assert (upload.sealed_layout, row.sealed_layout) != sealed

    def test_the_same_file_again_is_known_by_its_layout(self, session, coordinator):
        content = book(rows=ROWS[:1])
        send(coordinator, content, "list.xlsx")

        again = send(coordinator, content, "list.xlsx")

        assert again.counts["duplicate"] == 1
        assert places(again, coordinator) == [f"line 2, {NAME}"]
        assert NAME not in kept(session, IntakeItem)
