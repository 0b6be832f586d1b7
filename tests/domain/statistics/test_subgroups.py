import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.post_stratification import merge_small_cells, post_stratified_rate
from peeraudit.domain.statistics.rates import Stratum, simple_rate
from peeraudit.domain.statistics.subgroups import SubgroupStratum, subgroup_rate


@st.composite
def subgroup_strata(draw, least=2):
    n = draw(st.integers(least, 60))
    inside = draw(st.integers(1, n))
    x = draw(st.integers(0, inside))
    return SubgroupStratum(draw(st.integers(n + 1, 500)), n, inside, x)


@st.composite
def cells(draw):
    n = draw(st.integers(1, 60))
    return Stratum(draw(st.integers(n, 500)), n, draw(st.integers(0, n)))


class TestSubgroups:
    def test_worked_example(self):
        found = subgroup_rate(
            [
                SubgroupStratum(1200, 60, 20, 1),
                SubgroupStratum(640, 40, 11, 2),
                SubgroupStratum(310, 30, 9, 2),
            ]
        )
        assert found.value == pytest.approx(0.108619831, abs=1e-9)
        assert found.se == pytest.approx(0.0463486497, abs=1e-10)
        assert found.n_eff == pytest.approx(40.2917717, abs=1e-7)
        assert found.ci == pytest.approx((0.0447675769, 0.240605361), abs=1e-9)

    @given(st.lists(subgroup_strata(), min_size=1, max_size=5))
    def test_the_variance_from_counts_is_that_of_the_single_reports(self, strata):
        size = sum(s.frame_size / s.n * s.inside for s in strata)
        p = sum(s.frame_size / s.n * s.x for s in strata) / size
        variance = 0.0
        for s in strata:
            scores = [1 - p] * s.x + [-p] * (s.inside - s.x) + [0.0] * (s.n - s.inside)
            mean = math.fsum(scores) / s.n
            spread = math.fsum((u - mean) ** 2 for u in scores) / (s.n - 1) / size**2
            variance += s.frame_size**2 * (1 - s.n / s.frame_size) / s.n * spread
        found = subgroup_rate(strata)
        assert found.value == pytest.approx(p)
        assert found.se == pytest.approx(math.sqrt(variance), rel=1e-6, abs=1e-9)
        low, high = found.ci
        assert 0 <= low <= found.value + 1e-12
        assert found.value - 1e-12 <= high <= 1

    @given(st.lists(subgroup_strata(), min_size=2, max_size=5), st.randoms())
    def test_the_order_of_strata_does_not_matter(self, strata, random):
        shuffled = list(strata)
        random.shuffle(shuffled)
        assert subgroup_rate(shuffled) == subgroup_rate(strata)

    @given(subgroup_strata())
    def test_a_subgroup_that_is_everybody_is_a_simple_sample(self, stratum):
        s = SubgroupStratum(stratum.frame_size, stratum.n, stratum.n, min(stratum.x, stratum.n))
        found = subgroup_rate([s])
        alone = simple_rate(s.x, s.n, frame_size=s.frame_size)
        assert found.value == pytest.approx(alone.value)
        assert found.se == pytest.approx(alone.se, abs=1e-12)
        assert found.details["N_domain_hat"] == pytest.approx(s.frame_size)

    def test_what_is_missing_is_said(self):
        lonely = subgroup_rate([SubgroupStratum(50, 1, 1, 0), SubgroupStratum(60, 30, 9, 2)])
        assert (lonely.se, lonely.warnings) == (None, ("LONELY_STRATUM",))
        assert lonely.n_eff == lonely.details["n_eff_cap"]
        part = subgroup_rate([SubgroupStratum(50, 0, 0, 0), SubgroupStratum(60, 30, 9, 2)])
        assert part.warnings == ("STRATA_WITHOUT_SCORES",)
        assert part.details["coverage_of_frame"] == pytest.approx(60 / 110)
        census = subgroup_rate([SubgroupStratum(30, 30, 9, 2)])
        assert (census.ci, census.warnings) == ((2 / 9, 2 / 9), ("CENSUS",))

    @pytest.mark.parametrize(
        ("stratum", "reason"),
        [
            (SubgroupStratum(60, 30, 0, 0), "NO_SCORED_ITEMS"),
            (SubgroupStratum(60, 30, 31, 0), "N_DOMAIN_GT_SAMPLE"),
            (SubgroupStratum(60, 30, 5, 6), "X_GT_N"),
            (SubgroupStratum(20, 30, 5, 1), "N_SAMPLE_GT_FRAME"),
        ],
    )
    def test_counts_that_give_no_rate(self, stratum, reason):
        found = subgroup_rate([stratum])
        assert (found.value, found.ci, found.reasons) == (None, None, (reason,))

    def test_no_strata_are_refused(self):
        with pytest.raises(ValueError, match="at least one stratum"):
            subgroup_rate([])


class TestPostStratification:
    def test_worked_example(self):
        found = post_stratified_rate(
            [Stratum(700, 68, 3), Stratum(350, 40, 4), Stratum(150, 12, 2)]
        )
        assert found.value == pytest.approx(0.0757352941, abs=1e-10)
        assert found.se == pytest.approx(0.0230078944, abs=1e-10)
        assert found.ci == pytest.approx((0.0416296645, 0.133879121), abs=1e-9)

    @given(cells())
    def test_one_cell_is_a_simple_sample(self, cell):
        found = post_stratified_rate([cell])
        alone = simple_rate(cell.x, cell.n, frame_size=cell.frame_size)
        assert found.value == pytest.approx(alone.value)
        assert found.se == (alone.se if alone.se is None else pytest.approx(alone.se))
        # One report less counts, since its variance is the unbiased one.
        assert (
            found.ci[1] - found.ci[0]
            >= alone.details["wilson_fpc"][1] - alone.details["wilson_fpc"][0] - 1e-12
        )

    @given(st.lists(cells(), min_size=1, max_size=5), st.randoms())
    def test_it_lies_in_its_interval_whatever_the_order(self, given_cells, random):
        shuffled = list(given_cells)
        random.shuffle(shuffled)
        found = post_stratified_rate(given_cells)
        assert post_stratified_rate(shuffled) == found
        assert 0 <= found.ci[0] <= found.value + 1e-9
        assert found.value - 1e-9 <= found.ci[1] <= 1

    def test_small_and_empty_cells_are_said(self):
        found = post_stratified_rate([Stratum(70, 9, 1), Stratum(70, 20, 1), Stratum(10, 0, 0)])
        assert found.warnings == ("CELLS_LT_10", "STRATA_WITHOUT_SCORES")
        assert post_stratified_rate([Stratum(9, 9, 1), Stratum(5, 5, 0)]).warnings == ("CENSUS",)
        assert post_stratified_rate([Stratum(90, 1, 1)]).se is None
        assert post_stratified_rate([Stratum(90, 0, 0)]).reasons == ("NO_SCORED_ITEMS",)
        assert post_stratified_rate([Stratum(90, 3, 4)]).reasons == ("X_GT_N",)
        with pytest.raises(ValueError, match="at least one cell"):
            post_stratified_rate([])

    @given(st.lists(cells(), min_size=1, max_size=6))
    def test_merging_loses_nothing_and_ends_with_large_cells(self, given_cells):
        merged = merge_small_cells(given_cells)
        for name in ("frame_size", "n", "x"):
            before, after = (sum(getattr(c, name) for c in part) for part in (given_cells, merged))
            assert before == after
        assert len(merged) == 1 or all(c.n >= 10 for c in merged)
