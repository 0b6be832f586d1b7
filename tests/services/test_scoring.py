from dataclasses import replace

import pytest
from sqlalchemy import delete, event, func, select

from peeraudit.adapters.queue import Outbox, TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import InvalidFields, NotAllowed, NotFound
from peeraudit.domain.protocol import Allocation, AssignmentRules, Protocol, Scope
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity
from peeraudit.models.messages import Message
from peeraudit.models.scoring import Review, ReviewDraft
from peeraudit.models.trail import TrailEntry
from peeraudit.services import scoring
from peeraudit.services.reading_desk import AlreadySubmitted, NotReadable
from peeraudit.services.score_drafts import ChangedElsewhere, Window
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import FIRST_DAY, make_campaign
from tests.factories.scoring import (
    make_assignment,
    make_masked_case,
    make_reading,
    make_reviewer,
)

CONCORDANT = ScoreSheet("1", seconds=45)
DISCREPANT = ScoreSheet("3b", "missed_finding", "A nodule of 9 mm was missed.", seconds=120)


@pytest.fixture
def reviewer(session, password_hash):
    return make_reviewer(session, password_hash)


@pytest.fixture
def reader(reviewer):
    return reviewer[1]


@pytest.fixture
def reading(session, reviewer):
    return make_reading(session, reviewer[0])


@pytest.fixture
def other(session, password_hash):
    return make_reviewer(session, password_hash)


def save(assignment, sheet, revision=0, *, by, **values):
    with unit_of_work():
        return scoring.save_draft(assignment.id, sheet, revision, by=by, **values)


def submit(assignment, sheet=CONCORDANT, revision=None, *, by):
    with unit_of_work():
        return scoring.submit_review(assignment.id, sheet, revision, by=by)


def state_of(session, row):
    return session.get(type(row), row.id, populate_existing=True).state


def case_of(session, assignment):
    return session.get(Case, assignment.case_id, populate_existing=True)


def routed(session):
    wanted = select(Outbox.effect_key).where(Outbox.task == TaskName.ROUTE_CASE.value)
    return [key.rsplit(":", 1)[1] for key in session.scalars(wanted)]


def count_queries(action):
    seen = []

    def note(*args):
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


class TestListQueue:
    def test_it_shows_the_most_pressing_case_first(self, session, reviewer):
        late = make_reading(session, reviewer[0], days=9)
        soon = make_reading(session, reviewer[0], days=2)

        cases = scoring.list_queue(by=reviewer[1]).cases

        assert [c.assignment_id for c in cases] == [soon.id, late.id]

    def test_a_case_that_was_begun_comes_before_others_of_the_same_day(self, session, reviewer):
        rows = [make_reading(session, reviewer[0], days=3) for _ in range(3)]
        for row in rows:
            row.due_at = rows[0].due_at
        session.commit()
        last = max(rows, key=lambda row: row.id)
        with unit_of_work():
            scoring.open_case(last.id, by=reviewer[1])

        assert scoring.find_next(by=reviewer[1]) == last.id
        assert scoring.list_queue(by=reviewer[1]).cases[0].is_started

    @pytest.mark.parametrize(
        "values",
        [
            {"state": AssignmentState.PLANNED},
            {"state": AssignmentState.DECLINED},
            {"state": AssignmentState.SUBMITTED},
            {"turn": Turn.ADJUDICATOR},
        ],
    )
    def test_what_is_not_to_be_read_is_not_listed(self, session, reviewer, values):
        make_reading(session, reviewer[0], **values)

        assert scoring.list_queue(by=reviewer[1]).cases == ()
        assert scoring.find_next(by=reviewer[1]) is None

    def test_a_case_in_quarantine_is_not_listed(self, session, reviewer, reading):
        case_of(session, reading).state = CaseState.QUARANTINED
        session.commit()

        assert scoring.list_queue(by=reviewer[1]).cases == ()

    def test_it_says_how_much_is_done(self, session, reviewer, reading):
        submit(reading, by=reviewer[1])

        queue_now = scoring.list_queue(by=reviewer[1])

        assert (queue_now.done, queue_now.seconds) == (1, 45)

    def test_its_queries_do_not_grow_with_the_cases(self, session, reviewer, other):
        def ask():
            scoring.list_queue(by=reviewer[1])

        make_reading(session, other[0])
        for _ in range(2):
            make_reading(session, reviewer[0])
        few = count_queries(ask)
        for _ in range(12):
            make_reading(session, reviewer[0])

        assert count_queries(ask) == few

    def test_another_role_has_none(self, session, reader):
        lead = Actor(reader.account_id, Role.NETWORK_LEAD)

        with pytest.raises(NotAllowed):
            scoring.list_queue(by=lead)


