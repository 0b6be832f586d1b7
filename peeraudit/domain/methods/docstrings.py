"""What does the code of a method say of itself: formula, values, edge cases, source?"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

SECTIONS = ("Args", "Returns", "Raises", "Source")
_HEADING = re.compile(rf"^({'|'.join(SECTIONS)}):$", re.MULTILINE)
_ITEM = re.compile(r"^    (?P<name>\w+(?:, \w+)*): ", re.MULTILINE)
_DOI = re.compile(r"doi:(10\.\d{4,9}/\S+?)(?=[.;,]?(?:\s|$))")


@dataclass(frozen=True, slots=True)
class Item:
    """A value or an error: its name and what is said of it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A piece of a source's text; ``doi`` is empty where the piece is no DOI."""

    text: str
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Technical:
    """The docstring of one function, taken apart.

    Attributes:
        name: of the function, with its module.
        about: its paragraphs, the summary first.
        values: what it takes, with units and shapes.
        returns: what it hands back, edge cases included.
        errors: what it refuses.
        source: where the method comes from.
    """

    name: str
    about: tuple[str, ...]
    values: tuple[Item, ...]
    returns: str
    errors: tuple[Item, ...]
    source: tuple[Citation, ...]


def read_docstring(function: Callable[..., Any]) -> Technical:
    """Return the docstring of a function, taken apart.

    Args:
        function: with a docstring of the Google form.

    Returns:
        Its parts; what it does not have is empty.
    """
    # Markup of the code has no meaning for who reads about a method.
    text = re.sub(r":\w+:`([^`]+)`", r"\1", (inspect.getdoc(function) or "").replace("``", ""))
    about, *rest = _HEADING.split(text)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    return Technical(
        name=f"{function.__module__}.{function.__name__}",
        about=tuple(_flowing(part) for part in about.strip().split("\n\n")),
        values=tuple(_items(parts.get("Args", ""))),
        returns=_flowing(parts.get("Returns", "")),
        errors=tuple(_items(parts.get("Raises", ""))),
        source=tuple(_citations(_flowing(parts.get("Source", "")))),
    )


def _flowing(text: str) -> str:
    return " ".join(text.split())


def _items(text: str) -> Iterable[Item]:
    found = list(_ITEM.finditer(text))
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        yield Item(match["name"], _flowing(text[match.end() : end]))


def _citations(text: str) -> Iterable[Citation]:
    start = 0
    for match in _DOI.finditer(text):
        yield Citation(text[start : match.start()])
        yield Citation(match[0], match[1])
        start = match.end()
    if text[start:]:
        yield Citation(text[start:])
