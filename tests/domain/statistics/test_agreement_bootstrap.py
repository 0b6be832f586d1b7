import pytest

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_bootstrap import bootstrap_agreement
from peeraudit.domain.statistics.results import Status

NAMES = ("ordinal.gwet", "krippendorff.ordinal", "specific_agreement.positive")
PATTERNS = {(2, 0, 0): 150, (1, 1, 0): 12, (0, 2, 0): 14, (0, 1, 1): 4, (0, 0, 2): 6, (1, 0, 0): 9}


def resampled(patterns=PATTERNS, **more):
    return bootstrap_agreement(patterns, categories=3, positive={1, 2}, names=NAMES, **more)


def test_it_agrees_with_the_jackknife():
    suite = agreement_suite(PATTERNS, categories=3, positive={1, 2})
    for name, found in resampled().items():
        exact = suite.coefficients[name]
        assert found.value == pytest.approx(exact.value)
        assert found.se == pytest.approx(exact.se, rel=0.12)
        assert found.ci == pytest.approx(exact.ci, abs=0.06)
        assert found.details == {"replicates": 2000, "undefined_share": 0.0}


def test_the_same_patterns_give_the_same_draws_in_any_order():
    turned = dict(reversed(PATTERNS.items()))
    assert resampled(turned, replicates=50) == resampled(replicates=50)
    other = resampled(PATTERNS | {(0, 0, 2): 7}, replicates=50)
    assert other["ordinal.gwet"].ci != resampled(replicates=50)["ordinal.gwet"].ci


def test_single_readings_add_nothing():
    more = resampled(PATTERNS | {(1, 0, 0): 500}, replicates=50)
    assert more["krippendorff.ordinal"].ci == resampled(replicates=50)["krippendorff.ordinal"].ci


def test_many_undefined_resamples_are_unstable():
    found = resampled({(2, 0, 0): 20, (0, 2, 0): 1}, replicates=400)["krippendorff.ordinal"]
    assert (found.status, found.reasons, found.ci) == (Status.UNRELIABLE, ("UNSTABLE",), None)
    assert found.details["undefined_share"] > 0.02


@pytest.mark.parametrize(
    ("patterns", "reason"),
    [({(1, 0, 0): 4}, "NO_MULTIPLY_RATED_ITEMS"), ({(2, 0, 0): 4}, "NO_VARIATION")],
)
def test_without_a_value_there_is_a_reason(patterns, reason):
    found = resampled(patterns, replicates=20)["krippendorff.ordinal"]
    assert (found.status, found.reasons) == (Status.NOT_ESTIMABLE, (reason,))
