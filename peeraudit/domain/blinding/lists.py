"""Which words do the lists of names, words and eponyms hold?"""

from bisect import bisect_right
from importlib.resources import files


class WordList:
    """A long list of words in little memory, for asking whether it holds a word.

    Sets of the three long lists take some 20 MiB of each process, most of it to hold each word as
    an object of its own. Here a line of the sorted list is the least that is held: a dozen words.
    Asking takes some ten times as long as a set does; the answers are remembered by those who ask.

    Args:
        lines: the words in order of their code points, some a line, parted by single spaces.
    """

    __slots__ = ("_first", "_lines")

    def __init__(self, lines: list[str]) -> None:
        self._lines = [f" {line} " for line in lines]
        self._first = [line.partition(" ")[0] for line in lines]

    def __contains__(self, word: str) -> bool:
        at = bisect_right(self._first, word) - 1
        return at >= 0 and f" {word} " in self._lines[at] and " " not in word


def read_list(name: str) -> frozenset[str]:
    """Return the folded words of one of the short lists that belong to this package.

    Args:
        name: the list, such as ``eponyms``.
    """
    return frozenset(_read(name).split())


def read_lines(name: str) -> list[str]:
    """Return the lines of a list whose entries are several folded words.

    Args:
        name: the list, such as ``eponym_phrases``.
    """
    return _read(name).splitlines()


def read_long_list(name: str) -> WordList:
    """Return the folded words of a list of many thousands.

    Args:
        name: the list, such as ``given``.
    """
    return WordList(_read(name).splitlines())


def _read(name: str) -> str:
    return files(__package__).joinpath("lists", f"{name}.txt").read_text("utf-8")
