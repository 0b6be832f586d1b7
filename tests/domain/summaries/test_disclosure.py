import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.statistics.campaign import CampaignCounts, compute
from peeraudit.domain.statistics.cells import CellCounts, ClassCounts
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.summaries.disclosure import (
    Audience,
    Limits,
    Telling,
    limits_for,
    tell,
)
from peeraudit.domain.summaries.in_words import response_told

USUAL = Thresholds()


def cell(department, modality, frame, scored, found, authors=6):
    sizes = [scored // authors + (n < scored % authors) for n in range(authors)]
    return CellCounts(
        department=department,
        modality=modality,
        frame=frame,
        scored=scored,
        discrepant=found,
        confirmed=found,
        classes=(
            ClassCounts("1", False, True, scored - found, min(scored - found, 10), 0),
            ClassCounts("2b", True, False, found, found, found),
        ),
        authors=tuple(sorted((s for s in sizes if s), reverse=True)),
    )


def counts_of(*cells):
    totals = {}
    for one in cells:
        totals.setdefault(one.department, []).append(one.scored)
    return CampaignCounts(
        campaign="2026-01",
        protocol_sha256="p" * 64,
        frame_sha256="f" * 64,
        instrument=("CR3", 1),
        blinding_mode="author",
        cells=cells,
        authors={
            place: tuple(sorted((sum(found) // 6 for _ in range(6)), reverse=True))
            for place, found in totals.items()
        },
        patterns=(((2, 0, 0, 0, 0), 60), ((0, 0, 2, 0, 0), 8)),
    )


def telling_of(*cells):
    counts = counts_of(*cells)
    return tell(counts, compute(counts), USUAL)


BIG = [cell(place, code, 300, 60, 8) for place in "abc" for code in ("CT", "MR")]


class TestLimits:
    def test_each_audience_has_the_limits_of_the_protocol(self):
        assert limits_for(Audience.INSIDE, USUAL) == Limits(10, 3, 0)
        assert limits_for(Audience.OUTSIDE, USUAL) == Limits(30, 5, 5)

    def test_a_protocol_may_ask_for_more(self):
        strict = replace(USUAL, outside_reviews=50, outside_authors=8)

        assert limits_for(Audience.OUTSIDE, strict) == Limits(50, 8, 5)


class TestTell:
    def test_where_all_is_large_enough_all_is_told(self):
        told = telling_of(*BIG)

        for place in "abc":
            rates = told.outside[place].modalities
            assert all(r["first_read"].value is not None for r in rates.values())
            assert not told.outside[place].is_coarse

    def test_a_hidden_number_keeps_its_reason_and_nothing_else(self):
        told = telling_of(*BIG, cell("a", "US", 90, 8, 2))

        hidden = told.inside["a"].modalities["US"]["first_read"]

        assert hidden.status is Status.SUPPRESSED
        assert "N_LT_MIN" in hidden.reasons
        assert (hidden.value, hidden.ci, hidden.se, hidden.n, hidden.N) == (None,) * 3 + (0, None)
        assert hidden.inputs_sha256 == ""
        assert dict(hidden.details) == {}

    def test_a_single_hidden_modality_takes_a_second_one_along(self):
        told = telling_of(*BIG, cell("a", "US", 90, 8, 2))

        row = told.inside["a"].modalities
        hidden = [code for code, r in row.items() if r["first_read"].value is None]

        assert len(hidden) == 2
        assert "US" in hidden

    def test_beside_a_hidden_modality_totals_are_whole_per_cents(self):
        told = telling_of(*BIG, cell("a", "US", 90, 8, 2)).inside["a"]

        total = told.total["first_read"]

        assert told.is_coarse
        assert total.value == round(total.value, 2)
        assert (total.se, total.n_eff, dict(total.details)) == (None, None, {})

    def test_a_small_total_that_is_not_zero_is_never_told_as_zero(self):
        cells = [cell("a", "CT", 9000, 400, 1), cell("a", "US", 90, 8, 0), *BIG[2:]]

        total = telling_of(*cells).inside["a"].total["first_read"]

        assert total.value == pytest.approx(0.01)

    def test_few_authors_hide_a_number_however_many_reports(self):
        lonely = cell("a", "CT", 300, 60, 8, authors=2)

        told = telling_of(lonely, *BIG[1:])

        assert "AUTHORS_LT_MIN" in told.inside["a"].modalities["CT"]["first_read"].reasons

    def test_the_estimated_rate_is_hidden_with_the_confirmed_one(self):
        told = telling_of(cell("a", "CT", 300, 60, 2), *BIG[2:])

        total = told.outside["a"].total

        assert total["confirmed"].value is None
        assert total["estimated"].value is None

    def test_one_department_that_is_hidden_outside_takes_another_along(self):
        told = telling_of(cell("a", "CT", 60, 20, 3), *BIG[2:])

        hidden = [p for p in "abc" if told.outside[p].total["first_read"].value is None]

        assert len(hidden) == 2

    def test_a_total_that_is_hidden_for_another_ones_sake_is_not_told_by_its_modalities(self):
        told = telling_of(cell("a", "CT", 90, 8, 2), cell("b", "MR", 300, 60, 8)).outside

        assert "COMPLEMENTARY" in told["b"].total["first_read"].reasons
        assert told["b"].modalities["MR"]["first_read"].status is Status.SUPPRESSED

    def test_what_is_kept_reads_back_as_it_was(self):
        told = telling_of(*BIG, cell("a", "US", 90, 8, 2))
        text = json.dumps(told.to_dict())

        assert json.dumps(Telling.from_dict(json.loads(text)).to_dict()) == text


class TestReference:
    def test_a_department_compares_itself_with_the_network_in_whole_per_cents(self):
        told = telling_of(*BIG)

        assert told.reference == dict.fromkeys("abc", 0.13)

    def test_two_departments_cannot_read_one_another_out_of_the_network(self):
        assert telling_of(*BIG[:4]).reference == {}

    def test_a_rest_that_is_too_small_by_itself_is_not_told(self):
        small = [cell("b", "CT", 60, 12, 2), cell("c", "CT", 60, 12, 2)]

        assert "a" not in telling_of(*BIG[:2], *small).reference


counted = st.tuples(st.integers(0, 60), st.integers(0, 100), st.integers(1, 7))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(counted, min_size=1, max_size=3), min_size=1, max_size=4))
def test_nothing_below_the_minimum_counts_is_ever_told(network):
    cells = [
        cell("abcd"[i], ("CT", "MR", "US")[j], scored + 40, scored, scored * share // 100, authors)
        for i, row in enumerate(network)
        for j, (scored, share, authors) in enumerate(row)
    ]
    told = telling_of(*cells)

    for audience, parts in ((Audience.INSIDE, told.inside), (Audience.OUTSIDE, told.outside)):
        limits = limits_for(audience, USUAL)
        for one in cells:
            for rate in parts[one.department].modalities[one.modality].values():
                if rate.value is None and rate.ci is None:
                    continue
                assert one.scored >= limits.reviews
                assert len(one.authors) >= limits.authors
                assert one.discrepant == 0 or one.discrepant >= limits.events
    _assert_no_complement(cells, told)


def _assert_no_complement(cells, told):
    """Nobody can take what is told off a total and find the one number that is hidden."""
    for parts in (told.inside, told.outside):
        for place, part in parts.items():
            row = [c for c in cells if c.department == place and c.scored]
            if part.total["first_read"].value is not None:
                assert len(_hidden(row, parts)) != 1 or len(row) == 1
    for place, part in told.outside.items():
        row = [c for c in cells if c.department == place and c.scored]
        # A hidden total is the sum of its modalities: not all of them may be told.
        if row and part.total["first_read"].value is None:
            assert _hidden(row, told.outside)
    for code, rates in told.network.modalities.items():
        column = [c for c in cells if c.modality == code and c.scored]
        if rates["first_read"].value is not None:
            assert len(_hidden(column, told.outside)) != 1 or len(column) == 1


def _hidden(cells, parts):
    return [c for c in cells if parts[c.department].modalities[c.modality]["first_read"].n == 0]


MANY = [cell(place, code, 300, 60, 8) for place in "abcde" for code in ("CT", "MR")]


class TestComparison:
    def test_departments_whose_rate_may_be_told_are_compared(self):
        found = telling_of(*MANY).comparison

        assert sorted(found.standings) == list("abcde")
        assert found.target == pytest.approx(8 / 60, abs=0.005)

    def test_one_that_others_may_not_read_is_left_out(self):
        small = cell("f", "CT", 100, 12, 2, authors=2)
        told = telling_of(*MANY, small)

        assert told.outside["f"].total["first_read"].value is None
        assert "f" not in told.comparison.standings
        # It reads its own point, which its own limits allow.
        assert told.standing["f"].n == 12

    def test_beside_a_hidden_cell_neither_point_nor_target_is_finer_than_the_total(self):
        thin = [cell("f", "CT", 300, 60, 8), cell("f", "MR", 40, 9, 1)]
        told = telling_of(*MANY, *thin)

        assert told.outside["f"].is_coarse
        point = told.comparison.standings["f"]
        assert point.rate == told.outside["f"].total["first_read"].value
        assert point.n == 69
        assert told.comparison.target == round(told.comparison.target, 2)

    def test_readings_that_chance_did_not_give_out_compare_nothing(self):
        counts = replace(counts_of(*MANY), is_common_pool=False)
        found = tell(counts, compute(counts), USUAL).comparison

        assert found.reasons == ("REVIEWER_POOL_NOT_COMMON",)


class TestResponse:
    """What was drawn and not read bounds the rate; with too little of it only bounds are told."""

    def test_where_all_that_was_drawn_was_read_nothing_is_said(self):
        told = telling_of(*BIG).inside["a"]

        assert told.response.warnings == ()
        assert response_told(told.response, is_coarse=told.is_coarse) is None

    def test_below_ninety_five_in_a_hundred_the_bounds_stand_beside_the_rate(self):
        cells = [replace(one, drawn=round(one.scored / 0.9)) for one in BIG]
        told = telling_of(*cells).inside["a"]

        rate, (low, high) = told.total["first_read"], told.response.ci
        assert low < rate.value < high
        assert told.response.warnings == ("RESPONSE_LT_95",)
        assert response_told(told.response, is_coarse=False).params["share"]["percent"] == round(
            60 / 67, 3
        )

    def test_below_eighty_in_a_hundred_only_bounds_are_told_and_nothing_is_compared(self):
        cells = [replace(one, drawn=2 * one.scored) for one in BIG]
        telling = telling_of(*cells)
        told = telling.outside["a"]

        assert all(one.value is None for one in told.total.values())
        assert all(one.value is None for row in told.modalities.values() for one in row.values())
        assert told.total["first_read"].reasons == ("RESPONSE_LT_80",)
        assert told.response.ci is not None
        assert telling.comparison.reasons == ("RESPONSE_LT_80",)
        assert telling.reference == {}

    def test_a_hidden_total_hides_its_bounds(self):
        small = cell("a", "CT", 200, 8, 1)
        told = telling_of(replace(small, drawn=16), *BIG[2:]).outside["a"]

        assert (told.response.value, told.response.ci, told.response.details) == (None, None, {})
