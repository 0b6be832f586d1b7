"""Numbers are written so that every machine writes the same ones."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.snapshot_files import same_results
from peeraudit.domain.statistics.comparing import compare_departments
from peeraudit.domain.statistics.differences import ProcessPart
from peeraudit.domain.statistics.settling import DECIMALS, SIGNIFICANT, settled

numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)


@pytest.mark.parametrize(
    ("computed", "written"),
    [
        (1 / 3, 0.3333333333),
        (0.1 + 0.2, 0.3),
        (-0.0, 0.0),
        (-4.4e-16, 0.0),
        (1234567890.125, 1234567890.0),
        (2e300, 2e300),
        (0.0000012345678912, 1.234568e-06),
    ],
)
def test_a_number_has_ten_digits_and_twelve_decimals(computed, written):
    assert settled(computed) == written
    assert math.copysign(1, settled(computed)) == math.copysign(1, written)


def test_only_broken_numbers_are_touched():
    content = {"n": 12345678901234567890, "is": True, "none": None, "text": "0.30000000000000004"}
    assert settled(content) == content
    assert settled([0.1 + 0.2, {"ci": [1 / 3]}]) == [0.3, {"ci": [0.3333333333]}]


@given(numbers)
def test_settling_is_idempotent_and_keeps_the_promised_digits(value):
    once = settled(value)
    assert settled(once) == once
    if math.isfinite(once):
        assert abs(once - value) <= 0.51 * 10**-DECIMALS + 0.51 * 10 ** (1 - SIGNIFICANT) * abs(
            value
        )


def ulps(value, steps):
    for _ in range(abs(steps)):
        value = math.nextafter(value, math.inf if steps > 0 else -math.inf)
    return value


def test_the_last_bits_are_not_written():
    # 100,000 numbers, each as two machines compute it: one in a million may fall on an edge.
    draws = np.random.Generator(np.random.PCG64(14))
    computed = draws.random(100_000).tolist()
    apart = [v for v in computed if settled(v) != settled(ulps(v, 3))]
    assert len(apart) <= 1


def test_a_snapshot_that_was_kept_with_all_digits_still_holds():
    again = '{"numbers":{"p":0.3333333333},"told":{}}'
    assert same_results(again, again)
    assert same_results('{"numbers":{"p":0.33333333333333337},"told":{}}', again)
    assert not same_results('{"numbers":{"p":0.3333333433},"told":{}}', again)


@pytest.mark.parametrize("x", [0, 1, 5, 7])
def test_an_effective_size_that_is_a_whole_number_is_not_rounded_below_it(x):
    # One part of 28 reports has an effective size of 27.999999999999996.
    sizes = range(20, 160)
    parts = {f"d{n:03d}": [ProcessPart(1.0, n, x)] for n in sizes}
    found = compare_departments(parts, is_common_pool=True)
    assert {key: one.n for key, one in found.standings.items()} == (
        {} if x == 0 else {f"d{n:03d}": n for n in sizes}
    )
    json.dumps(settled(found.to_dict()), allow_nan=False)
