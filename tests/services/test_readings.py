import json
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from peeraudit.adapters.clock import now, today
from peeraudit.adapters.queue import Outbox, TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import IllegalMove, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import AssignmentRules
from peeraudit.domain.workflow import AssignmentState, CaseState, DeclineReason, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.messages import Message
from peeraudit.models.network import Absence, Conflict, Reviewer
from peeraudit.models.scoring import ReviewDraft
from peeraudit.models.trail import TrailEntry
from peeraudit.services import overdue, readings
from tests.factories.accounts import make_account
from tests.factories.moments import MOMENT
from tests.factories.readings import (
    make_cases,
    make_drawn_campaign,
    plan_and_publish,
    protocol_of,
    reviewer_actor,
)

LATER = timedelta(days=20)


@pytest.fixture
def coordinator(session, password_hash, network):
    return make_account(session, password_hash, Role.COORDINATOR, network[0][0].id)


@pytest.fixture
def campaign(session, network):
    return make_drawn_campaign(session, network[0])


@pytest.fixture
def case(session, campaign, network, by):
    """A case read once, offered to one reviewer."""
    case = make_cases(session, campaign, network[0][0], 1)[0]
    plan_and_publish(campaign, by)
    return case


@pytest.fixture
def pair(session, campaign, network, by):
    """A case read twice by design, offered to two reviewers."""
    case = make_cases(session, campaign, network[0][0], 1, is_double_read=True)[0]
    plan_and_publish(campaign, by)
    return case


def rows(session, case):
    session.expire_all()
    found = select(Assignment).where(Assignment.case_id == case.id)
    return session.scalars(found.order_by(Assignment.offered_at, Assignment.turn)).all()


def live(session, case):
    gone = {AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.REPLACED}
    return {row.turn: row for row in rows(session, case) if row.state not in gone}


def state_of(session, case):
    session.expire_all()
    return session.get(Case, case.id).state


def person(session, row):
    return reviewer_actor(session.get(Reviewer, row.reviewer_id))


def decline(session, row, reason=DeclineReason.UNAVAILABLE, **values):
    with unit_of_work():
        readings.decline(row.id, reason, by=person(session, row), **values)


def told(session, kind):
    return session.scalars(select(Message).where(Message.kind == kind.value)).all()


def set_states(session, case, state, *states):
    """Bring a case and its readings, by turn, to given states."""
    readers = sorted(live(session, case).values(), key=lambda row: row.turn)
    for row, its_state in zip(readers, states, strict=False):
        row.state = its_state
    session.get(Case, case.id).state = state
    session.commit()


def leave_only(session, network, *kept):
    """Let nobody but some reviewers be free."""
    for one in network[1]:
        session.get(Reviewer, one.id).accepting = one.id in kept
    session.commit()


