"""Does a long list that is kept line by line hold the very words of the file?"""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.blinding.lists import WordList, read_long_list


@pytest.mark.parametrize("name", ["given", "family", "words"])
class TestALongList:
    def test_it_holds_every_word_of_its_file_and_none_of_their_parts(self, name):
        path = files("peeraudit.domain.blinding").joinpath("lists", f"{name}.txt")
        words = path.read_text("utf-8").split()
        known, held = set(words), read_long_list(name)

        assert words == sorted(words)
        assert all(word in held for word in words)
        others = {word[:-1] for word in words} | {word + "q" for word in words}
        assert not [other for other in others - known if other in held]

    def test_two_words_in_a_row_are_no_word(self, name):
        path = files("peeraudit.domain.blinding").joinpath("lists", f"{name}.txt")
        first, second = path.read_text("utf-8").split()[:2]

        assert f"{first} {second}" not in read_long_list(name)


WORDS = st.text(st.sampled_from("abcé'-"), min_size=1, max_size=4)


@given(st.sets(WORDS, min_size=1), st.integers(1, 5), st.lists(WORDS | st.just("")))
def test_it_answers_as_a_set_does(words, a_line, asked):
    inside = sorted(words)
    lines = [" ".join(inside[i : i + a_line]) for i in range(0, len(inside), a_line)]
    held = WordList(lines)

    assert all((word in held) == (word in words) for word in [*words, *asked])
