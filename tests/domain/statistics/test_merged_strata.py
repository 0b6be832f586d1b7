"""Strata of too few verified cases are counted together: is the rate still that of the frame?

Their sampling fractions differ: a small department is drawn whole, of a large one a few reports in
a hundred are. Each simulation is seeded, and its bounds hold its own error.
"""

import math

import numpy as np
import pytest

from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.rates import Stratum, stratified_rate
from peeraudit.domain.statistics.two_phase import PhaseGroup
from peeraudit.domain.statistics.two_phase_strata import (
    UNWEIGHTED,
    TwoPhaseStratum,
    stratified_two_phase_rate,
)

RUNS = 1500
HAIR = 1e-12
SENSITIVITY, ALARMS, READ_AGAIN = 0.7, 0.02, 0.1
# Reports in the frame, reports read, share of discrepant ones: the smaller, the more.
DESIGNS = [
    ((900, 120, 60, 40), (30, 30, 30, 30), (0.06, 0.12, 0.18, 0.24)),
    ((1500, 800, 200, 80, 60, 40), (40, 30, 25, 20, 20, 15), (0.06, 0.1, 0.15, 0.2, 0.25, 0.3)),
    ((20, 40, 60, 90, 120, 180, 250), (15,) * 7, (0.3, 0.27, 0.24, 0.2, 0.15, 0.1, 0.05)),
]  # fmt: skip


def sample(frame, n, share, chance):
    """Draw a stratum, read it, and read a tenth of the concordant cases again by ticket."""
    marked = round(frame * share)
    discrepant = int(chance.hypergeometric(marked, frame - marked, n))
    found = int(chance.binomial(discrepant, SENSITIVITY))
    called = found + int(chance.binomial(n - discrepant, ALARMS))
    rest, missed = n - called, discrepant - found
    again = int(chance.binomial(rest, READ_AGAIN))
    seen = int(chance.hypergeometric(missed, rest - missed, again)) if again else 0
    groups = (
        PhaseGroup(rest, again, seen, True, "1", "designated"),
        PhaseGroup(called, called, found, False, "2b", "routed"),
    )
    return TwoPhaseStratum(frame, groups)


def simulate(design, seed, **version):
    """Return how often the interval holds the truth, and by how much the rate misses it."""
    frames, _, shares = design
    chance = np.random.Generator(np.random.PCG64(seed))
    truth = sum(round(f * s) for f, s in zip(frames, shares, strict=True)) / sum(frames)
    inside, misses = 0, []
    for _ in range(RUNS):
        strata = [sample(*row, chance) for row in zip(*design, strict=True)]
        rate = stratified_two_phase_rate(strata, **version)
        # Where nothing was read again there are bounds alone, which always hold it.
        inside += rate.ci[0] - HAIR <= truth <= rate.ci[1] + HAIR
        misses += [] if rate.value is None else [rate.value - truth]
    return inside / RUNS, float(np.mean(misses)), float(np.std(misses) / math.sqrt(len(misses)))


@pytest.mark.parametrize("seed", range(len(DESIGNS)))
def test_the_interval_holds_the_truth_where_fractions_differ(seed):
    share, miss, error = simulate(DESIGNS[seed], seed)
    doubt = 2.5 * math.sqrt(0.95 * 0.05 / RUNS)

    assert 0.93 - doubt <= share <= 0.97 + doubt
    assert abs(miss) <= 0.005 + 2.5 * error


@pytest.mark.parametrize("seed", range(len(DESIGNS)))
def test_as_one_stratum_without_weights_it_did_not(seed):
    share, miss, _ = simulate(DESIGNS[seed], seed, method=UNWEIGHTED)

    assert share < 0.8
    assert miss > 0.03


def weak(frame, concordant, called):
    """Return a stratum of which (n, m, y) concordant cases were read and verified, and others."""
    return TwoPhaseStratum(
        frame, (PhaseGroup(*concordant, True, "1", "t"), PhaseGroup(*called, False, "2b", "r"))
    )


class TestByHand:
    """Of 40 reports 20 were read, of 1,000 as many: a case stands for 2, and for 50."""

    SMALL = weak(40, (10, 1, 0), (10, 10, 10))
    LARGE = weak(1000, (20, 4, 1), (0, 0, 0))

    def test_each_case_weighs_as_many_reports_as_it_stands_for(self):
        found = stratified_two_phase_rate([self.SMALL, self.LARGE])

        # 2 x 10 reports called; of 2 x 10 + 50 x 20 others 50 x 1 of 2 x 1 + 50 x 4 were missed.
        assert found.value == pytest.approx((20 + 1020 * 50 / 202) / 1040, abs=1e-12)
        assert (found.n, found.N, found.method) == (40, 1040, "S2.06@2")
        assert found.warnings == ("STRATA_COLLAPSED",)

    def test_the_interval_is_that_of_the_effective_size(self):
        found = stratified_two_phase_rate([self.SMALL, self.LARGE])

        # Kish: (sum w n)^2 / sum w^2 n = 1040^2 / (4 x 20 + 2500 x 20).
        size = 1040**2 / 50080
        left = 1 - size / 1040
        scale = size / 1040
        shares, rates = (20 / 1040, 1020 / 1040), (1.0, 50 / 202)
        # 1/m* = 1/m - f/n for each class, in cases of the effective size.
        sizes = [
            1 / (1 / (scale * m) - size / 1040 / (scale * n)) for m, n in ((20, 20), (202, 1020))
        ]
        limits = [wilson(p, m) for p, m in zip(rates, sizes, strict=True)]
        p = found.value
        between = left / size * sum(w * (r - p) ** 2 for w, r in zip(shares, rates, strict=True))
        below, above = (
            math.sqrt(
                math.fsum(
                    (w * (r - ends[side])) ** 2
                    for w, r, ends in zip(shares, rates, limits, strict=True)
                )
                + 1.959963984540054**2 * between
            )
            for side in (0, 1)
        )
        assert found.ci == pytest.approx((max(p - below, 0), p + above), abs=1e-9)

    def test_without_weights_the_sample_was_taken_for_a_simple_one(self):
        found = stratified_two_phase_rate([self.SMALL, self.LARGE], method=UNWEIGHTED)

        assert found.value == pytest.approx(10 / 40 + 30 / 40 * 1 / 5)
        assert found.method == "S2.06@1"

    def test_the_effective_size_is_the_cap_of_the_stratified_rate(self):
        size = 1040**2 / 50080
        cap = stratified_rate([Stratum(40, 20, 10), Stratum(1000, 20, 0)]).details["n_eff_cap"]

        assert size / (1 - size / 1040) == pytest.approx(cap)

    def test_of_one_fraction_nothing_changes(self):
        alike = [weak(60, (20, 3, 1), (10, 10, 7)), weak(40, (18, 2, 0), (2, 2, 1))]

        now, before = (
            stratified_two_phase_rate(alike),
            stratified_two_phase_rate(alike, method=UNWEIGHTED),
        )

        assert (now.value, now.ci, now.se) == (before.value, before.ci, before.se)
        assert now.value == pytest.approx(8 / 50 + 38 / 50 * 1 / 5)

    def test_strata_that_are_strong_by_themselves_are_not_touched(self):
        strong = [weak(400, (40, 9, 1), (4, 4, 3)), weak(90, (30, 6, 0), (3, 3, 3))]

        now, before = (
            stratified_two_phase_rate(strong),
            stratified_two_phase_rate(strong, method=UNWEIGHTED),
        )

        assert (now.value, now.ci, now.details) == (before.value, before.ci, before.details)
