import csv
import json
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.summaries.disclosure import Audience
from peeraudit.domain.told_files import (
    ToldFacts,
    is_told,
    recompute_told,
    write_numbers,
    write_told,
)
from tests.domain.summaries.test_disclosure import BIG, cell, telling_of

SMALL = cell("a", "US", 90, 8, 2)
HEADING = "department,modality,measure,frame,read,found,withheld\n"


def files_of(*cells, audience=Audience.OUTSIDE):
    telling = telling_of(*cells)
    parts = telling.outside if audience is Audience.OUTSIDE else telling.inside
    told = {place.upper(): part for place, part in parts.items()}
    facts = ToldFacts("2026-01", 3, "d" * 64, "p" * 64, "f" * 64, audience)
    return told, write_numbers(told), write_told(told, facts)


def rows_of(text):
    return list(csv.DictReader(StringIO(text)))


def result_of(*cells, audience=Audience.OUTSIDE):
    _, numbers, told = files_of(*cells, audience=audience)
    return json.loads(recompute_told(numbers, told).result)


cells = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["CT", "MR", "US", "CR"]),
        st.integers(0, 120),
        st.integers(0, 60),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda one: one[:2],
).map(
    lambda found: [cell(d, m, rest + n, n, min(x, n)) for d, m, rest, n, x in found]
)  # fmt: skip


class TestRecomputeTold:
    def test_every_rate_that_is_told_comes_out_as_told(self):
        result = result_of(*BIG)

        assert len(result["computed"]) > 4
        assert all(row["as_told"] for row in result["computed"])
        assert any(row["modality"] == "" for row in result["computed"])
        assert result["withheld"] == []

    @given(cells, st.sampled_from(Audience))
    @settings(max_examples=60, deadline=None)
    def test_whatever_is_hidden_the_rest_comes_out_as_told(self, found, audience):
        _, numbers, told = files_of(*found, audience=audience)

        again = recompute_told(numbers, told)

        assert again.other == 0
        assert is_told(told)

    @given(cells, st.sampled_from(Audience))
    @settings(max_examples=60, deadline=None)
    def test_counts_leave_only_for_what_is_told(self, found, audience):
        told, numbers, _ = files_of(*found, audience=audience)

        for row in rows_of(numbers):
            rate = told[row["department"]].modalities[row["modality"]][row["measure"]]
            is_hidden = rate.status is Status.SUPPRESSED
            assert is_hidden == bool(row["withheld"])
            assert is_hidden == (row["frame"] == row["read"] == row["found"] == "")
            # What few people read outside the department never has a count there.
            if audience is Audience.OUTSIDE and row["read"] not in {"", "0"}:
                assert int(row["read"]) >= 30
                assert int(row["found"]) == 0 or int(row["found"]) >= 5

    def test_a_total_is_not_computed_where_a_part_of_it_is_hidden(self):
        result = result_of(*BIG, SMALL)

        computed = {(row["department"], row["modality"]) for row in result["computed"]}
        withheld = {(row["department"], row["modality"]) for row in result["withheld"]}
        assert ("A", "US") in withheld
        assert ("A", "") not in computed

    def test_changed_counts_are_seen(self):
        _, numbers, told = files_of(*BIG)
        first = rows_of(numbers)[0]
        line = ",".join(first[name] for name in ("frame", "read", "found"))
        changed = f"{first['frame']},{first['read']},{int(first['found']) + 1}"

        again = recompute_told(numbers.replace(line, changed, 1), told)

        assert again.other >= 1

    def test_the_same_files_give_the_same_text(self):
        _, numbers, told = files_of(*BIG)

        assert recompute_told(numbers, told).result == recompute_told(numbers, told).result


class TestBadInput:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("A,CT,first_read,x,60,6,", "“frame” must be a number"),
            ("A,CT,first_read,300,60,-1,", "“found” must be a number"),
            ("A,CT,first_read,300,60,61,", "cannot be together"),
            ("Z,CT,first_read,300,60,6,", "nothing is told"),
            ("A,XX,first_read,300,60,6,", "nothing is told"),
            ("A,CT,third,300,60,6,", "nothing is told"),
        ],
    )
    def test_a_line_that_breaks_a_rule_is_named(self, line, words):
        _, _, told = files_of(*BIG)

        with pytest.raises(InvalidInput, match="Line 2") as error:
            recompute_told(f"{HEADING}{line}\n", told)

        assert words in str(error.value)

    def test_a_line_twice_is_refused(self):
        _, numbers, told = files_of(*BIG)
        again = numbers + numbers.splitlines()[1] + "\n"

        with pytest.raises(InvalidInput, match="stands there twice"):
            recompute_told(again, told)

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"departments": 3}'])
    def test_another_file_is_refused(self, text):
        _, numbers, _ = files_of(*BIG)

        assert not is_told(text)
        with pytest.raises(InvalidInput, match="not of the format"):
            recompute_told(numbers, text)
