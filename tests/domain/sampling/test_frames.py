from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.protocol import DoubleReading
from peeraudit.domain.sampling.draws import FIELD
from peeraudit.domain.sampling.frame_checks import Level
from peeraudit.domain.sampling.frames import (
    EXCLUSION_LABELS,
    Candidate,
    Listing,
    count_days,
    count_double_reads,
    designate,
    designate_more,
    exclusion_of,
    find_problems,
    item_key,
    spare_reports,
    stratum_of,
    typed_seed,
)
from peeraudit.domain.strata import DEFAULT_FIELDS, StratumField

SOUND = Candidate("CHU", "A-1", "CT", "final", has_text=True, performed_on=date(2026, 10, 5))
KEY = bytes(range(32))
MONDAY = date(2026, 10, 5)
DAYS = {MONDAY + timedelta(days=n): 10 for n in range(28)}


class TestExclusionOf:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({}, ""),
            ({"status": "corrected"}, ""),
            ({"status": "addendum"}, ""),
            ({"status": "preliminary"}, "not_final"),
            ({"status": "cancelled"}, "cancelled"),
            ({"has_text": False}, "no_text"),
            ({"modality": "US"}, "other_modality"),
            ({"status": "cancelled", "modality": "US"}, "cancelled"),
        ],
    )
    def test_the_first_reason_is_given(self, change, reason):
        assert exclusion_of(replace(SOUND, **change), ("CT", "MR")) == reason
        assert reason == "" or reason in EXCLUSION_LABELS


class TestSpareReports:
    @given(st.lists(st.sampled_from(["", "p", "q", "r"]), max_size=12))
    def test_each_known_patient_keeps_the_report_of_the_smallest_key(self, patients):
        reports = [
            (replace(SOUND, accession=f"A-{number}"), patient)
            for number, patient in enumerate(patients)
        ]

        spare = spare_reports(KEY, reports)

        left = [reports[at] for at in range(len(reports)) if at not in spare]
        assert sum(1 for _, patient in left if not patient) == patients.count("")
        for patient in set(patients) - {""}:
            [kept] = [one for one, whose in left if whose == patient]
            keys = [item_key(KEY, one) for one, whose in reports if whose == patient]
            assert item_key(KEY, kept) == min(keys)


class TestItemKey:
    def test_it_is_what_the_holder_of_the_key_computes_again(self):
        # printf 'CHU\nA-1\n' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
        assert item_key(KEY, SOUND) == (
            "788e283a1b00c37807258f6523a36ada8254ee210c811d0b166f25e657172c6d"
        )

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_it_fits_the_published_list_and_hides_the_number(self, department, accession):
        key = item_key(KEY, replace(SOUND, department=department, accession=accession))

        assert FIELD.fullmatch(key)
        assert len(key) == 64

    def test_another_frame_or_department_gives_another_key(self):
        keys = {
            item_key(KEY, SOUND),
            item_key(KEY[::-1], SOUND),
            item_key(KEY, replace(SOUND, department="CHV")),
        }

        assert len(keys) == 3


class TestDesignate:
    KEYS = tuple(f"key-{number:03d}" for number in range(100))
    SEED = "41623551264311625432"

    def test_a_share_of_nothing_designates_nobody(self):
        assert designate(self.KEYS, self.SEED, DoubleReading(0.0, 60)) == frozenset()
        assert count_double_reads(100, DoubleReading(0.0, 60)) == 0

    @given(st.permutations(KEYS))
    def test_the_order_of_the_cases_changes_nothing(self, keys):
        reading = DoubleReading(0.2, 0)

        assert designate(keys, self.SEED, reading) == designate(self.KEYS, self.SEED, reading)

    def test_it_designates_as_many_as_it_counts_and_a_larger_share_keeps_them(self):
        small = designate(self.KEYS, self.SEED, DoubleReading(0.1, 0))
        large = designate(self.KEYS, self.SEED, DoubleReading(0.3, 0))

        assert len(small) == count_double_reads(100, DoubleReading(0.1, 0)) == 10
        assert small < large

    def test_another_seed_designates_others(self):
        reading = DoubleReading(0.1, 0)

        assert designate(self.KEYS, self.SEED, reading) != designate(
            self.KEYS, self.SEED[::-1], reading
        )


class TestTypedSeed:
    def test_separators_are_left_out(self):
        assert typed_seed("4 1-6,2;3|5.5\t1 2 6 4 3 1 1 6 2 5 4 3 2") == "41623551264311625432"

    @pytest.mark.parametrize(
        "typed", ["", "1" * 19, "1" * 257, "a" * 20, "1" * 19 + "x", "१" * 20, "1" * 10 + "—" * 10]
    )
    def test_anything_but_twenty_digits_is_refused(self, typed):
        with pytest.raises(InvalidInput, match="20 digits"):
            typed_seed(typed)


