from dataclasses import replace

import pytest

from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.scoring import ScoreSheet, check_sheet, find_problems

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
