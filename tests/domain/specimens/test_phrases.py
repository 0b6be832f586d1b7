import pytest

from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.phrases import Scene, sentence, worded


def scene(**changes):
    return Scene(**{"dice": Dice("x"), "language": "fr", "sex": "F", "age": 61} | changes)


def test_choices_may_hold_choices():
    seen = {worded("{a|b{c|d}}", scene(dice=Dice(str(n)))) for n in range(60)}
    assert seen == {"a", "bc", "bd"}


def test_sides_agree_with_the_finding():
    assert worded("<droit> <droite> <gauche>", scene(right=False)) == "gauche gauche droite"
    assert worded("<site>", scene(site="du lobe <droit>")) == "du lobe droit"


@pytest.mark.parametrize(("language", "mark"), [("fr", ","), ("en", ".")])
def test_decimals_bear_the_mark_of_the_language(language, mark):
    assert worded("<d:2.4:2.4>", scene(language=language)) == f"2{mark}4"


def test_a_sex_blank_may_hold_choices_and_sides():
    template = "<sex:{uterus}:hernie <droite>>"
    assert worded(template, scene(sex="M")) == "hernie droite"
    assert worded(template, scene()) == "uterus"


def test_sentences_are_clean():
    assert sentence("a <mm> mm  cyst .", scene(language="en", size=8)) == "An 8 mm cyst."


def test_an_unknown_blank_is_an_error():
    with pytest.raises(KeyError):
        worded("<nonsense>", scene())
