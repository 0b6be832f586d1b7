import itertools
import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.agreement import Display, agreement_suite
from peeraudit.domain.statistics.agreement_patterns import compress_ratings, count_patterns
from peeraudit.domain.statistics.results import Status

SOURCE = Path(__file__).parents[4] / "shared" / "data" / "statistics" / "examples.json"

items_of = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=3, max_size=25)


def suite_of(items, categories=5, positive=None):
    members = range(1, categories) if positive is None else positive
    patterns = count_patterns(items, categories=categories)
    return agreement_suite(patterns, categories=categories, positive=members)


def table(rows):
    k = len(rows)
    cells = itertools.product(range(k), range(k))
    return [[i, j] for i, j in cells for _ in range(rows[i][j])]


def value(suite, name):
    return suite.coefficients[name].value


# Krippendorff K. (2011): 12 units, 4 observers, published .743, .815, .849.
KRIPPENDORFF = [
    [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [5, 5, 5], [1, 1], [3],
]  # fmt: skip


def test_published_example_of_krippendorff():
    suite = suite_of([[score - 1 for score in row] for row in KRIPPENDORFF])
    assert value(suite, "krippendorff.nominal") == pytest.approx(0.743421053, abs=1e-9)
    assert value(suite, "krippendorff.ordinal") == pytest.approx(0.815387504, abs=1e-9)
    assert value(suite, "krippendorff.interval") == pytest.approx(0.849107143, abs=1e-9)
    assert (suite.n_items, suite.n_items_multi, suite.n_ratings_used) == (12, 11, 40)


def test_prevalence_paradox():
    rare = suite_of(table([[90, 4], [5, 1]]), 2)
    assert value(rare, "identity.pct") == pytest.approx(0.91)
    assert value(rare, "identity.gwet") == pytest.approx(0.8996, abs=5e-5)
    assert value(rare, "specific_agreement.positive") == pytest.approx(0.1818, abs=5e-5)
    even = suite_of(table([[45, 4], [5, 46]]), 2)
    assert value(even, "identity.gwet") == pytest.approx(0.82, abs=5e-3)
    assert value(even, "specific_agreement.positive") == pytest.approx(0.911, abs=5e-4)


@settings(deadline=None)
@given(items_of)
def test_alpha_is_that_of_another_implementation(items):
    multi = [row for row in items if len(row) > 1]
    assume(len({score for row in multi for score in row}) > 1)
    suite = suite_of(items, 4)
    data = np.full((4, len(items)), np.nan)
    for i, row in enumerate(items):
        data[: len(row), i] = row
    for metric in ("nominal", "ordinal", "interval"):
        # The package refuses the ordinal domain only if a used category is not declared.
        expected = krippendorff.alpha(data, level_of_measurement=metric, value_domain=[0, 1, 2, 3])
        assert value(suite, f"krippendorff.{metric}") == pytest.approx(expected, abs=1e-9)


def test_all_agree_on_one_category():
    suite = suite_of([[0, 0]] * 6)
    for name in ("identity.fleiss", "krippendorff.ordinal"):
        assert suite.coefficients[name].reasons == ("NO_VARIATION",)
        assert suite.coefficients[name].status is Status.NOT_ESTIMABLE
    assert suite.coefficients["specific_agreement.positive"].reasons == ("NO_RATINGS_IN_CLASS",)
    share = suite.coefficients["identity.pct"]
    assert (share.value, share.reasons) == (1, ("ALL_AGREE",))
    assert share.ci == pytest.approx((0.025 ** (1 / 6), 1))


def test_all_agree_on_several_categories():
    suite = suite_of([[0, 0]] * 6 + [[1, 1], [3, 3]])
    fleiss = suite.coefficients["identity.fleiss"]
    assert fleiss.ci == pytest.approx((0.0906667137, 1), abs=1e-9)
    assert suite.coefficients["quadratic.fleiss"].ci == (-1, 1)
    alpha = suite.coefficients["krippendorff.ordinal"]
    assert (alpha.value, alpha.ci, alpha.reasons) == (1, None, ("ALL_AGREE",))


def test_no_item_read_twice():
    suite = suite_of([[0], [1], [0]])
    assert (suite.status, suite.reasons) == (Status.NOT_ESTIMABLE, ("NO_MULTIPLY_RATED_ITEMS",))
    assert suite.coefficients == {}
    assert suite_of([]).n_items == 0


def test_a_coefficient_that_hangs_on_one_item_is_unstable():
    suite = suite_of([[0, 0]] * 5 + [[0, 1]])
    alpha = suite.coefficients["krippendorff.ordinal"]
    assert (alpha.status, alpha.reasons, alpha.ci) == (Status.UNRELIABLE, ("UNSTABLE",), None)
    assert alpha.se is None
    single = suite_of([[0, 1]]).coefficients["identity.bp"]
    assert (single.reasons, single.details["se_ij"]) == (("UNSTABLE",), None)


def test_items_that_are_all_alike_give_no_interval_but_wilson():
    suite = suite_of([[0, 1]] * 9, 3)
    assert suite.coefficients["identity.bp"].reasons == ("UNSTABLE",)
    share = suite.coefficients["identity.pct"]
    assert (share.value, share.n_eff) == (0, 9)
    # Wilson with no success in 9: z² / (9 + z²).
    assert share.ci == pytest.approx((0, 3.841458820694124 / 12.841458820694124))


def test_agreement_below_the_scale_has_no_interval():
    suite = suite_of([[0, 4]] * 5 + [[0, 3]] * 4)
    bp = suite.coefficients["quadratic.bp"]
    assert bp.value < -1
    assert (bp.ci, bp.reasons) == (None, ("UNSTABLE",))
    positive = suite.coefficients["specific_agreement.positive"]
    assert (positive.value, positive.ci, positive.reasons) == (0, None, ("UNSTABLE",))


@pytest.mark.parametrize(
    ("patterns", "categories", "positive"),
    [
        ({(2,): 1}, 1, {0}),
        ({(1, 1): 1}, 2, set()),
        ({(1, 1): 1}, 2, {0, 1}),
        ({(1, 1): 1}, 2, {2}),
        ({(1, 1, 0): 1}, 2, {1}),
        ({(1, 1): -1}, 2, {1}),
        ({(-1, 3): 1}, 2, {1}),
    ],
)
def test_patterns_that_make_no_sense_are_refused(patterns, categories, positive):
    with pytest.raises(ValueError, match=r"categor"):
        agreement_suite(patterns, categories=categories, positive=positive)


@pytest.mark.parametrize("category", [-1, 2])
def test_a_reading_outside_the_scale_is_refused(category):
    with pytest.raises(ValueError, match="none of the"):
        count_patterns([[0, category]], categories=2)


def test_readings_are_counted_whatever_their_order():
    assert count_patterns([[0, 2], [2, 0], [1]], categories=3) == {(1, 0, 1): 2, (0, 1, 0): 1}


@settings(deadline=None)
@given(items_of, st.randoms())
def test_suite_does_not_depend_on_order_or_on_single_readings(items, random):
    before = suite_of(items, 4)
    shuffled = [random.sample(row, len(row)) for row in items]
    random.shuffle(shuffled)
    assert suite_of(shuffled, 4).to_dict() == before.to_dict()
    after = suite_of([*items, [0], [3]], 4)
    for name, estimate in before.coefficients.items():
        assert after.coefficients[name].value == estimate.value
        assert after.coefficients[name].ci == estimate.ci


@settings(deadline=None)
@given(items_of, st.permutations(range(4)))
def test_renaming_categories_changes_no_nominal_coefficient(items, names):
    before = suite_of(items, 4, {1})
    after = suite_of([[names[score] for score in row] for row in items], 4, {names[1]})
    for name in before.coefficients:
        if name.startswith(("identity", "krippendorff.nominal", "specific")):
            expected = value(before, name)
            found = value(after, name)
            assert (found is None) == (expected is None)
            assert expected is None or found == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(items_of)
def test_unused_categories_change_only_uniform_chance(items):
    few, more = suite_of(items, 4, {1}), suite_of(items, 6, {1})
    for name in few.coefficients:
        if name in {"identity.pct", "identity.fleiss"} or name.startswith("krippendorff"):
            assert value(more, name) == pytest.approx(value(few, name), abs=1e-9)


@settings(deadline=None)
@given(items_of)
def test_every_number_is_within_its_bounds(items):
    suite = suite_of(items, 4)
    json.dumps(suite.to_dict(), allow_nan=False)
    for name, found in suite.coefficients.items():
        if found.value is None:
            assert found.reasons
            continue
        assert found.value <= 1 + 1e-12
        if name.endswith(("pct", "positive", "negative")):
            assert found.value >= 0
        if found.ci is not None:
            assert -1 <= found.ci[0] <= found.value + 1e-9
            assert found.value - 1e-9 <= found.ci[1] <= 1


@settings(deadline=None)
@given(items_of)
def test_two_copies_of_every_item_narrow_the_error(items):
    n = sum(len(row) > 1 for row in items)
    assume(n > 1)
    once, twice = suite_of(items, 4), suite_of(items * 2, 4)
    for name in ("identity.fleiss", "quadratic.gwet", "specific_agreement.positive"):
        first, second = once.coefficients[name], twice.coefficients[name]
        if first.value is not None:
            # The linearised error is a mean over items: two copies halve its square, but for n - 1.
            expected = first.details["se_ij"] * ((n - 1) / (2 * n - 1)) ** 0.5
            assert second.details["se_ij"] == pytest.approx(expected, abs=1e-9)


def test_interval_alpha_is_the_quadratic_coincidence_form():
    items = [[0, 0], [1, 2], [3, 3], [2, 2], [0, 1], [1, 1]]
    pairs = [(row[a], row[b]) for row in items for a, b in ((0, 1), (1, 0))]
    totals = Counter(first for first, _ in pairs)
    seen = sum((a - b) ** 2 for a, b in pairs)
    chance = sum(totals[a] * totals[b] * (a - b) ** 2 for a in totals for b in totals)
    expected = 1 - (len(pairs) - 1) * seen / chance
    assert value(suite_of(items, 4), "krippendorff.interval") == pytest.approx(expected)


def test_independent_readers_agree_by_chance_only():
    # Products of margins: what independent readers would show in an endless sample.
    margins = (9000, 500, 300, 150, 50)
    rows = [[a * b // 10 for b in margins] for a in margins]
    patterns = Counter()
    for i, j in itertools.product(range(5), range(5)):
        vector = [0] * 5
        vector[i] += 1
        vector[j] += 1
        patterns[tuple(vector)] += rows[i][j]
    suite = agreement_suite(patterns, categories=5, positive=range(1, 5))
    for name in ("identity.fleiss", "krippendorff.ordinal", "krippendorff.nominal"):
        assert abs(value(suite, name)) < 0.005
    ac1 = suite.coefficients["identity.gwet"]
    assert abs(ac1.value - ac1.details["independence"]) < 0.005


@pytest.mark.parametrize(
    ("agreed", "split", "display"),
    [
        (45, 10, Display.FULL),
        (55, 9, Display.POINT),
        (20, 10, Display.POINT),
        (19, 10, Display.COUNTS),
    ],
)
def test_few_items_or_few_discrepancies_limit_what_is_shown(agreed, split, display):
    suite = suite_of([[0, 0]] * agreed + [[0, 1]] * split)
    assert suite.display is display
    shown = suite.shown("identity.pct")
    assert (shown.value is None) == (display is Display.COUNTS)
    assert (shown.ci is None) == (display is not Display.FULL)
    assert (
        shown.status.value
        == {
            Display.FULL: "ok",
            Display.POINT: "low_precision",
            Display.COUNTS: "suppressed",
        }[display]
    )


def test_what_has_no_value_is_shown_with_its_reason():
    assert suite_of([[0, 0]] * 40).shown("identity.fleiss").reasons == ("NO_VARIATION",)


def score(u, w):
    truth = sum(u[0] >= threshold for threshold in (0.88, 0.93, 0.97, 0.99))
    readings = []
    for k in range(3):
        a = u[1 + 2 * k]
        if k and a < 0.2:
            continue
        a = (a - 0.2) / 0.8 if k else a
        step = 1 if u[2 + 2 * k] < 0.5 else -1
        wrong = a < (0.04 if truth == 0 else 0.4)
        readings.append(min(4, max(0, truth + step)) if wrong else truth)
    return readings


@pytest.mark.skipif(not SOURCE.is_file(), reason="../shared/data is absent")
def test_large_reference_data_set_is_reproduced():
    case = json.loads(SOURCE.read_text())["scale"][0]
    items = []
    for i in range(case["inputs"]["n_items"]):
        digest = sha256(f"{case['inputs']['seed']}/{i}".encode("ascii")).digest()
        words = [int.from_bytes(digest[j : j + 4], "big") for j in range(0, 32, 4)]
        items.append(score([word / 2**32 for word in words], words[7]))
    suite = suite_of(items)
    expected = case["expected"]
    assert suite.n_items_multi == expected["n_items_multi"]
    assert suite.n_patterns == expected["n_patterns"]
    names = {
        "pct_identity": "identity.pct",
        "fleiss_identity": "identity.fleiss",
        "gwet_identity": "identity.gwet",
        "pct_ordinal": "ordinal.pct",
        "fleiss_ordinal": "ordinal.fleiss",
        "gwet_ordinal": "ordinal.gwet",
        "alpha_nominal": "krippendorff.nominal",
        "alpha_ordinal": "krippendorff.ordinal",
        "alpha_interval": "krippendorff.interval",
        "positive_agreement": "specific_agreement.positive",
    }
    for key, name in names.items():
        found = suite.coefficients[name]
        assert found.value == pytest.approx(expected[key]["value"], rel=1e-6)
        assert found.se == pytest.approx(expected[key]["se"], rel=1e-6)


def brute_jackknife(items, name):
    """Return the standard error from one whole computation per item left out."""
    multi = [row for row in items if len(row) > 1]
    left = np.array([value(suite_of(multi[:i] + multi[i + 1 :]), name) for i in range(len(multi))])
    n = len(multi)
    return np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())


def test_jackknife_over_patterns_is_the_one_over_items():
    draws = np.random.Generator(np.random.PCG64(5))
    truth = draws.choice(5, size=18, p=[0.6, 0.15, 0.1, 0.1, 0.05])
    items = [
        [int(t) if draws.random() < 0.8 else int(draws.integers(5)) for _ in range(2 + t % 3)]
        for t in truth
    ]
    suite = suite_of(items)
    for name, found in suite.coefficients.items():
        assert found.se == pytest.approx(brute_jackknife(items, name), abs=1e-9), name


def test_a_set_inside_the_scale_has_its_own_agreement():
    # C = {2b, 3b} is no end of the scale: among its readings, half have a partner within it.
    items = [[2, 2], [2, 0], [4, 1], [0, 0], [3, 1]]
    found = suite_of(items, positive={2, 4}).coefficients["specific_agreement.positive"]
    assert found.value == pytest.approx(2 / 4)
    assert found.details["independence"] == pytest.approx(4 / 10)


def test_many_readers_need_no_square_of_the_patterns():
    draws = np.random.Generator(np.random.PCG64(9))
    rows = draws.integers(0, 5, size=(4000, 9))
    suite = agreement_suite(
        compress_ratings(rows, categories=5), categories=5, positive=range(1, 5)
    )
    assert suite.n_patterns > 500
    expected = krippendorff.alpha(rows.T, level_of_measurement="nominal")
    assert value(suite, "krippendorff.nominal") == pytest.approx(expected, abs=1e-9)
