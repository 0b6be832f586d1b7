from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import IllegalMove, InvalidInput, NotAllowed
from peeraudit.domain.unsealing import (
    DECIDE_WITHIN,
    OPEN_WITHIN,
    SHOWN_FOR,
    Marks,
    UnsealingState,
    check_decision,
    check_opening,
    check_reason,
    state_of,
)

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
A, B = uuid4(), uuid4()
GRANTED = Marks(T0, granted=True, decided_at=T0 + HOUR)
OPENED = Marks(T0, granted=True, decided_at=T0 + HOUR, opened_at=T0 + 2 * HOUR)


@pytest.mark.parametrize(
    ("marks", "later", "state"),
    [
        (Marks(T0), timedelta(), UnsealingState.ASKED),
        (Marks(T0), DECIDE_WITHIN - MINUTE, UnsealingState.ASKED),
        (Marks(T0), DECIDE_WITHIN, UnsealingState.EXPIRED),
        (Marks(T0, granted=False, decided_at=T0), DECIDE_WITHIN, UnsealingState.REFUSED),
        (GRANTED, HOUR, UnsealingState.GRANTED),
        (GRANTED, HOUR + OPEN_WITHIN, UnsealingState.EXPIRED),
        (OPENED, 2 * HOUR, UnsealingState.SHOWN),
        (OPENED, 2 * HOUR + SHOWN_FOR - MINUTE, UnsealingState.SHOWN),
        (OPENED, 2 * HOUR + SHOWN_FOR, UnsealingState.CLOSED),
        (OPENED, 1000 * HOUR, UnsealingState.CLOSED),
    ],
)
def test_each_state_lasts_as_long_as_it_should(marks, later, state):
    assert state_of(marks, T0 + later) is state


@given(
    st.builds(
        Marks,
        asked_at=st.just(T0),
        granted=st.sampled_from([None, True, False]),
        decided_at=st.none() | st.just(T0 + HOUR),
        opened_at=st.none() | st.just(T0 + 2 * HOUR),
    ),
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)),
)
def test_it_is_shown_only_after_a_grant_and_never_longer_than_its_time(marks, later):
    shown = state_of(marks, T0 + later) is UnsealingState.SHOWN

    if shown:
        assert marks.granted
        assert marks.decided_at
        assert T0 + later < marks.opened_at + SHOWN_FOR


@given(st.sampled_from(list(UnsealingState)))
def test_nobody_ever_decides_on_an_own_request(state):
    with pytest.raises(NotAllowed):
        check_decision(state, asked_by=A, by=A)


@pytest.mark.parametrize("state", [s for s in UnsealingState if s is not UnsealingState.ASKED])
def test_what_was_decided_or_is_over_is_not_decided_again(state):
    check_decision(UnsealingState.ASKED, asked_by=A, by=B)

    with pytest.raises(IllegalMove):
        check_decision(state, asked_by=A, by=B)


@pytest.mark.parametrize("state", [s for s in UnsealingState if s is not UnsealingState.GRANTED])
def test_only_what_was_granted_is_opened_and_once(state):
    check_opening(UnsealingState.GRANTED)

    with pytest.raises(IllegalMove):
        check_opening(state)


@pytest.mark.parametrize("reason", ["", "   urgent   ", "x" * 301])
def test_a_reason_says_enough_and_fits(reason):
    assert check_reason(" a bleeding was missed ") == "a bleeding was missed"

    with pytest.raises(InvalidInput):
        check_reason(reason)