class TestShowSheet:
    def test_it_shows_the_masked_report_in_its_parts(self, reading, reader):
        view = scoring.show_sheet(reading.id, by=reader)

        assert [s.heading for s in view.sections] == ["INDICATION", "RÉSULTATS", "CONCLUSION"]
        assert ("patient", "⟦patient⟧") in view.sections[0].segments
        assert "masks author, department and day" in view.blinding
        assert (view.position, view.total, view.revision) == (1, 1, 0)

    def test_a_letterhead_is_set_apart_without_its_empty_lines(self, session, reviewer):
        row = make_reading(session, reviewer[0])
        head = "⟦place⟧\n\nPatient : ⟦patient⟧\n\n"
        case_of(session, row).masked_text = head + "RÉSULTATS : normal.\nCONCLUSION : normal."
        session.commit()

        first, *rest = scoring.show_sheet(row.id, by=reviewer[1]).sections

        assert first.is_letterhead
        assert "\n\n" not in "".join(text for _, text in first.segments)
        assert not any(part.is_letterhead for part in rest)

    def test_a_report_without_headings_is_no_letterhead(self, session, reviewer):
        row = make_reading(session, reviewer[0])
        case_of(session, row).masked_text = "Poumons clairs.\n\nCœur de taille normale."
        session.commit()

        [only] = scoring.show_sheet(row.id, by=reviewer[1]).sections

        assert not only.is_letterhead

    @pytest.mark.parametrize(("text", "is_shown"), [("Normal.", True), ("SCANNER X : nul", False)])
    def test_the_examination_is_named_once(self, session, reviewer, text, is_shown):
        row = make_reading(session, reviewer[0])
        case_of(session, row).exam, case_of(session, row).masked_text = "Scanner X", text
        session.commit()

        assert bool(scoring.show_sheet(row.id, by=reviewer[1]).exam) is is_shown

    def test_it_tells_nothing_of_where_the_case_comes_from(self, session, reviewer):
        department = make_department(session, city="Sentinelville")
        assignment = make_reading(session, reviewer[0], department=department)

        said = repr(scoring.show_sheet(assignment.id, by=reviewer[1]))

        for secret in (department.name, department.code, str(department.id), "LENOIR", "DURAND"):
            assert secret not in said
        assert str(assignment.case_id) not in said

    def test_reading_alone_changes_nothing(self, session, reading, reader):
        scoring.show_sheet(reading.id, by=reader)

        assert state_of(session, reading) is AssignmentState.OFFERED

    def test_somebody_elses_case_is_not_found(self, reading, other):
        with pytest.raises(NotFound):
            scoring.show_sheet(reading.id, by=other[1])

    def test_a_planned_case_is_not_found(self, session, reviewer):
        planned = make_reading(session, reviewer[0], state=AssignmentState.PLANNED)

        with pytest.raises(NotFound):
            scoring.show_sheet(planned.id, by=reviewer[1])

    def test_a_case_in_quarantine_says_why_it_is_away(self, session, reading, reader):
        case_of(session, reading).state = CaseState.QUARANTINED
        session.commit()

        with pytest.raises(NotReadable, match="masking can be checked"):
            scoring.show_sheet(reading.id, by=reader)

    def test_a_case_given_back_is_no_longer_shown(self, session, reviewer):
        gone = make_reading(session, reviewer[0], state=AssignmentState.DECLINED)

        with pytest.raises(NotReadable, match="no longer yours"):
            scoring.show_sheet(gone.id, by=reviewer[1])

    def test_after_the_freeze_nothing_is_read_any_more(self, session, reading, reader):
        session.get(Campaign, reading.campaign_id).state = CampaignState.FROZEN
        session.commit()

        for act in (
            lambda: scoring.show_sheet(reading.id, by=reader),
            lambda: save(reading, CONCORDANT, by=reader),
            lambda: submit(reading, by=reader),
        ):
            with pytest.raises(NotReadable, match="frozen"):
                act()
        assert scoring.list_queue(by=reader).cases == ()


class TestOpenCase:
    def test_the_next_case_begins_and_so_does_its_review(self, session, reading, reader):
        with unit_of_work():
            opened = scoring.open_next(by=reader)

        assert opened == reading.id
        assert state_of(session, reading) is AssignmentState.STARTED
        assert case_of(session, reading).state is CaseState.IN_REVIEW

    def test_where_nothing_waits_nothing_opens(self, session, reader):
        with unit_of_work():
            assert scoring.open_next(by=reader) is None

    def test_twice_is_once(self, session, reading, reader):
        for _ in range(2):
            with unit_of_work():
                scoring.open_case(reading.id, by=reader)

        acts = session.scalars(select(TrailEntry.act)).all()
        assert acts.count("start_assignment") == 1

    def test_a_second_reader_leaves_the_case_at_its_second_review(self, session, reviewer):
        second = make_reading(session, reviewer[0], turn=Turn.SECOND, origin="routing")
        case_of(session, second).state = CaseState.SECOND_REVIEW
        session.commit()

        with unit_of_work():
            scoring.open_case(second.id, by=reviewer[1])

        assert case_of(session, second).state is CaseState.SECOND_REVIEW


