"""What does a word of the statistics mean, told with an example?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its explanation.

    Attributes:
        key: names it in an address.
        name: the word.
        words: one to three sentences with an example from radiology.
        methods: ids of the methods in which it matters most.
    """

    key: str
    name: str
    words: str
    methods: tuple[str, ...] = ()
