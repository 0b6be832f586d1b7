"""What do statistics from counts cost, next to what they replace, in the same run?

Every baseline is the plain way to the same number, and gives it: a scan instead of bisection,
single reports instead of counts, a loop over times instead of groups. CPU time, the two
interleaved, the median of some runs.
"""

import math
from itertools import product
from statistics import median
from time import process_time

import numpy as np
import pytest
from scipy import stats

from peeraudit.domain.sampling.draws import ticket
from peeraudit.domain.statistics.campaign import CampaignCounts, compute
from peeraudit.domain.statistics.cells import CellCounts, ClassCounts
from peeraudit.domain.statistics.intervals import ALPHA, hypergeometric_counts
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.turn_round import completion
from tests.benchmarks.speed_goals import here, told
from tests.domain.statistics.test_rate_coverage import (
    NOMINAL,
    STRATA,
    TWO_PHASE,
    coverage_of_simple,
    coverage_of_strata,
    coverage_of_two_phase,
)

pytestmark = pytest.mark.benchmark
RUNS = 5


def cpu(action):
    start = process_time()
    result = action()
    return process_time() - start, result


def interleaved(ours, baseline):
    pairs = [(cpu(ours), cpu(baseline)) for _ in range(RUNS)]
    mine, theirs = (median(pair[side][0] for pair in pairs) for side in (0, 1))
    return mine, theirs, pairs[0][0][1], pairs[0][1][1]


def tell(name, mine, theirs):
    print(f"\n{name}: {mine * 1000:.2f} ms, baseline {theirs * 1000:.1f} ms, {theirs / mine:.0f} x")  # noqa: T201


def test_exact_interval_by_bisection():
    x, n, frame = 40, 1000, 20_000

    def scan():
        possible = np.arange(x, frame - (n - x) + 1)
        upper = stats.hypergeom.sf(x - 1, frame, possible, n) > ALPHA / 2
        lower = stats.hypergeom.cdf(x, frame, possible, n) > ALPHA / 2
        return int(possible[upper][0]), int(possible[lower][-1])

    mine, theirs, found, expected = interleaved(lambda: hypergeometric_counts(x, n, frame), scan)
    tell("exact interval, 1,000 of 20,000", mine, theirs)
    assert found == expected
    assert mine < theirs


def test_stratified_rate_from_counts():
    strata = [Stratum(460 + 3 * h, 40 + h % 7, h % 5) for h in range(200)]
    scores = [np.repeat([1.0, 0.0], [s.x, s.n - s.x]) for s in strata]

    def from_reports():
        frame = sum(s.frame_size for s in strata)
        return math.fsum(
            s.frame_size / frame * part.mean() for s, part in zip(strata, scores, strict=True)
        ), math.sqrt(
            math.fsum(
                (s.frame_size / frame) ** 2
                * (1 - len(part) / s.frame_size)
                * part.var(ddof=1)
                / len(part)
                for s, part in zip(strata, scores, strict=True)
            )
        )

    mine, theirs, found, expected = interleaved(lambda: stratified_rate(strata), from_reports)
    tell("stratified rate, 200 strata, from counts and from reports", mine, theirs)
    assert (found.value, found.se) == pytest.approx(expected)
    assert mine < theirs


def test_time_to_completion_of_100_000_reviews():
    chance = np.random.Generator(np.random.PCG64(1))
    times = chance.integers(1, 400, 100_000)
    done = chance.random(100_000) < 0.8

    def by_times():
        share, found = 1.0, []
        for t in np.unique(times[done]):
            share *= 1 - (done & (times == t)).sum() / (times >= t).sum()
            found.append(share)
        return found

    mine, theirs, found, expected = interleaved(lambda: completion(times, done), by_times)
    tell("Kaplan-Meier, 100,000 reviews", mine, theirs)
    assert [point.S for point in found.curve] == pytest.approx(expected)


def test_tickets_cost_what_hashing_costs():
    keys = [f"CT-{i:06}" for i in range(100_000)]
    mine, _ = cpu(lambda: [ticket("20240115|71|04|39|55", key) for key in keys])
    print(f"\n100,000 tickets: {mine:.3f} s CPU")  # noqa: T201
    assert mine < 30


