import pytest

from peeraudit.domain.board import NextAct, Step, count_steps, next_act
from peeraudit.domain.workflow import CampaignState, CaseState

TELLING = {Step.SETTLING, Step.REPLY, Step.SETTLED}


def counts(states, *, in_full):
    return {part.step: part.count for part in count_steps(states, in_full=in_full)}


def act(state, states=None, *, has_frame=True, has_numbers=False):
    return next_act(state, states or {}, has_frame=has_frame, has_numbers=has_numbers)


class TestCountSteps:
    def test_every_state_of_a_case_belongs_to_a_step(self):
        states = dict.fromkeys(CaseState, 1)

        assert sum(counts(states, in_full=True).values()) == len(CaseState)

    def test_what_tells_of_scores_is_counted_as_being_read(self):
        states = {CaseState.ASSIGNED: 5, CaseState.ADJUDICATION: 2, CaseState.FINAL: 3}

        seen = counts(states, in_full=False)

        assert seen[Step.READING] == 10
        assert TELLING.isdisjoint(seen)

    @pytest.mark.parametrize("state", list(CaseState))
    def test_nothing_but_the_reading_changes_with_who_looks(self, state):
        full, part = (counts({state: 7}, in_full=f) for f in (True, False))

        assert sum(full.values()) == sum(part.values()) == 7
        assert all(part[step] == full[step] for step in part if step is not Step.READING)

    def test_excluded_cases_are_named_only_where_there_are_any(self):
        assert Step.EXCLUDED not in counts({CaseState.DRAWN: 1}, in_full=True)
        assert counts({CaseState.EXCLUDED: 2}, in_full=True)[Step.EXCLUDED] == 2


class TestNextAct:
    def test_each_state_has_one(self):
        assert {act(state) for state in CampaignState} == {
            NextAct.LOCK,
            NextAct.DRAW,
            NextAct.ASSIGN,
            NextAct.SETTLE,
            NextAct.FREEZE,
            NextAct.WAIT_FOR_NUMBERS,
            NextAct.CLOSE,
            NextAct.NOTHING,
        }

    def test_the_list_is_frozen_before_the_draw(self):
        assert act(CampaignState.LOCKED, has_frame=False) is NextAct.FREEZE_FRAME

    @pytest.mark.parametrize(
        ("state", "case", "expected"),
        [
            (CampaignState.DRAWN, CaseState.DRAWN, NextAct.WAIT_FOR_CHECK),
            (CampaignState.DRAWN, CaseState.QUARANTINED, NextAct.WAIT_FOR_CHECK),
            (CampaignState.DRAWN, CaseState.ELIGIBLE, NextAct.ASSIGN),
            (CampaignState.RUNNING, CaseState.ASSIGNED, NextAct.WAIT_FOR_READING),
            (CampaignState.RUNNING, CaseState.SECOND_REVIEW, NextAct.SETTLE),
            (CampaignState.ADJUDICATING, CaseState.ADJUDICATION, NextAct.WAIT_FOR_SETTLING),
            (CampaignState.ADJUDICATING, CaseState.AUTHOR_NOTIFIED, NextAct.WAIT_FOR_SETTLING),
            (CampaignState.ADJUDICATING, CaseState.FINAL, NextAct.FREEZE),
        ],
    )
    def test_one_case_in_a_hundred_decides_whether_to_wait(self, state, case, expected):
        assert act(state, {CaseState.EXCLUDED: 99, case: 1}) is expected

    def test_summaries_wait_for_the_final_numbers(self):
        assert act(CampaignState.FROZEN) is NextAct.WAIT_FOR_NUMBERS
        assert act(CampaignState.FROZEN, has_numbers=True) is NextAct.PUBLISH
