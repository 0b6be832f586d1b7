import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.zero_events import zero_event_bounds


@st.composite
def counts(draw, scored=1):
    frame_size = draw(st.integers(max(1, scored), 400))
    n = draw(st.integers(scored, frame_size))
    return Stratum(frame_size, n, draw(st.integers(0, n)))


many = st.lists(counts(), min_size=2, max_size=6)


def test_worked_example_of_a_simple_sample():
    found = simple_rate(9, 120, frame_size=800)
    assert found.value == 0.075
    assert found.se == pytest.approx(0.0222606315, abs=1e-10)
    assert found.n_eff == pytest.approx(141.176471, abs=1e-6)
    assert found.ci == pytest.approx((0.0419358728, 0.13058024), abs=1e-9)
    assert found.ci_method == "wilson_neff"
    beside = found.details
    assert beside["clopper_pearson_nofpc"] == pytest.approx((0.0348673906, 0.137601058), abs=1e-9)
    assert beside["hyper_exact"] == (0.0375, 0.1325)
    assert beside["hyper_exact_count"] == (30, 106)
    assert (found.method, found.n, found.N, found.status) == ("S2.01@1", 120, 800, Status.OK)


def test_worked_example_without_an_event():
    found = simple_rate(0, 60, frame_size=400)
    assert found.ci == (0, 0.055)
    assert found.ci_method == "hypergeometric_exact"


def test_a_census_has_no_sampling_error():
    for x in (2, 40):
        found = simple_rate(x, 150, frame_size=150)
        assert found.ci == (x / 150, x / 150)
        assert (found.se, found.n_eff, found.warnings) == (0, None, ("CENSUS",))


def test_an_unknown_frame_is_said_and_not_corrected_for():
    found = simple_rate(9, 120, frame_size=None)
    assert found.warnings == ("FRAME_SIZE_UNKNOWN",)
    assert found.n_eff == 120
    assert found.ci_method == "wilson_neff"
    # 0 of 60 without a frame: 1 - 0.025^(1/60).
    rare = simple_rate(0, 60, frame_size=None)
    assert rare.ci == pytest.approx((0, 1 - 0.025 ** (1 / 60)))
    assert rare.ci_method == "clopper_pearson"


@pytest.mark.parametrize(
    ("x", "n", "frame_size", "status", "reason"),
    [
        (0, 0, 400, "not_estimable", "NO_SCORED_ITEMS"),
        (5, 4, 400, "error", "X_GT_N"),
        (1, 50, 40, "error", "N_SAMPLE_GT_FRAME"),
    ],
)
def test_counts_that_give_no_rate(x, n, frame_size, status, reason):
    found = simple_rate(x, n, frame_size=frame_size)
    assert (found.value, found.ci, found.status.value) == (None, None, status)
    assert found.reasons == (reason,)
    twice = stratified_rate([Stratum(frame_size, n, x)] * 2)
    assert (twice.value, twice.status.value, twice.reasons) == (None, status, (reason,))


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        simple_rate(-1, 5, frame_size=9)


def test_one_reading_has_no_standard_error():
    assert simple_rate(0, 1, frame_size=9).se is None


@given(counts())
def test_simple_rate_lies_in_its_interval(c):
    found = simple_rate(c.x, c.n, frame_size=c.frame_size)
    low, high = found.ci
    assert c.x / c.frame_size <= low + 1e-12
    assert low - 1e-12 <= found.value <= high + 1e-12
    assert high <= 1 - (c.n - c.x) / c.frame_size + 1e-12
    count_low, count_high = found.details["hyper_exact_count"]
    assert c.x <= count_low <= count_high <= c.frame_size - (c.n - c.x)


@given(counts())
def test_what_is_not_discrepant_has_the_mirrored_interval(c):
    found = simple_rate(c.x, c.n, frame_size=c.frame_size)
    mirror = simple_rate(c.n - c.x, c.n, frame_size=c.frame_size)
    assert mirror.ci == pytest.approx((1 - found.ci[1], 1 - found.ci[0]), abs=1e-9)


@given(st.integers(5, 60), st.integers(130, 2000), st.integers(1, 2000))
def test_a_larger_frame_never_narrows_wilson(x, frame_size, more):
    near = simple_rate(x, 120, frame_size=frame_size).details["wilson_fpc"]
    far = simple_rate(x, 120, frame_size=frame_size + more).details["wilson_fpc"]
    assert far[1] - far[0] >= near[1] - near[0] - 1e-12


def test_exact_limits_are_those_of_a_scan():
    def tail(marked, values):
        ways = [math.comb(marked, k) * math.comb(50 - marked, 12 - k) for k in values]
        return sum(ways) / math.comb(50, 12)

    for x in range(13):
        possible = range(x, 50 - (12 - x) + 1)
        low = min(d for d in possible if tail(d, range(x, 13)) > 0.025)
        high = max(d for d in possible if tail(d, range(x + 1)) > 0.025)
        assert simple_rate(x, 12, frame_size=50).details["hyper_exact_count"] == (low, high)


def test_worked_example_of_strata():
    found = stratified_rate(
        [Stratum(1200, 60, 2), Stratum(640, 40, 3), Stratum(310, 30, 4), Stratum(45, 10, 1)]
    )
    assert found.value == pytest.approx(0.0609719058, abs=1e-10)
    assert found.se == pytest.approx(0.0192846648, abs=1e-10)
    assert found.details["n_eff_raw"] == pytest.approx(157.703853, abs=1e-6)
    assert found.n_eff == pytest.approx(135.907242, abs=1e-6)
    assert found.ci == pytest.approx((0.0315736071, 0.114506505), abs=1e-9)
    assert found.details["kg_guarded"] == pytest.approx((0.0271610569, 0.115368356), abs=1e-9)
    survey = found.details["kg_survey_unguarded"]
    assert survey == pytest.approx((0.0288012376, 0.111244475), abs=1e-9)
    assert (found.method, found.n, found.N, found.warnings) == ("S2.02@1", 140, 2195, ())


