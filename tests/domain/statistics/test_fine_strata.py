"""Strata finer than department and modality: worked by hand, and what no division may change."""

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.statistics.campaign import CampaignCounts, compute
from peeraudit.domain.statistics.counting import Ground, awaited_as_of, cells_by_place, count
from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.response import (
    UNDRAWN_MISSING,
    DrawnStratum,
    response_bounds,
)
from peeraudit.domain.statistics.subgroups import SubgroupStratum, subgroup_rate
from peeraudit.domain.statistics.tallies import Reading, tally
from peeraudit.domain.statistics.two_phase import PhaseGroup, two_phase_rate
from peeraudit.domain.statistics.two_phase_strata import (
    UNWEIGHTED,
    TwoPhaseStratum,
    stratified_two_phase_rate,
)
from peeraudit.domain.strata import StratumField
from peeraudit.domain.summaries.disclosure import tell

SCALE = find_instrument("CR3", 1)
MODE = frozenset({"author; department"})
COARSE = Ground("2026-01", "p" * 64, "f" * 64, SCALE, ("2b", "3a", "3b"), {})
BY_WEEK = (StratumField.WEEK,)
BY_REGION = (StratumField.MODALITY, StratumField.REGION)
WEEKS = ("2026-W40", "2026-W41", "2026-W42")


def read(n, stratum, modality="CT", *, x=0, department="d1", authors=6):
    """Return n readings of a stratum, x of them discrepant and confirmed, all read twice."""
    return [
        Reading(
            department, modality, f"a{i % authors}", is_double_read=True,
            first="2b" if i < x else "1", second="2b" if i < x else "1",
            outcome="2b" if i < x else "1", modes=MODE, stratum=stratum, readers=("r1", "r2"),
        )
        for i in range(n)
    ]  # fmt: skip


# Department by week: 40 of 400, 20 of 100, 4 of 20 reports, the fourth week of 80 not drawn.
WEEKLY = replace(
    COARSE,
    fields=BY_WEEK,
    strata={("d1", w): n for w, n in zip((*WEEKS, "2026-W43"), (400, 100, 20, 80), strict=True)},
    drawn={("d1", w): n for w, n in zip((*WEEKS, "2026-W43"), (40, 20, 4, 0), strict=True)},
)
READ = [
    *read(30, WEEKS[0], "CT", x=3), *read(10, WEEKS[0], "MR", x=1),
    *read(5, WEEKS[1], "CT", x=0), *read(15, WEEKS[1], "MR", x=3),
    *read(4, WEEKS[2], "CT", x=1),
]  # fmt: skip


