import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_two_phase import two_phase_agreement
from peeraudit.domain.statistics.results import Status

FIRST = [920, 34, 22, 15, 9]
TABLE = [
    [85, 4, 2, 1, 0],
    [20, 9, 3, 1, 1],
    [11, 3, 6, 1, 1],
    [5, 2, 1, 5, 2],
    [1, 1, 1, 1, 5],
]
D = range(1, 5)
# All first reads of a class read again: the second phase leaves nothing to chance.
cases = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(1, 30), min_size=k, max_size=k), min_size=k, max_size=k)
)


def test_the_example_of_all_discrepancies_and_a_tenth_of_the_rest():
    found = two_phase_agreement(FIRST, TABLE, positive=D)
    pct = found.coefficients["pct"]
    assert (pct.value, pct.ci) == (
        pytest.approx(0.875),
        pytest.approx((0.813771911, 0.918122935), abs=1e-9),
    )
    alpha = found.coefficients["alpha_ordinal"]
    assert alpha.value == pytest.approx(0.403459333, abs=1e-9)
    assert alpha.ci == pytest.approx((0.228293286, 0.553324256), abs=1e-9)
    assert found.naive_pct == pytest.approx(0.639534884, abs=1e-9)
    assert found.coefficients["positive"].value == pytest.approx(0.445595855, abs=1e-9)
    assert (found.n_double, found.weights_first) == (172, (10, 1, 1, 1, 1))
    assert found.may_be_shown
    json.dumps(found.to_dict(), allow_nan=False)


@settings(deadline=None, max_examples=40)
@given(cases)
def test_where_all_are_read_twice_it_is_the_plain_agreement(table):
    k = len(table)
    first = [sum(row) for row in table]
    found = two_phase_agreement(first, table, positive=range(1, k))
    patterns = {}
    for i in range(k):
        for j in range(k):
            vector = [0] * k
            vector[i] += 1
            vector[j] += 1
            patterns[tuple(vector)] = patterns.get(tuple(vector), 0) + table[i][j]
    plain = agreement_suite(patterns, categories=k, positive=range(1, k))
    for name, other in {
        "pct": "identity.pct",
        "scott_identity": "identity.fleiss",
        "gwet_ordinal": "ordinal.gwet",
        "positive": "specific_agreement.positive",
    }.items():
        expected = plain.coefficients[other].value
        assert found.coefficients[name].value == pytest.approx(expected)
    n = sum(first)
    # Alpha of a finite sample is (n - 1/2)/n nearer to 1 than its large-sample form.
    small = plain.coefficients["krippendorff.ordinal"].value
    assert 1 - small == pytest.approx(
        (1 - 1 / (2 * n)) * (1 - found.coefficients["alpha_ordinal"].value)
    )
    assert found.naive_pct == pytest.approx(found.coefficients["pct"].value)


def test_variance_is_that_of_a_parametric_bootstrap():
    draws = np.random.Generator(np.random.PCG64(20240115))
    first, table = np.array(FIRST), np.array(TABLE)
    again = table.sum(axis=1)
    values = []
    for _ in range(400):
        new_first = draws.multinomial(first.sum(), first / first.sum())
        share = table / again[:, None]
        new_again = np.minimum(again, new_first)
        new_table = [draws.multinomial(m, p) for m, p in zip(new_again, share, strict=True)]
        found = two_phase_agreement(new_first, new_table, positive=D)
        values.append([found.coefficients[name].value for name in ("pct", "alpha_ordinal")])
    spread = np.std(values, axis=0, ddof=1)
    found = two_phase_agreement(FIRST, TABLE, positive=D)
    se = [found.coefficients[name].se for name in ("pct", "alpha_ordinal")]
    assert spread == pytest.approx(se, rel=0.15)


def test_a_class_never_read_again_cannot_be_left_out():
    found = two_phase_agreement([100, 5], [[0, 0], [2, 3]], positive={1})
    assert (found.status, found.reasons) == (Status.NOT_ESTIMABLE, ("CLASS_WITHOUT_SECOND_READ",))
    none = two_phase_agreement([100, 5], [[0, 0], [0, 0]], positive={1})
    assert none.reasons == ("NO_MULTIPLY_RATED_ITEMS",)
    assert not none.may_be_shown


def test_an_unused_class_weighs_nothing():
    unused = two_phase_agreement(
        [900, 0, 40], [[80, 0, 5], [0, 0, 0], [10, 0, 30]], positive={1, 2}
    )
    without = two_phase_agreement([900, 40], [[80, 5], [10, 30]], positive={1})
    assert unused.weights_first[1] is None
    for name in ("pct", "positive", "scott_identity", "alpha_nominal"):
        assert unused.coefficients[name].value == pytest.approx(without.coefficients[name].value)
        assert unused.coefficients[name].se == pytest.approx(without.coefficients[name].se)


def test_one_used_class_has_no_corrected_agreement():
    found = two_phase_agreement([50, 0], [[20, 0], [0, 0]], positive={1})
    assert found.coefficients["scott_identity"].reasons == ("NO_VARIATION",)
    assert found.coefficients["pct"].value == 1
    assert found.coefficients["pct"].ci is None


def test_too_few_second_readings_of_the_concordant_are_not_shown():
    found = two_phase_agreement([500, 50], [[56, 3], [20, 30]], positive={1})
    assert (found.n_concordant_double, found.may_be_shown) == (59, False)


@pytest.mark.parametrize(
    ("first", "table", "words"),
    [
        ([5], [[1]], "square table"),
        ([5, 5], [[1, 2]], "square table"),
        ([5, -5], [[1, 0], [0, 0]], "negative"),
        ([5, 5], [[1, 0], [4, 2]], "row 2: more second readings"),
    ],
)
def test_counts_that_make_no_sense_are_refused(first, table, words):
    with pytest.raises(ValueError, match=words):
        two_phase_agreement(first, table, positive={1})


def test_intervals_hold_the_value():
    for name, part in two_phase_agreement(FIRST, TABLE, positive=D).coefficients.items():
        assert part.ci[0] < part.value < part.ci[1], name
        assert math.isfinite(part.se)
