"""How is said what a bundle does not prove?"""

from collections.abc import Mapping
from typing import Self


class Problem(str):
    """A sentence about a bundle that does not prove its draw.

    Attributes:
        message: its English template, for translation.
        params: the values of the placeholders.
    """

    __slots__ = ("message", "params")

    message: str
    params: Mapping[str, object]

    def __new__(cls, message: str, **params: object) -> Self:
        """Return the sentence with its values filled in."""
        sentence = super().__new__(cls, message % params if params else message)
        sentence.message = message
        sentence.params = params
        return sentence
