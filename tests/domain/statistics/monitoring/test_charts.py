import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.monitoring.charts import (
    Period,
    g_chart,
    merge_small,
    p_chart,
    t_chart,
    u_limits,
)
from peeraudit.domain.statistics.results import Status


def test_limits_are_three_standard_errors():
    x, n = [3, 5, 2, 6] * 3, [100, 120, 80, 150] * 3
    found = p_chart(x, n)
    centre = sum(x) / sum(n)
    assert found.value == pytest.approx(centre)
    sigma = (centre * (1 - centre) / 150) ** 0.5
    assert found.details["ucl"][3] == pytest.approx(centre + 3 * sigma)
    assert found.details["lcl"][3] == max(0, centre - 3 * sigma)


def test_a_spread_beyond_chance_widens_the_limits():
    draws = np.random.Generator(np.random.PCG64(2))
    n = [400] * 40
    calm = p_chart(draws.binomial(400, 0.1, 40).tolist(), n)
    rates = np.clip(draws.normal(0.1, 0.05, 40), 0.005, 1)
    wild = p_chart(draws.binomial(400, rates).tolist(), n)
    assert calm.details["sigma_z"] == pytest.approx(1, abs=0.25)
    assert not calm.details["use_laney"]
    assert wild.details["use_laney"]
    assert wild.details["laney_ucl"][0] > wild.details["ucl"][0]


def test_few_periods_show_no_chart_and_no_event_has_no_spread():
    found = p_chart([1, 2, 0, 3], [30] * 4)
    assert (found.status, found.reasons) == (Status.SUPPRESSED, ("PERIODS_LT_12",))
    none = p_chart([0] * 12, [30] * 12)
    assert (none.status, none.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))
    flat = p_chart([3] * 12, [30] * 12)
    assert (flat.details["sigma_z"], flat.details["laney_z"]) == (0, None)


@pytest.mark.parametrize(
    ("x", "n", "words"),
    [([1], [2, 3], "each period"), ([1, 4], [2, 3], "period 2"), ([0], [0], "period 1")],
)
def test_periods_that_make_no_sense_are_refused(x, n, words):
    with pytest.raises(ValueError, match=words):
        p_chart(x, n)


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), max_size=20))
def test_small_periods_are_joined_and_nothing_is_lost(rows):
    periods = [Period(f"{i:03d}", n, int(n * share)) for i, (n, share) in enumerate(rows)]
    merged = merge_small(periods)
    assert all(part.n >= 20 for part in merged)
    assert [part.key for part in merged] == sorted(part.key for part in merged)
    if sum(part.n for part in periods) >= 20:
        assert sum(part.n for part in merged) == sum(part.n for part in periods)
        assert sum(part.x for part in merged) == sum(part.x for part in periods)
    else:
        assert merged == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=40))
def test_the_rare_gap_is_the_smallest_of_its_probability(gaps):
    found = g_chart(gaps)
    p, k = found.details["p_hat"], found.details["ucl_probability"]
    if p == 1:
        assert k == 0
        return
    # A gap counts the failures before a success: P(gap > k) is the tail of a geometric law.
    assert stats.geom.sf(k + 1, p) <= 0.00135 * (1 + 1e-9)
    assert k == 0 or stats.geom.sf(k, p) > 0.00135 * (1 - 1e-9)
    assert found.value == np.median(gaps)
    assert found.details["lcl_3sigma"] == 0


def test_gaps_and_times_of_the_examples():
    assert g_chart([]).reasons == ("NO_EVENTS",)
    assert t_chart([3.0]).reasons == ("NO_EVENTS",)
    with pytest.raises(ValueError, match="negative"):
        g_chart([3, -1])
    with pytest.raises(ValueError, match="time 2 is 0"):
        t_chart([1.0, 0])


def test_times_are_charted_on_the_scale_of_their_root():
    times = [2.0, 9.0, 4.0, 30.0]
    y = np.array(times) ** (1 / 3.6)
    spread = 3 * np.abs(np.diff(y)).mean() / 1.128
    found = t_chart(times)
    assert found.value == pytest.approx(y.mean() ** 3.6)
    assert found.details["ucl"] == pytest.approx((y.mean() + spread) ** 3.6)
    assert found.details["lcl"] == 0


def test_events_per_exposure():
    centre, low, high = u_limits([4, 6], [2.0, 3.0])
    assert centre == 2
    assert high == pytest.approx([2 + 3 * 1, 2 + 3 * (2 / 3) ** 0.5])
    assert low.tolist() == [0, 0]
    with pytest.raises(ValueError, match="exposure"):
        u_limits([1], [0.0])
