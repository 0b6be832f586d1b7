import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.categories import category_distribution
from peeraudit.domain.statistics.refusals import NotComputable

scales = st.lists(st.integers(0, 200), min_size=2, max_size=6).filter(any)


def test_worked_example():
    found = category_distribution([138, 5, 4, 2, 1], sets=[("major", {3, 4})]).details
    assert found["goodman_low"] == pytest.approx(
        [0.843607741, 0.0112003128, 0.00796803355, 0.00260761644, 0.000783187585], abs=1e-9
    )
    assert found["goodman_high"] == pytest.approx(
        [0.960810705, 0.0950014146, 0.0854651472, 0.0652884708, 0.0543443529], abs=1e-9
    )
    assert found["sets"]["major"]["x"] == found["cumulative"][2]["x"] == 3
    assert found["sets"]["major"]["exact"][0] > 0


def test_no_mean_score_is_ever_given():
    found = category_distribution([5, 3, 2])
    assert found.value is None
    assert not [name for name in found.details if "mean" in name]


@given(scales)
def test_the_limits_are_those_of_the_score_test(counts):
    n, k = sum(counts), len(counts)
    found = category_distribution(counts).details
    quantile = stats.chi2.ppf(1 - 0.05 / k, 1)
    for x, low, high in zip(counts, found["goodman_low"], found["goodman_high"], strict=True):
        assert 0 <= low <= x / n <= high <= 1
        for limit in {low, high} - {0.0, 1.0}:
            assert n * (x / n - limit) ** 2 == pytest.approx(
                quantile * limit * (1 - limit), rel=1e-6, abs=1e-9
            )


@given(scales, st.randoms())
def test_each_category_keeps_its_limits_wherever_it_stands(counts, random):
    order = list(range(len(counts)))
    random.shuffle(order)
    plain, moved = (category_distribution(c).details for c in (counts, [counts[i] for i in order]))
    assert moved["goodman_high"] == [plain["goodman_high"][i] for i in order]
    assert sum(plain["p"]) == pytest.approx(1)


def test_what_gives_no_distribution_is_said():
    assert category_distribution([0, 0]).reasons == ("NO_SCORED_ITEMS",)
    with pytest.raises(NotComputable, match="at least two categories"):
        category_distribution([5])
    with pytest.raises(ValueError, match="negative"):
        category_distribution([5, -1])
