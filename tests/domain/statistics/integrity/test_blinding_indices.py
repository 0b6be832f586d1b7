import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.statistics.integrity.blinding_indices import (
    bang_index,
    guess_test,
    james_index,
)
from peeraudit.domain.statistics.results import Status

CRISP = [[82, 27], [25, 29], [170, 83]]


def test_published_indices_of_the_crisp_trial():
    bang = bang_index(82, 25, 170)
    assert bang.value == pytest.approx(0.205776173, abs=1e-9)
    assert bang.ci == pytest.approx((0.136712745, 0.274839602), abs=1e-9)
    james = james_index(CRISP)
    assert (round(james.value, 2), round(james.se, 2)) == (0.75, 0.02)
    assert james.value == pytest.approx(0.747927537, abs=1e-9)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_bang_is_antisymmetric_and_within_its_scale(correct, incorrect, unknown):
    found, turned = (
        bang_index(correct, incorrect, unknown),
        bang_index(incorrect, correct, unknown),
    )
    if found.value is None:
        assert found.reasons == ("NO_ANSWERS",)
        return
    assert turned.value == -found.value
    assert turned.se == pytest.approx(found.se)
    assert -1 <= found.value <= 1
    assert (found.warnings == ()) is (found.n >= 30)


def test_what_bang_calls_quiet():
    assert bang_index(52, 48, 100).details["no_sign_of_unmasking"]
    assert not bang_index(60, 10, 30).details["no_sign_of_unmasking"]
    # Small, but too few answers to be sure of it.
    assert not bang_index(11, 10, 5).details["no_sign_of_unmasking"]


def test_james_at_its_ends_and_in_the_middle():
    assert james_index([[0, 0], [0, 0], [40, 50]]).value == 1
    assert james_index([[50, 0], [0, 50], [0, 0]]).value == pytest.approx(0)
    assert james_index([[25, 25], [25, 25], [0, 0]]).value == pytest.approx(0.5)
    assert james_index([[0, 0], [0, 0], [0, 0]]).reasons == ("NO_ANSWERS",)
    one_arm = james_index([[20, 0], [0, 0], [5, 0]])
    assert (one_arm.status, one_arm.reasons) == (Status.NOT_ESTIMABLE, ("NO_VARIATION",))


def test_the_error_of_james_is_that_of_resampling():
    draws = np.random.Generator(np.random.PCG64(3))
    shares = np.array(CRISP).reshape(-1) / 416
    values = [james_index(draws.multinomial(416, shares).reshape(3, 2)).value for _ in range(500)]
    assert np.std(values) == pytest.approx(james_index(CRISP).se, rel=0.12)


def test_moments_of_matches_are_those_of_all_permutations():
    table = [[2, 1, 0], [0, 1, 1], [1, 0, 1]]
    guesses = [k for k, row in enumerate(table) for _ in range(sum(row))]
    truths = [k for k in range(3) for _ in range(sum(row[k] for row in table))]
    matches = [
        sum(g == t for g, t in zip(guesses, dealt, strict=True))
        for dealt in itertools.permutations(truths)
    ]
    found = guess_test(table, dont_know=3)
    assert found.details["matches"] == 4
    assert found.details["expected"] == pytest.approx(np.mean(matches))
    assert found.details["variance"] == pytest.approx(np.var(matches))
    assert found.details["share_dont_know"] == pytest.approx(0.3)
    assert found.value == pytest.approx(found.details["kappa_guess"] * 0.7)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[0, 0], [0, 0]], "NO_ANSWERS"),
        ([[9, 0], [0, 0]], "NO_VARIATION"),
        ([[1, 0], [0, 0]], "NO_VARIATION"),
    ],
)
def test_guesses_that_cannot_differ_say_why(table, reason):
    assert guess_test(table, dont_know=2).reasons == (reason,)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bang_index(-1, 0, 0),
        lambda: james_index([[1, 2], [3, 4]]),
        lambda: james_index([[1, -2], [3, 4], [0, 0]]),
        lambda: guess_test([[1, 2]], dont_know=0),
        lambda: guess_test([[1, 2], [3, 4]], dont_know=-1),
    ],
)
def test_answers_that_make_no_sense_are_refused(call):
    with pytest.raises(ValueError, match=r"negative|square|row per arm"):
        call()
