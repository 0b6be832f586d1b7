from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.errors import Conflicting
from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.protocol import BlindingMode, DateBlinding
from peeraudit.domain.scoring import name_blinding
from peeraudit.domain.statistics.counting import Ground, count
from peeraudit.domain.statistics.tallies import Reading

SCALE = find_instrument("CR3", 1)
MODES = sorted(
    name_blinding(BlindingMode(hide_department=hides, dates=dates, read_first=first))
    for hides in (True, False)
    for dates in DateBlinding
    for first in (True, False)
)
STRATA = {("d1", "CT"): 900, ("d1", "MR"): 400, ("d2", "CT"): 300}
GROUND = Ground(
    campaign="2026-01",
    protocol_sha256="p" * 64,
    frame_sha256="f" * 64,
    scale=SCALE,
    routed=("2b", "3a", "3b"),
    strata=STRATA,
)


@st.composite
def readings(draw, modes):
    first = draw(st.sampled_from(SCALE.codes))
    second = draw(st.none() | st.sampled_from(SCALE.codes))
    department, modality = draw(st.sampled_from(sorted(STRATA)))
    return Reading(
        department=department,
        modality=modality,
        author=draw(st.sampled_from("abcde")),
        is_double_read=draw(st.booleans()),
        first=first,
        second=second,
        outcome=draw(st.none() | st.sampled_from(SCALE.codes)),
        modes=frozenset({draw(st.sampled_from(modes))}),
    )


ONE_MODE = st.lists(readings(MODES[:1]), max_size=40)
MANY = st.lists(readings(MODES), max_size=12)


@settings(deadline=None)
@given(MANY)
def test_readings_of_several_blinding_modes_are_never_counted_together(found):
    modes = {mode for one in found for mode in one.modes}
    if len(modes) <= 1:
        assert count(found, GROUND).blinding_mode == "".join(modes)
        return

    with pytest.raises(Conflicting) as refused:
        count(found, GROUND)
    assert all(mode in str(refused.value) for mode in modes)


@settings(deadline=None)
@given(ONE_MODE, st.sampled_from(MODES[1:]), st.randoms())
def test_one_reading_of_another_mode_among_many_is_enough_to_refuse(found, other, random):
    if not found:
        return
    place = random.randrange(len(found))
    # Even the second reading alone, of a case whose first one had the usual mode.
    mixed = replace(found[place], modes=found[place].modes | {other})

    with pytest.raises(Conflicting):
        count([*found[:place], mixed, *found[place + 1 :]], GROUND)


@settings(deadline=None)
@given(ONE_MODE, st.randoms())
def test_every_reading_is_in_one_class_of_one_cell_in_any_order(found, random):
    counts = count(found, GROUND)
    shuffled = list(found)
    random.shuffle(shuffled)

    assert count(shuffled, GROUND).to_json() == counts.to_json()
    assert sum(cell.scored for cell in counts.cells) == len(found)
    for cell in counts.cells:
        assert sum(one.read for one in cell.classes) == cell.scored
        assert sum(one.read for one in cell.classes if not one.concordant) == cell.discrepant
        assert sum(cell.authors) == cell.scored
        for one in cell.classes:
            assert 0 <= one.found <= one.verified <= one.read
            assert one.routed == (one.score in GROUND.routed)


@settings(deadline=None)
@given(ONE_MODE)
def test_a_second_reading_that_nothing_designated_verifies_no_single_reading(found):
    undesignated = [replace(one, is_double_read=False) for one in found]

    for cell in count(undesignated, GROUND).cells:
        assert all(one.verified == 0 for one in cell.classes if not one.routed)


@pytest.mark.parametrize(
    ("by_department", "is_common"),
    [
        ({"d1": (20, 0), "d2": (10, 0)}, True),
        ({"d1": (20, 2), "d2": (10, 1)}, True),
        # Rare in all, yet not in the small one.
        ({"d1": (90, 0), "d2": (10, 2)}, False),
        ({"d1": (20, 3)}, False),
        ({"d1": (9, 1)}, False),
    ],
)
def test_a_pool_is_common_while_few_cases_of_any_department_were_given_out_otherwise(
    by_department, is_common
):
    made = [
        Reading(place, "CT", "a", False, "1", None, "1", frozenset(), was_random=i >= otherwise)
        for place, (n, otherwise) in by_department.items()
        for i in range(n)
    ]

    assert count(made, GROUND).is_common_pool is is_common


@settings(deadline=None)
@given(ONE_MODE)
def test_a_second_reading_counts_where_chance_or_the_protocol_called_for_it(found):
    table = count(found, GROUND).second_reads

    called = [
        one
        for one in found
        if one.second is not None and (one.is_double_read or one.first in GROUND.routed)
    ]
    assert sum(map(sum, table)) == len(called)
    for row, code in zip(table, SCALE.codes, strict=False):
        assert sum(row) == sum(one.first == code for one in called)
