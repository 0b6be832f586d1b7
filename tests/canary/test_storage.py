"""What a thief of the database, of the disk or of the queue would read."""

from pathlib import Path

import pytest
from sqlalchemy import select

from peeraudit.adapters.queue import Outbox
from peeraudit.extensions import Base, db
from peeraudit.models.identities import (
    Author,
    Identity,
    RecognitionRow,
    ReportIdentity,
    SeenIdentifier,
)
from peeraudit.models.intake import RefusedItem, RememberedLayout, Upload
from peeraudit.models.jobs import Job
from peeraudit.models.trail import TrailEntry
from tests.canary.crawl import ID
from tests.canary.planting import planted, word_of

pytestmark = pytest.mark.xdist_group("canary")


class TestWhatIsKept:
    def test_the_sealed_tables_name_nobody(self, audit):
        find = audit.network.words.finder()

        sealed = (Author, ReportIdentity, Identity, RecognitionRow, SeenIdentifier)
        for table in (*sealed, RefusedItem, Outbox):
            hits = {(w.kind, w.text) for row in kept(table) for w in find(row)}
            ids = {(kind, text) for kind, text in hits if ID.fullmatch(text)}
            assert hits - ids == set(), table

    def test_what_was_done_and_what_waits_name_nobody(self, audit):
        find = audit.network.words.finder()
        people = {"patient", "requester", "author", "reviewer", "adjudicator", "guess", "seen"}

        for table in (TrailEntry, Job, Outbox):
            rows = list(kept(table))
            hits = {(w.kind, w.text) for row in rows for w in find(row) if w.kind in people}
            assert rows
            assert {hit for hit in hits if not ID.fullmatch(hit[1])} == set(), table

    def test_the_whole_database_names_no_patient(self, audit):
        app, network, _ = audit
        content = whole_database(app.config["SQLALCHEMY_DATABASE_URI"])

        found = network.words.finder()(content)

        assert {w.text for w in found if w.kind in {"patient", "requester"}} == set()
        # The crawl's own places were there to be found: a sheet and a column bear such names.
        assert {name for (name,) in db.session.execute(select(Upload.format))} >= {"xlsx", "zip"}
        assert db.session.scalar(select(RememberedLayout.id)) is not None
        # It is the database that is meant: what is no secret stands in it.
        assert {w.kind for w in found} >= {"report_id", "department"}

    def test_stored_files_and_their_names_tell_nobody(self, audit):
        app, network, _ = audit
        files = [p for p in app.config["STORAGE_DIR"].rglob("*") if p.is_file()]
        find = network.words.finder()

        assert files
        for path in files:
            assert find(path.name + path.read_bytes().decode("latin-1")) == set()

    def test_a_name_in_clear_would_be_found(self, audit):
        name = word_of(audit, "patient")
        with planted(Author, "sealed_name", f'["7", "{name}"]'.encode()):
            rows = " ".join(kept(Author))

        assert name in {w.text for w in audit.network.words.finder()(rows)}


def whole_database(url):
    """Return all that the database holds: its file, or where it has many every row."""
    db.session.commit()
    if not url.startswith("sqlite"):
        rows = (row for table in Base.metadata.sorted_tables for row in rows_of(table))
        return "\n".join(rows)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(url.removeprefix("sqlite:///")).read_bytes().decode("latin-1")


def kept(model):
    """Yield each row of a model's table as it lies in the database."""
    return rows_of(model.__table__)


def rows_of(table):
    for row in db.session.execute(select(*table.columns)):
        parts = (v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row)
        yield " ".join(parts)
