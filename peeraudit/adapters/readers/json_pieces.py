"""Which FHIR resources does a JSON file hold, however large it is and wherever it is broken?"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TextIO

_CHUNK: Final = 1 << 18
# Resources are decoded whole up to here; larger ones, most often bundles, part by part.
_AT_ONCE: Final = 4_000_000
MAX_VALUE: Final = 24_000_000
"""The longest single resource or value that is read, in characters."""

MAX_DEPTH: Final = 20
"""How deep bundles may stand inside bundles."""

_TOKENS: Final = re.compile(r"(?s)\\.|[\"{}\[\]]")
_BLANK: Final = re.compile(r"[ \t\r\n\ufeff]*")
_SPACE: Final = " \t\r\n\ufeff"
_UNFINISHED: Final = 16
_decode = json.JSONDecoder(strict=False).raw_decode
Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """One resource, or the place where one should be.

    Attributes:
        number: its place among the resources of the file, from 1; an entry of a bundle that
            holds none counts too.
        line: its line where each line holds one value, else 0.
        scope: the bundle that holds it, from 1; 0 outside bundles.
        value: the resource; nothing where it cannot be read.
        full_url: the address that its bundle gives it.
        fault: a key of the refusals' reasons; empty where it can be read.
        text: the line as it stands, where each line holds one value.
    """

    number: int
    line: int
    scope: int = 0
    value: Resource | None = None
    full_url: str = ""
    fault: str = ""
    text: str = ""


class _Broken(Exception):
    """What stands here is no JSON."""


class _TooLong(Exception):
    """A value goes on for longer than is read."""


class _Buffer:
    """A text that is read forward, as much of it in memory as one value needs."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ended = False
        self.text = ""
        self.at = 0

    def fill(self) -> bool:
        """Read on; return whether there was more."""
        if self._ended:
            return False
        self.text = self.text[self.at :]
        self.at = 0
        more = self._file.read(max(_CHUNK, len(self.text)))
        self._ended = not more
        self.text += more
        return bool(more)

    def peek(self) -> str:
        """Return the next character that is no white space; empty at the end."""
        while True:
            found = _BLANK.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def value(self, limit: int) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value that begins here and go behind it.

        Raises:
            _Broken: it is no JSON, or nested too deeply.
            _TooLong: it does not end within ``limit`` characters.
        """
        while True:
            found = self._decoded()
            if found is not None:
                value, self.at = found
                return value
            if len(self.text) - self.at > limit:
                raise _TooLong
            self.fill()

    def _decoded(self) -> tuple[Any, int] | None:
        """Return the value that begins here and its end, nothing when more must be read."""
        try:
            value, end = _decode(self.text, self.at)
        except json.JSONDecodeError as error:
            if self._may_go_on(error):
                return None
            raise _Broken from None
        except (ValueError, RecursionError):
            raise _Broken from None
        # A number at the edge of what was read may have more digits.
        return (value, end) if end < len(self.text) or self._ended else None

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        if self._ended:
            return False
        return error.pos >= len(self.text) - _UNFINISHED or error.msg.startswith("Unterminated")

    def skip(self, depth: int = 0) -> None:
        """Go behind the brackets that begin here, or that ``depth`` of are open already."""
        is_text = False
        while True:
            end = self.at
            for token in _TOKENS.finditer(self.text, self.at):
                end = token.end()
                sign = token[0]
                if sign == '"':
                    is_text = not is_text
                elif len(sign) == 1 and not is_text:
                    depth += 1 if sign in "{[" else -1
                    if depth <= 0:
                        self.at = end
                        return
            cut = self.text.endswith("\\") and end < len(self.text)
            self.at = len(self.text) - cut
            if not self.fill():
                self.at = len(self.text)
                return


class _Pieces:
    """Gives each resource of a file its number and its bundle."""

    def __init__(self) -> None:
        self.number = 0
        self.bundles = 0
        self.line = 0
        self.is_cut = False

    def piece(self, **what: Any) -> Piece:  # noqa: ANN401 - the attributes of a piece
        self.number += 1
        return Piece(self.number, self.line, **what)

    def bundle(self) -> int:
        self.bundles += 1
        return self.bundles

    def explode(self, value: object, scope: int, url: str = "", depth: int = 0) -> Iterator[Piece]:
        """Yield the resources of a decoded value, those of bundles one by one."""
        if depth > MAX_DEPTH:
            yield self.piece(scope=scope, fault="nested_too_deeply")
        elif isinstance(value, list):
            for one in value:
                yield from self.explode(one, scope, "", depth + 1)
        elif not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
            yield self.piece(scope=scope, fault="no_resource")
        elif value["resourceType"] == "Bundle":
            inner = self.bundle()
            entries = value.get("entry", [])
            for entry in entries if isinstance(entries, list) else [entries]:
                yield from self.entry(entry, inner, depth + 1)
        else:
            yield self.piece(scope=scope, value=value, full_url=url)

    def broken(self, scope: int, fault: str, *, is_end: bool) -> Iterator[Piece]:
        """Yield a fault; where the file was cut, all that was open is broken: told once."""
        if not self.is_cut:
            yield self.piece(scope=scope, fault=fault)
        self.is_cut = is_end

    def whole(self, members: Resource, scope: int, url: str, depth: int) -> Iterator[Piece]:
        """Yield the resources of an object that was read by itself: an entry, or a resource."""
        if scope and "resourceType" not in members:
            yield from self.entry(members, scope, depth)
        else:
            yield from self.explode(members, scope, url, depth)

    def entry(self, entry: object, scope: int, depth: int) -> Iterator[Piece]:
        """Yield the resources of one entry of a bundle."""
        if isinstance(entry, dict) and "resourceType" not in entry:
            # A deletion, or the answer to a request, carries no resource.
            if "resource" in entry:
                yield from self.explode(entry["resource"], scope, _url(entry), depth)
            elif not entry.keys() & {"request", "response", "search", "fullUrl", "link"}:
                yield self.piece(scope=scope, fault="no_resource")
            else:
                # It counts where somebody counts the entries.
                self.number += 1
        else:
            yield from self.explode(entry, scope, "", depth)


def _url(entry: Resource) -> str:
    url = entry.get("fullUrl")
    return url if isinstance(url, str) else ""


def read_pieces(file: TextIO, *, named: bool = False) -> Iterator[Piece]:
    """Yield the resources of a JSON document, of several one behind another, or of NDJSON.

    Memory does not grow with the file: bundles are taken apart while they are read. What is
    broken costs the resource, or the line, that it stands in.

    Args:
        file: the text, from its beginning; it must be possible to go back to it.
        named: whether its name says NDJSON, so that one whole line is the first of lines.
    """
    is_by_line = _is_by_line(file, named=named)
    file.seek(0)
    yield from _by_line(file) if is_by_line else _in_document(file)


def _is_by_line(file: TextIO, *, named: bool) -> bool:
    """Tell whether each line is a value of its own: the first is whole, or the second begins one.

    A first line that was cut is no reason to take the lines for one document, and a second
    line that is broken none to do so either.
    """
    starts: list[str] = []
    while len(starts) < 2 and (line := file.readline(_AT_ONCE)):
        if line.strip(_SPACE):
            starts.append(line.strip(_SPACE))
        # The rest of a long line is no line of its own, whatever it begins with.
        while len(line) == _AT_ONCE and not line.endswith("\n"):
            line = file.readline(_AT_ONCE)
    if len(starts) < 2 - named or not starts[0].startswith("{"):
        return False
    if len(starts) == 1:
        return _is_whole(starts[0])
    return _is_whole(starts[0]) or (len(starts[0]) > 1 and starts[1].startswith('{"'))


def _is_whole(text: str) -> bool:
    try:
        return _decode(text, 0)[1] == len(text)
    except (ValueError, RecursionError):
        return False


def _by_line(file: TextIO) -> Iterator[Piece]:
    pieces = _Pieces()
    while line := file.readline(MAX_VALUE):
        pieces.line += 1
        if len(line) == MAX_VALUE and not line.endswith("\n"):
            while (rest := file.readline(MAX_VALUE)) and not rest.endswith("\n"):
                continue
            yield pieces.piece(fault="value_too_long")
            continue
        text = line.strip(_SPACE)
        if not text:
            continue
        try:
            value, end = _decode(text, 0)
        except (ValueError, RecursionError):
            yield pieces.piece(fault="broken_json", text=line)
            continue
        if text[end:].strip():
            yield pieces.piece(fault="broken_json", text=line)
        elif _holds_several(value):
            yield from pieces.explode(value, 0)
        else:
            # What is no resource is kept as its line, to be put right; an empty list is none.
            yield from (replace(one, text=line) for one in pieces.explode(value or 0, 0))


def _holds_several(value: object) -> bool:
    is_bundle = isinstance(value, dict) and value.get("resourceType") == "Bundle"
    return is_bundle or (isinstance(value, list) and bool(value))


def _in_document(file: TextIO) -> Iterator[Piece]:
    buffer, pieces = _Buffer(file), _Pieces()
    while sign := buffer.peek():
        if sign in "{[":
            yield from _element(buffer, pieces, 0, "", 0)
        elif sign == ",":
            buffer.at += 1
        else:
            yield pieces.piece(fault="broken_json")
            while buffer.peek() not in {"", "{", "["}:
                buffer.at += 1


def _element(buffer: _Buffer, pieces: _Pieces, scope: int, url: str, depth: int) -> Iterator[Piece]:
    """Yield the resources of the value that begins here: whole where it is small and sound."""
    if depth > MAX_DEPTH:
        yield pieces.piece(scope=scope, fault="nested_too_deeply")
        buffer.skip()
        return
    try:
        value = buffer.value(_AT_ONCE)
    except (_Broken, _TooLong):
        if buffer.peek() == "{":
            yield from _parts(buffer, pieces, scope, url, depth)
        elif buffer.peek() == "[":
            buffer.at += 1
            yield from _elements(buffer, pieces, scope, depth)
        else:
            yield pieces.piece(scope=scope, fault="broken_json")
            buffer.skip()
        return
    if depth and scope:
        yield from pieces.entry(value, scope, depth)
    else:
        yield from pieces.explode(value, scope, url, depth)


def _elements(buffer: _Buffer, pieces: _Pieces, scope: int, depth: int) -> Iterator[Piece]:
    """Yield the resources of an array, the bracket of which was passed."""
    while sign := buffer.peek():
        if sign == "]":
            buffer.at += 1
            return
        if sign == "{":
            yield from _element(buffer, pieces, scope, "", depth + 1)
        elif sign == ",":
            buffer.at += 1
        else:
            yield pieces.piece(scope=scope, fault="broken_json")
            buffer.skip(1)
            return


def _parts(buffer: _Buffer, pieces: _Pieces, scope: int, url: str, depth: int) -> Iterator[Piece]:
    """Yield the resources of an object, read member by member."""
    members: Resource = {}
    buffer.at += 1
    before = pieces.number
    fault = ""
    while not fault and (sign := buffer.peek()) != "}":
        try:
            if sign == ",":
                buffer.at += 1
            elif (name := _name(buffer)) == "entry" and buffer.peek() == "[":
                buffer.at += 1
                yield from _elements(buffer, pieces, pieces.bundle(), depth)
            elif name == "resource" and buffer.peek() == "{":
                yield from _element(buffer, pieces, scope, _url(members), depth + 1)
            else:
                members[name] = buffer.value(MAX_VALUE)
        except (_Broken, _TooLong) as error:
            fault = "broken_json" if isinstance(error, _Broken) else "value_too_long"
    if fault:
        buffer.skip(1)
        yield from pieces.broken(scope, fault, is_end=not buffer.peek())
        return
    buffer.at += 1
    if pieces.number == before and members.get("resourceType") != "Bundle":
        yield from pieces.whole(members, scope, url, depth)


def _name(buffer: _Buffer) -> str:
    """Return the name of the member that begins here, and go behind its colon."""
    if buffer.peek() != '"':
        raise _Broken
    name = buffer.value(MAX_VALUE)
    if buffer.peek() != ":":
        raise _Broken
    buffer.at += 1
    buffer.peek()
    return str(name)