class TestDecline:
    def test_somebody_else_gets_the_case_at_once(self, session, network, case):
        row = live(session, case)[Turn.FIRST]

        decline(session, row, DeclineReason.RECOGNISED, note="Style reconnu")

        fresh = live(session, case)[Turn.FIRST]
        people = {p.id: p for p in network[1]}
        assert fresh.reviewer_id != row.reviewer_id
        assert people[fresh.reviewer_id].department_id != network[0][0].id
        assert fresh.origin == "replacement"
        assert fresh.due_at > now() + timedelta(days=13)
        old = session.get(Assignment, row.id)
        assert (old.state, old.decline_reason) == (AssignmentState.REPLACED, "recognised")
        assert state_of(session, case) is CaseState.ASSIGNED
        kept = session.scalars(select(TrailEntry).where(TrailEntry.act == "decline_assignment"))
        assert [entry.reason for entry in kept] == ["Style reconnu"]
        assert json.loads(told(session, NoticeKind.CASES_OFFERED)[-1].params)["count"] == 1

    def test_a_started_one_takes_the_case_back_to_assigned_and_its_draft_away(self, session, case):
        row = live(session, case)[Turn.FIRST]
        set_states(session, case, CaseState.IN_REVIEW, AssignmentState.STARTED)
        session.add(ReviewDraft(assignment_id=row.id, sheet="{}", saved_at=MOMENT))
        session.commit()

        decline(session, row)

        assert state_of(session, case) is CaseState.ASSIGNED
        assert session.scalars(select(ReviewDraft)).all() == []

    def test_nobody_gets_the_same_case_twice_until_nobody_is_left(self, session, case):
        for _ in range(4):
            decline(session, live(session, case)[Turn.FIRST])

        assert live(session, case) == {}
        assert state_of(session, case) is CaseState.ELIGIBLE
        readers = [row.reviewer_id for row in rows(session, case)]
        assert len(set(readers)) == len(readers) == 4

    def test_the_lead_is_told_where_nobody_is_free_and_can_plan_again(
        self, session, network, case, campaign, by
    ):
        row = live(session, case)[Turn.FIRST]
        leave_only(session, network, row.reviewer_id)

        decline(session, row)

        assert [m.account_id for m in told(session, NoticeKind.CASE_WITHOUT_REVIEWER)] == [
            by.account_id
        ]
        assert state_of(session, case) is CaseState.ELIGIBLE
        leave_only(session, network, *(p.id for p in network[1]))
        assert plan_and_publish(campaign, by) == 1
        assert live(session, case)[Turn.FIRST].reviewer_id != row.reviewer_id

    def test_the_two_readers_stay_of_two_departments(self, session, network, pair):
        homes = {p.id: p.department_id for p in network[1]}
        for _ in range(2):
            first = live(session, pair)[Turn.FIRST]
            decline(session, first)
            readers = live(session, pair).values()
            assert len({homes[row.reviewer_id] for row in readers}) == len(readers)
        # Both of one department have had it, and the other department reads it already.
        assert set(live(session, pair)) == {Turn.SECOND}

    def test_departments_may_mix_where_the_protocol_lets_them(self, session, network, by):
        rules = protocol_of(AssignmentRules(distinct_departments=False))
        campaign = make_drawn_campaign(session, network[0], protocol=rules)
        case = make_cases(session, campaign, network[0][0], 1, is_double_read=True)[0]
        plan_and_publish(campaign, by)

        decline(session, live(session, case)[Turn.FIRST])
        decline(session, live(session, case)[Turn.FIRST])

        assert set(live(session, case)) == {Turn.FIRST, Turn.SECOND}

    def test_one_who_declared_a_conflict_or_is_full_or_away_is_not_asked(
        self, session, network, case
    ):
        row = live(session, case)[Turn.FIRST]
        others = [
            p for p in network[1] if p.id != row.reviewer_id and p.department_id != network[0][0].id
        ]
        conflicted, full, away = others
        session.add(
            Conflict(
                id=uuid4(),
                reviewer_id=conflicted.id,
                department_id=network[0][0].id,
                declared_at=MOMENT,
            )
        )
        session.get(Reviewer, full.id).capacity = 0
        day = today()
        session.add(
            Absence(
                id=uuid4(), reviewer_id=away.id, first_day=day, last_day=day + timedelta(days=1)
            )
        )
        session.commit()

        decline(session, row)

        assert live(session, case) == {}

    def test_an_identifier_takes_the_case_back_to_its_department(
        self, session, coordinator, case, network
    ):
        decline(session, live(session, case)[Turn.FIRST], DeclineReason.IDENTIFIER_SEEN)

        assert state_of(session, case) is CaseState.QUARANTINED
        assert live(session, case) == {}
        notices = told(session, NoticeKind.CASE_BACK_TO_COORDINATOR)
        assert [m.account_id for m in notices] == [coordinator.id]

    def test_a_second_click_is_refused(self, session, case):
        row = live(session, case)[Turn.FIRST]
        decline(session, row)

        with pytest.raises(IllegalMove):
            decline(session, row)

    def test_a_submitted_review_stays(self, session, case):
        row = live(session, case)[Turn.FIRST]
        set_states(session, case, CaseState.IN_REVIEW, AssignmentState.SUBMITTED)

        with pytest.raises(IllegalMove):
            decline(session, row)

    def test_somebody_elses_case_is_not_found(self, session, network, case):
        row = live(session, case)[Turn.FIRST]
        other = next(p for p in network[1] if p.id != row.reviewer_id)

        with pytest.raises(NotFound), unit_of_work():
            readings.decline(row.id, DeclineReason.CONFLICT, by=reviewer_actor(other))

    def test_an_adjudicators_turn_goes_back_to_settling(self, session, network, case):
        set_states(session, case, CaseState.ADJUDICATION, AssignmentState.SUBMITTED)
        judge = next(p for p in network[1] if p.id != live(session, case)[Turn.FIRST].reviewer_id)
        row = Assignment(
            id=uuid4(),
            campaign_id=case.campaign_id,
            case_id=case.id,
            reviewer_id=judge.id,
            turn=Turn.ADJUDICATOR,
            state=AssignmentState.OFFERED,
            due_at=now() + LATER,
        )
        session.add(row)
        session.commit()
        actor = reviewer_actor(judge)
        actor = type(actor)(actor.account_id, Role.ADJUDICATOR)

        with unit_of_work():
            readings.decline(row.id, DeclineReason.UNAVAILABLE, by=actor)

        duty = session.scalars(select(Outbox).where(Outbox.task == TaskName.ROUTE_CASE.value)).one()
        assert json.loads(duty.args) == [str(case.id)]
        assert state_of(session, case) is CaseState.ADJUDICATION


