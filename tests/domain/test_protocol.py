import hashlib
from dataclasses import replace
from datetime import date

import pytest

from peeraudit.domain.protocol import (
    Allocation,
    AssignmentRules,
    BlindingMode,
    DateBlinding,
    Delays,
    DoubleReading,
    Protocol,
    Retention,
    Sampling,
    Scope,
    double_reads,
)
from peeraudit.domain.strata import StratumField

MODALITY, WEEK = StratumField.MODALITY, StratumField.WEEK
GOLDEN = "eaf6ff396bb18de1d5f17696701e8be7556b2c7ed26d0172b6685334a574eea1"
SCOPE = Scope(("CT", "MR"), date(2026, 1, 1), date(2026, 3, 31))
SOUND = Protocol("Scanners du trimestre", SCOPE)


class TestCanonicalJson:
    def test_it_is_one_line_with_sorted_keys(self):
        text = SOUND.to_canonical_json()

        assert text.startswith('{"assignment":{"allocation":"random","distinct_departments":true,')
        assert '"period_end":"2026-03-31"' in text
        assert '"share":0.1' in text
        assert "\n" not in text

    def test_the_hash_is_that_of_the_text(self):
        text = SOUND.to_canonical_json()

        assert SOUND.sha256() == hashlib.sha256(text.encode()).hexdigest()

    def test_a_rule_that_came_later_is_written_where_it_says_something_alone(self):
        asked = replace(SOUND, delays=Delays(answer_days=5))

        assert "answer_days" not in SOUND.to_canonical_json()
        assert '"answer_days":5' in asked.to_canonical_json()

    def test_a_hash_of_before_the_later_rules_stays_true(self):
        # Computed by the version that knew no time to answer.
        assert SOUND.sha256() == GOLDEN

        assert '"sampling":{"stratum_minimum":5,"target":300}' in SOUND.to_canonical_json()
        assert '"strata":["department","modality"]' in SOUND.to_canonical_json()

    def test_the_order_in_which_strata_are_chosen_changes_no_hash(self):
        one, other = (
            replace(SOUND, sampling=Sampling(strata=strata))
            for strata in ((WEEK, MODALITY), (MODALITY, WEEK))
        )

        assert one.sha256() == other.sha256()
        assert '"strata":["department","modality","week"]' in one.to_canonical_json()

    @pytest.mark.parametrize(
        "other",
        [
            replace(SOUND, title="Autre"),
            replace(SOUND, delays=Delays(reply_days=15)),
            replace(SOUND, delays=Delays(answer_days=5)),
            replace(SOUND, blinding=BlindingMode(dates=DateBlinding.HIDDEN)),
            replace(SOUND, assignment=AssignmentRules(allocation=Allocation.EXPERT)),
            replace(SOUND, retention=Retention(7)),
            replace(SOUND, sampling=Sampling(share=0.1)),
            replace(SOUND, sampling=Sampling(one_per_patient=True)),
            replace(SOUND, sampling=Sampling(strata=())),
            replace(SOUND, sampling=Sampling(strata=(MODALITY, WEEK))),
            replace(SOUND, sampling=Sampling(author_minimum=1)),
        ],
    )
    def test_another_rule_is_another_hash(self, other):
        assert other.sha256() != SOUND.sha256()


class TestDoubleReads:
    @pytest.mark.parametrize(
        ("share", "minimum", "cases", "expected"),
        [
            (0.1, 60, 1200, 120),
            (0.1, 60, 300, 60),
            (0.1, 60, 40, 40),
            (0.1, 0, 30, 3),
            (0.1, 0, 31, 4),
            (0.0, 60, 300, 0),
            (1.0, 0, 7, 7),
        ],
    )
    def test_they_are_a_share_and_a_minimum(self, share, minimum, cases, expected):
        assert double_reads(DoubleReading(share, minimum), cases) == expected
