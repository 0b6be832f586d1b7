import csv
import json
import re

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import CheckStage, ExclusionReason, RevealReason
from peeraudit.domain.blinding.spans import PLACEHOLDER
from peeraudit.domain.errors import (
    Conflicting,
    IllegalMove,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.domain.jobs import JobState
from peeraudit.domain.workflow import CampaignState, CaseState, DeclineReason
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import blinding_records as records
from peeraudit.services import checking, duties, intake, intake_uploads, jobs, masking, readings
from peeraudit.services.checking import Wanted
from peeraudit.services.intake import NewUpload
from peeraudit.services.masking import Correction
from peeraudit.services.masking_orders import order_masking
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    make_network,
    plan_and_publish,
    reviewer_actor,
)

DOUBTFUL = (
    "Vu avec Mme Grignardin.\nSuite de 483920, puis de 550177 et 661204, sans changement.\nFIN"
)
# Written in small letters these are plain words: white matter, lung fields, an individual.
HOMOGRAPHS = {"white", "fields", "an"}
TEXT = "INDICATION : toux. Patient Durand, suivi au CHU. Foyer du lobe moyen.\nDr Marie Lenoir"


@pytest.fixture
def department(session):
    return make_department(session, city="Vaudrenay")


@pytest.fixture
def by(session, password_hash, department):
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


@pytest.fixture
def campaign(session, department):
    return make_campaign(session, [department], state=CampaignState.DRAWN)


@pytest.fixture(autouse=True)
def noise(session, password_hash):
    """Another department's case, which nothing here may touch."""
    other = make_department(session)
    case = make_case(session, make_campaign(session, [other]), make_report(session, other))
    yield
    session.expire_all()
    assert session.get_one(Case, case.id).state is CaseState.DRAWN


def order(campaign_id):
    with unit_of_work():
        return order_masking(campaign_id)


def masked_case(session, campaign, department, text=TEXT, **values):
    case = make_case(session, campaign, make_report(session, department, text=text, **values))
    order(campaign.id)
    sweep()
    session.expire_all()
    return session.get_one(Case, case.id)


def acts(session, case_id):
    found = session.scalars(
        select(TrailEntry).where(TrailEntry.object_id == case_id).order_by(TrailEntry.id)
    )
    return {entry.act: json.loads(entry.details) for entry in found}


class TestMaskCases:
    def test_it_hides_what_message_and_network_know(self, session, campaign, department):
        make_department(session, city="Castelrive")
        text = f"{TEXT}\nAdressé de Castelrive, copie {department.name}, tél. 01 23 45 67 89."
        patient = Patient(
            ("7795083283",),
            (Person("", "DURAND", "Jean"),),
            phones=("0123456789",),
            addresses=("12 rue des Acacias",),
        )

        case = masked_case(session, campaign, department, text, patient=patient)

        assert case.state is CaseState.DEIDENTIFIED
        left = PLACEHOLDER.sub("", case.masked_text)
        assert not re.search(r"Durand|Lenoir|Castelrive|imagerie|67", left)
        assert "Foyer du lobe moyen." in case.masked_text

    def test_it_hides_a_colleague_whom_the_message_does_not_name(
        self, session, campaign, department
    ):
        make_report(session, department, author=Person("", "QUERBOIS", "Anne"))

        case = masked_case(session, campaign, department, "Relu par Querbois ce jour.")

        assert "Querbois" not in case.masked_text

    def test_it_masks_the_name_of_the_examination_too(self, session, campaign, department):
        report = make_report(session, department)
        report.exam = "Scanner, secrétariat du Dr Lenoir"
        case = make_case(session, campaign, report)
        order(campaign.id)

        sweep()

        session.expire_all()
        assert "Lenoir" not in session.get_one(Case, case.id).exam

    def test_a_doubtful_case_goes_to_quarantine(self, session, campaign, department):
        case = masked_case(session, campaign, department, DOUBTFUL)

        assert case.state is CaseState.QUARANTINED
        assert case.doubt >= 0.5

    def test_a_run_that_was_killed_goes_on_where_it_was(
        self, session, campaign, department, by, monkeypatch
    ):
        monkeypatch.setattr(masking, "CASES_PER_BITE", 2)
        for _ in range(5):
            make_case(session, campaign, make_report(session, department))
        job_id = order(campaign.id)
        with unit_of_work():
            jobs.begin(job_id)
        killed = masking.mask_cases(job_id)
        with unit_of_work():
            next(killed)
        killed.close()

        duties.run_job(job_id, masking.mask_cases)
        duties.run_job(job_id, masking.mask_cases)

        assert jobs.view(job_id).state is JobState.SUCCEEDED
        assert jobs.view(job_id).result == {"masked": 5, "quarantined": 0}
        masked = session.scalars(select(TrailEntry).where(TrailEntry.act == "mask_case")).all()
        assert len(masked) == 5

    def test_a_case_that_was_checked_stays_as_it_was_left(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)
        with unit_of_work():
            masking.correct_masks(case.id, Correction(hide="lobe moyen"), by=by)
        order(campaign.id)

        sweep()

        session.expire_all()
        assert "⟦other⟧" in session.get_one(Case, case.id).masked_text

    def test_each_coordinator_is_told_once(self, session, campaign, department, by):
        masked_case(session, campaign, department)
        order(campaign.id)
        sweep()

        told = session.scalars(select(Message)).all()

        assert [m.account_id for m in told] == [by.account_id]
        assert str(campaign.id) in told[0].path


