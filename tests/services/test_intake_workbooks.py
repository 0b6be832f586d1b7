"""Workbooks whose sheets are written in several ways: each is read, or told that it is not."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.models.intake import IntakeItem
from peeraudit.services import intake, intake_layouts, intake_mending, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department

SCANNER = [["accession", "performed", "report_text"], ["A1", "2026-10-01", "Foie normal."]]
IRM = [["Texte", "Accession", "Date"], ["Rein normal.", "B1", "2026-10-02"]]
ODD = [
    ["Dossier", "Jour", "Prose"],
    ["C1", "2026-10-03", "Rate."],
    ["C2", "2026-10-04", "Rein."],
]
NOTE = [["Export du RIS"]]


def workbook(**sheets):
    book, file = openpyxl.Workbook(), BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, content, **values):
    with unit_of_work():
        new = NewUpload(coordinator.department_id, "book.xlsx", **values)
        upload_id = intake.receive(new, [content], by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def told(upload, coordinator):
    items = intake_uploads.list_items(upload.id, by=coordinator)
    return [(str(one.place), one.reason_code or one.status) for one in items]


def confirm(upload, layout, coordinator, **values):
    with unit_of_work():
        intake.confirm_layout(upload.id, layout, by=coordinator, **values)
    sweep()
    return intake_uploads.show_upload(upload.id, by=coordinator)


def test_tables_that_are_certain_are_all_read(session, coordinator):
    upload = send(coordinator, workbook(Scanner=SCANNER, Notes=NOTE, IRM=IRM))

    assert told(upload, coordinator) == [
        ("line 2, Scanner", "accepted"),
        ("line 2, IRM", "accepted"),
    ]
    assert upload.layout.bare == ("Notes",)


class TestASheetThatIsNotUnderstood:
    def test_it_makes_the_file_wait(self, session, coordinator):
        upload = send(coordinator, workbook(Scanner=SCANNER, Divers=ODD))

        assert upload.asks_layout
        guess = intake_layouts.show_layout(upload.id, by=coordinator).guess
        assert [(plan.name, plan.kind) for plan in guess.plans] == [("Scanner", 0), ("Divers", 1)]
        with pytest.raises(InvalidInput, match="No column is said to hold"):
            confirm(upload, guess.layout, coordinator)

    def test_described_it_is_read_and_remembered(self, session, coordinator):
        upload = send(coordinator, workbook(Scanner=SCANNER, Divers=ODD))
        layout = intake_layouts.show_layout(upload.id, by=coordinator).guess.layout
        (other,) = layout.more
        other = other.with_columns(("accession", "observed", "report_text"))
        other = other.with_dates({"observed": "year_first"})

        upload = confirm(upload, replace(layout, more=(other,)), coordinator)
        again = send(
            coordinator, workbook(Divers=[*ODD, ["C3", "2026-10-05", "Os normal."]], Mai=SCANNER)
        )

        assert told(upload, coordinator)[1:] == [
            ("line 2, Divers", "accepted"), ("line 3, Divers", "accepted"),
        ]  # fmt: skip
        assert not again.asks_layout
        assert [code for _, code in told(again, coordinator)] == [
            "duplicate", "duplicate", "accepted", "duplicate",
        ]  # fmt: skip

    def test_left_out_it_is_told_and_remembered(self, session, coordinator):
        upload = send(coordinator, workbook(Scanner=SCANNER, Divers=ODD))
        layout = intake_layouts.show_layout(upload.id, by=coordinator).guess.layout
        left = replace(layout, more=(), left_out=("Divers",))

        upload = confirm(upload, left, coordinator, left_out=layout.more)
        again = send(coordinator, workbook(Scanner=SCANNER, Autre=ODD))

        assert told(upload, coordinator)[-1] == ("line 1, Divers", "sheet_left_out")
        assert (upload.total, upload.counts["refused"]) == (2, 1)
        assert upload.kept_until is not None
        assert not again.asks_layout
        assert told(again, coordinator)[-1] == ("line 1, Autre", "sheet_left_out")

    def test_with_a_layout_that_does_not_speak_of_it_it_is_told(self, session, coordinator):
        given = TableLayout(
            "xlsx", sheet="Scanner", headings=tuple(SCANNER[0]),
            columns=("accession", "observed", "report_text"), dates={"observed": "year_first"},
        )  # fmt: skip

        upload = send(coordinator, workbook(Scanner=SCANNER, Divers=ODD), layout=given)

        assert told(upload, coordinator)[-1] == ("line 1, Divers", "sheet_unread")

    def test_its_name_is_sealed(self, session, coordinator):
        upload = send(coordinator, workbook(Scanner=SCANNER, Durand=ODD))
        layout = intake_layouts.show_layout(upload.id, by=coordinator).guess.layout
        confirm(upload, replace(layout, more=(), left_out=("Durand",)), coordinator)

        rows = session.query(IntakeItem).filter_by(upload_id=upload.id).all()
        assert all("Durand" not in row.locator + row.reason_params for row in rows)
        assert all(row.sealed_names for row in rows)


def test_a_row_above_the_headings_of_a_sheet_is_put_right(session, coordinator):
    above = ["A0", "2026-09-30", "Rein normal."]
    upload = send(coordinator, workbook(Scanner=[["Export"], above, *SCANNER], IRM=IRM))
    (refused,) = intake_uploads.list_items(upload.id, by=coordinator, status="refused")
    assert (refused.reason_code, refused.can_be_mended) == ("above_headings", True)
    held = intake_mending.show_refused(refused.id, by=coordinator)

    with unit_of_work():
        mended = intake_mending.try_again(refused.id, content=held.content, by=coordinator)

    assert mended.status == "accepted"
