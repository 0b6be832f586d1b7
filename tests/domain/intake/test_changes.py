import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.intake.changes import (
    CHOICE_LABELS,
    CHOICES,
    DECISION_LABELS,
    KEEP_LABELS,
    ChangeFacts,
    Decision,
    KeepReason,
    choices_for,
    compare,
)
from peeraudit.domain.workflow import NOT_READ, CaseState

WORDS = st.text(alphabet="ab\n \u00e9.", max_size=60)
FACTS = st.builds(
    ChangeFacts, st.sampled_from(CaseState), st.booleans(), st.booleans(), st.booleans()
)


def join(stretches, *, marked=(True, False)):
    return "".join(one.words for one in stretches if one.is_marked in marked)


def test_everything_has_a_label():
    assert set(CHOICE_LABELS) == set(CHOICES)
    assert set(DECISION_LABELS) == set(Decision)
    assert set(KEEP_LABELS) == set(KeepReason)


class TestCompare:
    @given(WORDS, WORDS)
    def test_no_word_is_lost_and_what_is_not_marked_is_in_both(self, old, new):
        before, after = compare(old, new)

        assert (join(before), join(after)) == (old, new)
        shared = [join(part, marked=(False,)).split() for part in (before, after)]
        assert shared[0] == shared[1]

    @given(WORDS)
    def test_white_space_makes_no_difference(self, words):
        _, after = compare(words, " \n".join(words.split()))

        assert not any(one.is_marked and one.words.strip() for one in after)

    def test_a_changed_word_is_marked_alone(self):
        before, after = compare("Nodule de 8 mm.", "Nodule de 9 mm.")

        assert join(before, marked=(True,)) == "8"
        assert join(after, marked=(True,)) == "9"

    def test_long_reports_are_compared_by_line(self):
        lines = [f"Ligne {number} : normale." for number in range(3000)]
        changed = [*lines[:1500], "Ligne 1500 : fracture.", *lines[1501:]]

        _, after = compare("\n".join(lines), "\n".join(changed))

        assert join(after, marked=(True,)).strip() == "Ligne 1500 : fracture."


class TestChoicesFor:
    @given(FACTS)
    def test_the_drawn_version_can_always_be_kept(self, facts):
        assert choices_for(facts)[0] is Decision.KEPT

    @given(FACTS)
    def test_a_case_that_was_read_is_what_was_read(self, facts):
        if facts.is_read or facts.state not in NOT_READ:
            assert choices_for(facts) == (Decision.KEPT,)

    @pytest.mark.parametrize("state", NOT_READ)
    def test_before_that_a_version_replaces_and_a_cancellation_excludes(self, state):
        corrected = ChangeFacts(state, is_cancelled=False, has_text=True, is_read=False)
        cancelled = ChangeFacts(state, is_cancelled=True, has_text=False, is_read=False)

        assert choices_for(corrected) == (Decision.KEPT, Decision.REPLACED)
        assert choices_for(cancelled) == (Decision.KEPT, Decision.EXCLUDED)