def test_a_departmental_summary_from_counts():
    """G6: any departmental summary from counts within 50 ms CPU, pictures apart."""
    cells = tuple(
        CellCounts(
            department=f"d{d:03}",
            modality=modality,
            frame=900,
            scored=60,
            discrepant=5,
            confirmed=3,
            classes=(
                ClassCounts("1", False, True, 47, 15, 1),
                ClassCounts("2a", False, False, 8, 5, 3),
                ClassCounts("2b", True, False, 5, 5, 2),
            ),
            authors=(15, 15, 10, 10, 10),
        )
        for d, modality in product(range(300), ("CT", "MR", "XR", "US"))
    )
    patterns = (((2, 0, 0, 0, 0), 4000), ((1, 1, 0, 0, 0), 300), ((0, 0, 2, 0, 0), 200))
    authors = {f"d{d:03}": (60, 60, 60, 60) for d in range(300)}
    counts = CampaignCounts("c", "p", "f", ("CR3", 1), "m", cells, authors, patterns)
    one = CampaignCounts("c", "p", "f", ("CR3", 1), "m", cells[:4], authors, patterns)
    single = median(cpu(lambda: compute(one))[0] for _ in range(RUNS))
    whole, _ = cpu(lambda: compute(counts))
    print(f"\none department {single * 1000:.1f} ms CPU; 300 departments {whole:.2f} s CPU")  # noqa: T201
    told("G6, one department of a network", single, 0.050)
    assert single < here(0.050)
    assert whole < 1200 * single


def test_coverage_of_the_simple_rate_is_that_of_the_specification():
    """§12, every sample enumerated: N 150 to 5,000, n 30 to 200, each rate of .3 to 20 %."""
    found = {}
    for frame, n in product((150, 400, 1000, 5000), (30, 60, 100, 200)):
        if n < frame:
            marked = [d for d in range(1, frame) if 0.003 <= d / frame <= 0.2 + 1e-12]
            some = marked[:: max(1, len(marked) // 200)]
            found[frame, n] = np.array(coverage_of_simple(frame, n, [d / frame for d in some]))
    for (frame, n), shares in found.items():
        inside = np.mean((shares >= NOMINAL[0]) & (shares <= NOMINAL[1]))
        print(  # noqa: T201
            f"\nsimple rate, {n} of {frame}: mean {shares.mean():.3f}, from {shares.min():.3f} to"
            f" {shares.max():.3f}; {inside:.0%} of its rates within {NOMINAL}"
        )
    means = [shares.mean() for shares in found.values()]
    # Each design holds within 93 to 97 % over the range. A single rate need not: counts are
    # whole, and where few events are expected exact limits hold more than they promise. The
    # specification names the same figures: means of .952 to .967, and .916 at the least.
    assert (round(min(means), 3), round(max(means), 3)) == (0.952, 0.967)
    assert round(min(shares.min() for shares in found.values()), 3) == 0.916


def test_coverage_over_all_designs():
    chance = np.random.Generator(np.random.PCG64(20240115))
    designs = [*STRATA, ([400] * 8, [20] * 8), ([300] * 30, [10] * 30)]
    strata = [
        coverage_of_strata(*design, base, chance, runs=2000)
        for design in designs
        for base in (0.01, 0.02, 0.04, 0.08, 0.15)
    ]
    phases = [coverage_of_two_phase(design, chance, runs=2000) for design in TWO_PHASE]
    # The bounds are those of the specification.
    for name, found, least, most in (
        ("stratified", strata, NOMINAL[0], 0.98),
        ("two-phase", phases, *NOMINAL),
    ):
        low, mean, high = min(found), float(np.mean(found)), max(found)
        within = np.mean([NOMINAL[0] <= share <= NOMINAL[1] for share in found])
        print(  # noqa: T201
            f"\n{name}: mean {mean:.3f}, from {low:.3f} to {high:.3f};"
            f" {within:.0%} of {len(found)} designs within {NOMINAL}"
        )
        assert low >= least
        assert high <= most
        assert NOMINAL[0] <= mean <= NOMINAL[1]


def test_one_rate_costs_next_to_nothing():
    mine = median(
        cpu(lambda: [simple_rate(9, 120, frame_size=800) for _ in range(20)])[0] / 20
        for _ in range(RUNS)
    )
    print(f"\none simple rate: {mine * 1000:.2f} ms CPU")  # noqa: T201
    assert mine < 1
