"""Where do the lines of a marked-up document end, as somebody sees them who reads it?"""

from typing import Final

LINE: Final = 1
"""A block begins and ends a line: a row of a table, an item of a list, a division."""
GAP: Final = 2
"""A paragraph, a heading, or a list has an empty line around it."""


class Lines:
    """The words of a document, gathered in its order, broken where it breaks them.

    White space of the source makes no line. Of several edges that meet, the widest counts, as
    in a browser: a paragraph that ends a list item that ends a list leaves one empty line.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._breaks = 0

    def edge(self, width: int) -> None:
        """Begin or end a block.

        Args:
            width: `LINE` or `GAP`.
        """
        self._breaks = max(self._breaks, width)

    def line_break(self) -> None:
        """Break the line, as the author of the document asked."""
        self._breaks += 1

    def add(self, words: str) -> None:
        """Add words; white space alone is kept inside a line only."""
        if not words or (self._breaks and not words.strip()):
            return
        if self._breaks and self._parts:
            self._parts.append("\n" * self._breaks)
        self._breaks = 0
        self._parts.append(words)

    @property
    def text(self) -> str:
        """Return the words so far; blanks at the ends of lines are still there."""
        return "".join(self._parts)
