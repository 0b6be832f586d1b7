"""Words that occur nowhere else, so that finding one on a page tells whose it is."""

import re
from dataclasses import dataclass
from itertools import count

_SYLLABLES = ("ba", "do", "fe", "gu", "ki", "lo", "me", "nu", "pi", "ro", "sa", "tu")
_numbers = count(12)
_ID = re.compile("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_ANY = re.compile(f"qx[a-z]{{3}}(?:{'|'.join(_SYLLABLES)})+x|{_ID.pattern}")


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
        """Return a function that finds the words in a text, whatever their case.

        The id of a row is found without its hyphens too, as a database or a key may write it.
        """
        by_text = {word.text.casefold(): word for word in self.all}
        by_text |= {t.replace("-", ""): w for t, w in by_text.items() if _ID.fullmatch(t)}
        others = [t for t in by_text if not _ANY.fullmatch(t)]
        # A pattern for most of them, and the rest by their first letters: hundreds of alternatives
        # would be tried at each letter.
        starts: dict[str, list[str]] = {}
        for text in sorted(others, key=len, reverse=True):
            starts.setdefault(re.escape(text[0]), []).append(re.escape(text))
        literals = [f"(?={first})(?:{'|'.join(same)})" for first, same in starts.items()]
        shape = re.compile("|".join([*literals, _ANY.pattern]))

        def find(text: str) -> set[Word]:
            hits = set(shape.findall(text.casefold()))
            return {by_text[hit] for hit in hits if hit in by_text}

        return find
