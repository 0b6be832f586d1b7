from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.response import DrawnStratum, response_bounds


@st.composite
def drawn(draw):
    size = draw(st.integers(1, 300))
    wanted = draw(st.integers(1, size))
    scored = draw(st.integers(1, wanted))
    return DrawnStratum(size, wanted, scored, draw(st.integers(0, scored)))


def test_worked_example():
    found = response_bounds([DrawnStratum(800, 60, 55, 3), DrawnStratum(300, 30, 24, 2)])
    assert found.value == pytest.approx(0.0623966942, abs=1e-10)
    assert found.ci == pytest.approx((0.0545454545, 0.16969697), abs=1e-9)
    assert found.warnings == ("RESPONSE_LT_95",)


@given(st.lists(drawn(), min_size=1, max_size=5), st.data())
def test_whatever_the_missing_ones_were_the_full_rate_lies_within(strata, data):
    frame = sum(s.frame_size for s in strata)
    full = 0.0
    for s in strata:
        hidden = data.draw(st.integers(0, s.drawn - s.scored))
        full += s.frame_size / frame * (s.x + hidden) / s.drawn
    found = response_bounds(strata)
    low, high = found.ci
    assert low - 1e-12 <= full <= high + 1e-12
    assert low - 1e-12 <= found.details["p_mar"] <= high + 1e-12
    assert high - low == pytest.approx(1 - found.details["weighted_response"], abs=1e-9)
    if found.details["weighted_response"] < 0.8:
        assert (found.value, found.reasons) == (None, ("RESPONSE_LT_80",))
    else:
        assert found.value == found.details["p_mar"]


def test_a_stratum_without_scores_widens_the_bounds_alone():
    found = response_bounds([DrawnStratum(900, 60, 60, 3), DrawnStratum(100, 10, 0, 0)])
    assert found.value == pytest.approx(0.05)
    assert found.ci == pytest.approx((0.045, 0.145))
    assert "STRATA_WITHOUT_SCORES" in found.warnings
    undrawn = response_bounds([DrawnStratum(900, 60, 60, 3), DrawnStratum(100, 0, 0, 0)])
    assert undrawn.ci == pytest.approx((0.045, 0.145))


@pytest.mark.parametrize(
    ("stratum", "reason"),
    [
        (DrawnStratum(90, 9, 0, 0), "NO_SCORED_ITEMS"),
        (DrawnStratum(90, 9, 10, 0), "N_SCORED_GT_DRAWN"),
        (DrawnStratum(90, 9, 8, 9), "X_GT_N"),
        (DrawnStratum(8, 9, 9, 0), "N_SAMPLE_GT_FRAME"),
    ],
)
def test_counts_that_give_no_rate(stratum, reason):
    found = response_bounds([stratum])
    assert (found.value, found.reasons) == (None, (reason,))


def test_no_strata_are_refused():
    with pytest.raises(ValueError, match="at least one stratum"):
        response_bounds([])


@given(drawn(), st.integers(0, 50))
def test_reports_that_are_awaited_count_as_if_they_had_not_been_drawn_yet(stratum, awaited):
    later = replace(stratum, drawn=stratum.drawn + awaited, frame_size=400, awaited=awaited)

    found = response_bounds([later])
    plain = response_bounds([replace(stratum, frame_size=400)])

    assert (found.ci, found.value, found.warnings) == (plain.ci, plain.value, plain.warnings)
    assert found.details.get("awaited", 0) == awaited


def test_a_stratum_of_which_all_are_awaited_waits_with_them():
    part, later = DrawnStratum(900, 60, 57, 3), DrawnStratum(100, 10, 0, 0, awaited=10)

    found = response_bounds([part, later])

    assert found.ci == response_bounds([part]).ci
    assert found.details["awaited"] == 10
    assert response_bounds([later]).reasons == ("NO_SCORED_ITEMS",)


@pytest.mark.parametrize("awaited", [-1, 11])
def test_more_cannot_be_awaited_than_were_drawn(awaited):
    with pytest.raises(ValueError, match="awaited"):
        response_bounds([DrawnStratum(100, 10, 0, 0, awaited=awaited), DrawnStratum(9, 9, 9, 0)])