class TestCorrectMasks:
    def test_words_are_masked_wherever_they_occur(self, session, campaign, department, by):
        text = "Suivi du zorvelle.\nZorvelle confirme ; Zorvellement reste. ZORVELLE"
        case = masked_case(session, campaign, department, text)

        with unit_of_work():
            count = masking.correct_masks(
                case.id, Correction(hide="Zorvelle", kind="person"), by=by
            )

        shown = checking.show_case(case.id, by=by)
        assert count == 3
        assert session.get_one(Case, case.id).masked_text.count("⟦person⟧") == 3
        assert "Zorvellement" in session.get_one(Case, case.id).masked_text
        assert ("zorvelle", "coordinator", 3) in [(m.words, m.layer, m.count) for m in shown.masks]

    def test_a_mask_goes_with_a_reason_and_without_its_words(
        self, session, campaign, department, by
    ):
        case = masked_case(session, campaign, department)
        [name] = [m for m in checking.show_case(case.id, by=by).masks if "Durand" in m.words]

        with unit_of_work():
            masking.correct_masks(
                case.id,
                Correction(show_from=name.start, reason=RevealReason.ORDINARY_WORD),
                by=by,
            )

        assert "Durand" in session.get_one(Case, case.id).masked_text
        kept = acts(session, case.id)["remove_mask"]
        assert kept == {
            "kind": "patient", "layer": "known", "count": 1, "why": "ordinary_word",
        }  # fmt: skip

    def test_the_doubt_falls_when_its_cause_is_masked(self, session, campaign, department, by):
        case = masked_case(session, campaign, department, DOUBTFUL)
        before = case.doubt

        for words, kind in checking.show_case(case.id, by=by).doubts:
            with unit_of_work():
                masking.correct_masks(case.id, Correction(hide=words, kind=kind), by=by)

        assert before > 0.5
        assert session.get_one(Case, case.id).doubt == 0
        assert checking.show_case(case.id, by=by).doubts == ()

    @pytest.mark.parametrize("words", ["", " . ", "introuvable", "Durand"])
    def test_words_that_change_nothing_are_refused(self, session, campaign, department, by, words):
        case = masked_case(session, campaign, department)

        with pytest.raises(InvalidInput), unit_of_work():
            masking.correct_masks(case.id, Correction(hide=words), by=by)

    def test_a_mask_that_is_gone_is_not_found(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)

        with pytest.raises(NotFound), unit_of_work():
            masking.correct_masks(case.id, Correction(show_from=1), by=by)


