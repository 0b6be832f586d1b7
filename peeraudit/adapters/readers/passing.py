"""How are items passed over that were written down before, without making them once more?"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, Protocol, TypeVar, runtime_checkable

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

    def pass_over(self, count: int) -> int:
        """Pass over so many items, fewer at the end, without making them; return how many."""
        return _drop(self._pieces, count)


class Several(Iterator[Item], Generic[P]):
    """Items, some or none of them made of each piece of a file.

    Args:
        pieces: the pieces of the file, in order.
        made: what a piece makes.
        counted: how many items a piece makes, found out for less than making them.
    """

    def __init__(
        self,
        pieces: Iterator[P],
        made: Callable[[P], Iterator[Item]],
        counted: Callable[[P], int],
    ) -> None:
        self._pieces, self._made, self._counted = pieces, made, counted
        self._items: Iterator[Item] = iter(())

    def __next__(self) -> Item:
        """Return the next item."""
        while (item := next(self._items, None)) is None:
            self._items = self._made(next(self._pieces))
        return item

    def pass_over(self, count: int) -> int:
        """Pass over so many items, fewer at the end; return how many."""
        passed = _drop(self._items, count)
        while passed < count and (piece := next(self._pieces, None)) is not None:
            held = self._counted(piece)
            if passed + held > count:
                # What was written down ends inside this piece.
                self._items = self._made(piece)
                held = _drop(self._items, count - passed)
            passed += held
        return passed


class Joined(Iterator[Item]):
    """The items of several files, one file after the other.

    Args:
        files: the items of each file.
    """

    def __init__(self, files: Iterator[Iterator[Item]]) -> None:
        self._files = files
        self._items: Iterator[Item] = iter(())

    def __next__(self) -> Item:
        """Return the next item."""
        while (item := next(self._items, None)) is None:
            self._items = next(self._files)
        return item

    def pass_over(self, count: int) -> int:
        """Pass over so many items, fewer at the end; return how many."""
        passed = pass_over(self._items, count)
        while passed < count and (items := next(self._files, None)) is not None:
            self._items = items
            passed += pass_over(items, count - passed)
        return passed


@runtime_checkable
class Passing(Protocol):
    """Items of which some can be passed over for less than it takes to make them."""

    def pass_over(self, count: int) -> int:
        """Pass over so many items, fewer at the end; return how many."""


def pass_over(items: Iterator[object], count: int) -> int:
    """Pass over the next items, by the cheapest way that their reader has; return how many.

    Args:
        items: the items of a file.
        count: how many are passed over, fewer where the file ends before.
    """
    return items.pass_over(count) if isinstance(items, Passing) else _drop(items, count)


def _drop(things: Iterator[object], count: int) -> int:
    return sum(1 for _ in islice(things, count))
