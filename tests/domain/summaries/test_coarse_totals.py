"""Totals beside hidden cells: worked by hand, and what no count of a hidden cell may change."""

import itertools
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.rates import Stratum, stratified_rate
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.summaries.coarse_totals import Beneath, step_of, told_beside, told_by_steps

# 300 of 400 reports are in a stratum that is told: 34 read, 5 discrepant.
SHOWN = Stratum(300, 34, 5)


def beneath(x, y):
    return Beneath((SHOWN,), (Stratum(60, 6, x), Stratum(40, 8, y)))


class TestByHand:
    def test_the_hidden_part_has_steps_of_its_own(self):
        # A case of the first hidden stratum weighs 60/400/6 = 0.025, of the second 0.0125, so
        # that six of the heaviest are 0.15 of the 0.25 that are hidden: one step only.
        known = 0.75 * 5 / 34
        found = step_of(beneath(1, 1))

        assert (found.low, found.high) == pytest.approx((known, known + 0.25))
        # Within the step it is put in at the rate of what is told: a quarter of it at 5/34.
        assert found.value == round(known + 0.25 * 5 / 34, 2) == 0.15

    def test_above_the_step_it_is_put_in_at_its_lower_end(self):
        # A case weighs 0.005 and 0.0025, so that a step is 0.03 high and there are eight.
        many = Beneath((SHOWN,), (Stratum(60, 30, 9), Stratum(40, 40, 1)))
        known = 0.75 * 5 / 34
        found = step_of(many)

        assert (found.low, found.high) == pytest.approx((known + 0.03, known + 0.06))
        assert found.value == round(known + 0.25 * 5 / 34, 2) == 0.15
        more = step_of(replace(many, hidden=(Stratum(60, 30, 20), Stratum(40, 40, 0))))
        assert more.low == pytest.approx(known + 0.09)
        assert more.value == round(known + 0.09, 2)

    def test_the_last_step_takes_what_is_left(self):
        found = step_of(Beneath((SHOWN,), (Stratum(60, 30, 30), Stratum(40, 40, 40))))

        assert found.high == pytest.approx(0.75 * 5 / 34 + 0.25)
        assert found.low == pytest.approx(0.75 * 5 / 34 + 0.21)

    def test_what_is_not_nothing_is_never_told_as_nothing(self):
        clear = Beneath((Stratum(9000, 400, 0),), (Stratum(90, 8, 1), Stratum(60, 9, 0)))

        assert step_of(clear).value == 0.01
        none = replace(clear, hidden=(Stratum(90, 8, 0), Stratum(60, 9, 0)))
        assert step_of(none).value == 0

    def test_where_all_is_hidden_the_middle_of_the_step_is_told(self):
        found = step_of(Beneath((), (Stratum(100, 50, 3), Stratum(100, 50, 4))))

        assert (found.low, found.high) == pytest.approx((0.06, 0.12))
        assert found.value == 0.09


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 60)), min_size=2, max_size=3),
)
def test_no_count_of_a_hidden_cell_follows_from_a_step(x, hidden):
    shown = (Stratum(400, 40, x),)
    by_step = defaultdict(list)
    for counts in itertools.product(*(range(n + 1) for n, _ in hidden)):
        strata = tuple(Stratum(n + more, n, y) for (n, more), y in zip(hidden, counts, strict=True))
        by_step[step_of(Beneath(shown, strata))].append(counts)

    for found in by_step.values():
        if x == 0 and found == [(0,) * len(hidden)]:
            continue
        for values in zip(*found, strict=True):
            assert len(set(values)) >= 2


@given(st.integers(0, 134), st.integers(0, 30), st.integers(0, 40))
def test_the_interval_is_never_narrower_than_what_is_told(shown, x, y):
    under = Beneath((Stratum(300, 134, shown),), (Stratum(60, 30, x), Stratum(40, 40, y)))
    rate = stratified_rate([*under.shown, *under.hidden])

    told, step = told_by_steps(rate, under), step_of(under)

    assert (told.se, told.n_eff, told.inputs_sha256, dict(told.details)) == (None, None, "", {})
    assert (told.n, told.N) == (rate.n, rate.N)
    low, high = told.ci
    assert 0 <= low <= told.value <= high <= 1
    assert low - 1e-9 <= step.low <= rate.value + 1e-9
    assert rate.value - 1e-9 <= step.high <= high + 1e-9


def test_the_estimated_rate_stays_as_far_from_the_confirmed_one():
    under = Beneath((Stratum(300, 134, 20),), (Stratum(60, 30, 5), Stratum(40, 40, 3)))
    confirmed = stratified_rate([*under.shown, *under.hidden])
    value, (low, high) = confirmed.value, confirmed.ci
    told = told_by_steps(confirmed, under)
    estimate = replace(confirmed, value=value + 0.031, ci=(low - 0.012, high + 0.077))

    found = told_beside(estimate, confirmed, told)

    assert found.value == pytest.approx(told.value + 0.03)
    assert found.ci == pytest.approx((max(0, told.ci[0] - 0.05), told.ci[1] + 0.1))
    bounds = replace(estimate, value=None, status=Status.BOUNDS_ONLY)
    assert told_beside(bounds, confirmed, told).value is None
    assert told_beside(bounds, confirmed, replace(told, value=None)).status is Status.SUPPRESSED
