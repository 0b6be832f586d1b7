"""What a person writes into a plan by hand keeps to the rules."""

import pytest

from peeraudit.domain.assignment.editing import EditedReview, find_line_problems
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, PlanRules, Speciality
from peeraudit.domain.workflow import Turn


@pytest.mark.parametrize(
    ("is_child", "reads_children", "said"),
    [(True, False, "under 18"), (True, True, None), (False, False, None)],
)
def test_a_child_is_given_to_those_who_read_children(is_child, reads_children, said):
    problems = find_line_problems(
        [EditedReview(1, "c1", Turn.FIRST, "r1")],
        [PlanCase("c1", "A", "CT", is_child=is_child)],
        [PlanReviewer("r1", "B", frozenset({Speciality("CT")}), 5, reads_children=reads_children)],
        turns={"c1": [Turn.FIRST]},
        conflicts=set(),
        rules=PlanRules("1"),
    )

    assert [said in one.reason.message for one in problems] == ([True] if said else [])