class TestSaveDraft:
    def test_what_is_kept_is_shown_again(self, session, reading, reader):
        partial = ScoreSheet("3b", comment="à rev", seconds=12)

        assert save(reading, partial, by=reader) == 1

        view = scoring.show_sheet(reading.id, by=reader)
        assert (view.sheet, view.revision) == (partial, 1)
        assert state_of(session, reading) is AssignmentState.STARTED
        assert scoring.list_queue(by=reader).cases[0].has_draft

    def test_the_same_request_twice_is_kept_once(self, session, reading, reader):
        save(reading, CONCORDANT, by=reader)

        assert save(reading, CONCORDANT, by=reader) == 1

    def test_another_windows_newer_state_is_not_overwritten(self, session, reading, reader):
        save(reading, CONCORDANT, by=reader, window=Window("one", 1))
        save(reading, DISCREPANT, 1, by=reader, window=Window("two", 1))

        with pytest.raises(ChangedElsewhere):
            save(reading, replace(CONCORDANT, seconds=50), 1, by=reader, window=Window("one", 2))

        assert scoring.show_sheet(reading.id, by=reader).sheet == DISCREPANT

    def test_a_window_goes_on_after_an_answer_that_was_lost(self, session, reading, reader):
        save(reading, CONCORDANT, by=reader, window=Window("one", 1))

        revision = save(reading, DISCREPANT, 0, by=reader, window=Window("one", 2))

        assert revision == 2
        assert scoring.show_sheet(reading.id, by=reader).sheet == DISCREPANT

    def test_a_step_that_comes_late_undoes_nothing(self, session, reading, reader):
        save(reading, DISCREPANT, by=reader, window=Window("one", 2))

        save(reading, CONCORDANT, by=reader, window=Window("one", 1))

        assert scoring.show_sheet(reading.id, by=reader).sheet == DISCREPANT

    def test_what_could_never_be_complete_is_refused(self, session, reading, reader):
        with pytest.raises(InvalidFields):
            save(reading, ScoreSheet("9"), by=reader)

        assert state_of(session, reading) is AssignmentState.OFFERED

    def test_a_kind_of_error_may_stay_while_one_hesitates(self, session, reading, reader):
        assert save(reading, ScoreSheet("1", "missed_finding"), by=reader) == 1
        assert save(reading, ScoreSheet(None, "missed_finding"), 1, by=reader) == 2

    def test_somebody_elses_sheet_is_not_found(self, session, reading, other):
        with pytest.raises(NotFound):
            save(reading, CONCORDANT, by=other[1])


