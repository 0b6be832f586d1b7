from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.intake.vocabulary import MODALITIES, REGIONS
from peeraudit.domain.network import (
    MODALITY_LABELS,
    REGION_LABELS,
    DepartmentCard,
    ReviewerCard,
    check_department,
    check_reviewer,
    tidy_specialities,
)

SOUND = DepartmentCard("CHU-NORD", "Centre hospitalier")
PAIRS = st.tuples(st.sampled_from([*MODALITIES, "*"]), st.sampled_from([*REGIONS, "*"]))


def reads(pairs, case):
    return any(m in {case[0], "*"} and r in {case[1], "*"} for m, r in pairs)


class TestCheckDepartment:
    @pytest.mark.parametrize(
        "change",
        [
            {},
            {"code": "A"},
            {"finess": "750100018"},
            {"finess": "2A0000154"},
            {"language": "en"},
            {"viewer_url": "https://viewer.example/?study={accession}"},
        ],
    )
    def test_a_sound_one_passes(self, change):
        check_department(replace(SOUND, **change))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("code", ""),
            ("code", "A B"),
            ("code", "É1"),
            ("code", "CHU:NORD"),
            ("code", "x" * 21),
            ("name", ""),
            ("name", "x" * 121),
            ("city", "x" * 81),
            ("finess", "12345678"),
            ("finess", "7501000189"),
            ("language", "de"),
            ("viewer_url", "javascript:alert('{accession}')"),
            ("viewer_url", "https://viewer.example/"),
        ],
    )
    def test_what_cannot_be_used_is_told_at_its_field(self, field, value):
        with pytest.raises(InvalidFields) as refused:
            check_department(replace(SOUND, **{field: value}))

        assert set(refused.value.fields) == {field}


class TestCheckReviewer:
    @pytest.mark.parametrize("capacity", [0, 60, 2000])
    def test_a_sound_one_passes(self, capacity):
        check_reviewer(ReviewerCard(capacity, specialities=(("CT", "*"), ("*", "chest"))))

    @pytest.mark.parametrize(
        ("field", "card"),
        [
            ("capacity", ReviewerCard(-1)),
            ("capacity", ReviewerCard(2001)),
            ("specialities", ReviewerCard(specialities=(("XX", "*"),))),
            ("specialities", ReviewerCard(specialities=(("CT", "toe"),))),
        ],
    )
    def test_what_cannot_be_used_is_told_at_its_field(self, field, card):
        with pytest.raises(InvalidFields) as refused:
            check_reviewer(card)

        assert set(refused.value.fields) == {field}


class TestTidySpecialities:
    @given(st.lists(PAIRS, max_size=8), PAIRS)
    def test_the_same_cases_can_be_read_as_before(self, pairs, case):
        assert reads(tidy_specialities(tuple(pairs)), case) == reads(pairs, case)

    @given(st.lists(PAIRS, max_size=8))
    def test_it_is_sorted_and_says_nothing_twice(self, pairs):
        tidy = tidy_specialities(tuple(pairs))

        assert list(tidy) == sorted(set(tidy))
        assert tidy_specialities(tidy) == tidy

    def test_what_a_wider_one_covers_is_left_out(self):
        assert tidy_specialities((("CT", "chest"), ("CT", "*"), ("MR", "spine"))) == (
            ("CT", "*"),
            ("MR", "spine"),
        )


def test_everything_that_can_be_declared_has_its_words():
    assert set(MODALITY_LABELS) == {*MODALITIES, "*"}
    assert set(REGION_LABELS) == {*REGIONS, "*"}