class TestDepartmentByWeekByHand:
    @pytest.fixture
    def numbers(self):
        return compute(count(READ, WEEKLY))

    def test_the_rate_of_a_department_is_that_of_its_weeks_weighted(self, numbers):
        rate = numbers.departments["d1"].total["first_read"]

        # 400 x 4/40 + 100 x 3/20 + 20 x 1/4 = 40 + 15 + 5 of the 520 reports of covered weeks.
        assert rate.value == pytest.approx(60 / 520, abs=1e-12)
        assert (rate.n, rate.N, rate.method) == (64, 600, "S2.02@1")
        assert rate.details["coverage_of_frame"] == pytest.approx(520 / 600)
        # v = sum W(1-f)p(1-p)/n by hand, and the size that one shared rate would give.
        weights, f = (400 / 520, 100 / 520, 20 / 520), (0.1, 0.2, 0.2)
        p, n = (0.1, 0.15, 0.25), (40, 20, 4)
        v = sum(
            w * w * (1 - g) * q * (1 - q) / m for w, g, q, m in zip(weights, f, p, n, strict=True)
        )
        cap = 1 / sum(w * w * (1 - g) / m for w, g, m in zip(weights, f, n, strict=True))
        size = min(60 / 520 * (1 - 60 / 520) / v, cap)
        assert rate.n_eff == pytest.approx(size)
        assert rate.ci == pytest.approx(wilson(60 / 520, size))
        low, high = rate.ci
        assert rate.details["worst_case"] == pytest.approx(
            (520 / 600 * low, 520 / 600 * high + 80 / 600)
        )
        assert "STRATA_WITHOUT_SCORES" in rate.warnings

    def test_a_modality_runs_across_the_weeks(self, numbers):
        rate = numbers.departments["d1"].modalities["CT"]["first_read"]

        # Each scored report stands for 10, 5 and 5 of the frame: 300 + 25 + 20 CT in all.
        assert rate.value == pytest.approx((30 + 0 + 5) / 345, abs=1e-12)
        assert rate.method == "S2.04@1"
        assert (rate.n, rate.N, rate.details["x"]) == (39, None, 4)
        strata = [
            SubgroupStratum(400, 40, 30, 3), SubgroupStratum(100, 20, 5, 0),
            SubgroupStratum(20, 4, 4, 1), SubgroupStratum(80, 0, 0, 0),
        ]  # fmt: skip
        assert rate == replace(subgroup_rate(strata), N=None)

    def test_all_modalities_together_are_the_whole(self, numbers):
        rows = numbers.departments["d1"].modalities

        assert list(rows) == ["CT", "MR"]
        sizes = {code: one["first_read"].details["N_domain_hat"] for code, one in rows.items()}
        assert sizes == pytest.approx({"CT": 345, "MR": 175})
        mean = sum(sizes[code] * rows[code]["first_read"].value for code in rows) / 520
        assert mean == pytest.approx(numbers.departments["d1"].total["first_read"].value)

    def test_nobody_failed_to_read_a_week_of_which_none_was_drawn(self, numbers):
        found = numbers.departments["d1"].response

        assert found.details["weighted_response"] == pytest.approx(1)
        assert "RESPONSE_LT_80" not in found.warnings
        # It may hold anything all the same.
        assert found.ci == pytest.approx((60 / 600, 140 / 600))

    def test_of_a_week_with_one_report_the_spread_is_not_known(self):
        lonely = replace(WEEKLY, strata={**WEEKLY.strata, ("d1", "2026-W43"): 9})

        found = compute(count([*READ, *read(1, "2026-W43")], lonely)).network.total["first_read"]

        assert "LONELY_STRATUM" in found.warnings
        assert found.se is None
        assert found.ci is not None


class TestDepartmentByModalityAndRegion:
    def test_a_modality_is_the_union_of_its_strata(self):
        ground = replace(
            COARSE,
            fields=BY_REGION,
            strata={("d1", "CT:chest"): 300, ("d1", "CT:head"): 60, ("d1", "MR:head"): 90},
        )
        given_ = [*read(30, "CT:chest", x=2), *read(12, "CT:head", x=3), *read(9, "MR:head", "MR")]

        found = compute(count(given_, ground)).departments["d1"].modalities

        assert found["CT"]["first_read"] == stratified_rate(
            [Stratum(300, 30, 2), Stratum(60, 12, 3)]
        )
        assert found["MR"]["first_read"] == simple_rate(0, 9, frame_size=90)

    def test_a_case_of_no_stratum_of_the_frame_is_a_fault(self):
        ground = replace(COARSE, fields=BY_REGION, strata={("d1", "CT:chest"): 300})

        with pytest.raises(LookupError, match="stratum"):
            count(read(1, "CT:head"), ground)


def readings(place, week):
    score = st.sampled_from(SCALE.codes)
    return st.builds(
        Reading, st.just(place), st.sampled_from(("CT", "MR")), st.sampled_from("abc"),
        st.booleans(), score, st.none() | score, st.none() | score, st.just(MODE),
        stratum=st.just(week),
    )  # fmt: skip


@st.composite
def divided(draw):
    """Return coarse readings, and the same with the weeks that they fall into."""
    strata = {}
    found = []
    for place in ("d1", "d2"):
        for week in WEEKS:
            n = draw(st.integers(0, 8))
            strata[place, week] = n * draw(st.integers(1, 5)) + draw(st.integers(0, 9))
            found += [draw(readings(place, week)) for _ in range(n if strata[place, week] else 0)]
    return found, {place: n for place, n in strata.items() if n}


