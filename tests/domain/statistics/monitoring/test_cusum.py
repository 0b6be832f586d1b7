import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.monitoring.cusum import HALVED, risk_adjusted_cusum
from peeraudit.domain.statistics.results import Status

series = st.lists(st.tuples(st.floats(0.01, 0.9), st.integers(0, 1)), min_size=1, max_size=80)


def likelihood_ratio(p, y, r):
    worse = r * p / (1 - p + r * p)
    return math.log((worse if y else 1 - worse) / (p if y else 1 - p))


@settings(deadline=None)
@given(series, st.sampled_from([2.0, 0.5, 3.0]))
def test_the_path_is_the_sum_of_log_likelihood_ratios(rows, ratio):
    p, y = zip(*rows, strict=True)
    found = risk_adjusted_cusum(p, y, h=1.2, odds_ratio=ratio)
    level, signals, path = 0.0, [], []
    for place, (chance, outcome) in enumerate(rows, 1):
        level = max(0.0, level + likelihood_ratio(chance, outcome, ratio))
        path.append(level)
        if level > 1.2:
            signals.append(place)
            level = 0.0
    assert found.details["path"] == pytest.approx(path, abs=1e-9)
    assert min(found.details["path"]) >= 0
    assert found.details["signals"] == signals


def test_a_signal_says_since_when_evidence_grew():
    found = risk_adjusted_cusum([0.1] * 6, [0, 0, 1, 1, 0, 1], h=1.0)
    assert found.details["signals"] == [4]
    assert found.details["since"] == [3]


def test_improvement_is_looked_for_with_halved_odds():
    found = risk_adjusted_cusum([0.3] * 30, [0] * 30, h=2.0, odds_ratio=HALVED)
    assert found.details["signals"]
    assert risk_adjusted_cusum([0.3] * 30, [0] * 30, h=2.0).details["signals"] == []


def test_no_report_gives_no_path():
    found = risk_adjusted_cusum([], [], h=1.0)
    assert (found.status, found.reasons) == (Status.NOT_ESTIMABLE, ("NO_SCORED_ITEMS",))


@pytest.mark.parametrize(
    ("p", "y", "more", "words"),
    [
        ([0.1], [0, 1], {}, "each report"),
        ([0.1, 1.0], [0, 0], {}, "report 2: probability 1"),
        ([0.1], [2], {}, "report 1: .* outcome 2"),
        ([0.1], [1], {"h": 0}, "threshold above 0"),
        ([0.1], [1], {"odds_ratio": 1}, "odds ratio other than 1"),
    ],
)
def test_reports_that_make_no_sense_are_refused(p, y, more, words):
    with pytest.raises(ValueError, match=words):
        risk_adjusted_cusum(p, y, **({"h": 1.0} | more))
