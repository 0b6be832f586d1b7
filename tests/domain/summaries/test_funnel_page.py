from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.comparing import compare_departments
from peeraudit.domain.statistics.differences import ProcessPart
from peeraudit.domain.statistics.gates import GATES
from peeraudit.domain.summaries.funnel_page import REASONS, funnel_of, funnel_of_all

COUNTS = [(100, 5), (120, 6), (80, 4), (150, 9), (300, 60), (90, 4)]
NAMES = {f"d{i}": f"Centre {i}" for i in range(len(COUNTS))}


def compared(counts=COUNTS):
    parts = {f"d{i}": [ProcessPart(10.0 * n, n, x)] for i, (n, x) in enumerate(counts)}
    return compare_departments(parts, is_common_pool=True)


def seen(comparison, place):
    return comparison.seen_from(place, comparison.standings[place])


def test_a_department_finds_its_own_point_and_what_it_says():
    funnel = funnel_of(seen(compared(), "d4"))

    [own] = [one for one in funnel.points if one.is_own]
    assert (own.n, own.rate, own.is_unusual) == (300, 0.2, True)
    assert "lies above" in funnel.sentences[0].message
    assert {one.label for one in funnel.points} == {""}
    assert len(funnel.points) == len(COUNTS)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([(100, 5)] * 6, "lies within"),
        ([(1000, 10), *[(1000, 90)] * 5], "lies below"),
    ],
)
def test_inside_and_below_are_told_apart(counts, words):
    assert words in funnel_of(seen(compared(counts), "d0")).sentences[0].message


def test_the_lead_reads_every_name_and_how_many_stand_out():
    funnel = funnel_of_all(compared(), NAMES)

    assert [row.label for row in funnel.rows] == list(NAMES.values())
    assert funnel.sentences[0].params["unusual"] == {"number": 1}
    assert funnel.sentences[0].params["all"] == {"number": 6}


@pytest.mark.parametrize("code", sorted(REASONS))
def test_without_a_comparison_it_says_why(code):
    funnel = funnel_of_all(replace(compared(), target=None, reasons=(code,)), NAMES)

    assert [one.message for one in funnel.sentences] == [REASONS[code]]
    assert funnel.points == ()


def test_every_reason_of_the_gate_has_words():
    assert {part.reason for part in GATES["S5.01"].requirements} <= set(REASONS)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.integers(10, 6000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
        min_size=5,
        max_size=12,
    )
)
def test_everything_that_is_drawn_fits_its_axes(counts):
    funnel = funnel_of_all(compared(counts), {f"d{i}": str(i) for i in range(len(counts))})
    if funnel.target is None:
        return

    assert funnel.sizes[0] == 0
    assert len(funnel.sizes) <= 9
    for one in funnel.points:
        assert 0 < one.n <= funnel.sizes[-1]
        assert 0 <= one.rate <= funnel.rates.end
    for line in funnel.lines.values():
        assert all(0 < n <= funnel.sizes[-1] for n, _ in line)
        assert [n for n, _ in line] == sorted({n for n, _ in line})
