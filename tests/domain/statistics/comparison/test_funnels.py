import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.comparison.funnels import (
    Unit,
    department_tests,
    funnel_limits,
    rate_funnel_limits,
    smallest_low_outlier,
)
from peeraudit.domain.statistics.results import Status

unit_lists = st.lists(st.tuples(st.integers(1, 200), st.floats(0, 1)), min_size=1, max_size=15).map(
    lambda rows: [Unit(f"d{i:02d}", n, int(n * s)) for i, (n, s) in enumerate(rows)]
)


def test_limits_of_the_example():
    lines = funnel_limits([50, 250], 0.05)
    assert lines["hi95"] == pytest.approx([0.109831711, 0.0766983174], abs=1e-9)
    assert lines["hi998"][0] == pytest.approx(0.157993591, abs=1e-9)
    assert lines["lo95"][1] == pytest.approx(0.0226043393, abs=1e-9)


@settings(deadline=None)
@given(st.integers(1, 2000), st.floats(0.005, 0.995))
def test_limits_are_ordered_and_hold_the_target(n, target):
    # Interpolated limits of less than one expected report, or one missing, may miss the target.
    assume(n * min(target, 1 - target) >= 1)
    lines = {name: float(line[0]) for name, line in funnel_limits([n], target).items()}
    assert 0 <= lines["lo998"] <= lines["lo95"] <= target + 1e-9
    assert target - 1e-9 <= lines["hi95"] <= lines["hi998"] <= 1


def test_below_a_size_no_department_can_be_low():
    assert (smallest_low_outlier(0.05, 0.001), smallest_low_outlier(0.05, 0.025)) == (135, 72)
    lines = funnel_limits([71, 72, 134, 135], 0.05)
    assert lines["lo95"].tolist()[:2] == [0, pytest.approx(0, abs=0.02)]
    assert lines["lo95"][1] > 0
    assert (lines["lo998"][2], lines["lo998"][3] > 0) == (0, True)


def test_a_rare_event_has_the_poisson_funnel():
    binomial = funnel_limits([1_000_000], 2e-5)
    poisson = rate_funnel_limits([100.0], 0.2)
    for name, line in binomial.items():
        assert line[0] * 1e6 == pytest.approx(poisson[name][0] * 100, abs=1e-2)


@pytest.mark.parametrize(("n", "target"), [([10], 0), ([10], 1), ([0], 0.5)])
def test_a_funnel_needs_a_rate_and_reports(n, target):
    with pytest.raises(ValueError, match="funnel"):
        funnel_limits(n, target)
    with pytest.raises(ValueError, match="greater than 0"):
        rate_funnel_limits([0.0], 1.0)


@settings(deadline=None)
@given(unit_lists)
def test_q_values_are_those_of_another_implementation(units):
    panel = department_tests(units, target=0.1)
    rows = list(panel.units.values())
    p = [unit.details["p_midp"] for unit in rows]
    q = [unit.details["q_bh"] for unit in rows]
    assert q == pytest.approx(stats.false_discovery_control(p))
    for unit, given_unit in zip(rows, sorted(units), strict=True):
        x, n = given_unit.x, given_unit.n
        law = stats.binom(n, 0.1)
        low, high = law.cdf(x - 1) + law.pmf(x) / 2, law.sf(x) + law.pmf(x) / 2
        assert unit.details["p_midp"] == pytest.approx(min(1, 2 * min(low, high)), abs=1e-12)
        assert unit.details["z_midp"] * (x / n - 0.1) >= 0


@given(unit_lists, st.randoms())
def test_order_changes_nothing(units, random):
    shuffled = random.sample(units, len(units))
    assert department_tests(shuffled) == department_tests(units)


def test_without_events_departments_cannot_differ():
    panel = department_tests([Unit("a", 50, 0), Unit("b", 60, 0)])
    assert (panel.status, panel.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))
    panel = department_tests([Unit("a", 50, 2), Unit("b", 50, 4)])
    assert panel.details["target"] == pytest.approx(0.06)


@pytest.mark.parametrize(
    "units",
    [
        [Unit("a", 0, 0)],
        [Unit("a", 5, 6)],
        [Unit("a", 5, -1)],
        [Unit("a", 5, 1), Unit("a", 6, 1)],
    ],
)
def test_counts_that_make_no_sense_are_refused(units):
    with pytest.raises(ValueError, match="department a"):
        department_tests(units)


def test_a_department_beyond_chance_is_told():
    units = [Unit(f"d{i}", 200, 10) for i in range(11)] + [Unit("z", 200, 40)]
    panel = department_tests(units)
    beyond = [name for name, unit in panel.units.items() if unit.details["beyond_chance"]]
    assert beyond == ["z"]
    assert panel.units["z"].value > panel.units["z"].details["hi998"]
    assert np.isclose(panel.units["z"].value, 0.2)
