import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.monitoring.series import ewma_chart, run_rules
from peeraudit.domain.statistics.results import Status


def test_the_average_is_the_closed_sum():
    draws = np.random.Generator(np.random.PCG64(1))
    n = draws.integers(80, 150, 25)
    x = draws.binomial(n, 0.06)
    found = ewma_chart(x.tolist(), n.tolist(), 0.055)
    z = (x - n * 0.055) / np.sqrt(n * 0.055 * 0.945)
    weights = 0.2 * 0.8 ** np.arange(24, -1, -1)
    assert found.value == pytest.approx((weights * z).sum())
    assert found.details["limit"][0] == pytest.approx(2.86 * 0.2)
    assert found.details["limit"][-1] == pytest.approx(2.86 * (0.2 / 1.8) ** 0.5, abs=1e-3)
    assert found.warnings == ()


def test_a_lasting_rise_signals():
    found = ewma_chart([6] * 10 + [14] * 10, [100] * 20, 0.06)
    assert found.details["signals"]
    assert min(found.details["signals"]) > 10
    assert ewma_chart([2] * 3, [30] * 3, 0.06).warnings == ("EXPECTED_LT_3",)
    assert ewma_chart([], [], 0.06).reasons == ("NO_SCORED_ITEMS",)


@pytest.mark.parametrize(
    ("x", "n", "p0"), [([1], [5, 5], 0.1), ([6], [5], 0.1), ([0], [0], 0.1), ([1], [5], 0.0)]
)
def test_periods_that_make_no_sense_are_refused(x, n, p0):
    with pytest.raises(ValueError, match=r"period|EWMA"):
        ewma_chart(x, n, p0)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=60))
def test_runs_and_crossings_are_counted_as_written(y):
    found = run_rules(y)
    middle = float(np.median(y))
    signs = [np.sign(v - middle) for v in y if v != middle]
    if not signs:
        assert (found.status, found.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))
        return
    text = "".join("+" if s > 0 else "-" for s in signs)
    details = found.details
    assert details["longest_run"] == max(
        len(run) for run in text.replace("+-", "+ -").replace("-+", "- +").split()
    )
    assert details["crossings"] == text.count("+-") + text.count("-+")
    assert details["crossings_min"] == stats.binom.ppf(0.05, len(text) - 1, 0.5)
    assert details["longest_run_max"] == round(np.log2(len(text))) + 3


def test_a_shift_signals_and_the_baseline_may_be_given():
    shifted = [1.0, 1.2] * 6 + [2.0, 2.2] * 6
    assert run_rules(shifted).details["signal"]
    assert run_rules([1, 2] * 10, centre=5).details["longest_run"] == 20
    assert run_rules([]).reasons == ("NO_VARIATION",)


def test_chance_alone_signals_rarely():
    draws = np.random.Generator(np.random.PCG64(5))
    signals = [run_rules(draws.normal(size=24)).details["signal"] for _ in range(600)]
    assert 0.01 < np.mean(signals) < 0.08
