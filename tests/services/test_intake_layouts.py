"""Tables whose layout is not certain: shown, corrected, confirmed, remembered."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Conflicting, InvalidInput, NotFound
from peeraudit.domain.jobs import JobState
from peeraudit.models.intake import Report
from peeraudit.services import intake, intake_layouts, intake_mending, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department

ODD = "Dossier;Le jour;Prose\nA1;01/10/2026;Foie normal.\nA2;13/10/2026;Rate normale.\n"
COLUMNS = ("accession", "observed", "report_text")


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, text=ODD, **values):
    new = NewUpload(coordinator.department_id, "odd.csv", "csv", **values)
    with unit_of_work():
        upload_id = intake.receive(new, [text.encode()], by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def corrected(upload, coordinator):
    guess = intake_layouts.show_layout(upload.id, by=coordinator).guess
    return replace(guess.layout, columns=COLUMNS, dates={"observed": "day_first"})


def settle(upload, coordinator, columns):
    guess = intake_layouts.show_layout(upload.id, by=coordinator).guess
    layout = replace(guess.layout, columns=columns, dates={"observed": "day_first"})
    with unit_of_work():
        intake.confirm_layout(upload.id, layout, by=coordinator)
    sweep()


def confirm(upload, coordinator):
    with unit_of_work():
        intake.confirm_layout(upload.id, corrected(upload, coordinator), by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload.id, by=coordinator)


class TestAnUncertainTable:
    def test_it_waits_and_nothing_is_read(self, session, coordinator):
        upload = send(coordinator)

        assert upload.asks_layout
        assert upload.job is None
        assert session.scalar(select(Report.id)) is None

    def test_the_guess_is_shown_with_the_first_rows(self, session, coordinator):
        guess = intake_layouts.show_layout(send(coordinator).id, by=coordinator).guess

        assert guess.layout.delimiter == ";"
        assert guess.preview[0][2] == "Foie normal."

    def test_confirmed_it_is_read(self, session, coordinator):
        upload = confirm(send(coordinator), coordinator)

        assert upload.job.state is JobState.SUCCEEDED
        assert upload.counts["accepted"] == 2
        assert upload.layout.columns == COLUMNS
        days = session.scalars(select(Report.performed_on).order_by(Report.accession)).all()
        assert [day.isoformat() for day in days] == ["2026-10-01", "2026-10-13"]

    def test_the_next_file_with_the_same_headings_is_read_silently(self, session, coordinator):
        confirm(send(coordinator), coordinator)

        again = send(coordinator, ODD.replace("A1", "A8").replace("A2", "A9"))

        assert not again.asks_layout
        assert again.counts["accepted"] == 2

    def test_another_department_is_asked_for_itself(self, session, coordinator, password_hash):
        confirm(send(coordinator), coordinator)
        elsewhere = make_department(session)
        account = make_account(session, password_hash, Role.COORDINATOR, elsewhere.id)
        other = Actor(account.id, Role.COORDINATOR, elsewhere.id)

        upload = send(other)

        assert upload.asks_layout
        with pytest.raises(NotFound):
            intake_layouts.show_layout(upload.id, by=coordinator)

    def test_a_layout_that_lacks_a_needed_column_is_refused(self, session, coordinator):
        upload = send(coordinator)
        lacking = replace(corrected(upload, coordinator), columns=("", "observed", "report_text"))

        with pytest.raises(InvalidInput, match="Accession number"), unit_of_work():
            intake.confirm_layout(upload.id, lacking, by=coordinator)

    def test_confirmed_once_it_is_settled(self, session, coordinator):
        upload = send(coordinator)
        layout = corrected(upload, coordinator)
        confirm(upload, coordinator)

        with pytest.raises(Conflicting), unit_of_work():
            intake.confirm_layout(upload.id, layout, by=coordinator)

    def test_a_layout_that_comes_with_the_file_is_taken(self, session, coordinator):
        layout = corrected(send(coordinator), coordinator)

        upload = send(coordinator, layout=layout)

        assert upload.counts["accepted"] == 2


class TestLookingFirst:
    def test_a_table_that_is_known_waits_and_shows_what_was_confirmed(self, session, coordinator):
        confirm(send(coordinator), coordinator)

        upload = send(coordinator, look_first=True)

        assert upload.asks_layout
        guess = intake_layouts.show_layout(upload.id, by=coordinator).guess
        assert guess.remembered
        assert guess.layout.columns == COLUMNS

    def test_so_does_one_of_which_nothing_is_doubtful(self, session, coordinator):
        text = ODD.replace("Dossier;Le jour;Prose", "accession;date_examen;texte")
        assert not send(coordinator, text).asks_layout

        upload = send(coordinator, text.replace("A1", "A8"), look_first=True)

        assert upload.asks_layout
        assert upload.job is None

    def test_what_was_confirmed_wrongly_is_put_right_with_the_reports(self, session, coordinator):
        text = "Dossier;Le jour;Prose;Texte\nA1;01/10/2026;à relire;Foie normal.\n"
        wrong, right = (*COLUMNS, ""), (*COLUMNS[:2], "", "report_text")
        first = send(coordinator, text)
        settle(first, coordinator, wrong)
        assert send(coordinator, text).counts["duplicate"] == 1

        again = send(coordinator, text, look_first=True)
        settle(again, coordinator, right)

        assert intake_uploads.show_upload(again.id, by=coordinator).counts["updated"] == 1
        newer = send(coordinator, text.replace("A1", "A2"))
        assert (newer.layout.columns, newer.counts["accepted"]) == (right, 1)

    def test_what_is_no_table_is_read_at_once(self, session, coordinator):
        new = NewUpload(coordinator.department_id, "a.hl7", look_first=True)
        with unit_of_work():
            upload_id = intake.receive(new, [b"MSH|^~\\&|\r"], by=coordinator)

        assert not intake_uploads.show_upload(upload_id, by=coordinator).asks_layout


def test_a_row_of_a_table_that_a_person_described_is_put_right(session, coordinator):
    upload = send(coordinator, ODD + "A3;14/10/2026\n")
    upload = confirm(upload, coordinator)
    (refused,) = intake_uploads.list_items(upload.id, by=coordinator, status="refused")
    held = intake_mending.show_refused(refused.id, by=coordinator)

    content = held.content.replace("A3;14/10/2026", "A3;14/10/2026;Rein normal.")
    with unit_of_work():
        mended = intake_mending.try_again(refused.id, content=content, by=coordinator)

    assert mended.status == "accepted"
    report = session.scalar(select(Report).where(Report.accession == "A3"))
    assert str(report.performed_on) == "2026-10-14"
