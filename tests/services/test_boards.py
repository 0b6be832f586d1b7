from dataclasses import replace
from datetime import timedelta

import pytest

from peeraudit.adapters.clock import now
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.board import NextAct, Step
from peeraudit.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.protocol import Scope
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.workflow import (
    AssignmentState,
    CampaignEvent,
    CampaignState,
    CaseState,
    Turn,
)
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.services import boards, sampling
from tests.factories.accounts import make_department
from tests.factories.campaigns import RULES, SCOPE, make_draft, make_frozen, send_reports
from tests.factories.network import make_actor, make_reader

TELLING = {Step.SETTLING, Step.REPLY, Step.SETTLED}


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made)
    return made


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def drawn(lead, places):
    campaign_id = make_frozen(places, by=lead)
    with unit_of_work():
        sampling.draw_sample(campaign_id, by=lead)
    return campaign_id


@pytest.fixture
def running(session, drawn):
    """A campaign with six cases: two settled, one with its author, one with an adjudicator."""
    session.get(Campaign, drawn).state = CampaignState.RUNNING
    states = [
        CaseState.FINAL,
        CaseState.FINAL,
        CaseState.AUTHOR_NOTIFIED,
        CaseState.ADJUDICATION,
        CaseState.ASSIGNED,
        CaseState.SECOND_REVIEW,
    ]
    for case, state in zip(session.query(Case), states, strict=True):
        case.state = state
    session.commit()
    return drawn


def steps(parts):
    return {part.step: part.count for part in parts}


class TestShowBoard:
    def test_the_lead_sees_every_step_of_the_whole_campaign(self, lead, running):
        board = boards.show_board(running, by=lead)

        assert board.leads
        assert board.cases == 6
        assert steps(board.steps)[Step.SETTLED] == 2
        assert steps(board.steps)[Step.REPLY] == 1
        assert steps(board.steps)[Step.READING] == 2

    def test_nobody_sees_how_many_cases_of_a_department_are_settled(self, lead, running):
        board = boards.show_board(running, by=lead)

        assert len(board.departments) == 2
        for one in board.departments:
            assert TELLING.isdisjoint(steps(one.steps))
            assert sum(steps(one.steps).values()) == one.cases == 3

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.QUALITY_LEAD, Role.MEETING_CHAIR])
    def test_a_department_sees_its_own_cases_and_nothing_that_tells(
        self, session, places, running, role
    ):
        board = boards.show_board(running, by=make_actor(session, role, places[0]))

        assert TELLING.isdisjoint(steps(board.steps))
        assert [one.department.id for one in board.departments] == [places[0].id]
        assert (board.jobs, board.leads) == ((), False)

    def test_another_department_knows_of_nothing(self, session, running):
        outside = make_actor(session, Role.COORDINATOR, make_department(session))

        with pytest.raises(NotFound):
            boards.show_board(running, by=outside)

    def test_its_long_work_is_listed(self, lead, drawn):
        board = boards.show_board(drawn, by=lead)

        assert [job.kind for job in board.jobs] == [JobKind.MASKING]
        assert board.next_act is NextAct.WAIT_FOR_CHECK

    def test_a_draft_has_neither_cases_nor_departments_progress(self, lead, places):
        board = boards.show_board(make_draft(places, by=lead), by=lead)

        assert (board.cases, board.departments) == (0, ())
        assert board.next_act is NextAct.LOCK

    def test_what_is_past_its_day_is_counted_by_turn(self, session, places, lead, running):
        reader = make_reader(session, places[0])
        late, soon = now() - timedelta(hours=1), now() + timedelta(days=1)
        turns = [
            (Turn.FIRST, AssignmentState.OFFERED, late),
            (Turn.SECOND, AssignmentState.STARTED, late),
            (Turn.FIRST, AssignmentState.ACCEPTED, soon),
            (Turn.FIRST, AssignmentState.SUBMITTED, late),
            (Turn.ADJUDICATOR, AssignmentState.STARTED, late),
        ]
        for case, (turn, state, due) in zip(session.query(Case), turns, strict=False):
            session.add(
                Assignment(
                    campaign_id=running,
                    case_id=case.id,
                    reviewer_id=reader.id,
                    turn=turn,
                    state=state,
                    due_at=due,
                )
            )
        session.commit()

        board = boards.show_board(running, by=lead)

        assert (board.late.readings, board.late.settlements) == (2, 1)
        inside = make_actor(session, Role.COORDINATOR, places[0])
        assert boards.show_board(running, by=inside).late.readings == 0


