from dataclasses import replace

import pytest

from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.statistics.results import Estimate, Status
from peeraudit.domain.summaries.disclosure import Audience, Told, limits_for
from peeraudit.domain.summaries.in_words import compose, modality, reason_of, response_told
from tests.domain.summaries.test_disclosure import BIG, cell, telling_of

LIMITS = limits_for(Audience.INSIDE, Thresholds())


def rate(value, low, high, n=60, frame=300, **values):
    return Estimate(
        method="S2.01@1", inputs_sha256="", value=value, ci=(low, high), n=n, N=frame, **values
    )


def told(first, confirmed=None, *, modalities=None, positive=None, is_coarse=False):
    missing = Estimate(method="S2.06@1", inputs_sha256="", status=Status.NOT_ESTIMABLE)
    agreement = positive or replace(missing, reasons=("NO_MULTIPLY_RATED_ITEMS",))
    return Told(
        total={
            "first_read": first,
            "confirmed": confirmed or missing,
            "estimated": missing,
        },
        modalities={code: {"first_read": one} for code, one in (modalities or {}).items()},
        agreement={"positive": agreement, "alpha": agreement},
        is_coarse=is_coarse,
    )


def read(part):
    return " ".join(str(sentence.message) for sentence in part)


class TestCompose:
    def test_it_makes_three_statements_of_one_or_two_sentences(self):
        parts = compose(telling_of(*BIG).inside["a"], LIMITS)

        assert list(parts) == ["found", "sure", "next"]
        assert all(1 <= len(part) <= 2 for part in parts.values())

    def test_no_discrepancy_is_never_told_without_its_upper_limit(self):
        parts = compose(told(rate(0.0, 0.0, 0.055)), LIMITS)

        assert "could still hold one" in read(parts["found"])
        assert parts["found"][0].params["upper"] == {"percent": 0.055, "decimals": 1}

    def test_what_is_not_told_is_said_with_its_reason(self):
        hidden = Estimate(
            method="S2.01@1", inputs_sha256="", status=Status.SUPPRESSED, reasons=("N_LT_MIN",)
        )

        parts = compose(told(hidden), LIMITS)

        assert "cannot be shown" in read(parts["found"])
        assert "Have more reports read" in read(parts["next"])

    def test_first_read_and_confirmed_are_told_apart(self):
        parts = compose(told(rate(0.1, 0.05, 0.18), rate(0.08, 0.04, 0.16)), LIMITS)

        [found] = parts["found"]
        assert found.params["first"]["percent"] == 0.1
        assert found.params["confirmed"]["percent"] == 0.08

    def test_an_imprecise_rate_is_called_so(self):
        wide = rate(0.1, 0.02, 0.3, n=12, status=Status.UNRELIABLE)

        assert "still imprecise" in read(compose(told(wide), LIMITS)["sure"])

    def test_a_full_count_leaves_nothing_to_chance(self):
        whole = rate(0.1, 0.1, 0.1, n=300, frame=300)

        assert "All %(n)s reports" in read(compose(told(whole), LIMITS)["sure"])

    def test_agreement_stands_beside_what_chance_gives(self):
        positive = rate(0.8, 0.7, 0.9, details={"independence": 0.2})

        sure = compose(told(rate(0.1, 0.05, 0.18), positive=positive), LIMITS)["sure"]

        assert sure[1].params["chance"]["percent"] == 0.2

    def test_reviewers_who_hardly_agree_come_before_any_other_advice(self):
        positive = rate(0.3, 0.1, 0.5, details={"independence": 0.2})
        high = {"MR": rate(0.4, 0.3, 0.5)}

        advice = compose(told(rate(0.1, 0.05, 0.18), modalities=high, positive=positive), LIMITS)[
            "next"
        ]

        assert "score a few cases together" in str(advice[0].message)

    def test_the_modality_that_stands_out_is_named(self):
        high = {"CT": rate(0.12, 0.08, 0.2), "MR": rate(0.4, 0.3, 0.5)}

        advice = compose(told(rate(0.1, 0.05, 0.18), modalities=high), LIMITS)["next"]

        assert advice[0].params["modality"] == {"phrase": ["MRI", {}]}

    def test_it_says_how_many_reports_would_give_a_useful_precision(self):
        advice = compose(told(rate(0.1, 0.04, 0.2, n=60, frame=2000)), LIMITS)["next"]

        # S1.02 with p = 0.10, d = 0.03, N = 2,000 gives 323; told in tens.
        assert advice[1].params["wanted"] == {"number": 330}

    def test_a_precise_rate_asks_for_no_more_reports(self):
        assert len(compose(told(rate(0.05, 0.03, 0.08)), LIMITS)["next"]) == 1

    def test_coarse_totals_are_told_in_whole_per_cent(self):
        parts = compose(told(rate(0.1, 0.05, 0.18), is_coarse=True), LIMITS)

        assert parts["sure"][0].params["low"] == {"percent": 0.05, "decimals": 0}


class TestReasonOf:
    def test_the_first_reason_with_words_is_told_with_the_audiences_limits(self):
        sentence = reason_of(("UNKNOWN", "N_LT_MIN"), LIMITS)

        assert sentence.params == {"reviews": {"number": 10}}

    def test_a_reason_without_words_still_makes_a_sentence(self):
        assert "cannot be estimated" in str(reason_of(("UNKNOWN",), LIMITS).message)


@pytest.mark.parametrize(("code", "words"), [("MR", "MRI"), ("XX", "XX")])
def test_a_modality_without_words_is_shown_as_its_code(code, words):
    assert modality(code).message == words


def test_a_hidden_modality_is_never_named_in_the_advice():
    tiny = cell("a", "US", 90, 8, 8)

    advice = compose(telling_of(*BIG, tiny).inside["a"], LIMITS)["next"]

    assert "Ultrasound" not in str([one.params for one in advice])


class TestResponse:
    def bounds(self, share, *, awaited=0):
        details = {"weighted_response": share} | ({"awaited": awaited} if awaited else {})
        return rate(0.05, 0.04, 0.12, details=details)

    def test_a_full_response_is_no_news(self):
        assert response_told(self.bounds(1.0), is_coarse=False) is None

    def test_what_is_awaited_is_said_even_where_nothing_is_late(self):
        found = response_told(self.bounds(1.0, awaited=12), is_coarse=False)

        assert "awaited" in str(found.message)
        assert found.params["awaited"]["number"] == 12

    def test_what_is_late_is_told_apart_from_what_is_awaited(self):
        late = response_told(self.bounds(0.9), is_coarse=False)
        both = response_told(self.bounds(0.9, awaited=12), is_coarse=False)

        assert "due so far" not in str(late.message)
        assert "due so far" in str(both.message)
        assert both.params["share"]["percent"] == 0.9