@settings(deadline=None)
@given(divided())
def test_dividing_a_stratum_keeps_every_total(made):
    found, strata = made
    fine = count(found, replace(COARSE, fields=BY_WEEK, strata=strata))
    merged = Counter()
    for (place, _), n in strata.items():
        merged[place, "CT"] += n
        merged[place, "MR"] += n
    coarse = count([replace(one, stratum="") for one in found], replace(COARSE, strata=merged))

    for name in ("scored", "discrepant", "confirmed", "unsettled"):
        assert sum(getattr(c, name) for c in fine.cells) == sum(
            getattr(c, name) for c in coarse.cells
        )
        assert sum(getattr(part, name) for c in fine.cells for part in c.parts) == sum(
            getattr(c, name) for c in coarse.cells
        )
    assert fine.authors == coarse.authors
    assert (fine.patterns, fine.second_reads) == (coarse.patterns, coarse.second_reads)
    assert fine.reviewers == coarse.reviewers
    told = {(r.department, r.modality): (r.scored, r.discrepant, r.authors) for r in fine.table}
    assert told == {
        (c.department, c.modality): (c.scored, c.discrepant, c.authors)
        for c in coarse.cells
        if c.scored
    }


@settings(deadline=None)
@given(divided(), st.permutations(range(len(WEEKS))), st.randoms())
def test_other_names_in_another_order_change_no_byte(made, order, random):
    found, strata = made
    names = {week: f"2031-W{50 - order[place]}" for place, week in enumerate(WEEKS)}
    ground = replace(COARSE, fields=BY_WEEK, strata=strata)
    other = replace(
        ground, strata={(place, names[week]): n for (place, week), n in reversed(strata.items())}
    )
    shuffled = [replace(one, stratum=names[one.stratum]) for one in found]
    random.shuffle(shuffled)

    counts, again = count(found, ground), count(shuffled, other)

    assert again.to_json() == counts.to_json()
    if counts.cells:
        assert compute(again).to_json() == compute(counts).to_json()
        assert CampaignCounts.from_json(counts.to_json()) == counts


@settings(deadline=None)
@given(divided(), st.data())
def test_what_was_awaited_is_found_again_without_names(made, data):
    found, strata = made
    awaited = {place: n for place in strata if (n := data.draw(st.integers(0, 4)))}
    ground = replace(COARSE, fields=BY_WEEK, strata=strata)
    then = count(found, replace(ground, awaited=awaited))

    again = awaited_as_of(then.cells, cells_by_place(tally(found, SCALE.discrepant), ground))

    assert count(found, replace(ground, awaited=again)).to_json() == then.to_json()


class TestTelling:
    """A finer stratum shows nobody more than was shown before."""

    def test_authors_of_a_modality_are_counted_over_its_strata(self):
        ground = replace(
            COARSE, fields=BY_REGION, strata={("d1", f"CT:{r}"): 90 for r in ("a", "b", "c")}
        )
        # Three strata of two people each are two people, not six.
        found = [one for r in ("a", "b", "c") for one in read(10, f"CT:{r}", x=2, authors=2)]
        counts = count(found, ground)

        told = tell(counts, compute(counts), Thresholds())

        assert counts.table[0].authors == (15, 15)
        assert "AUTHORS_LT_MIN" in told.inside["d1"].modalities["CT"]["first_read"].reasons

    def test_a_rate_over_small_strata_is_told_in_whole_per_cent(self):
        counts = count(READ, WEEKLY)
        told = tell(counts, compute(counts), Thresholds()).inside["d1"]

        total, row = told.total["first_read"], told.modalities["CT"]["first_read"]
        assert told.is_coarse
        for one in (total, row):
            assert one.value == round(one.value, 2)
            assert (one.inputs_sha256, one.n_eff, one.se) == ("", None, None)
        assert (row.n, row.details) == (39, {"x": 4})

    def test_over_large_strata_it_is_told_with_all_digits(self):
        ground = replace(COARSE, fields=BY_WEEK, strata={("d1", w): 400 for w in WEEKS})
        counts = count([one for w in WEEKS for one in read(60, w, x=9)], ground)

        told = tell(counts, compute(counts), Thresholds())

        assert not told.inside["d1"].is_coarse
        assert not told.outside["d1"].is_coarse
        assert told.network.total["first_read"].n_eff is not None