class TestAskSecond:
    def test_it_asks_one_more_reviewer_of_another_department(self, session, network, case):
        first = live(session, case)[Turn.FIRST]
        set_states(session, case, CaseState.SECOND_REVIEW, AssignmentState.SUBMITTED)

        with unit_of_work():
            assert readings.ask_second(case.id)

        second = live(session, case)[Turn.SECOND]
        homes = {p.id: p.department_id for p in network[1]}
        assert len({homes[first.reviewer_id], homes[second.reviewer_id], network[0][0].id}) == 3
        assert second.origin == "routing"
        assert timedelta(days=6) < second.due_at - now() <= timedelta(days=7)

    def test_asking_again_changes_nothing(self, session, case):
        set_states(session, case, CaseState.SECOND_REVIEW, AssignmentState.SUBMITTED)

        for _ in range(2):
            with unit_of_work():
                assert readings.ask_second(case.id)

        assert len(rows(session, case)) == 2

    def test_the_lead_is_told_once_and_the_clock_tries_again(self, session, network, case):
        set_states(session, case, CaseState.SECOND_REVIEW, AssignmentState.SUBMITTED)
        leave_only(session, network)

        for _ in range(2):
            with unit_of_work():
                assert not readings.ask_second(case.id)
        assert len(told(session, NoticeKind.CASE_WITHOUT_REVIEWER)) == 1

        leave_only(session, network, *(p.id for p in network[1]))
        with unit_of_work():
            assert overdue.expire_readings() == 1
        assert Turn.SECOND in live(session, case)


class TestExpire:
    def test_an_overdue_offer_goes_to_somebody_else(self, session, case, at):
        row = live(session, case)[Turn.FIRST]
        at(now() + LATER)

        with unit_of_work():
            assert overdue.expire_readings() == 1

        fresh = live(session, case)[Turn.FIRST]
        assert fresh.reviewer_id != row.reviewer_id
        assert session.get(Assignment, row.id).state is AssignmentState.REPLACED
        gone = told(session, NoticeKind.CASE_REPLACED)
        assert [m.account_id for m in gone] == [person(session, row).account_id]
        assert state_of(session, case) is CaseState.ASSIGNED

    def test_the_second_run_does_nothing(self, session, case, at):
        at(now() + LATER)
        with unit_of_work():
            overdue.expire_readings()

        with unit_of_work():
            assert overdue.expire_readings() == 0
        assert len(rows(session, case)) == 2

    def test_one_that_is_due_or_started_or_submitted_stays(self, session, pair, at):
        with unit_of_work():
            assert overdue.expire_readings() == 0
        set_states(
            session,
            pair,
            CaseState.IN_REVIEW,
            AssignmentState.STARTED,
            AssignmentState.SUBMITTED,
        )
        at(now() + LATER)

        with unit_of_work():
            assert overdue.expire_readings() == 0
        assert len(rows(session, pair)) == 2

    def test_an_offer_that_nobody_else_can_take_stays_and_the_lead_is_told_once(
        self, session, network, case, at
    ):
        row = live(session, case)[Turn.FIRST]
        leave_only(session, network, row.reviewer_id)
        at(now() + LATER)

        for _ in range(3):
            with unit_of_work():
                assert overdue.expire_readings() == 0

        assert live(session, case)[Turn.FIRST].id == row.id
        assert len(told(session, NoticeKind.CASE_WITHOUT_REVIEWER)) == 1
        assert told(session, NoticeKind.CASE_REPLACED) == []

    def test_many_overdue_offers_make_one_notice_a_reviewer_and_keep_capacities(
        self, session, network, campaign, by, at
    ):
        make_cases(session, campaign, network[0][0], 6)
        plan_and_publish(campaign, by)
        session.query(Reviewer).update({Reviewer.capacity: 3})
        session.commit()
        session.query(Message).delete()
        session.commit()
        at(now() + LATER)

        with unit_of_work():
            moved = overdue.expire_readings()

        fresh = session.scalars(
            select(Assignment).where(Assignment.state == AssignmentState.OFFERED)
        ).all()
        loads = Counter(row.reviewer_id for row in fresh)
        assert moved > 0
        assert max(loads.values()) <= 3
        notices = told(session, NoticeKind.CASES_OFFERED)
        assert len({m.account_id for m in notices}) == len(notices)
        # Those who made room for one of them are told too.
        assert sum(json.loads(m.params)["count"] for m in notices) >= moved

    def test_a_case_in_quarantine_waits(self, session, pair, at):
        decline(session, live(session, pair)[Turn.FIRST], DeclineReason.IDENTIFIER_SEEN)
        at(now() + LATER)

        with unit_of_work():
            assert overdue.expire_readings() == 0