class TestTakeStep:
    def test_the_reading_is_not_closed_over_a_case_that_nobody_has_read(self, lead, running):
        with pytest.raises(IllegalMove, match="first reading: 1"), unit_of_work():
            boards.take_step(running, CampaignEvent.SETTLE, by=lead)

    def test_each_step_follows_the_other(self, session, lead, running):
        for case in session.query(Case):
            case.state = CaseState.FINAL
        session.commit()

        with unit_of_work():
            settled = boards.take_step(running, CampaignEvent.SETTLE, by=lead)
        with unit_of_work():
            frozen = boards.take_step(running, CampaignEvent.FREEZE, by=lead)

        assert (settled, frozen) == (CampaignState.ADJUDICATING, CampaignState.FROZEN)
        board = boards.show_board(running, by=lead)
        assert board.next_act is NextAct.WAIT_FOR_NUMBERS
        assert JobKind.STATISTICS in {job.kind for job in board.jobs}

    def test_open_cases_are_left_out_only_with_a_reason(self, session, lead, running):
        session.get(Campaign, running).state = CampaignState.ADJUDICATING
        session.commit()

        with pytest.raises(IllegalMove, match="not settled yet: 4"), unit_of_work():
            boards.take_step(running, CampaignEvent.FREEZE, by=lead)
        with unit_of_work():
            reason = "the reviewer left the network"
            boards.take_step(running, CampaignEvent.FREEZE, reason=reason, by=lead)

        assert session.get(Campaign, running).state is CampaignState.FROZEN

    def test_no_summary_without_final_numbers(self, session, lead, running):
        session.get(Campaign, running).state = CampaignState.FROZEN
        session.commit()

        with pytest.raises(InvalidInput, match="not computed yet"), unit_of_work():
            boards.take_step(running, CampaignEvent.REPORT, by=lead)

    def test_a_published_campaign_is_closed(self, session, lead, running):
        session.get(Campaign, running).state = CampaignState.REPORTED
        session.commit()

        with unit_of_work():
            assert boards.take_step(running, CampaignEvent.CLOSE, by=lead) is CampaignState.CLOSED

    @pytest.mark.parametrize("event", [CampaignEvent.DRAW, CampaignEvent.LOCK, CampaignEvent.START])
    def test_the_other_steps_are_taken_elsewhere(self, lead, running, event):
        with pytest.raises(InvalidInput), unit_of_work():
            boards.take_step(running, event, by=lead)

    def test_nobody_of_a_department_takes_one(self, session, places, running):
        inside = make_actor(session, Role.QUALITY_LEAD, places[0])

        with pytest.raises(NotAllowed), unit_of_work():
            boards.take_step(running, CampaignEvent.SETTLE, by=inside)


class TestForetell:
    def test_it_counts_the_reports_and_readers_of_today(self, session, lead, places):
        make_reader(session, places[0], specialities=[("CT", "chest"), ("CT", "abdomen")])
        make_reader(session, places[0], specialities=[("*", "*")], capacity=30)
        make_reader(session, places[1], accepting=False)
        reports = send_reports(session, places[:1], each=2)
        reports[0].status, reports[1].has_text = "cancelled", False
        session.commit()
        rules = replace(RULES, scope=Scope(("CT", "MR"), SCOPE.period_start, SCOPE.period_end))

        told = boards.foretell(rules, [place.id for place in places], WhatIf(), by=lead)

        assert told.frame_size == 10
        assert (told.reviewers, told.room) == (2, 90)
        # Whoever reads is of the first department, whose reports nobody else may read.
        short, few = map(str, told.warnings)
        assert short.startswith(f"{places[0].code} CT ask for 5 readings, and the 0 reviewers")
        assert few == "Fewer than two reviewers have declared MR."
        assert not told.is_feasible

    def test_a_coordinator_foretells_nothing(self, session, places):
        with pytest.raises(NotAllowed):
            boards.foretell(
                RULES, [], WhatIf(), by=make_actor(session, Role.COORDINATOR, places[0])
            )
