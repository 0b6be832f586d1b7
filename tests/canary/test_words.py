import pytest

from tests.canary.words import Words

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def words():
    made = Words()
    made.new("patient", "me")
    made.keep("P0@canary.example", "staff", "me")
    made.keep("QXD0BADOF0001A", "report_id", "me")
    made.keep("QXD0BADOF", "department", "me")
    made.keep(ID, "report_id", "me")
    return made


@pytest.mark.parametrize("write", [str, str.upper, str.lower, "a{}b".format, "-{}x".format])
def test_each_word_is_found_however_it_is_written(words, write):
    find = words.finder()

    for word in words.all:
        assert word in find(write(word.text)), word


def test_an_id_is_found_without_its_hyphens(words):
    assert {word.text for word in words.finder()(f"task-{ID.replace('-', '')}")} == {ID}


def test_the_longer_of_two_words_is_found(words):
    assert [w.text for w in words.finder()("QXD0BADOF0001A")] == ["QXD0BADOF0001A"]


def test_another_word_is_none(words):
    assert words.finder()(f"Qxpatbabax {ID[:-1]}f p1@canary.example") == set()
