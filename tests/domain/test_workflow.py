import pytest

from peeraudit.domain.errors import IllegalMove, Msgid
from peeraudit.domain.workflow import (
    ASSIGNMENT_LABELS,
    ASSIGNMENT_MOVES,
    CAMPAIGN_LABELS,
    CAMPAIGN_MOVES,
    CASE_LABELS,
    CASE_MOVES,
    DECLINE_LABELS,
    AssignmentEvent,
    AssignmentState,
    CampaignEvent,
    CampaignState,
    CaseEvent,
    CaseState,
    DeclineReason,
    advance,
    may_advance,
)

MACHINES = [
    (CampaignState, CampaignEvent, CAMPAIGN_MOVES, CampaignState.DRAFT),
    (CaseState, CaseEvent, CASE_MOVES, CaseState.RECEIVED),
    (AssignmentState, AssignmentEvent, ASSIGNMENT_MOVES, AssignmentState.PLANNED),
]


def follow(moves, state, events):
    for event in events:
        state = advance(moves, state, event)
    return state


class TestTables:
    @pytest.mark.parametrize(("states", "events", "moves", "start"), MACHINES)
    def test_every_state_can_be_reached(self, states, events, moves, start):
        reached = {start}
        for _ in states:
            reached |= {after for (before, _), after in moves.items() if before in reached}

        assert reached == set(states)

    @pytest.mark.parametrize(("states", "events", "moves", "start"), MACHINES)
    def test_every_event_is_used(self, states, events, moves, start):
        assert {event for _, event in moves} == set(events)

    def test_every_state_and_reason_has_a_label(self):
        assert set(CAMPAIGN_LABELS) == set(CampaignState)
        assert set(CASE_LABELS) == set(CaseState)
        assert set(ASSIGNMENT_LABELS) == set(AssignmentState)
        assert set(DECLINE_LABELS) == set(DeclineReason)

    def test_a_campaign_never_goes_back(self):
        order = list(CampaignState)

        assert all(order.index(after) > order.index(b) for (b, _), after in CAMPAIGN_MOVES.items())

    def test_nothing_leaves_a_purged_case_or_a_submitted_assignment(self):
        assert CaseState.PURGED not in {before for before, _ in CASE_MOVES}
        assert AssignmentState.SUBMITTED not in {before for before, _ in ASSIGNMENT_MOVES}


class TestAdvance:
    def test_a_concordant_case_runs_to_its_purge(self):
        events = ["deidentify", "approve", "assign", "start", "review", "concur", "propose"]
        events += ["finalise", "close", "purge"]

        state = follow(CASE_MOVES, CaseState.DRAWN, [CaseEvent(e) for e in events])

        assert state is CaseState.PURGED

    def test_a_discordant_case_passes_by_its_author(self):
        events = ["ask_second", "adjudicate", "propose", "notify_author", "reply", "reconsider"]
        events += ["propose", "notify_author", "expire_reply", "finalise"]

        state = follow(CASE_MOVES, CaseState.REVIEWED, [CaseEvent(e) for e in events])

        assert state is CaseState.FINAL

    @pytest.mark.parametrize("state", ["assigned", "in_review", "second_review", "adjudication"])
    def test_an_identifier_seen_pulls_the_case(self, state):
        after = advance(CASE_MOVES, CaseState(state), CaseEvent.SEE_IDENTIFIER)

        assert after is CaseState.QUARANTINED

    @pytest.mark.parametrize(
        ("event", "state"),
        [("assign", "assigned"), ("ask_second", "second_review"), ("adjudicate", "adjudication")],
    )
    def test_a_case_checked_again_resumes_where_it_was(self, event, state):
        assert advance(CASE_MOVES, CaseState.ELIGIBLE, CaseEvent(event)) is CaseState(state)

    def test_an_offer_is_accepted_by_opening_it(self):
        state = advance(ASSIGNMENT_MOVES, AssignmentState.OFFERED, AssignmentEvent.START)

        assert state is AssignmentState.STARTED

    @pytest.mark.parametrize(
        ("moves", "state", "event", "said"),
        [
            (
                CAMPAIGN_MOVES,
                CampaignState.FROZEN,
                CampaignEvent.DRAW,
                "campaign now stands at “Da",
            ),
            (CASE_MOVES, CaseState.FINAL, CaseEvent.REVIEW, "case now stands at “Final”"),
            (
                ASSIGNMENT_MOVES,
                AssignmentState.STARTED,
                AssignmentEvent.EXPIRE,
                "assignment now stands at “Started”",
            ),
        ],
    )
    def test_an_illegal_move_says_where_the_thing_stands(self, moves, state, event, said):
        assert not may_advance(moves, state, event)

        with pytest.raises(IllegalMove, match=said) as caught:
            advance(moves, state, event)

        assert isinstance(caught.value.params["state"], Msgid)

    def test_a_legal_move_may_be_made(self):
        assert may_advance(CASE_MOVES, CaseState.FINAL, CaseEvent.CLOSE)
