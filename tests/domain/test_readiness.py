import pytest

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.readiness import (
    CasesStillOpen,
    check_freeze,
    check_settling,
    sort_open,
)
from peeraudit.domain.workflow import CaseState

SETTLED = {CaseState.FINAL, CaseState.CLOSED, CaseState.PURGED, CaseState.EXCLUDED}


class TestSortOpen:
    @pytest.mark.parametrize("state", list(CaseState))
    def test_every_state_waits_for_one_thing_or_for_nothing(self, state):
        assert sort_open({state: 3}).total == (0 if state in SETTLED else 3)

    def test_what_they_wait_for_is_told_apart(self):
        found = sort_open(
            {
                CaseState.ASSIGNED: 1,
                CaseState.SECOND_REVIEW: 2,
                CaseState.ADJUDICATION: 3,
                CaseState.PROPOSED: 4,
                CaseState.AUTHOR_NOTIFIED: 5,
                CaseState.FINAL: 6,
            }
        )

        assert (
            found.unread,
            found.second_review,
            found.adjudication,
            found.unannounced,
            found.reply,
        ) == (1, 2, 3, 4, 5)


class TestCheckSettling:
    def test_an_unread_case_keeps_the_reading_open(self):
        with pytest.raises(CasesStillOpen, match="first reading: 1"):
            check_settling(sort_open({CaseState.IN_REVIEW: 1}))

    def test_a_second_reading_does_not(self):
        check_settling(sort_open({CaseState.SECOND_REVIEW: 1, CaseState.FINAL: 9}))


class TestCheckFreeze:
    def test_settled_cases_need_no_reason(self):
        check_freeze(sort_open({CaseState.FINAL: 9, CaseState.EXCLUDED: 1}), reason="")

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_open_cases_need_one(self, reason):
        with pytest.raises(CasesStillOpen):
            check_freeze(sort_open({CaseState.ADJUDICATION: 1}), reason=reason)

    @pytest.mark.parametrize("reason", ["short", "x" * 501])
    def test_a_reason_has_some_words_and_not_too_many(self, reason):
        with pytest.raises(InvalidInput):
            check_freeze(sort_open({CaseState.ADJUDICATION: 1}), reason=reason)

    def test_a_reason_lets_them_be_left_out(self):
        check_freeze(sort_open({CaseState.ADJUDICATION: 1}), reason="The adjudicator is away.")
