"""Lists without texts: what is drawn from them is asked for, and nothing else is kept."""

import pytest
from sqlalchemy import func, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import CheckStage
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import CaseState
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.messages import Message
from peeraudit.models.network import Department
from peeraudit.models.sampling import FrameEntry
from peeraudit.services import blinding, checking, intake, intake_texts, intake_uploads, sampling
from peeraudit.services import blinding_records as records
from peeraudit.services.checking import Wanted
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.campaigns import make_frozen
from tests.factories.cases import FIRST_DAY
from tests.factories.network import make_actor

HEAD = "accession,report_id,patient_last,modality,performed,status,report_text\n"
ANNOUNCED = 10


@pytest.fixture
def coordinator(session, password_hash):
    department = make_department(session)
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def send(coordinator, rows, **values):
    table = HEAD + "".join(f"{row}\n" for row in rows)
    new = NewUpload(coordinator.department_id, "list.csv", **values)
    with unit_of_work():
        upload_id = intake.receive(new, [table.encode()], by=coordinator)
    sweep()
    return intake_uploads.show_upload(upload_id, by=coordinator)


def row(number, text="", status="final"):
    return f"A{number},R{number},DUPONT,CT,{FIRST_DAY.isoformat()},{status},{text}"


@pytest.fixture
def announced(session, coordinator):
    """A list of CT reports without texts, none of them drawn yet."""
    return send(coordinator, map(row, range(ANNOUNCED)), frame_only=True)


@pytest.fixture
def drawn(session, coordinator, announced):
    """The campaign that drew some of them."""
    lead = make_actor(session, Role.NETWORK_LEAD)
    place = make_place(session, coordinator)
    campaign_id = make_frozen([place], by=lead)
    with unit_of_work():
        sampling.draw_sample(campaign_id, by=lead)
    sweep()
    return campaign_id


def make_place(session, coordinator):
    return session.get_one(Department, coordinator.department_id)


def cases(session, campaign_id):
    return session.scalars(select(Case).where(Case.campaign_id == campaign_id)).all()


class TestAnnouncedReports:
    def test_they_count_in_the_frame(self, session, announced, drawn):
        eligible = select(func.count()).where(FrameEntry.excluded_reason == "")

        assert announced.counts["accepted"] == ANNOUNCED
        assert session.scalar(eligible) == ANNOUNCED

    def test_announced_twice_nothing_changes(self, session, coordinator, announced):
        again = send(coordinator, map(row, range(ANNOUNCED)), frame_only=True)

        assert again.counts["duplicate"] == ANNOUNCED

    def test_an_announcement_never_takes_the_place_of_a_text(self, session, coordinator):
        send(coordinator, [row(1, "Foie normal.")])

        again = send(coordinator, [row(1)], frame_only=True)

        assert again.counts["duplicate"] == 1
        current = session.scalar(select(Report.id).where(Report.is_current))
        assert records.open_text(records.reports_of([current])[current]) == "Foie normal."

    def test_without_saying_so_a_report_without_text_is_refused(self, session, coordinator):
        assert send(coordinator, [row(1)]).counts["refused"] == 1


class TestListOfCases:
    def test_cases_that_wait_for_their_text_are_a_stage_of_their_own(
        self, session, coordinator, drawn
    ):
        one = intake_texts.list_wanted(by=coordinator)[0]
        wanted = Wanted(stage=CheckStage.AWAITS_TEXT)
        before = checking.list_cases(wanted, by=coordinator)
        send(coordinator, [row(one.accession.removeprefix("A"), "Foie normal.")])
        sweep()

        after = checking.list_cases(wanted, by=coordinator)

        made = len(cases(session, drawn))
        assert before.total == before.counts[CheckStage.AWAITS_TEXT] == len(before.lines) == made
        assert after.total == made - 1
        assert {line.stage for line in after.lines} == {CheckStage.AWAITS_TEXT}
        assert checking.list_cases(Wanted(stage=CheckStage.WAITING), by=coordinator).total == 0

    def test_a_text_tells_the_side_that_its_announcement_did_not(self, session, coordinator, drawn):
        one = intake_texts.list_wanted(by=coordinator)[0]
        text = '"Scanner du genou droit\nPas de fracture."'

        send(coordinator, [row(one.accession.removeprefix("A"), text)])

        report = session.scalar(select(Report).where(Report.accession == one.accession))
        [case_id] = blinding.cases_of_reports([report.id])
        shown = checking.show_case(case_id, by=coordinator)
        assert shown.facts.laterality == report.laterality == "right"
        assert "laterality" in shown.facts.derived


