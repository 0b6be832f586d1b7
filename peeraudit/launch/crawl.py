"""Which pages can a person reach by links, and which of them look different from one another?"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

STATES_EACH = 3
"""Most pictures of one kind of page: its states differ, its rows need not be seen."""

LOOKS_EACH = 8
"""Most pages of one kind that are looked at to find states that differ."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A page that was reached: its kind, how manyeth state of its kind, and its address."""

    endpoint: str
    number: int
    path: str

    @property
    def name(self) -> str:
        """Return what its pictures are called."""
        return self.endpoint if self.number == 1 else f"{self.endpoint}-{self.number}"


@dataclass
class Outline(HTMLParser):
    """What matters of a page: where it leads, which acts it offers, and how it looks.

    Attributes:
        links: addresses of links, in their order.
        acts: addresses to which its forms and buttons post.
        look: classes used within ``main``; two pages in one state use the same.
    """

    links: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    look: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._in_main = False

    @classmethod
    def of(cls, text: str) -> "Outline":
        """Return the outline of a page."""
        outline = cls()
        outline.feed(text)
        return outline

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element tells."""
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        if self._in_main:
            self.look |= set(found.get("class", "").split())
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "form" and found.get("method", "").lower() == "post" and found.get("action"):
            self.acts.append(found["action"])
        if found.get("formaction"):
            self.acts.append(found["formaction"])

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the page's own part."""
        if tag == "main":
            self._in_main = False


def crawl(
    start: str,
    fetch: Callable[[str], tuple[str, str] | None],
    kind_of: Callable[[str], str | None],
    opening: Callable[[str], str | None],
) -> list[Reached]:
    """Follow the links from one page; return the pages that look different, kind by kind.

    Args:
        start: path of the first page.
        fetch: path → where it led, and the text of the page; None where it is no page or may
            not be read.
        kind_of: path → endpoint; None for what is no page of ours.
        opening: posts to an act's path that only opens something; returns the path it leads to,
            or None where the act is of another sort.
    """
    waiting = deque([start])
    known = {start}
    looked: dict[str, int] = {}
    looks: dict[str, list[set[str]]] = {}
    reached = []
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind is None or looked.get(kind, 0) >= LOOKS_EACH:
            continue
        looked[kind] = looked.get(kind, 0) + 1
        fetched = fetch(path)
        if fetched is None:
            continue
        led_to, text = fetched
        if led_to != path:
            # A page that only leads on has no look of its own.
            _add([led_to], known, waiting)
            continue
        outline = Outline.of(text)
        seen = looks.setdefault(kind, [])
        if outline.look not in seen and len(seen) < STATES_EACH:
            seen.append(outline.look)
            reached.append(Reached(kind, len(seen), path))
        _add(_next(path, outline, opening), known, waiting)
    return reached


def _add(paths: Iterable[str], known: set[str], waiting: deque[str]) -> None:
    for path in paths:
        if path not in known:
            known.add(path)
            waiting.append(path)


def _next(path: str, outline: Outline, opening: Callable[[str], str | None]) -> list[str]:
    found = [_local(path, link) for link in outline.links]
    for act in dict.fromkeys(outline.acts):
        target = _local(path, act)
        found.append(opening(target) if target else None)
    return [target for target in found if target]


def _local(path: str, link: str) -> str | None:
    """Return the path and query of a link within the site; None for one that leads elsewhere."""
    parts = urlsplit(urljoin(path, link))
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def slug(label: str) -> str:
    """Return a label as a folder's name: `Network lead` → `network-lead`."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in label.lower())
    return "-".join(word for word in kept.split("-") if word)


class Doors(HTMLParser):
    """The one-click entries of the sign-in page: role → the address that opens the door."""

    def __init__(self) -> None:
        super().__init__()
        self.doors: dict[str, str] = {}
        self._address = ""
        self._in_role = False

    @classmethod
    def of(cls, text: str) -> Mapping[str, str]:
        """Return the doors of a sign-in page, by the roles' names as folders."""
        parser = cls()
        parser.feed(text)
        return parser.doors

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a button leads, and where its role's name begins."""
        found = {name: value or "" for name, value in attrs}
        if tag == "button" and found.get("formaction"):
            self._address = found["formaction"]
        self._in_role = "entry-role" in found.get("class", "").split()

    def handle_data(self, data: str) -> None:
        """Take the role's name."""
        if self._in_role and self._address and data.strip():
            self.doors[slug(data)] = self._address
            self._in_role = False
