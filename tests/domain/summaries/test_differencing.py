"""Somebody who knows the sizes of the draw and all that is told tries the counts of hidden cells.

The attack is as strong as can be: for every count that a hidden cell could have, all that is told
is computed again by our own code, and the counts that give just the same text remain possible. All
three rates are clues: every discrepant case is confirmed, and every other one was read again.
"""

import itertools
import json

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.statistics.campaign import CampaignCounts, compute
from peeraudit.domain.statistics.cells import CellCounts, ClassCounts
from peeraudit.domain.statistics.comparing import coarse
from peeraudit.domain.statistics.linked_tables import PROTECTION
from peeraudit.domain.summaries.coarse_totals import step_of
from peeraudit.domain.summaries.disclosure import Audience, limits_for, tell
from peeraudit.domain.summaries.hiding import (
    WHOLE,
    hide_network,
    hide_outside,
    network_with_beneath,
    with_beneath,
)

USUAL = Thresholds()
OUTSIDE = limits_for(Audience.OUTSIDE, USUAL).tier
HAIR = 1e-9


def cell(department, modality, frame, scored, found, authors=7):
    people = [scored // authors + (i < scored % authors) for i in range(authors)]
    classes = (
        ClassCounts("1", False, True, scored - found, scored - found, 0),
        ClassCounts("2b", True, False, found, found, found),
    )
    return CellCounts(
        department, modality, frame, scored, found, found,
        classes=tuple(one for one in classes if one.read),
        authors=tuple(sorted((n for n in people if n), reverse=True)),
    )  # fmt: skip


def campaign(cells, edition=2):
    authors = {
        place: tuple(
            map(
                sum,
                itertools.zip_longest(
                    *(c.authors for c in cells if c.department == place), fillvalue=0
                ),
            )
        )
        for place in sorted({one.department for one in cells})
    }
    return CampaignCounts(
        "2026-01", "p" * 64, "f" * 64, ("CR3", 1), "author", tuple(cells), authors, (),
        edition=edition,
    )  # fmt: skip


def telling(cells, edition=2):
    counts = campaign(cells, edition)
    return tell(counts, compute(counts), USUAL)


def outside(cells, edition):
    """Return all that is told beyond the departments, as one text."""
    told = telling(cells, edition)
    parts = [one.to_dict() for one in (told.network, told.comparison, *told.outside.values())]
    return json.dumps([parts, told.reference], sort_keys=True)


def near(cells, places):
    """Return counts that are one more or less than those of some cells."""
    return [range(max(0, cells[i].discrepant - 1), cells[i].discrepant + 2) for i in places]


def consistent(cells, view, places, edition, ranges):
    """Return, for each hidden cell, which of the counts that are tried give just what is told."""
    known = view(cells, edition)
    possible = {place: set() for place in places}
    for tried in itertools.product(*ranges):
        made = list(cells)
        for place, x in zip(places, tried, strict=True):
            c = cells[place]
            made[place] = cell(c.department, c.modality, c.frame, c.scored, x, len(c.authors))
        if view(made, edition) == known:
            for place, x in zip(places, tried, strict=True):
                possible[place].add(x)
    return [possible[place] for place in places]


NETWORK = [
    cell("d0", "CT", 2400, 80, 9), cell("d1", "CT", 1500, 60, 7), cell("d2", "CT", 1900, 70, 8),
    cell("d3", "MR", 310, 14, 2), cell("d4", "MR", 130, 11, 0),
]  # fmt: skip
RECTANGLE = [
    cell("d0", "CT", 2400, 80, 9), cell("d0", "MR", 310, 14, 2),
    cell("d1", "CT", 1500, 60, 7), cell("d1", "MR", 130, 11, 1),
    cell("d2", "CT", 1900, 70, 8), cell("d2", "MR", 800, 44, 7),
]  # fmt: skip
DEPARTMENT = [
    cell("d0", "CT", 300, 34, 5), cell("d0", "MR", 60, 6, 1), cell("d0", "US", 40, 7, 0),
    cell("d1", "CT", 1500, 60, 7), cell("d2", "CT", 1900, 70, 8),
]  # fmt: skip


class TestByTrying:
    def test_ten_digits_gave_four_hidden_cells_away(self):
        places = [0, 1, 2, 3]

        found = consistent(RECTANGLE, outside, places, 1, near(RECTANGLE, places))

        assert found == [{9}, {2}, {7}, {1}]

    def test_now_one_more_or_less_goes_unseen_in_each_of_them(self):
        places = [0, 1, 2, 3]

        found = consistent(RECTANGLE, outside, places, 2, near(RECTANGLE, places))

        assert all(len(one) >= 2 for one in found)

    def test_two_hidden_departments_may_hold_as_many_as_protects_them(self):
        found = consistent(NETWORK, outside, [3, 4], 2, [range(6)] * 2)

        assert all(max(one) - min(one) >= PROTECTION for one in found)


def hidden_parts(cells, measure="first_read"):
    """Return what outsiders read of each department and of the network, and what is hidden."""
    counts = campaign(cells)
    plain = hide_outside(counts, OUTSIDE)
    network = network_with_beneath(hide_network(counts, OUTSIDE), counts, plain)
    places = {p: with_beneath(one, counts, p) for p, one in plain.items()}
    secret = [c for c in cells if c.scored and c.modality in places[c.department].rows[measure]]
    return places, network, secret


def clues(cells, measure="first_read"):
    """Return the hidden cells, and of each total told beside them which it holds, and its step."""
    places, network, secret = hidden_parts(cells, measure)
    found = [
        (under[WHOLE], [c for c in secret if c.department == place])
        for place, one in places.items()
        if (under := one.beneath.get(measure)) and not one.total[measure]
    ]
    for code, beneath in network.beneath.get(measure, {}).items():
        why = network.rows[measure].get(code) if code else network.total[measure]
        if not why:
            found.append((beneath, [c for c in secret if code in (WHOLE, c.modality)]))
    return secret, found


def widths(cells):
    """Return (cell, least, greatest count that all totals together allow) of each hidden cell."""
    secret, found = clues(cells)
    matrix, low, high = [], [], []
    for beneath, members in found:
        frame = sum(s.frame_size for s in beneath.strata)
        known = sum(s.frame_size / frame * s.x / s.n for s in beneath.shown)
        step = step_of(beneath)
        matrix.append([c.frame / frame / c.scored if c in members else 0.0 for c in secret])
        low.append(step.low - known - HAIR)
        high.append(step.high - known - HAIR if step.high > step.low else HAIR)
    ends = []
    bounds = Bounds(0, [c.scored for c in secret])
    totals = [LinearConstraint(np.array(matrix), low, high)] if matrix else []
    for place, one in enumerate(secret):
        aim = np.eye(len(secret))[place]
        least, greatest = (
            round(sign * milp(sign * aim, constraints=totals, bounds=bounds,
                              integrality=np.ones(len(secret))).fun)
            for sign in (1, -1)
        )  # fmt: skip
        # Where nothing was found under a total, that is told: it is favourable.
        nothing = any(one in members and not step_of(b).high for b, members in found)
        ends.append((one, least, greatest, nothing))
    return ends


def random_network(seed):
    chance = np.random.Generator(np.random.PCG64(seed))
    made = []
    for place in range(chance.integers(3, 6)):
        for code in ("CT", "MR", "US")[: chance.integers(2, 4)]:
            n = int(chance.choice([6, 9, 14, 22, 30, 40, 60, 90]))
            frame = int(n * chance.choice([1.2, 3, 8, 20]))
            x = int(chance.binomial(n, chance.choice([0, 0.05, 0.1, 0.2])))
            made.append(cell(f"d{place}", code, frame, n, x))
    return made


def test_all_totals_together_leave_every_hidden_cell_open():
    ends = [end for seed in range(8) for end in widths(random_network(seed))]
    open_ = [(c, low, high) for c, low, high, nothing in ends if not nothing]

    assert len(open_) > 40
    for one, low, high in open_:
        assert low <= one.discrepant <= high
        assert high - low >= 2
    wide = sum(high - low >= min(PROTECTION, one.scored) for one, low, high in open_)
    assert wide / len(open_) > 0.8


class TestWhatIsTold:
    def test_a_row_of_the_network_over_hidden_cells_is_coarse_and_has_no_counts(self):
        row = telling(RECTANGLE).network.modalities["CT"]["first_read"]

        assert row.value == round(row.value, 2)
        assert (row.se, row.n_eff, row.inputs_sha256, dict(row.details)) == (None, None, "", {})
        assert (row.n, row.N) == (210, 5800)

    def test_so_is_the_total_with_its_bounds(self):
        told = telling(NETWORK).network

        assert told.is_coarse
        assert told.response.ci == (told.total["first_read"].value,) * 2
        for one in told.total.values():
            assert all(end == round(end, 2) for end in (one.value, *one.ci))
            assert one.ci[0] <= one.value <= one.ci[1]

    def test_the_interval_holds_the_one_that_was_computed(self):
        counts = campaign(NETWORK)
        numbers = compute(counts).network.total
        told = telling(NETWORK).network.total

        for name in ("first_read", "confirmed"):
            low, high = told[name].ci
            assert low <= numbers[name].ci[0]
            assert numbers[name].ci[1] <= high
            assert abs(told[name].value - numbers[name].value) < 0.02

    def test_a_department_reads_the_rate_that_was_computed_of_itself(self):
        computed = compute(campaign(DEPARTMENT)).departments["d0"].total
        told = telling(DEPARTMENT).inside["d0"]

        assert told.is_coarse
        for name in ("first_read", "confirmed", "estimated"):
            assert told.total[name].value == coarse(computed[name].value)
            assert told.total[name].ci == tuple(round(end, 2) for end in computed[name].ci)

    def test_where_no_cell_is_hidden_all_digits_are_told(self):
        told = telling(NETWORK[:3]).network

        assert not told.is_coarse
        assert told.total["first_read"].n_eff is not None
        assert told.modalities["CT"]["first_read"].details == {"x": 24}

    def test_that_nothing_was_found_anywhere_is_told(self):
        none = [cell(c.department, c.modality, c.frame, c.scored, 0) for c in NETWORK]
        rate = telling(none).network.total["first_read"]

        assert rate.value == rate.ci[0] == 0
        assert rate.ci[1] > 0

    @pytest.mark.parametrize("x", range(3))
    def test_a_reason_does_not_say_how_many_of_two_reports(self, x):
        few = [*NETWORK, cell("d0", "US", 40, 2, x)]
        told = telling(few)

        for part in (told.inside["d0"], told.outside["d0"]):
            reasons = part.modalities["US"]["first_read"].reasons
            assert reasons == ("N_LT_MIN", "AUTHORS_LT_MIN")
        first = telling(few, 1).inside["d0"].modalities["US"]["first_read"].reasons
        assert ("GROUP_DISCLOSURE" in first) is (x == 2)
