import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.limits import (
    OwnLimits,
    check_campaign_limit,
    check_weekly,
    most_at_once,
    most_in_campaign,
)

COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("weekly", "days", "most"), [(5, 14, 10), (5, 7, 5), (3, 10, 4), (1, 3, 1)]
)
def test_a_weekly_limit_says_how_many_wait_at_once(weekly, days, most):
    assert most_at_once(weekly, days) == most


@given(
    capacity=COUNTS,
    campaign=st.none() | COUNTS,
    weekly=st.none() | st.integers(1, 60),
    held=COUNTS,
    unread=COUNTS,
)
def test_no_limit_is_ever_passed_by_a_further_case(capacity, campaign, weekly, held, unread):
    most = most_in_campaign(
        capacity, OwnLimits(campaign, weekly), held=held, unread=unread, days=14
    )

    assert most <= capacity
    assert campaign is None or most <= campaign
    further = max(most - held, 0)
    assert weekly is None or not further or unread + further <= most_at_once(weekly, 14)
    if campaign is None and weekly is None:
        assert most == capacity


@pytest.mark.parametrize(("most", "said"), [(11, "10 cases at most"), (2, "handed in 3 cases")])
def test_a_limit_lies_between_what_is_begun_and_what_is_allowed(most, said):
    with pytest.raises(InvalidFields) as caught:
        check_campaign_limit(most, ceiling=10, begun=3)
    assert said in str(caught.value.fields["most"])


@pytest.mark.parametrize("most", [3, 10])
def test_both_ends_may_be_chosen(most):
    check_campaign_limit(most, ceiling=10, begun=3)


@pytest.mark.parametrize("weekly", [0, 501])
def test_a_weekly_limit_that_is_none_is_refused(weekly):
    with pytest.raises(InvalidFields):
        check_weekly(weekly)
