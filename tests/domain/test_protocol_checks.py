from dataclasses import replace
from datetime import date

import pytest

from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.protocol import (
    AssignmentRules,
    BlindingMode,
    Delays,
    DoubleReading,
    ExpectedRate,
    InstrumentChoice,
    Protocol,
    Retention,
    Routing,
    SampleAllocation,
    Sampling,
    Scope,
    TextDates,
    Thresholds,
)
from peeraudit.domain.protocol_checks import check_protocol, find_problems
from peeraudit.domain.strata import StratumField

SCOPE = Scope(("CT", "MR"), date(2026, 1, 1), date(2026, 3, 31))
SOUND = Protocol("Scanners du trimestre", SCOPE)
RATES = (ExpectedRate("CT", 0.06),)
WEEK = StratumField.WEEK
OPTIMAL = SampleAllocation.OPTIMAL


class TestCheckProtocol:
    @pytest.mark.parametrize(
        "sampling",
        [
            Sampling(),
            # A share is told in its own measure: the number beside it does not count.
            Sampling(10, 11, share=0.2),
            Sampling(allocation=OPTIMAL, expected_rates=RATES),
            Sampling(strata=()),
            Sampling(strata=(StratumField.AUTHOR,), author_minimum=3),
        ],
    )
    def test_these_are_sound(self, sampling):
        check_protocol(replace(SOUND, sampling=sampling))

    @pytest.mark.parametrize(
        ("path", "said", "change"),
        [
            ("title", "Give the campaign a title", {"title": "  "}),
            ("title", "at most 200", {"title": "a" * 201}),
            ("scope.modalities", "at least one", {"scope": replace(SCOPE, modalities=())}),
            ("scope.modalities", "“ct”", {"scope": replace(SCOPE, modalities=("ct",))}),
            ("scope.modalities", "twice", {"scope": replace(SCOPE, modalities=("CT", "CT"))}),
            (
                "scope.period_end",
                "before it starts",
                {"scope": replace(SCOPE, period_end=date(2025, 1, 1))},
            ),
            ("instrument.code", "“XX” in version 1", {"instrument": InstrumentChoice("XX")}),
            ("routing.second_review_scores", "“9”", {"routing": Routing(("9", "2b", "3a", "3b"))}),
            ("routing.second_review_scores", "3b always", {"routing": Routing(("2b", "3a"))}),
            ("sampling.target", "at least one", {"sampling": Sampling(0, 0)}),
            ("sampling.stratum_minimum", "negative", {"sampling": Sampling(10, -1)}),
            ("sampling.stratum_minimum", "exceeds", {"sampling": Sampling(10, 11)}),
            ("sampling.share", "above 0", {"sampling": Sampling(share=0.0)}),
            ("sampling.share", "at most at 100", {"sampling": Sampling(share=1.5)}),
            ("sampling.modality_minimum", "negative", {"sampling": Sampling(modality_minimum=-1)}),
            ("sampling.strata", "twice", {"sampling": Sampling(strata=(WEEK, WEEK))}),
            ("sampling.author_minimum", "negative", {"sampling": Sampling(author_minimum=-1)}),
            ("sampling.author_minimum", "biased", {"sampling": Sampling(author_minimum=1)}),
            (
                "sampling.modality_minimum",
                "modality as a stratum",
                {"sampling": Sampling(modality_minimum=1, strata=(WEEK,))},
            ),
            (
                "sampling.expected_rates",
                "modality as a stratum",
                {"sampling": Sampling(allocation=OPTIMAL, expected_rates=RATES, strata=())},
            ),
            (
                "sampling.expected_rates",
                "which rates",
                {"sampling": Sampling(allocation=OPTIMAL)},
            ),
            ("sampling.expected_rates", "alone", {"sampling": Sampling(expected_rates=RATES)}),
            (
                "sampling.expected_rates",
                "twice",
                {"sampling": Sampling(allocation=OPTIMAL, expected_rates=RATES * 2)},
            ),
            (
                "sampling.expected_rates",
                "100 per cent",
                {"sampling": Sampling(allocation=OPTIMAL, expected_rates=(ExpectedRate("CT", 6),))},
            ),
            (
                "sampling.expected_rates",
                "“US” is not among",
                {
                    "sampling": Sampling(
                        allocation=OPTIMAL, expected_rates=(ExpectedRate("US", 0.1),)
                    )
                },
            ),
            (
                "blinding.dates",
                "by how much",
                {"blinding": BlindingMode(text_dates=TextDates.SHIFTED)},
            ),
            ("double_reading.share", "100 per cent", {"double_reading": DoubleReading(1.2)}),
            ("double_reading.minimum", "negative", {"double_reading": DoubleReading(0.1, -1)}),
            ("assignment.max_load", "at least one", {"assignment": AssignmentRules(max_load=0)}),
            (
                "assignment.author_limit",
                "at least one",
                {"assignment": AssignmentRules(author_limit=0)},
            ),
            (
                "assignment.min_load",
                "exceed the most",
                {"assignment": AssignmentRules(max_load=3, min_load=4)},
            ),
            ("delays.reply_days", "365 days", {"delays": Delays(reply_days=0)}),
            ("delays.answer_days", "365 days", {"delays": Delays(answer_days=0)}),
            ("delays.answer_days", "7 days", {"delays": Delays(answer_days=7)}),
            ("delays.answer_days", "3 days", {"delays": Delays(review_days=3, answer_days=5)}),
            ("delays.alert_triage_hours", "720 hours", {"delays": Delays(alert_triage_hours=721)}),
            (
                "thresholds.inside_authors",
                "at least 1",
                {"thresholds": Thresholds(inside_authors=0)},
            ),
            (
                "thresholds.outside_reviews",
                "as many as",
                {"thresholds": Thresholds(outside_reviews=9)},
            ),
            ("retention.identity_months", "1 and 36 months", {"retention": Retention(0)}),
            ("retention.identity_months", "1 and 36 months", {"retention": Retention(37)}),
        ],
    )
    def test_it_says_which_rule_is_unsound(self, path, said, change):
        unsound = replace(SOUND, **change)

        assert said in str(find_problems(unsound)[path])
        with pytest.raises(InvalidFields):
            check_protocol(unsound)
