import json
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import Conflicting, IllegalMove, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.intake.changes import Decision, KeepReason
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.identities import ReportChange
from peeraudit.models.intake import Report
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.models.scoring import ReviewDraft
from peeraudit.models.trail import TrailEntry
from peeraudit.services import (
    blinding,
    change_decisions,
    intake,
    masking,
    report_changes,
    sampling,
    scoring,
)
from peeraudit.services.intake import NewUpload
from peeraudit.services.reading_desk import NotReadable
from peeraudit.services.score_drafts import ChangedElsewhere
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.campaigns import make_frozen, send_reports
from tests.factories.network import make_actor
from tests.factories.readings import (
    make_author_account,
    make_cases,
    make_drawn_campaign,
    plan_and_publish,
    reviewer_actor,
)

HEAD = (
    "accession,report_id,patient_last,modality,performed,status,author_id,author_last,report_text\n"
)
SAME = KeepReason.SAME_MEANING
NEWER = "RÉSULTATS : foyer du lobe inférieur. M. DURAND a été rappelé."


@pytest.fixture
def home(network):
    return network[0][0]


@pytest.fixture
def coordinator(session, home):
    return make_actor(session, Role.COORDINATOR, home)


@pytest.fixture
def case(session, network, home, by):
    """A case read twice by design, offered to two reviewers."""
    campaign = make_drawn_campaign(session, network[0])
    case = make_cases(session, campaign, home, 1, is_double_read=True)[0]
    plan_and_publish(campaign, by)
    return session.get(Case, case.id)


def report_of(session, case):
    [(_, report_id)] = [pair for pair in blinding_pairs(session) if pair[0] == case.id]
    return session.get_one(Report, report_id)


def blinding_pairs(session):
    return report_changes.blinding_changes.cases_made_of(session.scalars(select(Report.id)).all())


def send(session, coordinator, report, status, words=NEWER, author=("RPPS-1", "LENOIR")):
    """Let the sender send a version of a report."""
    row = (
        f"{report.accession},R-{uuid4().hex[:8]},DURAND,{report.modality},"
        f"{report.performed_on.isoformat()},{status},{author[0]},{author[1]},{words}\n"
    )
    new = NewUpload(coordinator.department_id, "later.csv")
    with unit_of_work():
        intake.receive(new, [(HEAD + row).encode()], by=coordinator)
    sweep()
    session.expire_all()


def let_mask(session):
    """Let the worker work, outside of what a test has read."""
    session.rollback()
    sweep()
    session.expire_all()


def waiting(coordinator):
    return [one for one in report_changes.list_changes(by=coordinator) if one.decision is None]


def decide(change_id, choice, by, **values):
    with unit_of_work():
        return change_decisions.decide(change_id, choice, by=by, **values)


def choices(change_id, by):
    return report_changes.show_change(change_id, by=by).choices


def set_state(session, case, state):
    session.execute(update(Case).where(Case.id == case.id).values(state=state))
    session.commit()


def readings_of(session, case):
    session.expire_all()
    return session.scalars(
        select(Assignment).where(Assignment.case_id == case.id).order_by(Assignment.turn)
    ).all()


def person(session, row):
    return reviewer_actor(session.get(Reviewer, row.reviewer_id))


def told(session, kind):
    return session.scalars(select(Message).where(Message.kind == kind.value)).all()


@pytest.fixture
def change(session, case, coordinator):
    """The sender corrected the report of the case."""
    send(session, coordinator, report_of(session, case), "corrected")
    return waiting(coordinator)[0]