def test_worked_example_where_the_guard_binds():
    found = stratified_rate([Stratum(5000, 60, 0), Stratum(300, 30, 3), Stratum(60, 30, 6)])
    assert found.value == pytest.approx(0.0078358209, abs=1e-10)
    assert found.details["n_eff_raw"] == pytest.approx(884.228029, abs=1e-6)
    assert found.n_eff == pytest.approx(69.3237243, abs=1e-7)
    assert found.ci == pytest.approx((0.00167910448, 0.0664776109), abs=1e-10)


def test_one_stratum_is_a_simple_sample():
    assert stratified_rate([Stratum(800, 120, 9)]) == simple_rate(9, 120, frame_size=800)


def test_an_unscored_stratum_lowers_the_coverage_only():
    covered = [Stratum(500, 40, 2), Stratum(200, 20, 1)]
    found = stratified_rate([*covered, Stratum(100, 0, 0)])
    alone = stratified_rate(covered)
    assert (found.value, found.ci, found.se) == (alone.value, alone.ci, alone.se)
    assert found.details["coverage_of_frame"] == 0.875
    low, high = found.ci
    assert found.details["worst_case"] == pytest.approx((0.875 * low, 0.875 * high + 0.125))
    assert found.warnings == ("STRATA_WITHOUT_SCORES",)


def test_a_stratum_of_one_reading_hides_the_standard_error_not_the_interval():
    found = stratified_rate([Stratum(50, 1, 0), Stratum(60, 30, 5)])
    assert found.se is None
    assert found.ci is not None
    assert found.warnings == ("LONELY_STRATUM",)
    both = stratified_rate([Stratum(50, 1, 0), Stratum(60, 1, 1)])
    assert "kg_survey_unguarded" not in both.details


def test_strata_read_in_full_have_no_sampling_error():
    found = stratified_rate([Stratum(50, 50, 3), Stratum(30, 30, 6)])
    assert found.ci == pytest.approx((9 / 80, 9 / 80))
    assert (found.n_eff, found.se, found.warnings) == (None, 0, ("CENSUS",))
    assert found.details["deff"] is None


def test_no_strata_are_refused():
    with pytest.raises(ValueError, match="at least one stratum"):
        stratified_rate([])


@given(many, st.randoms())
def test_stratified_rate_does_not_depend_on_order(strata, random):
    shuffled = list(strata)
    random.shuffle(shuffled)
    assert stratified_rate(shuffled) == stratified_rate(strata)


@given(many)
def test_stratified_rate_lies_in_its_interval(strata):
    found = stratified_rate(strata)
    low, high = found.ci
    assert 0 <= low <= found.value + 1e-9
    assert found.value - 1e-9 <= high <= 1
    assert found.details["n_eff_cap"] >= (found.n_eff or 0)


@given(many)
def test_doubling_every_count_never_widens_the_guarded_interval(strata):
    double = [Stratum(2 * s.frame_size, 2 * s.n, 2 * s.x) for s in strata]
    once, twice = (stratified_rate(part).details["wilson_guarded"] for part in (strata, double))
    assert twice[1] - twice[0] <= once[1] - once[0] + 1e-9


def test_worked_example_of_zero_events_in_strata():
    found = stratified_rate([Stratum(500, 40, 0), Stratum(200, 20, 0), Stratum(100, 10, 0)])
    assert found.ci == pytest.approx((0, 0.0475376845), abs=1e-10)
    assert found.details["zero_events"]["worst_case_upper_count"] == 42
    assert found.details["zero_events"]["worst_case_upper"] == 0.0525


def test_worked_example_of_zero_events():
    found = zero_event_bounds([(400, 60)])
    assert found["hyper_two_sided_upper_count"] == found["worst_case_upper_count"] == 22
    assert found["cp_two_sided_upper"] == pytest.approx(0.0596294923, abs=1e-10)
    assert found["rule_of_three"] == 0.05


def test_an_unscored_stratum_may_be_all_discrepant():
    alone = zero_event_bounds([(500, 40), (200, 20)])["worst_case_upper_count"]
    assert zero_event_bounds([(500, 40), (200, 20), (100, 0)])["worst_case_upper_count"] == (
        alone + 100
    )


def test_a_stratum_read_in_full_holds_no_discrepancy():
    assert zero_event_bounds([(40, 40)])["worst_case_upper_count"] == 0
    # One report of five is left: it may be discrepant with probability 1/5.
    assert zero_event_bounds([(5, 4)])["worst_case_upper_count"] == 1


def test_a_bound_from_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one scored"):
        zero_event_bounds([(5, 0)])


@given(st.lists(counts(), min_size=1, max_size=3))
def test_worst_case_of_one_stratum_is_the_exact_bound(strata):
    found = zero_event_bounds([(s.frame_size, s.n) for s in strata])
    if len(strata) == 1:
        # At a probability of exactly 2.5 % the two rules part: "at least" and "more than".
        apart = found["worst_case_upper_count"] - found["hyper_two_sided_upper_count"]
        assert apart in {0, 1}
    pooled = zero_event_bounds([(sum(s.frame_size for s in strata), sum(s.n for s in strata))])
    assert 0 <= found["worst_case_upper"] <= 1
    assert pooled["cp_two_sided_upper"] == found["cp_two_sided_upper"]
