from dataclasses import replace

import pytest

from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.protocol import BlindingMode, DateBlinding, TextDates
from peeraudit.domain.scoring import (
    ScoreSheet,
    check_draft,
    check_sheet,
    describe_blinding,
    find_problems,
    is_read,
    name_blinding,
)
from peeraudit.domain.workflow import AssignmentState

CONCORDANT = ScoreSheet("1", seconds=45)
DISCREPANT = ScoreSheet("3b", error_type="missed_finding", comment="A nodule of 9 mm was missed.")


def problems(sheet):
    return {name: str(error) for name, error in find_problems(sheet, CR3_1).items()}


class TestCheckSheet:
    @pytest.mark.parametrize("sheet", [CONCORDANT, DISCREPANT])
    def test_it_accepts_a_complete_sheet(self, sheet):
        check_sheet(sheet, CR3_1)

    def test_it_refuses_with_every_field_at_once(self):
        with pytest.raises(InvalidFields, match="nothing that you entered was lost") as caught:
            check_sheet(ScoreSheet("2b"), CR3_1)

        assert set(caught.value.fields) == {"error_type", "comment"}


class TestFindProblems:
    def test_a_score_is_needed(self):
        assert problems(ScoreSheet(None)) == {"score": "Choose a score."}

    def test_a_score_of_another_scale_is_refused(self):
        assert problems(ScoreSheet("4")) == {"score": "The scale has no score “4”."}

    def test_an_unknown_error_type_is_refused(self):
        assert "boredom" in problems(replace(DISCREPANT, error_type="boredom"))["error_type"]

    def test_a_concordant_score_has_no_error_type(self):
        assert "clear it" in problems(replace(CONCORDANT, error_type="dictation"))["error_type"]

    def test_spaces_are_no_comment(self):
        assert "author should learn" in problems(replace(DISCREPANT, comment=" " * 20))["comment"]

    def test_an_endless_comment_is_refused(self):
        assert "may have 5000" in problems(replace(DISCREPANT, comment="a" * 5001))["comment"]

    def test_urgency_is_explained_whatever_the_score(self):
        assert "what is urgent" in problems(replace(CONCORDANT, urgent=True))["comment"]

    @pytest.mark.parametrize("seconds", [-1, 86_401])
    def test_an_impossible_time_is_refused(self, seconds):
        assert set(problems(replace(CONCORDANT, seconds=seconds))) == {"seconds"}


class TestCheckDraft:
    @pytest.mark.parametrize(
        "sheet",
        [
            ScoreSheet(None),
            ScoreSheet("3b"),
            ScoreSheet("3b", comment="A nod"),
            ScoreSheet(None, error_type="dictation"),
            ScoreSheet("1", error_type="dictation"),
            ScoreSheet("1", urgent=True),
        ],
    )
    def test_what_is_missing_may_be_missing(self, sheet):
        check_draft(sheet, CR3_1)

    @pytest.mark.parametrize(
        ("sheet", "field"),
        [
            (ScoreSheet("4"), "score"),
            (ScoreSheet("3b", error_type="boredom"), "error_type"),
            (ScoreSheet(None, error_type="boredom"), "error_type"),
            (ScoreSheet("1", comment="a" * 5001), "comment"),
            (ScoreSheet("1", seconds=-1), "seconds"),
        ],
    )
    def test_what_can_never_be_right_is_refused(self, sheet, field):
        with pytest.raises(InvalidFields) as caught:
            check_draft(sheet, CR3_1)

        assert set(caught.value.fields) == {field}


class TestIsRead:
    @pytest.mark.parametrize(
        ("turns", "is_double_read", "expected"),
        [
            (["submitted"], False, True),
            (["started"], False, False),
            ([], False, False),
            (["submitted"], True, False),
            (["submitted", "offered"], True, False),
            (["submitted", "submitted"], True, True),
        ],
    )
    def test_every_planned_reading_must_be_in(self, turns, is_double_read, expected):
        states = [AssignmentState(turn) for turn in turns]

        assert is_read(states, is_double_read=is_double_read) is expected


class TestBlinding:
    def test_each_mode_has_a_word_of_its_own_that_fits(self):
        modes = [
            BlindingMode(hidden, dates, text, prior, read_first)
            for hidden in (True, False)
            for dates in DateBlinding
            for text in TextDates
            for prior in (True, False)
            for read_first in (True, False)
        ]

        words = {name_blinding(mode) for mode in modes}

        assert len(words) == len(modes)
        assert max(map(len, words)) <= 60

    @pytest.mark.parametrize("dates", list(DateBlinding))
    @pytest.mark.parametrize("hidden", [True, False])
    def test_the_sentence_names_the_department_only_where_it_is_hidden(self, hidden, dates):
        said = describe_blinding(BlindingMode(hide_department=hidden, dates=dates))

        assert ("department" in said) is hidden
        assert said.endswith("date." if dates is DateBlinding.HIDDEN else "day.")