class TestNoteVersions:
    def test_the_drawn_version_stays_and_the_coordinator_is_asked(
        self, session, case, coordinator, change
    ):
        assert session.get(Case, case.id).state is CaseState.ASSIGNED
        assert not report_of(session, case).is_current
        assert (change.status, change.case_code) == ("corrected", case.code)
        [notice] = told(session, NoticeKind.REPORT_CHANGED)
        assert notice.path == f"/deidentification/changes/{change.id}"
        assert report_changes.count_waiting(by=coordinator) == 1

    def test_both_versions_are_shown_with_what_differs_marked(self, coordinator, change):
        shown = report_changes.show_change(change.id, by=coordinator)

        assert "".join(s.words for s in shown.arrived.stretches) == NEWER
        marked = "".join(s.words for s in shown.arrived.stretches if s.is_marked)
        assert "inférieur" in marked
        assert "foyer" not in marked
        assert (shown.drawn.number, shown.arrived.number) == (1, 2)

    def test_a_later_version_overtakes_the_one_that_waits(self, session, case, coordinator, change):
        send(session, coordinator, report_of(session, case), "addendum", "Complément : rien.")

        lines = report_changes.list_changes(by=coordinator)
        assert [(one.status, one.decision) for one in lines] == [
            ("addendum", None),
            ("corrected", Decision.OVERTAKEN),
        ]
        with pytest.raises(Conflicting):
            decide(change.id, Decision.KEPT, coordinator, reason=SAME)

    def test_sent_twice_it_is_asked_once(self, session, case, coordinator, change):
        send(session, coordinator, report_of(session, case), "corrected")

        assert len(report_changes.list_changes(by=coordinator)) == 1

    def test_after_the_freeze_the_drawn_version_stays_for_good(self, session, case, coordinator):
        session.execute(update(Campaign).values(state=CampaignState.FROZEN))
        session.commit()

        send(session, coordinator, report_of(session, case), "corrected")

        [line] = report_changes.list_changes(by=coordinator)
        assert line.decision is Decision.FROZEN
        assert choices(line.id, coordinator) == ()
        assert told(session, NoticeKind.REPORT_CHANGED) == []

    def test_the_freeze_settles_what_waits(self, session, case, coordinator, change):
        with unit_of_work():
            report_changes.freeze_changes(session.get(Case, case.id).campaign_id)

        assert report_changes.list_changes(by=coordinator)[0].decision is Decision.FROZEN

    def test_a_report_that_changed_between_list_and_draw_is_asked_for(self, session):
        place = make_department(session)
        send_reports(session, [place], each=3)
        head, own = (
            make_actor(session, Role.NETWORK_LEAD),
            make_actor(session, Role.COORDINATOR, place),
        )
        campaign_id = make_frozen([place], by=head)
        for report in session.scalars(select(Report).where(Report.is_current)).all():
            send(session, own, report, "corrected")
        with unit_of_work():
            sampling.draw_sample(campaign_id, by=head)

        drawn = len(blinding.case_ids_of_department(campaign_id, place.id))
        assert report_changes.count_waiting(by=own) == drawn > 0

    def test_a_case_that_is_out_asks_nothing(self, session, case, coordinator):
        set_state(session, case, CaseState.EXCLUDED)

        send(session, coordinator, report_of(session, case), "corrected")

        assert report_changes.list_changes(by=coordinator) == []


class TestWhoSees:
    def test_another_department_does_not(self, session, network, change):
        other = make_actor(session, Role.COORDINATOR, network[0][1])

        assert report_changes.list_changes(by=other) == []
        with pytest.raises(NotFound):
            report_changes.show_change(change.id, by=other)
        with pytest.raises(NotFound):
            decide(change.id, Decision.KEPT, other, reason=SAME)

    @pytest.mark.parametrize("role", [Role.NETWORK_LEAD, Role.REVIEWER, Role.QUALITY_LEAD])
    def test_other_roles_do_not(self, session, home, change, role):
        place = None if role is Role.NETWORK_LEAD else home
        with pytest.raises(NotAllowed):
            report_changes.show_change(change.id, by=make_actor(session, role, place))

    def test_the_row_leads_to_no_report(self, session, case, change):
        row = session.scalars(select(ReportChange)).one()
        ids = session.scalars(select(Report.id)).all()

        kept = {row.version_index, row.sealed_versions.hex()}
        assert not any(one.hex in value for one in ids for value in kept)


class TestKeep:
    def test_it_needs_a_reason_and_changes_nothing_else(self, session, case, coordinator, change):
        with pytest.raises(InvalidInput):
            decide(change.id, Decision.KEPT, coordinator)

        assert decide(change.id, Decision.KEPT, coordinator, reason=SAME)

        assert session.get(Case, case.id).state is CaseState.ASSIGNED
        assert report_changes.show_change(change.id, by=coordinator).reason is SAME
        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "decide_change")).one()
        assert json.loads(entry.details) == {"state": "kept", "why": "same_meaning"}

    def test_two_tabs_are_one_decision(self, session, coordinator, change):
        decide(change.id, Decision.KEPT, coordinator, reason=SAME)

        assert not decide(change.id, Decision.KEPT, coordinator, reason=SAME)
        with pytest.raises(Conflicting):
            decide(change.id, Decision.REPLACED, coordinator)

        acts = select(TrailEntry).where(TrailEntry.act == "decide_change")
        assert len(session.scalars(acts).all()) == 1


