import numpy as np
import pytest
from scipy import special

from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.severity.facets import ordinal_severity
from peeraudit.domain.statistics.severity.readings import compress_readings

TRUTH = np.array([0.0, 0.8, -0.5, 0.3])
THRESHOLDS = np.array([1.0, 2.0, 3.2])


def simulated(items=1500, seed=2):
    draws = np.random.Generator(np.random.PCG64(seed))
    case = draws.normal(0, 2.0, items)
    below = special.expit(THRESHOLDS - (case[:, None, None] + TRUTH[None, :, None]))
    score = (draws.random((items, 4, 1)) > below).sum(axis=2)
    return np.repeat(np.arange(items), 4), np.tile(np.arange(4), items), score.reshape(-1)


def fitted(items, who, scores, k=4, **more):
    data = compress_readings(items, who, scores, categories=k)
    return ordinal_severity(data, [str(i) for i in range(data.reviewers)], **more)


def test_planted_severities_thresholds_and_spread_are_found():
    panel = fitted(*simulated(), nodes=161)
    for place, unit in enumerate(panel.units.values()):
        if place:
            assert abs(unit.value - TRUTH[place]) < 3.5 * unit.se
            assert unit.ci[0] < unit.value < unit.ci[1]
    first = panel.units["0"]
    assert (first.value, first.se, first.ci) == (0, None, None)
    assert panel.details["thresholds"] == pytest.approx(THRESHOLDS, abs=0.35)
    assert panel.details["sigma_item"] == pytest.approx(2.0, abs=0.25)
    assert panel.n == 6000


def test_a_finer_grid_changes_nothing():
    rows = simulated(items=200)
    few, many = fitted(*rows, nodes=121), fitted(*rows, nodes=401)
    assert few.details["loglik"] == pytest.approx(many.details["loglik"], abs=1e-6)


def test_categories_that_nobody_used_have_no_threshold():
    items, who, scores = simulated(items=200)
    plain = fitted(items, who, scores, nodes=121)
    # One unused category below, one between the first two, one above.
    moved = np.array([1, 3, 4, 5])[scores]
    wider = fitted(items, who, moved, k=7, nodes=121)
    a, b, c = plain.details["thresholds"]
    expected = [None, a, a, b, c, None]
    for found, want in zip(wider.details["thresholds"], expected, strict=True):
        assert found == (want if want is None else pytest.approx(want, abs=1e-5))


@pytest.mark.parametrize("rows", [([0, 0, 1], [0, 1, 1], [2, 2, 2]), ([0, 1], [0, 0], [0, 1])])
def test_without_variation_there_is_no_severity(rows):
    panel = fitted(*rows)
    assert (panel.status, panel.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))
