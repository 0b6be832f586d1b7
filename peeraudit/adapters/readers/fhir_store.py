"""To which resource does a FHIR reference point, among all that came with a report?"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from secrets import token_bytes
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from peeraudit.adapters.readers.fhir_values import dicts, word, words

Resource = dict[str, Any]
# What a report may need of others; everything else in a bulk export is passed over.
_KEPT: Final = frozenset({
    "Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Location",
    "ServiceRequest", "ImagingStudy", "Encounter", "CareTeam", "Observation", "Binary",
    "HealthcareService",
})  # fmt: skip
_LEFT_OUT: Final = frozenset({"text", "photo", "meta", "communication"})
_CACHE_KIB: Final = 32_768
_LOCAL: Final = 2


class ReferenceStore:
    """The resources that reports refer to, found by address, kept in bounded memory.

    What does not fit into memory goes to a file without a name that ends with the process;
    its contents are encrypted under a key that exists in memory alone, since it holds names.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))
        self._salt = token_bytes(16)
        self._written = 0
        self._read = lru_cache(maxsize=512)(self._decrypted)
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE TABLE resource (number INTEGER PRIMARY KEY, content BLOB)")
        database.execute(
            "CREATE TABLE address (key BLOB, scope INTEGER, number INTEGER,"
            " PRIMARY KEY (key, scope)) WITHOUT ROWID"
        )

    def add(self, resource: Resource, scope: int, full_url: str) -> None:
        """Keep a resource if reports may refer to it.

        Args:
            resource: as it came.
            scope: the bundle that holds it, 0 outside bundles.
            full_url: the address that its bundle gives it.
        """
        kind = word(resource.get("resourceType"))
        if kind not in _KEPT or (kind == "Observation" and not _says_words(resource)):
            return
        self._written += 1
        kept = {name: value for name, value in resource.items() if name not in _LEFT_OUT}
        packed = zlib.compress(json.dumps(kept).encode("utf-8", "surrogatepass"), 1)
        nonce = self._written.to_bytes(12)
        self._database.execute(
            "INSERT INTO resource VALUES (?, ?)",
            (self._written, self._cipher.encrypt(nonce, packed, None)),
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO address VALUES (?, ?, ?)",
            [
                (self._key(address), scope, self._written)
                for address in _addresses(resource, full_url)
            ],
        )

    def find(self, address: str, scope: int) -> Resource | None:
        """Return the resource at ``address``, the one of the same bundle before all others."""
        row = self._database.execute(
            "SELECT number FROM address WHERE key = ? ORDER BY scope <> ?, scope LIMIT 1",
            (self._key(_without_version(address)), scope),
        ).fetchone()
        return self._read(row[0]) if row else None

    def _key(self, address: str) -> bytes:
        content = address.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, digest_size=16, salt=self._salt).digest()

    def _decrypted(self, number: int) -> Resource | None:
        (content,) = self._database.execute(
            "SELECT content FROM resource WHERE number = ?", (number,)
        ).fetchone()
        packed = self._cipher.decrypt(number.to_bytes(12), content, None)
        found = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
        return found if isinstance(found, dict) else None


@contextmanager
def reference_store() -> Iterator[ReferenceStore]:
    """Give an empty store, and destroy it at the end."""
    # A database without a name lives in memory and, when it outgrows it, in a deleted file.
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        yield ReferenceStore(database)


def _says_words(observation: Resource) -> bool:
    return bool(word(observation.get("valueString")) or dicts(observation.get("note")))


def _addresses(resource: Resource, full_url: str) -> set[str]:
    kind, number = word(resource.get("resourceType")), word(resource.get("id"))
    found = {_without_version(full_url)} if full_url else set()
    if number:
        found |= {f"{kind}/{number}", f"urn:uuid:{number}"}
    if "/" in full_url:
        found.add("/".join(_without_version(full_url).rsplit("/", _LOCAL)[-_LOCAL:]))
    for identifier in dicts(resource.get("identifier")):
        value = word(identifier.get("value"))
        if value:
            found.add(token_of(kind, word(identifier.get("system")), value))
    return found


def token_of(kind: str, system: str, value: str) -> str:
    """Return the address of the resource that has an identifier, as logical references use it."""
    return f"{kind}?identifier={system}|{value}"


def addresses_of(reference: Resource, expected: str = "") -> list[str]:
    """Return the addresses at which the target of a reference may be found, best first.

    Args:
        reference: a FHIR Reference.
        expected: the type of the target when the reference itself does not tell.
    """
    literal = word(reference.get("reference"))
    found = [literal] if literal else []
    if "?identifier=" in literal:
        kind, _, token = literal.partition("?identifier=")
        system, _, value = token.rpartition("|")
        found.append(token_of(kind, system, value))
    elif "://" in literal and "/" in literal:
        found.append("/".join(_without_version(literal).rsplit("/", _LOCAL)[-_LOCAL:]))
    logical = reference.get("identifier")
    kinds = words(reference.get("type")) or ([expected] if expected else [])
    if isinstance(logical, dict):
        system, value = word(logical.get("system")), word(logical.get("value"))
        found += [token_of(kind, system, value) for kind in kinds if value]
    return found


def _without_version(address: str) -> str:
    return address.split("/_history/", maxsplit=1)[0]