class TestResume:
    def approved(self, session, case):
        session.get(Case, case.id).state = CaseState.ELIGIBLE
        session.commit()
        with unit_of_work():
            readings.resume_case(case.id)

    def test_a_case_that_nobody_had_is_left_to_the_plan(self, session, campaign, network):
        case = make_cases(session, campaign, network[0][0], 1)[0]

        with unit_of_work():
            readings.resume_case(case.id)

        assert state_of(session, case) is CaseState.ELIGIBLE
        assert rows(session, case) == []

    def test_another_reader_takes_the_place_of_the_one_who_saw_the_name(self, session, case):
        row = live(session, case)[Turn.FIRST]
        decline(session, row, DeclineReason.IDENTIFIER_SEEN)

        self.approved(session, case)

        assert live(session, case)[Turn.FIRST].reviewer_id != row.reviewer_id
        assert state_of(session, case) is CaseState.ASSIGNED

    def test_the_other_reader_goes_on_with_the_whole_delay(self, session, pair, at):
        other = live(session, pair)[Turn.SECOND]
        set_states(
            session, pair, CaseState.IN_REVIEW, AssignmentState.OFFERED, AssignmentState.STARTED
        )
        decline(session, live(session, pair)[Turn.FIRST], DeclineReason.IDENTIFIER_SEEN)
        moment = now() + timedelta(days=10)
        at(moment)

        self.approved(session, pair)

        readers = live(session, pair)
        assert readers[Turn.SECOND].id == other.id
        # The clock of the test goes on by itself.
        assert moment + timedelta(days=7) <= readers[Turn.SECOND].due_at
        assert Turn.FIRST in readers
        assert state_of(session, pair) is CaseState.IN_REVIEW

    def test_a_second_review_is_asked_again(self, session, case):
        set_states(session, case, CaseState.SECOND_REVIEW, AssignmentState.SUBMITTED)
        with unit_of_work():
            readings.ask_second(case.id)
        second = live(session, case)[Turn.SECOND]
        decline(session, second, DeclineReason.IDENTIFIER_SEEN)

        self.approved(session, case)

        fresh = live(session, case)[Turn.SECOND]
        assert fresh.reviewer_id != second.reviewer_id
        assert fresh.origin == "routing"
        assert state_of(session, case) is CaseState.SECOND_REVIEW

    def test_a_case_under_arbitration_goes_back_to_it(self, session, pair):
        set_states(
            session,
            pair,
            CaseState.QUARANTINED,
            AssignmentState.SUBMITTED,
            AssignmentState.SUBMITTED,
        )

        self.approved(session, pair)

        assert state_of(session, pair) is CaseState.ADJUDICATION
        duties = session.scalars(select(Outbox.task)).all()
        assert TaskName.ROUTE_CASE.value in duties

    def test_where_nobody_is_left_the_next_plan_finds_the_case(self, session, network, case):
        decline(session, live(session, case)[Turn.FIRST], DeclineReason.IDENTIFIER_SEEN)
        leave_only(session, network)

        self.approved(session, case)

        assert state_of(session, case) is CaseState.ELIGIBLE
        assert len(told(session, NoticeKind.CASE_WITHOUT_REVIEWER)) == 1
