from collections import Counter

from peeraudit.domain.specimens.dice import Dice


def test_the_stream_is_the_same_everywhere():
    dice = Dice("valmorel")
    assert [dice.word() for _ in range(4)] == [3650108594, 2129308533, 3826112444, 3195061129]
    assert dice.digits(8) == "95094010"


def test_another_seed_is_another_stream():
    assert [Dice("a").word() for _ in range(3)] != [Dice("b").word() for _ in range(3)]


def test_numbers_stay_within_their_bounds_and_reach_them():
    dice = Dice("bounds")
    drawn = [dice.between(3, 6) for _ in range(400)]
    assert set(drawn) == {3, 4, 5, 6}
    assert all(0 <= dice.uniform() < 1 for _ in range(100))


def test_weights_are_followed():
    dice = Dice("weights")
    drawn = Counter(dice.weighted((("often", 3.0), ("seldom", 1.0))) for _ in range(4000))
    assert 2850 < drawn["often"] < 3150


def test_a_shuffle_keeps_every_card_and_the_deck():
    deck = tuple(range(20))
    shuffled = Dice("deck").shuffled(deck)
    assert sorted(shuffled) == list(deck)
    assert shuffled != list(deck)


def test_normal_numbers_have_mean_zero_and_spread_one():
    dice = Dice("normal")
    drawn = [dice.normal() for _ in range(4000)]
    mean = sum(drawn) / len(drawn)
    assert abs(mean) < 0.06
    assert abs(sum((x - mean) ** 2 for x in drawn) / len(drawn) - 1) < 0.08