class TestReplace:
    def test_the_new_version_is_masked_checked_and_read(self, session, case, coordinator, change):
        row = readings_of(session, case)[0]
        with unit_of_work():
            scoring.open_case(row.id, by=person(session, row))

        decide(change.id, Decision.REPLACED, coordinator)
        waits = session.get(Case, case.id)
        assert (waits.state, waits.masked_text) == (CaseState.DRAWN, "")
        with pytest.raises(NotReadable):
            scoring.show_sheet(row.id, by=person(session, row))
        let_mask(session)
        with unit_of_work():
            masking.approve_case(case.id, by=coordinator)

        session.expire_all()
        back = session.get(Case, case.id)
        assert back.state is CaseState.IN_REVIEW
        assert "inférieur" in back.masked_text
        assert "DURAND" not in back.masked_text
        assert report_of(session, case).is_current
        assert len({r.id for r in readings_of(session, case)}) == 2

    def test_an_open_window_cannot_hand_in_what_it_read_before(
        self, session, case, coordinator, change
    ):
        row = readings_of(session, case)[0]
        reviewer = person(session, row)
        with unit_of_work():
            scoring.open_case(row.id, by=reviewer)
        with unit_of_work():
            revision = scoring.save_draft(
                row.id, ScoreSheet(None, comment="déjà écrit"), 0, by=reviewer
            )
        decide(change.id, Decision.REPLACED, coordinator)
        let_mask(session)
        with unit_of_work():
            masking.approve_case(case.id, by=coordinator)

        sheet = ScoreSheet("1", comment="déjà écrit")
        with pytest.raises(ChangedElsewhere), unit_of_work():
            scoring.submit_review(row.id, sheet, revision, by=reviewer)
        with pytest.raises(ChangedElsewhere), unit_of_work():
            scoring.save_draft(row.id, ScoreSheet("1"), revision, by=reviewer)
        assert scoring.show_sheet(row.id, by=reviewer).sheet.comment == "déjà écrit"
        assert len(told(session, NoticeKind.CASE_RENEWED)) == 1

    def test_nor_can_a_window_in_which_nothing_was_typed(self, session, case, coordinator, change):
        row = readings_of(session, case)[0]
        reviewer = person(session, row)
        with unit_of_work():
            scoring.open_case(row.id, by=reviewer)
        decide(change.id, Decision.REPLACED, coordinator)
        let_mask(session)
        with unit_of_work():
            masking.approve_case(case.id, by=coordinator)

        with pytest.raises(ChangedElsewhere), unit_of_work():
            scoring.submit_review(row.id, ScoreSheet("1"), 0, by=reviewer)

    def test_nor_can_who_has_only_looked_at_it(self, session, case, coordinator, change):
        row = readings_of(session, case)[0]
        reviewer = person(session, row)
        seen = scoring.show_sheet(row.id, by=reviewer).revision
        decide(change.id, Decision.REPLACED, coordinator)
        let_mask(session)
        with unit_of_work():
            masking.approve_case(case.id, by=coordinator)

        with pytest.raises(ChangedElsewhere), unit_of_work():
            scoring.submit_review(row.id, ScoreSheet("1"), seen, by=reviewer)
        assert not scoring.list_queue(by=reviewer).cases[0].has_draft
        now_seen = scoring.show_sheet(row.id, by=reviewer).revision
        with unit_of_work():
            scoring.submit_review(row.id, ScoreSheet("1"), now_seen, by=reviewer)

    def test_who_turns_out_to_be_the_author_loses_the_case(self, session, case, coordinator, home):
        row = readings_of(session, case)[0]
        account_id = session.get(Reviewer, row.reviewer_id).account_id
        make_author_account(session, home, "RPPS-9", account_id)
        with unit_of_work():
            scoring.open_case(row.id, by=person(session, row))
        send(session, coordinator, report_of(session, case), "corrected", author=("RPPS-9", "REMY"))

        decide(waiting(coordinator)[0].id, Decision.REPLACED, coordinator)

        session.expire_all()
        assert session.get(Assignment, row.id).state is AssignmentState.REPLACED
        assert session.get(ReviewDraft, row.id) is None
        assert len(told(session, NoticeKind.CASE_WITHDRAWN)) == 1
        let_mask(session)
        with unit_of_work():
            masking.approve_case(case.id, by=coordinator)
        live = [r for r in readings_of(session, case) if r.state is not AssignmentState.REPLACED]
        assert len(live) == 2
        pairs = blinding.conflicting_pairs([case.id])
        assert not {(case.id, r.reviewer_id) for r in live} & pairs

    def test_never_once_a_review_was_handed_in(self, session, case, coordinator, change):
        row = readings_of(session, case)[0]
        with unit_of_work():
            scoring.submit_review(row.id, ScoreSheet("1"), by=person(session, row))

        assert choices(change.id, coordinator) == (Decision.KEPT,)
        with pytest.raises(IllegalMove):
            decide(change.id, Decision.REPLACED, coordinator)
        assert waiting(coordinator)

    def test_a_version_is_replaced_again_by_a_later_one(self, session, case, coordinator, change):
        decide(change.id, Decision.REPLACED, coordinator)
        let_mask(session)
        send(session, coordinator, report_of(session, case), "addendum", "Complément : rien.")

        [line] = waiting(coordinator)
        shown = report_changes.show_change(line.id, by=coordinator)
        assert (shown.drawn.number, shown.arrived.number) == (2, 3)


