import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.comparing import (
    Among,
    Comparison,
    Standing,
    compare_departments,
    limits_at,
)
from peeraudit.domain.statistics.comparison.funnels import funnel_limits
from peeraudit.domain.statistics.differences import ProcessPart, process_rate


def simple(*counts):
    """Return departments of one modality: (reports read, discrepancies)."""
    return {f"d{i}": [ProcessPart(10.0 * n, n, x)] for i, (n, x) in enumerate(counts)}


USUAL = simple((100, 5), (120, 6), (80, 4), (150, 9), (90, 4))


def compare(parts, *, is_common_pool=True):
    return compare_departments(parts, is_common_pool=is_common_pool)


def test_a_department_of_one_modality_stands_with_its_own_counts():
    found = compare(USUAL)

    assert found.target == pytest.approx(28 / 540)
    assert (found.standings["d0"].n, found.standings["d0"].rate) == (100, 0.05)
    limits = funnel_limits([100], 28 / 540)
    assert found.standings["d0"].limits == (limits["lo998"][0], limits["hi998"][0])
    assert not any(one.is_unusual for one in found.standings.values())
    assert found.methods == ("S5.01@1", "S5.02@1")


def test_one_that_chance_would_not_give_is_unusual():
    found = compare(USUAL | {"far": [ProcessPart(1000, 100, 30)]})

    assert [k for k, one in found.standings.items() if one.is_unusual] == ["far"]
    assert found.standings["far"].is_beyond_chance


def test_a_rate_over_modalities_is_the_weighted_one():
    mixed = {"mix": [ProcessPart(1000, 50, 5), ProcessPart(3000, 50, 1)]}
    found = compare(USUAL | mixed).standings["mix"]

    rate = process_rate(mixed["mix"])
    assert found.rate == rate.value == pytest.approx(0.25 * 0.1 + 0.75 * 0.02)
    assert found.n == int(rate.n_eff)


@pytest.mark.parametrize(
    ("parts", "is_common", "reason"),
    [
        (dict(list(USUAL.items())[:4]), True, "UNITS_LT_5"),
        (USUAL, False, "REVIEWER_POOL_NOT_COMMON"),
        (simple(*[(50, 0)] * 6), True, "NO_VARIATION"),
        # Fewer than ten reports make no point, and four are too few.
        (dict(list(USUAL.items())[:4]) | {"tiny": [ProcessPart(50, 9, 1)]}, True, "UNITS_LT_5"),
    ],
)
def test_what_must_not_be_compared_is_not_and_it_is_said(parts, is_common, reason):
    found = compare(parts, is_common_pool=is_common)

    assert found.reasons == (reason,)
    assert (found.target, found.standings) == (None, {})


def test_ten_departments_that_differ_by_more_than_chance_have_wider_limits():
    parts = simple(*[(400, x) for x in (4, 6, 9, 14, 20, 28, 36, 44, 60, 80, 12, 50)])
    found = compare(parts)

    chance = funnel_limits([400], found.target)
    assert found.spread > 0
    assert "S5.03@1" in found.methods
    low, high = found.standings["d0"].limits
    assert low < chance["lo998"][0]
    assert high > chance["hi998"][0]


def test_a_department_reads_its_own_name_and_no_other():
    found = compare(USUAL)

    among = found.seen_from("d3", found.standings["d3"])

    assert among.own == found.standings["d3"]
    assert sorted(among.others) == sorted(
        (s.n, s.rate) for k, s in found.standings.items() if k != "d3"
    )
    assert not [name for name in USUAL if name in json.dumps(among.to_dict())]


def test_who_may_not_be_compared_reads_nothing_of_the_others():
    among = compare(USUAL).seen_from("d0", None)

    assert (among.own, among.others, among.target) == (None, (), None)
    assert among.reasons == ("NOT_COMPARED",)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.integers(10, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
        min_size=5,
        max_size=14,
    ),
    st.randoms(),
)
def test_order_does_not_matter_and_the_text_gives_it_again(counts, random):
    parts = simple(*counts)
    found = compare(parts)
    keys = list(parts)
    random.shuffle(keys)

    assert compare({key: parts[key] for key in keys}) == found
    assert Comparison.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    among = found.seen_from("d0", found.standings.get("d0"))
    assert Among.from_dict(json.loads(json.dumps(among.to_dict()))) == among
    for one in found.standings.values():
        assert 0 <= one.limits[0] <= one.limits[1] <= 1
        assert one.is_unusual == (not one.limits[0] <= one.rate <= one.limits[1])


def test_few_discrepancies_count_in_the_common_rate_though_they_are_not_told():
    found = compare(USUAL)
    told = found.told({"d2"}, {})

    assert set(told) == set(USUAL) - {"d2"}
    assert found.target == pytest.approx(28 / 540)


def test_beside_what_is_not_told_nothing_is_finer_than_whole_per_cents():
    found = compare_departments(USUAL, is_common_pool=True, is_coarse=True)
    told = found.told(set(), {"d3": 170})

    assert found.target == 0.05
    assert (told["d3"].n, told["d3"].rate) == (170, 0.06)
    assert told["d3"].limits == (
        funnel_limits([170], 0.05)["lo998"][0],
        funnel_limits([170], 0.05)["hi998"][0],
    )
    assert told["d0"] == found.standings["d0"]


def test_hardly_any_department_of_one_common_rate_is_unusual():
    chance = np.random.Generator(np.random.PCG64(20261129))
    flagged = total = 0
    for _ in range(300):
        xs = chance.binomial(150, 0.06, size=8)
        found = compare(simple(*[(150, int(x)) for x in xs]))
        flagged += sum(one.is_unusual for one in found.standings.values())
        total += len(found.standings)

    # Limits of 99.8 %, by integers; the target is estimated from the same departments.
    assert total == 2400
    assert flagged <= 12


@pytest.mark.parametrize("spread", [0.0, 0.002])
def test_limits_close_in_with_size_around_the_target(spread):
    lines = limits_at([20, 100, 500, 2500], 0.06, spread)

    assert lines["hi998"] == sorted(lines["hi998"], reverse=True)
    assert lines["lo998"] == sorted(lines["lo998"])
    for low2, low, high, high2 in zip(
        lines["lo998"], lines["lo95"], lines["hi95"], lines["hi998"], strict=True
    ):
        assert low2 <= low < 0.06 < high <= high2


def test_a_snapshot_keeps_whether_one_pool_read_all():
    found = replace(compare(USUAL), reasons=("X",))

    assert Comparison.from_dict(found.to_dict()).reasons == ("X",)


TWELVE = simple(*[(40 + 30 * k, 2 + k) for k in range(11)], (60, 14))


class TestLikelyRates:
    def test_a_rate_is_drawn_towards_the_others_the_more_the_fewer_its_reports(self):
        found = compare(TWELVE)

        small = found.standings["d11"]
        value, low, high = small.likely
        assert found.target < value < small.rate
        assert low < value < high
        assert "S5.04@1" in found.methods
        assert Standing.from_dict(small.to_dict()) == small

    def test_with_nine_departments_there_is_none(self):
        found = compare(dict(list(TWELVE.items())[:9]))

        assert {one.likely for one in found.standings.values()} == {None}
        assert "S5.04@1" not in found.methods

    def test_beside_a_hidden_cell_every_likely_rate_is_in_whole_per_cent(self):
        found = compare_departments(TWELVE, is_common_pool=True, is_coarse=True)

        for one in found.standings.values():
            assert one.likely == tuple(round(part, 2) for part in one.likely)
        assert found.told([], {"d11": 60})["d11"].likely == found.standings["d11"].likely