class TestResponse:
    def test_nobody_failed_to_read_a_stratum_of_which_nothing_was_drawn(self):
        strata = [DrawnStratum(300, 30, 30, 3), DrawnStratum(200, 0, 0, 0)]

        now = response_bounds(strata)
        before = response_bounds(strata, method=UNDRAWN_MISSING, counts_undrawn=True)

        assert (now.value, now.details["weighted_response"]) == (0.1, pytest.approx(1))
        assert now.warnings == ("STRATA_WITHOUT_SCORES",)
        assert (before.value, before.details["weighted_response"]) == (None, pytest.approx(0.6))
        # It may hold anything all the same.
        assert now.ci == before.ci == pytest.approx((30 / 500, 230 / 500))
        assert (now.method, before.method) == ("S2.13@2", "S2.13@1")

    def test_one_of_which_something_was_drawn_and_nothing_read_is_missing(self):
        found = response_bounds([DrawnStratum(300, 30, 30, 3), DrawnStratum(200, 20, 0, 0)])

        assert found.details["weighted_response"] == pytest.approx(0.6)
        assert "RESPONSE_LT_80" in found.warnings


class TestTwoPhase:
    """Weak strata are counted together without being taken for equally sampled."""

    def stratum(self, frame, read_, partner="p"):
        """Return a stratum of which 1 in 10 concordant cases were verified, none of them missed."""
        n, x = read_
        groups = (
            PhaseGroup(n - x, (n - x) // 10, 0, True, "1", "designated"),
            PhaseGroup(x, x, x, False, "2b", "routed"),
        )
        return TwoPhaseStratum(frame, groups, partner)

    def test_the_rate_is_that_of_the_frame_and_not_of_the_sample(self):
        # A small author of whom half was drawn, and a large one of whom 2 in 100 were.
        small, large = self.stratum(40, (20, 10)), self.stratum(1000, (20, 0))

        fine = stratified_two_phase_rate([small, large])
        plain = [replace(s, partner="") for s in (small, large)]
        blind = stratified_two_phase_rate(plain, method=UNWEIGHTED)

        assert fine.value == pytest.approx(40 / 1040 * 0.5)
        assert fine.ci[0] < fine.value < fine.ci[1]
        # As one stratum the sample would be taken for a simple one.
        assert blind.value == pytest.approx(10 / 40)
        assert "STRATA_COLLAPSED" in fine.warnings

    def test_it_is_less_certain_than_as_many_cases_of_one_fraction(self):
        uneven = stratified_two_phase_rate([self.stratum(40, (20, 2)), self.stratum(1000, (20, 2))])
        even = stratified_two_phase_rate([self.stratum(520, (20, 2)), self.stratum(520, (20, 2))])

        assert uneven.value == pytest.approx(even.value)
        assert uneven.ci[1] - uneven.ci[0] > even.ci[1] - even.ci[0]

    @settings(deadline=None)
    @given(st.integers(2, 9), st.integers(2, 6), st.integers(3, 9))
    def test_of_one_fraction_it_is_the_rule_without_weights(self, times, strata, size):
        parts = [self.stratum(size * times, (size, 1)) for _ in range(strata)]

        fine = stratified_two_phase_rate(parts)
        alone = [replace(one, partner="") for one in parts]
        plain = stratified_two_phase_rate(alone, method=UNWEIGHTED)

        assert (fine.value, fine.ci, fine.n, fine.N) == (plain.value, plain.ci, plain.n, plain.N)

    def test_partners_are_merged_before_strangers(self):
        near = [self.stratum(100, (40, 3), "a"), self.stratum(100, (40, 3), "a")]
        far = [self.stratum(100, (40, 3), "b"), self.stratum(100, (40, 3), "b")]

        found = stratified_two_phase_rate([near[0], far[0], near[1], far[1]])

        assert found.details["strata"] == 2
        merged = two_phase_rate(
            (
                PhaseGroup(74, 6, 0, True, "1", "designated"),
                PhaseGroup(6, 6, 6, False, "2b", "routed"),
            ),
            frame_size=200,
        )
        assert found.value == pytest.approx(merged.value)
        assert math.isfinite(found.se)
