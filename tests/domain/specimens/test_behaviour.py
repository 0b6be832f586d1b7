"""Invented people act alike for a seed, and act as people do."""

from collections import Counter

from peeraudit.domain.specimens.behaviour import answer, comment_on, readings_on, settle
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.truths import Truth

MISSED = Truth("3a", "missed_finding", "Nodule non décrit.")


def test_a_seed_gives_the_same_day():
    assert [readings_on(Dice(f"day/{n}")) for n in range(20)] == [
        readings_on(Dice(f"day/{n}")) for n in range(20)
    ]


def test_some_days_are_free_and_none_is_endless():
    read = Counter(readings_on(Dice(f"day/{n}")) for n in range(1000))

    assert 200 < read[0] < 400
    assert max(read) <= 5


def test_an_adjudicator_mostly_finds_the_truth_and_else_takes_a_side():
    settled = Counter(settle(("1", "2b"), MISSED, Dice(f"case/{n}")) for n in range(1000))

    assert settled["3a"] > 800
    assert set(settled) == {"3a", "1", "2b"}


def test_a_concordant_decision_has_no_error():
    assert comment_on("1", MISSED, language="fr") == ("", "")


def test_a_discrepant_decision_has_an_error_and_a_sentence():
    assert comment_on("3a", MISSED, language="fr") == ("missed_finding", "Nodule non décrit.")
    for language in ("fr", "en"):
        error, comment = comment_on("2a", Truth(), language=language)
        assert error
        assert len(comment) > 20


def test_some_authors_never_answer_and_only_who_disagrees_asks_again():
    answers = [answer("3a", Dice(f"outcome/{n}"), language="en") for n in range(1000)]
    said = [one for one in answers if one is not None]

    assert 600 < len(said) < 800
    assert {one.stance for one in said} == {"agree", "disagree"}
    assert any(one.asks_reconsideration for one in said)
    assert all(one.stance == "disagree" for one in said if one.asks_reconsideration)