class TestExclude:
    def test_a_cancelled_report_goes_and_its_readers_are_told(self, session, case, coordinator):
        row = readings_of(session, case)[0]
        with unit_of_work():
            scoring.open_case(row.id, by=person(session, row))
        send(session, coordinator, report_of(session, case), "cancelled", "")
        [line] = waiting(coordinator)
        assert choices(line.id, coordinator) == (Decision.KEPT, Decision.EXCLUDED)

        decide(line.id, Decision.EXCLUDED, coordinator)

        out = session.get(Case, case.id)
        assert (out.state, out.excluded_reason) == (CaseState.EXCLUDED, "not_a_report")
        assert {r.state for r in readings_of(session, case)} == {AssignmentState.REPLACED}
        assert len(told(session, NoticeKind.CASE_WITHDRAWN)) == 1

    def test_before_the_reading_the_next_ticket_takes_its_place(self, session):
        places = [make_department(session), make_department(session)]
        send_reports(session, places)
        place = places[0]
        head, own = (
            make_actor(session, Role.NETWORK_LEAD),
            make_actor(session, Role.COORDINATOR, place),
        )
        campaign_id = make_frozen(places, by=head)
        with unit_of_work():
            sampling.draw_sample(campaign_id, by=head)
        let_mask(session)
        first = session.get(Case, blinding.case_ids_of_department(campaign_id, place.id)[0])
        # A version that was put in its place is still the report that was drawn.
        send(session, own, report_of(session, first), "corrected")
        decide(waiting(own)[0].id, Decision.REPLACED, own)
        send(session, own, report_of(session, first), "cancelled", "")
        decide(waiting(own)[0].id, Decision.EXCLUDED, own)

        proof = sampling.prove_draw(campaign_id, by=head)
        assert [entry["reason"] for entry in proof["replacements"]] == ["not_a_report"]
        assert verify_proof(json.loads(json.dumps(proof))) == []

    def test_an_ordinary_exclusion_settles_what_waits(self, session, case, coordinator, change):
        set_state(session, case, CaseState.QUARANTINED)

        with unit_of_work():
            masking.exclude_case(case.id, masking.ExclusionReason.OUT_OF_SCOPE, by=coordinator)

        assert report_changes.list_changes(by=coordinator)[0].decision is Decision.EXCLUDED

    def test_only_a_cancelled_report_is_excluded_here(self, coordinator, change):
        with pytest.raises(IllegalMove):
            decide(change.id, Decision.EXCLUDED, coordinator)

    @pytest.mark.parametrize("choice", [Decision.FROZEN, Decision.OVERTAKEN])
    def test_nobody_chooses_what_comes_about_by_itself(self, coordinator, change, choice):
        with pytest.raises(Conflicting):
            decide(change.id, choice, coordinator)


class TestConstraints:
    def test_one_change_waits_for_each_case(self, session, case, change):
        with pytest.raises(IntegrityError):
            session.execute(
                text(
                    "INSERT INTO report_change"
                    " (id, case_id, version_index, sealed_versions, reason)"
                    " SELECT 'ffffffffffffffffffffffffffffffff', case_id, 'x', sealed_versions, ''"
                    " FROM report_change"
                )
            )

    def test_what_was_decided_never_changes(self, session, coordinator, change):
        decide(change.id, Decision.KEPT, coordinator, reason=SAME)

        with pytest.raises(DatabaseError, match="never change"):
            session.execute(text("UPDATE report_change SET reason = 'already_read'"))

    def test_nobody_in_particular_decides_nothing(self, session, change):
        with pytest.raises(IntegrityError):
            session.execute(
                text(
                    "UPDATE report_change SET decision = 'replaced', "
                    "decided_at = '2026-10-01 00:00:00'"
                )
            )
