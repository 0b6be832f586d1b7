from statistics import mean

import pytest

from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.readings import read
from peeraudit.domain.specimens.truths import Truth

SOUND = Truth()
MISSED = Truth("3b", "missed_finding", "Non décrit : un nodule.")


def readings(truth, severity=0.0, count=3000):
    return [read(truth, severity, Dice(f"{severity}/{n}")) for n in range(count)]


def rate(found):
    return mean(r.score != "1" for r in found)


def test_three_discrepancies_in_four_are_found():
    assert 0.72 < rate(readings(MISSED)) < 0.78


def test_false_alarms_are_rare():
    assert 0.02 < rate(readings(SOUND)) < 0.04


def test_severe_reviewers_find_more_and_cry_wolf_more():
    for truth in (SOUND, MISSED):
        assert rate(readings(truth, -1.0)) < rate(readings(truth)) < rate(readings(truth, 1.0))


@pytest.mark.parametrize("score", ["2a", "2b", "3a", "3b"])
def test_the_true_class_is_the_commonest_of_those_seen(score):
    seen = [r.score for r in readings(Truth(score, "laterality", "x")) if r.score != "1"]
    assert max(set(seen), key=seen.count) == score


def test_sheets_are_complete():
    for reading in readings(MISSED) + readings(SOUND):
        assert reading.score in CR3_1.codes
        called = reading.score != "1"
        assert called == bool(reading.error_type) == bool(reading.comment)
        assert not called or reading.error_type in CR3_1.error_codes
        assert 6 <= reading.active_seconds <= 900


def test_work_takes_about_a_minute():
    assert 55 < mean(r.active_seconds for r in readings(SOUND)) < 65


def test_comments_follow_the_language():
    english = [read(SOUND, 2.0, Dice(str(n)), language="en") for n in range(300)]
    assert any("I would" in r.comment for r in english)


def test_the_same_dice_give_the_same_reading():
    assert read(MISSED, 0.3, Dice("one")) == read(MISSED, 0.3, Dice("one"))
