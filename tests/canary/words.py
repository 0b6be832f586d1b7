"""Words that occur nowhere else, so that finding one on a page tells whose it is."""

import re
from dataclasses import dataclass
from itertools import count

_SYLLABLES = ("ba", "do", "fe", "gu", "ki", "lo", "me", "nu", "pi", "ro", "sa", "tu")
_numbers = count(12)


@dataclass(frozen=True)
class Word:
    """A word that may be seen by few.

    ``kind`` is what it is; ``owner`` whose: a person's e-mail address, a department's code,
    or the accession number of a report.
    """

    text: str
    kind: str
    owner: str


class Words:
    """All canary words of a network."""

    def __init__(self):
        self.all: list[Word] = []

    def new(self, kind: str, owner: str) -> str:
        """Return a fresh word of letters, such as ``Qxautbadofe``."""
        number, syllables = next(_numbers), []
        while number:
            number, place = divmod(number, len(_SYLLABLES))
            syllables.append(_SYLLABLES[place])
        return self.keep(f"Qx{kind[:3]}{''.join(syllables)}x", kind, owner)

    def keep(self, text: str, kind: str, owner: str) -> str:
        """Watch for a text that exists already, such as a number or an id."""
        self.all.append(Word(str(text), kind, owner))
        return str(text)

    def finder(self):
        """Return a function that finds the words in a text, whatever their case."""
        by_text = {word.text.casefold(): word for word in self.all}
        longest_first = sorted(by_text, key=len, reverse=True)
        shape = re.compile("|".join(map(re.escape, longest_first)))

        def find(text: str) -> set[Word]:
            return {by_text[hit] for hit in shape.findall(text.casefold())}

        return find