class TestFindProblems:
    def problems(self, frame, departments=("CHU",), *, minimum=1, days=None, fields=DEFAULT_FIELDS):
        places = Counter(tuple(stratum.split(":")[:2]) for stratum, _ in frame)
        listing = Listing(frame, places, DAYS if days is None else days, fields)
        return find_problems(listing, departments, modalities=("CT", "MR"), minimum=minimum)

    def frame(self, *strata, each=10):
        return [(s, f"{s.replace(':', '-')}-{n}") for s in strata for n in range(each)]

    def test_a_whole_frame_has_none(self):
        assert self.problems(self.frame("CHU:CT", "CHU:MR")) == []

    def test_a_department_that_sent_nothing_blocks(self):
        found = self.problems(self.frame("CHU:CT", "CHU:MR"), ("CHU", "CHV"))

        assert [(f.level, f.params["department"]) for f in found] == [(Level.RED, "CHV")]

    def test_a_modality_that_is_not_done_is_told_and_blocks_nothing(self):
        [found] = self.problems(self.frame("CHU:CT"))

        assert found.level is Level.AMBER
        assert found.params == {"department": "CHU", "modality": "MR"}

    def test_a_report_listed_twice_blocks(self):
        frame = [*self.frame("CHU:CT", "CHU:MR"), ("CHU:MR", "CHU-MR-0")]

        assert Level.RED in {f.level for f in self.problems(frame)}

    def test_red_ones_come_first(self):
        found = self.problems(self.frame("CHU:CT"), ("CHU", "CHV"))

        assert [f.level for f in found] == [Level.RED, Level.AMBER]

    def test_a_day_without_any_report_is_told(self):
        days = {**DAYS, MONDAY + timedelta(days=8): 0}

        [found] = self.problems(self.frame("CHU:CT", "CHU:MR"), days=days)

        assert found.params["first"] == MONDAY + timedelta(days=8)

    def test_weekends_are_nothing_to_tell_where_nobody_works_on_them(self):
        days = {day: 0 if day.weekday() >= 5 else count for day, count in DAYS.items()}

        assert self.problems(self.frame("CHU:CT", "CHU:MR"), days=days) == []

    def test_a_free_sunday_is_nothing_to_tell_where_few_work_on_sundays(self):
        few = {day: 1 if day.weekday() >= 5 else count for day, count in DAYS.items()}
        sunday = MONDAY + timedelta(days=6)

        assert self.problems(self.frame("CHU:CT", "CHU:MR"), days={**few, sunday: 0}) == []

    def test_a_quiet_department_is_not_asked_for_a_report_a_day(self):
        days = {day: int(day.weekday() == 0) for day in DAYS}

        assert self.problems(self.frame("CHU:CT", "CHU:MR"), days=days) == []


def test_days_without_a_report_are_counted_as_none():
    days = count_days([SOUND, SOUND], MONDAY, MONDAY + timedelta(days=2))

    assert list(days.values()) == [2, 0, 0]


def test_a_report_outside_the_period_is_not_counted():
    assert sum(count_days([SOUND], MONDAY + timedelta(days=1), MONDAY).values()) == 0


def test_a_stratum_is_named_by_department_and_modality():
    assert stratum_of(replace(SOUND, department="CHU-NORD"), DEFAULT_FIELDS) == "CHU-NORD:CT"


class TestDesignateMore:
    @given(st.integers(0, 40), st.integers(0, 30), st.floats(0, 1), st.integers(0, 20))
    def test_it_fills_up_what_the_rule_asks_for_from_the_new_ones(self, old, new, share, minimum):
        reading, seed = DoubleReading(share, minimum), "a" * 16
        before = designate([f"o{n}" for n in range(old)], seed, reading)
        keys = [f"n{n}" for n in range(new)]

        more = designate_more(keys, seed, reading, cases=old, designated=len(before))

        assert more <= set(keys)
        assert len(before) + len(more) == max(len(before), count_double_reads(old + new, reading))


facts = st.builds(
    Candidate,
    department=st.sampled_from(["CHU", "CHV"]),
    accession=st.just("A-1"),
    modality=st.sampled_from(["CT", "MR"]),
    status=st.just("final"),
    has_text=st.just(True),
    performed_on=st.dates(date(2026, 1, 1), date(2026, 2, 1)),
    region=st.sampled_from(["", "chest", "-"]),
    urgency=st.sampled_from(["", "urgent"]),
    author=st.sampled_from(["", "0123456789ab"]),
)


@given(facts, facts, st.sets(st.sampled_from(StratumField)).map(tuple))
def test_two_reports_share_a_stratum_where_they_share_what_divides(one, other, fields):
    def divided(candidate):
        values = {
            StratumField.MODALITY: candidate.modality,
            StratumField.REGION: candidate.region,
            StratumField.URGENCY: candidate.urgency,
            StratumField.AUTHOR: candidate.author,
            StratumField.WEEK: candidate.performed_on.isocalendar()[:2],
        }
        return candidate.department, [values[field] for field in fields]

    same = stratum_of(one, fields) == stratum_of(other, fields)

    assert same == (divided(one) == divided(other))