class TestSubmitReview:
    def test_the_review_keeps_how_it_was_made(self, session, reading, reader):
        review = session.get(Review, submit(reading, DISCREPANT, by=reader))

        assert (review.score, review.error_type) == ("3b", "missed_finding")
        assert review.instrument == "CR3/1"
        assert review.blinding_mode == "author,department,date:month"
        assert (review.allocation_random, review.version, review.seconds) == (True, 1, 120)

    def test_the_case_is_reviewed_and_routed(self, session, reading, reader):
        save(reading, CONCORDANT, by=reader)

        submit(reading, by=reader)

        assert state_of(session, reading) is AssignmentState.SUBMITTED
        assert case_of(session, reading).state is CaseState.REVIEWED
        assert routed(session) == ["1"]
        assert session.get(ReviewDraft, reading.id) is None

    def test_a_case_read_twice_waits_for_both(self, session, reviewer, other):
        first = make_reading(session, reviewer[0], origin="random")
        case_of(session, first).is_double_read = True
        session.commit()
        second = make_assignment(
            session, case_of(session, first), other[0], turn=Turn.SECOND, origin="random"
        )

        submit(first, by=reviewer[1])
        between = case_of(session, first).state
        submit(second, by=other[1])

        assert between is CaseState.IN_REVIEW
        assert case_of(session, first).state is CaseState.REVIEWED
        assert sorted(routed(session)) == ["1", "2"]

    def test_a_second_reader_still_to_be_found_is_waited_for(self, session, reviewer, other):
        first = make_reading(session, reviewer[0])
        case_of(session, first).is_double_read = True
        session.commit()
        gone = AssignmentState.DECLINED
        make_assignment(session, case_of(session, first), other[0], turn=Turn.SECOND, state=gone)

        submit(first, by=reviewer[1])

        assert case_of(session, first).state is CaseState.IN_REVIEW

    def test_a_second_review_leaves_the_routing_to_move_the_case(self, session, reviewer, other):
        first = make_reading(session, other[0])
        submit(first, DISCREPANT, by=other[1])
        case_of(session, first).state = CaseState.SECOND_REVIEW
        session.commit()
        second = make_assignment(
            session, case_of(session, first), reviewer[0], turn=Turn.SECOND, origin="routing"
        )

        review = session.get(Review, submit(second, by=reviewer[1]))

        assert case_of(session, first).state is CaseState.SECOND_REVIEW
        assert sorted(routed(session)) == ["1", "2"]
        assert not review.allocation_random

    def test_a_double_click_gives_one_review(self, session, reading, reader):
        submit(reading, by=reader)

        with pytest.raises(AlreadySubmitted, match="stands as it is"):
            submit(reading, DISCREPANT, by=reader)

        assert session.scalars(select(Review.score)).all() == ["1"]

    def test_an_incomplete_sheet_changes_nothing(self, session, reading, reader):
        with pytest.raises(InvalidFields) as caught:
            submit(reading, ScoreSheet("3b"), by=reader)

        assert set(caught.value.fields) == {"error_type", "comment"}
        assert state_of(session, reading) is AssignmentState.OFFERED
        assert session.scalar(select(func.count()).select_from(Review)) == 0

    def test_an_older_window_does_not_hand_in_for_a_newer_one(self, session, reading, reader):
        save(reading, CONCORDANT, by=reader)
        save(reading, DISCREPANT, 1, by=reader)

        with pytest.raises(ChangedElsewhere):
            submit(reading, CONCORDANT, 1, by=reader)

        assert scoring.show_sheet(reading.id, by=reader).sheet == DISCREPANT

    def test_an_allocation_by_expertise_is_no_random_one(self, session, reviewer):
        rules = Protocol(
            title="Expertise",
            scope=Scope(("CT",), FIRST_DAY, FIRST_DAY),
            assignment=AssignmentRules(allocation=Allocation.EXPERT),
        )
        department = make_department(session)
        campaign = make_campaign(session, [department], protocol=rules)
        row = make_assignment(session, make_masked_case(session, campaign, department), reviewer[0])

        review = session.get(Review, submit(row, by=reviewer[1]))

        assert not review.allocation_random

    def test_the_trail_tells_who_but_never_the_score(self, session, reading, reader):
        submit(reading, DISCREPANT, by=reader)

        entries = session.scalars(select(TrailEntry)).all()
        acts = {entry.act for entry in entries}
        assert {"submit_review", "submit_assignment", "start_case", "review_case"} <= acts
        assert not any("3b" in entry.details for entry in entries)

    def test_urgency_is_told_to_the_department_that_knows_the_patient(
        self, session, reviewer, password_hash
    ):
        place, elsewhere = make_department(session), make_department(session)
        told = make_account(session, password_hash, Role.COORDINATOR, place.id)
        officer = make_account(session, password_hash, Role.SAFETY_OFFICER, place.id)
        make_account(session, password_hash, Role.COORDINATOR, elsewhere.id)
        row = make_reading(session, reviewer[0], department=place)

        submit(row, replace(DISCREPANT, urgent=True), by=reviewer[1])

        messages = session.scalars(select(Message)).all()
        assert {m.account_id for m in messages} == {told.id, officer.id}
        assert not any("3b" in m.params or "9 mm" in m.params for m in messages)

    def test_urgency_of_a_case_whose_link_is_destroyed_can_reach_nobody(
        self, session, reading, reader
    ):
        session.execute(delete(Identity).where(Identity.case_id == reading.case_id))
        session.commit()

        submit(reading, replace(DISCREPANT, urgent=True), by=reader)

        assert session.scalars(select(Message)).all() == []

    def test_without_urgency_nobody_is_told(self, session, reviewer, password_hash):
        place = make_department(session)
        make_account(session, password_hash, Role.COORDINATOR, place.id)
        row = make_reading(session, reviewer[0], department=place)

        submit(row, DISCREPANT, by=reviewer[1])

        assert session.scalars(select(Message)).all() == []

    def test_a_case_taken_back_meanwhile_cannot_be_handed_in(self, session, reading, reader):
        save(reading, CONCORDANT, by=reader)
        case_of(session, reading).state = CaseState.QUARANTINED
        session.commit()

        with pytest.raises(NotReadable):
            submit(reading, by=reader)
