import math

import numpy as np
import pytest

from peeraudit.domain.statistics.comparison.funnels import Unit
from peeraudit.domain.statistics.comparison.overdispersion import overdispersion
from peeraudit.domain.statistics.results import Status


def units_of(rates, n=400):
    return [Unit(f"d{i:02d}", n, round(n * rate)) for i, rate in enumerate(rates)]


def simulated(spread, seed, units=200, n=300):
    draws = np.random.Generator(np.random.PCG64(seed))
    angle = math.asin(math.sqrt(0.08)) + spread * draws.normal(size=units)
    return [
        Unit(f"d{i:03d}", n, int(draws.binomial(n, math.sin(a) ** 2))) for i, a in enumerate(angle)
    ]


def test_departments_that_differ_by_chance_only_widen_nothing():
    panel = overdispersion(simulated(0.0, 1))
    # Drawing in the outer tenths leaves about .7 of the spread of a normal distribution.
    assert panel.details["phi"] < 1
    assert (panel.details["tau2"], panel.details["widened"]) == (0, False)
    for unit in panel.units.values():
        assert unit.details["z_additive"] == unit.details["z"] == unit.details["z_multiplicative"]


def test_planted_variance_between_departments_is_found():
    panel = overdispersion(simulated(0.08, 2))
    assert panel.details["widened"]
    # The winsorised mean square is some third too small: of the variance found, as much lacks.
    assert 0.4 * 0.08**2 < panel.details["tau2"] < 1.1 * 0.08**2
    z = np.array([unit.details["z"] for unit in panel.units.values()])
    shrunk = np.array([unit.details["z_additive"] for unit in panel.units.values()])
    assert (np.abs(shrunk) < np.abs(z)).all()
    assert 0.8 < (np.abs(shrunk) < 1.96).mean() <= 1


def test_widened_lines_hold_the_target():
    panel = overdispersion(units_of([0.02, 0.05, 0.08, 0.02, 0.15, 0.05, 0.1, 0.03, 0.06, 0.2]))
    for unit in panel.units.values():
        lines = [unit.details[name] for name in ("lo998", "lo95", "hi95", "hi998")]
        assert lines == sorted(lines)
        assert lines[1] < panel.details["target"] < lines[2]


def test_few_units_or_no_event_have_no_overdispersion():
    few = overdispersion(units_of([0.1] * 9))
    assert (few.status, few.reasons) == (Status.NOT_ESTIMABLE, ("UNITS_LT_10",))
    assert overdispersion(units_of([0.0] * 10)).reasons == ("NO_VARIATION",)
    assert overdispersion([Unit("a", 5, 1)]).reasons == ("UNITS_LT_10",)


def test_a_fixed_standard_may_be_the_target():
    panel = overdispersion(units_of([0.1] * 10), target=0.05)
    assert panel.details["target"] == 0.05
    assert panel.details["phi"] > 1
    with pytest.raises(ValueError, match="department"):
        overdispersion([Unit("a", 1, 2)])