class TestWantedTexts:
    def test_drawn_cases_wait_and_the_coordinator_is_told(self, session, coordinator, drawn):
        made = cases(session, drawn)

        wanted = intake_texts.list_wanted(by=coordinator)

        assert {case.state for case in made} == {CaseState.DRAWN}
        assert all(case.awaits_text for case in made)
        assert len(wanted) == len(made) > 0
        told = session.scalars(select(Message).where(Message.kind == NoticeKind.TEXTS_WANTED))
        assert [message.path for message in told] == ["/intake/wanted"]

    def test_a_text_that_comes_is_attached_and_masked(self, session, coordinator, drawn):
        one = intake_texts.list_wanted(by=coordinator)[0]
        text = "Madame DUPONT : foie normal."

        upload = send(coordinator, [row(one.accession.removeprefix("A"), text)])
        sweep()

        report = session.scalar(select(Report).where(Report.accession == one.accession))
        [case_id] = blinding.cases_of_reports([report.id])
        case = session.get_one(Case, case_id)
        assert upload.counts["updated"] == 1
        assert records.open_text(records.reports_of([report.id])[report.id]) == text
        assert (report.version, report.has_text, report.awaits_text) == (1, True, False)
        assert case.state in {CaseState.DEIDENTIFIED, CaseState.QUARANTINED}
        assert "DUPONT" not in case.masked_text
        assert len(intake_texts.list_wanted(by=coordinator)) == len(cases(session, drawn)) - 1

    def test_no_report_is_added_by_it(self, session, coordinator, drawn):
        rows = [row(number, "Foie normal.") for number in range(ANNOUNCED)]

        upload = send(coordinator, rows)

        wanted = len(cases(session, drawn))
        assert upload.counts["updated"] == wanted
        assert upload.counts["excluded"] == ANNOUNCED - wanted
        assert session.scalar(select(func.count()).select_from(Report)) == ANNOUNCED

    def test_the_text_of_a_report_that_was_not_drawn_is_kept_nowhere(
        self, session, coordinator, drawn
    ):
        send(coordinator, [row(number, "Rate de 14 cm.") for number in range(ANNOUNCED)])

        with_text = select(func.count()).where(Report.has_text)
        assert session.scalar(with_text) == len(cases(session, drawn))

    def test_the_list_can_be_filled_in_and_sent_back(self, session, coordinator, drawn):
        lines = "".join(intake_texts.wanted_table(by=coordinator)).splitlines()
        filled = "\n".join([lines[0], *(f"{line}Foie normal." for line in lines[1:])])
        new = NewUpload(coordinator.department_id, "wanted-texts.csv")
        with unit_of_work():
            upload_id = intake.receive(new, [filled.encode()], by=coordinator)
        sweep()

        upload = intake_uploads.show_upload(upload_id, by=coordinator)
        assert upload.counts["updated"] == len(lines) - 1
        assert intake_texts.list_wanted(by=coordinator) == []


def test_a_report_that_changes_after_its_draw_is_told(session, coordinator, drawn):
    one = intake_texts.list_wanted(by=coordinator)[0]
    number = one.accession.removeprefix("A")
    send(coordinator, [row(number, "Foie normal.")])

    send(coordinator, [row(number, "Foie normal. Rate normale.", "corrected")])

    told = session.scalars(select(Message).where(Message.kind == NoticeKind.REPORT_CHANGED))
    assert len(told.all()) == 1
