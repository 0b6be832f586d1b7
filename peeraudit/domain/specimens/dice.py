"""How are chances drawn so that a seed gives the same bytes on every machine?"""

import hashlib
import struct
from collections.abc import Sequence
from typing import Final, TypeVar

_T = TypeVar("_T")
_SPAN: Final = 1 << 32
_WORDS: Final = struct.Struct(">8I")


class Dice:
    """A stream of 32-bit words: SHA-256 of the seed's hash and a counter, read in order.

    It depends on no library's generator, so it draws alike on every machine and version.

    Args:
        seed: any text; two different seeds give unrelated streams.
    """

    __slots__ = ("_count", "_key", "_left", "_words")

    def __init__(self, seed: str) -> None:
        self._key = hashlib.sha256(seed.encode("utf-8")).digest()
        self._count = 0
        self._left = 0
        self._words: tuple[int, ...] = ()

    def word(self) -> int:
        """Return the next whole number from 0 to 2**32 - 1."""
        if not self._left:
            block = hashlib.sha256(self._key + self._count.to_bytes(8, "big")).digest()
            self._words = _WORDS.unpack(block)
            self._count += 1
            self._left = len(self._words)
        self._left -= 1
        return self._words[self._left]

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to ``bound`` - 1; the bias is under ``bound`` / 2**32."""
        return (self.word() * bound) >> 32

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        """Return True in ``share`` of the draws (0 to 1)."""
        return self.word() < share * _SPAN

    def uniform(self) -> float:
        """Return a number in [0, 1) with 32 bits."""
        return self.word() / _SPAN

    def normal(self) -> float:
        """Return a nearly standard normal number: twelve uniforms summed, less six."""
        return sum(self.word() for _ in range(12)) / _SPAN - 6.0

    def pick(self, items: Sequence[_T]) -> _T:
        """Return one of ``items``, each as likely."""
        return items[(self.word() * len(items)) >> 32]

    def weighted(self, items: Sequence[tuple[_T, float]]) -> _T:
        """Return one of the first members of ``items``; the second members are weights."""
        rest = self.uniform() * sum(weight for _, weight in items)
        for item, weight in items:
            rest -= weight
            if rest < 0:
                return item
        return items[-1][0]

    def shuffled(self, items: Sequence[_T]) -> list[_T]:
        """Return ``items`` in a drawn order (Fisher and Yates); the input stays as it is."""
        deck = list(items)
        for last in range(len(deck) - 1, 0, -1):
            other = self.below(last + 1)
            deck[last], deck[other] = deck[other], deck[last]
        return deck

    def digits(self, length: int) -> str:
        """Return ``length`` decimal digits."""
        return "".join(str(self.below(10)) for _ in range(length))
