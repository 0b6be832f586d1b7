"""How are items passed over that were written down before, without making them once more?"""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from peeraudit.domain.intake.reports import Item

P = TypeVar("P")


class Items(Iterator[Item], Generic[P]):
    """Items, each made of one piece of a file when it is asked for.

    Args:
        pieces: the pieces of the file, one for each item, in order.
        made: what a piece makes.
    """

    def __init__(self, pieces: Iterator[P], made: Callable[[P], Item]) -> None:
        self._pieces, self._made = pieces, made

    def __next__(self) -> Item:
        """Return the next item."""
        return self._made(next(self._pieces))

    def pass_over(self, count: int) -> None:
        """Pass over so many items, fewer at the end, without making them."""
        deque(islice(self._pieces, count), maxlen=0)


def pass_over(items: Iterator[Item], count: int) -> None:
    """Pass over the next items, by the cheapest way that their reader has.

    Args:
        items: the items of a file.
        count: how many are passed over, fewer where the file ends before.
    """
    if isinstance(items, Items):
        items.pass_over(count)
    else:
        deque(islice(items, count), maxlen=0)