class TestApproveCase:
    def test_it_makes_the_case_ready(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)

        with unit_of_work():
            masking.approve_case(case.id, by=by)

        assert session.get_one(Case, case.id).state is CaseState.ELIGIBLE
        assert session.get_one(Case, case.id).checked_by == by.account_id
        assert "approve_case" in acts(session, case.id)

    def test_masks_that_were_changed_meanwhile_are_looked_at_again(
        self, session, campaign, department, by
    ):
        case = masked_case(session, campaign, department)
        seen = checking.show_case(case.id, by=by).version
        with unit_of_work():
            masking.correct_masks(case.id, Correction(hide="lobe"), by=by)

        with pytest.raises(Conflicting), unit_of_work():
            masking.approve_case(case.id, seen=seen, by=by)

        assert session.get_one(Case, case.id).state is CaseState.DEIDENTIFIED

    def test_twice_is_refused(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)
        with unit_of_work():
            masking.approve_case(case.id, by=by)

        with pytest.raises(IllegalMove), unit_of_work():
            masking.approve_case(case.id, by=by)

    def test_after_the_freeze_nothing_changes(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)
        campaign.state = CampaignState.FROZEN
        session.commit()

        with pytest.raises(IllegalMove, match="frozen"), unit_of_work():
            masking.approve_case(case.id, by=by)

    def test_all_without_doubt_leaves_the_doubtful(self, session, campaign, department, by):
        sure = masked_case(session, campaign, department)
        doubtful = masked_case(session, campaign, department, DOUBTFUL)

        with unit_of_work():
            count = masking.approve_all(campaign.id, by=by)

        assert count == 1
        assert session.get_one(Case, sure.id).state is CaseState.ELIGIBLE
        assert session.get_one(Case, doubtful.id).state is CaseState.QUARANTINED


class TestOtherWays:
    def test_an_approval_can_be_taken_back(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)
        with unit_of_work():
            masking.approve_case(case.id, by=by)

        with unit_of_work():
            masking.quarantine_case(case.id, by=by)

        assert session.get_one(Case, case.id).state is CaseState.QUARANTINED
        assert session.get_one(Case, case.id).checked_by is None

    def test_an_exclusion_keeps_its_reason(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)

        with unit_of_work():
            masking.exclude_case(case.id, ExclusionReason.OBJECTION, by=by)

        assert session.get_one(Case, case.id).state is CaseState.EXCLUDED
        assert session.get_one(Case, case.id).excluded_reason == "objection"

    def test_a_case_that_reviewers_have_is_not_the_coordinators(
        self, session, campaign, department, by
    ):
        case = masked_case(session, campaign, department)
        case.state = CaseState.IN_REVIEW
        session.commit()

        with pytest.raises(IllegalMove), unit_of_work():
            masking.exclude_case(case.id, ExclusionReason.OBJECTION, by=by)


class TestSentBack:
    def test_a_case_goes_on_where_it_stood_once_it_is_masked_again(self, session, password_hash):
        places, _ = make_network(session)
        campaign = make_drawn_campaign(session, places)
        [case] = make_cases(session, campaign, places[0], 1, masked_text="x", spans="[]")
        plan_and_publish(campaign, lead(session, password_hash))
        reading = session.scalars(select(Assignment).where(Assignment.case_id == case.id)).first()
        reader = reviewer_actor(session.get_one(Reviewer, reading.reviewer_id))
        with unit_of_work():
            readings.decline(reading.id, DeclineReason.IDENTIFIER_SEEN, by=reader)
        account = make_account(session, password_hash, Role.COORDINATOR, places[0].id)
        by = Actor(account.id, Role.COORDINATOR, places[0].id)
        [line] = checking.list_cases(Wanted(stage=CheckStage.QUARANTINED), by=by).lines

        with unit_of_work():
            masking.correct_masks(case.id, Correction(hide="Jean Durand", kind="patient"), by=by)
            masking.approve_case(case.id, by=by)

        assert line.is_back
        assert session.get_one(Case, case.id).state is CaseState.ASSIGNED
        assert "Durand" not in session.get_one(Case, case.id).masked_text


