import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.agreement_pair import WEIGHTS, pair_agreement
from peeraudit.domain.statistics.results import Status

tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 12), min_size=k, max_size=k), min_size=k, max_size=k)
)
GWET = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def kappa_of_items(pairs, k, name):
    """Return kappa by its definition, item by item."""
    power = {"identity": None, "linear": 1, "quadratic": 2}[name]

    def weight(a, b):
        return float(a == b) if power is None else 1 - (abs(a - b) / (k - 1)) ** power

    n = len(pairs)
    seen = sum(weight(a, b) for a, b in pairs) / n
    chance = sum(weight(a, b) for (a, _), (_, b) in itertools.product(pairs, pairs)) / n**2
    return (seen - chance) / (1 - chance)


def test_published_kappa_of_the_abstractors():
    found = pair_agreement(GWET).kappas["identity"]
    assert found.value == pytest.approx(0.796409402, abs=1e-9)
    assert found.details["se_fce"] == pytest.approx(0.0589107183, abs=1e-9)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        ([[130, 56], [9, 5]], 0.0219681011),
        ([[40, 9], [6, 45]], 0.699519231),
        ([[80, 10], [5, 5]], 0.318181818),
    ],
)
def test_published_kappas_of_two_categories(table, published):
    assert pair_agreement(table).kappas["linear"].value == pytest.approx(published, abs=1e-9)


@pytest.mark.parametrize("name", WEIGHTS)
def test_kappa_and_jackknife_are_those_of_the_single_items(name):
    table = [[9, 2, 1], [3, 5, 0], [0, 2, 4]]
    pairs = [(i, j) for i in range(3) for j in range(3) for _ in range(table[i][j])]
    left = np.array([kappa_of_items(pairs[:i] + pairs[i + 1 :], 3, name) for i in range(26)])
    n = len(left)
    found = pair_agreement(table).kappas[name]
    assert found.value == pytest.approx(kappa_of_items(pairs, 3, name))
    assert found.se == pytest.approx(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))


def test_margins_and_symmetry_of_two_categories():
    found = pair_agreement([[90, 4], [5, 1]])
    assert found.pabak == pytest.approx(0.82)
    assert found.prevalence_index == pytest.approx(0.89)
    assert found.bias_index == pytest.approx(0.01)
    assert found.kappa_max == pytest.approx(0.9038461538)
    assert (found.bowker_chi2, found.bowker_df) == (pytest.approx(1 / 9), 1)
    assert pair_agreement(GWET).prevalence_index is None


def test_one_used_cell_has_no_kappa():
    found = pair_agreement([[50, 0], [0, 0]])
    for name in WEIGHTS:
        assert found.kappas[name].reasons == ("NO_VARIATION",)
        assert found.kappas[name].value is None
    assert (found.kappa_max, found.bowker_p, found.pabak) == (None, None, 1)


def test_readers_who_always_agree_have_a_lower_limit():
    found = pair_agreement([[30, 0], [0, 20]]).kappas["identity"]
    assert (found.value, found.reasons) == (1, ("ALL_AGREE",))
    chance = 0.52
    assert found.ci == pytest.approx(((0.025 ** (1 / 50) - chance) / (1 - chance), 1))


def test_a_kappa_that_hangs_on_one_item_is_unstable():
    found = pair_agreement([[20, 1], [0, 0]]).kappas["identity"]
    assert (found.status, found.reasons, found.ci) == (Status.UNRELIABLE, ("UNSTABLE",), None)
    assert pair_agreement([[0, 1], [0, 0]]).kappas["identity"].reasons == ("UNSTABLE",)


def test_nothing_read_by_both():
    found = pair_agreement([[0, 0], [0, 0]])
    assert (found.status, found.reasons) == (Status.NOT_ESTIMABLE, ("NO_MULTIPLY_RATED_ITEMS",))


@pytest.mark.parametrize("table", [[[1]], [[1, 2]], [[1, 2], [-1, 3]], [[1, 2, 3], [1, 2, 3]]])
def test_tables_that_make_no_sense_are_refused(table):
    with pytest.raises(ValueError, match=r"square|negative"):
        pair_agreement(table)


@settings(deadline=None)
@given(tables)
def test_exchanging_the_readers_changes_nothing(table):
    turned = [list(row) for row in zip(*table, strict=True)]
    before, after = pair_agreement(table), pair_agreement(turned)
    assert after.bowker_chi2 == pytest.approx(before.bowker_chi2)
    for name, kappa in before.kappas.items():
        assert after.kappas[name].reasons == kappa.reasons
        if kappa.value is not None:
            assert after.kappas[name].value == pytest.approx(kappa.value)
            assert after.kappas[name].details["se_fce"] == pytest.approx(
                kappa.details["se_fce"], abs=1e-9
            )


@settings(deadline=None)
@given(tables)
def test_kappa_is_never_above_its_largest(table):
    found = pair_agreement(table)
    assume(found.kappas)
    kappa = found.kappas["identity"]
    if kappa.value is not None:
        assert kappa.value <= found.kappa_max + 1e-9
        assert kappa.ci is None or kappa.ci[0] <= kappa.value <= kappa.ci[1]
