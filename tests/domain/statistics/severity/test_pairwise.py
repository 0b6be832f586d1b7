import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special

from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.severity.pairwise import conditional_severity, count_wins
from peeraudit.domain.statistics.severity.readings import compress_readings

WINS = [
    [0, 3, 2, 8, 5, 3],
    [4, 0, 11, 6, 4, 6],
    [1, 4, 0, 4, 3, 4],
    [5, 3, 0, 0, 6, 0],
    [3, 6, 2, 8, 0, 8],
    [4, 1, 3, 5, 5, 0],
]
tables = st.integers(2, 5).flatmap(
    lambda r: st.lists(st.lists(st.integers(0, 9), min_size=r, max_size=r), min_size=r, max_size=r)
)


def severities(wins, **more):
    panel = conditional_severity(wins, [str(i) for i in range(len(wins))], **more)
    return panel, np.array(panel.details.get("map_theta", []))


def test_another_optimiser_finds_the_same():
    wins = np.array(WINS)

    def loss(theta):
        gaps = theta[:, None] - theta[None, :]
        return -(wins * special.log_expit(gaps)).sum() + (theta**2).sum() / 2

    other = optimize.minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-9})
    panel, theta = severities(WINS)
    assert theta == pytest.approx(other.x - other.x.mean(), abs=1e-6)
    assert panel.units["1"].value == pytest.approx(0.481202498, abs=1e-8)
    assert panel.units["1"].se == pytest.approx(0.476273129, abs=1e-8)
    assert panel.n == sum(map(sum, WINS))


@settings(deadline=None)
@given(tables)
def test_turning_the_table_turns_the_signs(wins):
    panel, theta = severities(wins)
    if panel.reasons:
        return
    turned = severities([list(row) for row in zip(*wins, strict=True)])[1]
    assert turned == pytest.approx(-theta, abs=1e-9)
    assert theta.sum() == pytest.approx(0, abs=1e-9)
    for unit in panel.units.values():
        assert unit.value is None or unit.ci[0] < unit.value < unit.ci[1]


@settings(deadline=None)
@given(tables)
def test_a_narrow_prior_draws_all_to_zero(wins):
    panel, theta = severities(wins, ridge_sd=1e-4)
    assert panel.reasons or np.abs(theta).max() < 1e-5


def test_renaming_reviewers_renames_their_severities():
    order = [3, 0, 5, 1, 4, 2]
    moved = np.array(WINS)[np.ix_(order, order)]
    assert severities(moved)[1] == pytest.approx(severities(WINS)[1][order])


def test_without_a_way_round_only_the_shrunken_values_exist():
    panel, theta = severities([[0, 5, 3], [0, 0, 4], [0, 0, 0]])
    assert theta == pytest.approx([1.27142619, -0.067204026, -1.20422217], abs=1e-8)
    assert panel.warnings == ("NOT_CONNECTED",)
    assert panel.details["ml_theta"] is None
    assert panel.units["0"].details["ml"] is None


def test_a_reviewer_without_discordant_pair_is_not_estimable():
    panel, _ = severities([[0, 12, 0], [9, 0, 0], [0, 0, 0]])
    assert panel.units["2"].reasons == ("NO_DISCORDANT_PAIRS",)
    assert panel.units["0"].warnings == ()
    few, _ = severities([[0, 2], [1, 0]])
    assert few.units["0"].warnings == ("FEW_DISCORDANT_PAIRS",)
    none, _ = severities([[0, 0], [0, 0]])
    assert (none.status, none.reasons) == (Status.NOT_ESTIMABLE, ("NO_DISCORDANT_PAIRS",))


@pytest.mark.parametrize("wins", [[[0, 1]], [[0, -1], [1, 0]]])
def test_tables_that_make_no_sense_are_refused(wins):
    with pytest.raises(ValueError, match="square table of counts"):
        conditional_severity(wins, ["a", "b"])


def test_wins_are_counted_over_pairs_of_readings():
    rows = [(0, 0, 1), (0, 1, 0), (1, 0, 2), (1, 1, 0), (1, 2, 1), (2, 0, 0), (2, 1, 0), (3, 2, 2)]
    data = compress_readings(*zip(*rows, strict=True), categories=3)
    assert count_wins(data, {1, 2}).tolist() == [[0, 2, 0], [0, 0, 0], [0, 1, 0]]


def test_harder_cases_do_not_look_like_severity():
    draws = np.random.Generator(np.random.PCG64(7))
    theta = np.array([-0.8, -0.3, 0.0, 0.4, 0.7])
    # The severe reviewers are given the easy cases: by rates alone they would look lenient.
    first = draws.integers(0, 5, 40_000)
    second = (first + draws.integers(1, 5, 40_000)) % 5
    difficulty = draws.normal(-2 - 0.8 * (first + second) / 2, 1.5)
    who = np.stack([first, second], axis=1)
    yes = draws.random(who.shape) < special.expit(difficulty[:, None] + theta[who])
    items = np.repeat(np.arange(40_000), 2)
    data = compress_readings(items, who.reshape(-1), yes.reshape(-1).astype(int), categories=2)
    found = severities(count_wins(data, {1}), ridge_sd=10.0)[1]
    assert found == pytest.approx(theta - theta.mean(), abs=0.2)