class TestWhoSees:
    def test_another_department_finds_nothing(
        self, session, campaign, department, by, password_hash
    ):
        case = masked_case(session, campaign, department)
        stranger = make_account(session, password_hash, Role.COORDINATOR)
        other = Actor(stranger.id, Role.COORDINATOR, make_department(session).id)

        with pytest.raises(NotFound):
            checking.show_case(case.id, by=other)
        with pytest.raises(NotFound), unit_of_work():
            masking.approve_case(case.id, by=other)
        assert checking.list_cases(Wanted(), by=other).total == 0
        assert checking.next_case(Wanted(), by=other) is None

    @pytest.mark.parametrize("role", [Role.NETWORK_LEAD, Role.REVIEWER, Role.ADMINISTRATOR])
    def test_other_roles_are_refused(self, session, campaign, department, by, role):
        case = masked_case(session, campaign, department)

        with pytest.raises(NotAllowed):
            checking.show_case(case.id, by=Actor(by.account_id, role))

    def test_what_becomes_of_a_case_after_its_check_looks_the_same(
        self, session, campaign, department, by
    ):
        case = masked_case(session, campaign, department)
        seen = set()
        for state in set(CaseState) - {
            CaseState.RECEIVED, CaseState.DRAWN, CaseState.QUARANTINED,
            CaseState.DEIDENTIFIED, CaseState.EXCLUDED, CaseState.ELIGIBLE,
            # Then it is nobody's: its own department no longer finds it.
            CaseState.PURGED,
        }:  # fmt: skip
            case.state = state
            session.commit()
            [line] = checking.list_cases(Wanted(), by=by).lines
            seen.add((line, checking.show_case(case.id, by=by)))

        assert len(seen) == 1
        assert next(iter(seen))[0].stage is CheckStage.CHECKED


class TestNextCase:
    def test_it_goes_through_all_and_comes_back_to_what_was_left(
        self, session, campaign, department, by
    ):
        cases = [masked_case(session, campaign, department) for _ in range(3)]
        codes = sorted(cases, key=lambda case: case.code)

        first = checking.next_case(Wanted(), by=by)
        second = checking.next_case(Wanted(), after=first, by=by)
        with unit_of_work():
            masking.approve_case(second, by=by)
        third = checking.next_case(Wanted(), after=second, by=by)
        again = checking.next_case(Wanted(), after=third, by=by)

        assert [first, second, third, again] == [codes[0].id, codes[1].id, codes[2].id, codes[0].id]

    def test_none_is_left_at_the_end(self, session, campaign, department, by):
        case = masked_case(session, campaign, department)
        with unit_of_work():
            masking.approve_case(case.id, by=by)

        assert checking.next_case(Wanted(campaign.id), after=case.id, by=by) is None


class TestRealReports:
    def test_nothing_known_is_left_in_a_real_feed(self, session, campaign, department, by, shared):
        feed = shared / "hl7v2/scout/all_messages_cr.hl7"
        marked = shared / "hl7v2/scout/identifiers_in_text.csv"
        if not (feed.exists() and marked.exists()):
            pytest.skip("the real feed is not among the shared data")
        new = NewUpload(department.id, feed.name, "hl7v2")
        with unit_of_work():
            upload_id = intake.receive(new, [feed.read_bytes()], by=by)
        # Not through the queue: its claim is renewed by a thread, which cannot share the
        # connection of a test.
        duties.run_job(intake_uploads.show_upload(upload_id, by=by).job.id, intake.read_upload)
        reports = session.scalars(select(Report).where(Report.department_id == department.id)).all()
        cases = {r.report_key: make_case(session, campaign, r).id for r in reports if r.is_current}
        duties.run_job(order(campaign.id), masking.mask_cases)
        session.expire_all()

        texts = {key: session.get_one(Case, case_id).masked_text for key, case_id in cases.items()}

        assert len(texts) > 100
        assert "" not in texts.values()
        sealed = records.reports_of([r.id for r in reports])
        originals = {r.report_key: records.open_text(sealed[r.id]) for r in reports}
        assert leaks(originals, marked)
        assert leaks(texts, marked) == []


def leaks(texts, marked):
    """Return the identifiers, found by others in the feed, that stand in the texts."""
    left = []
    with marked.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "date" or row["control_id"] not in texts:
                continue
            shape = rf"(?<!\w){re.escape(row['value'])}(?!\w)"
            found = re.findall(shape, texts[row["control_id"]], re.IGNORECASE)
            left += [word for word in found if word not in HOMOGRAPHS]
    return left
