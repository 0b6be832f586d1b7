"""Did this report come before, in whatever format, among all that were read so far?"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from secrets import token_bytes
from typing import Final, cast

from peeraudit.domain.intake.classification import (
    KnownReport,
    Outcome,
    classify,
    core_hash,
    known,
    repeats_core,
)
from peeraudit.domain.intake.reports import IncomingReport, Status

_CACHE_KIB: Final = 32_768


class SeenReports:
    """What is remembered of the reports that came before, in bounded memory.

    Numbers are kept as keyed hashes only; no name and no text is kept.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._salt = token_bytes(16)
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(
            "CREATE TABLE seen"
            " (accession BLOB, report_id BLOB, status TEXT, hash TEXT, signed TEXT, core TEXT)"
        )
        database.execute("CREATE INDEX by_accession ON seen (accession)")
        database.execute("CREATE INDEX by_report_id ON seen (report_id)")

    def take(self, report: IncomingReport) -> Outcome:
        """Return what becomes of a report after those before it, and remember it.

        Args:
            report: the report that arrives.
        """
        accession, number = self._key(report.accession), self._key(report.report_id)
        rows = self._database.execute(
            "SELECT accession, report_id, status, hash, signed, core FROM seen"
            " WHERE accession = ? UNION SELECT accession, report_id, status, hash, signed, core"
            " FROM seen WHERE report_id = ?",
            (accession, number),
        ).fetchall()
        existing = [
            KnownReport(
                report.report_id if row[1] == number else "",
                report.accession if row[0] == accession else "",
                cast("Status", row[2]),
                row[3],
                datetime.fromisoformat(row[4]) if row[4] else None,
            )
            for row in rows
        ]
        new = known(report)
        outcome = classify(existing, new)
        core = core_hash(report.text, report.language)
        versions = zip(existing, rows, strict=True)
        old = [(version, row[5]) for version, row in versions if row[0] == accession]
        if outcome in {"updated", "outdated"} and repeats_core(new, core, old):
            outcome = "duplicate"
        if outcome != "duplicate":
            signed = new.signed_at.isoformat() if new.signed_at else None
            self._database.execute(
                "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?)",
                (accession, number, new.status, new.content_hash, signed, core),
            )
        return outcome

    def _key(self, number: str) -> bytes:
        content = number.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, digest_size=16, salt=self._salt).digest()


@contextmanager
def seen_reports() -> Iterator[SeenReports]:
    """Give an empty memory, and destroy it at the end."""
    # A database without a name lives in memory and, when it outgrows it, in a deleted file.
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        yield SeenReports(database)
