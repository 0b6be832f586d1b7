import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.sampling.optimal_allocation import (
    SpreadStratum,
    allocate_optimally,
    spread_of,
)
from peeraudit.domain.statistics.refusals import NotComputable

strata = st.builds(
    SpreadStratum, st.integers(1, 40), st.floats(0, 0.5), st.integers(0, 3), st.none()
)


def variance(parts, sizes):
    frame = sum(s.size for s in parts)
    return sum(
        (s.size / frame * s.spread) ** 2 * (1 / n - 1 / s.size)
        for s, n in zip(parts, sizes, strict=True)
    )


def test_worked_example():
    rows = zip([1200, 640, 310, 45], [0.14, 0.2, 0.31, 0.4], strict=True)
    found = allocate_optimally([SpreadStratum(*row, minimum=4) for row in rows], 60)
    assert (found.status, found.sizes) == ("OK", (24, 18, 14, 4))
    assert found.variance == pytest.approx(0.00056885738, abs=1e-12)
    neyman = (24.5793709, 18.7271397, 14.0599854, 2.63350402)
    assert found.continuous == pytest.approx(neyman, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(st.lists(strata, min_size=1, max_size=3), st.integers(1, 14))
def test_no_other_allocation_is_more_precise(parts, n):
    found = allocate_optimally(parts, n)
    required = sum(min(max(1, s.minimum), s.size) for s in parts)
    if required > n:
        assert (found.status, found.sizes, found.variance) == ("INFEASIBLE_MIN", (), None)
        assert found.required == required
        return
    ranges = [range(s.least, s.most + 1) for s in parts]
    wanted = min(n, sum(s.most for s in parts))
    others = [sizes for sizes in itertools.product(*ranges) if sum(sizes) == wanted]
    assert found.sizes in others
    best = min(variance(parts, sizes) for sizes in others)
    assert found.variance == pytest.approx(best, rel=1e-9, abs=1e-15)


def test_caps_hold_and_are_told():
    parts = [SpreadStratum(100, 0.2, maximum=5), SpreadStratum(50, 0.2, maximum=5)]
    assert allocate_optimally(parts, 30).status == "CAPPED"
    assert allocate_optimally(parts, 30).sizes == (5, 5)
    assert allocate_optimally(parts, 10).status == "OK"


def test_equal_claims_go_to_the_larger_then_the_earlier_stratum():
    assert allocate_optimally([SpreadStratum(10, 0.2)] * 3, 4).sizes == (2, 1, 1)
    parts = [SpreadStratum(10, 0.4), SpreadStratum(20, 0.2)]
    assert allocate_optimally(parts, 3).sizes == (1, 2)
    assert allocate_optimally([SpreadStratum(9, 0.0)] * 2, 3).continuous is None


def test_a_stratum_without_past_events_is_not_starved():
    assert spread_of(0.0) == spread_of(0.02) == pytest.approx(math.sqrt(0.02 * 0.98))
    assert spread_of(1.0) == pytest.approx(spread_of(0.0))
    assert spread_of(0.3) == pytest.approx(math.sqrt(0.21))


@pytest.mark.parametrize(
    "part",
    [SpreadStratum(-1, 0.1), SpreadStratum(9, -0.1), SpreadStratum(9, 0.1, 5, 3)],
)
def test_sizes_that_make_no_sense_are_refused(part):
    with pytest.raises(NotComputable):
        allocate_optimally([part], 3)
