"""Which keys seal the identities, which of them is the newest, and are they strong enough?"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

KEY_BYTES = 32
"""Length of a key, in bytes: 256 bits."""

FEWEST_DISTINCT = 16
"""Fewest different bytes of a key: 32 random ones have 30 or so, and never so few."""

HIGHEST_VERSION = 2**32 - 1

_LINE = re.compile(r"(?P<version>[1-9][0-9]{0,9}):(?P<key>[A-Za-z0-9_+/-]+)={0,2}")


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of an installation: the newest seals, all of them open.

    Args:
        keys: version → key of 32 bytes; at least one.
    """

    keys: Mapping[int, bytes] = field(repr=False)

    @property
    def newest(self) -> int:
        """The version that seals."""
        return max(self.keys)

    @property
    def versions(self) -> tuple[int, ...]:
        """All versions, the newest first."""
        return tuple(sorted(self.keys, reverse=True))


def key_line(version: int, key: bytes) -> str:
    """Return a key as it is written in the environment or the file: ``2:`` and base64.

    Args:
        version: from 1; a new key bears a higher one than all before.
        key: 32 random bytes.
    """
    return f"{version}:{base64.urlsafe_b64encode(key).decode().rstrip('=')}"


def parse_keyring(text: str) -> tuple[Keyring, list[str]]:
    """Return the keys of a text, and one sentence for each problem with them.

    Args:
        text: ``version:base64`` once or more, parted by spaces, commas or line ends; what
            follows a ``#`` on a line is a remark.

    Returns:
        The keys that are fit, and the problems; no key is ever quoted in a problem.
    """
    keys: dict[int, bytes] = {}
    problems = []
    for number, word in enumerate(_words(text), start=1):
        found = _LINE.fullmatch(word)
        if found is None:
            problems.append(f"Key {number} is not written as VERSION:BASE64, such as 1:….")
            continue
        version, key = int(found["version"]), _decoded(found["key"])
        problem = _problem_of(version, key)
        if version in keys:
            problem = f"Key version {version} is given twice."
        if problem:
            problems.append(problem)
        else:
            keys[version] = key
    if len(set(keys.values())) < len(keys):
        problems.append("Two key versions are the same key: make a new one for each version.")
    return Keyring(keys), problems


def _words(text: str) -> Iterable[str]:
    for line in text.splitlines():
        yield from (word for word in re.split(r"[\s,]+", line.partition("#")[0]) if word)


def _decoded(word: str) -> bytes:
    plain = word.replace("+", "-").replace("/", "_")
    try:
        return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def _problem_of(version: int, key: bytes) -> str:
    if version > HIGHEST_VERSION:
        return f"Key version {version} is too high: count the versions from 1."
    if len(key) != KEY_BYTES:
        return (
            f"Key version {version} is too weak: it needs {KEY_BYTES} random bytes in base64, "
            f"and has {len(key)}."
        )
    if len(set(key)) < FEWEST_DISTINCT:
        return f"Key version {version} is too weak: it is not random."
    return ""
