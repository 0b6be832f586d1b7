"""What sealing costs: beside keeping the same in clear, and when keys are rotated."""

import json
import time
from uuid import uuid4

import pytest
from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    create_engine,
    insert,
)

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.extensions import db
from peeraudit.models.identities import ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.services import blinding_intake, blinding_keys, duties, jobs
from peeraudit.services import blinding_records as records
from tests.factories.accounts import make_department
from tests.factories.cases import FIRST_DAY, make_incoming
from tests.factories.moments import MOMENT

pytestmark = pytest.mark.benchmark
ROWS, BITE = 5_000, 500
TEXT = "INDICATION : toux chez M. Jean Durand.\nRÉSULTATS : foyer du lobe moyen.\n" * 20


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_clear(folder, reports):
    """Insert the same content into a table that seals nothing; return the seconds."""
    engine = create_engine(f"sqlite:///{folder}/clear.db")
    clear = Table(
        "clear", MetaData(), Column("id", Uuid, primary_key=True), Column("patient", String(64)),
        Column("known", Text), Column("text", Text), Column("spare", LargeBinary),
    )  # fmt: skip
    clear.create(engine)

    def work():
        with engine.begin() as connection:
            for start in range(0, len(reports), BITE):
                rows = [
                    {
                        "id": uuid4(),
                        "patient": "0" * 64,
                        "known": json.dumps(records.known_of(report, None).words),
                        "text": report.text,
                        "spare": None,
                    }
                    for report in reports[start : start + BITE]
                ]
                connection.execute(insert(clear), rows)

    seconds = timed(work)
    engine.dispose()
    return seconds


def test_what_sealing_costs(session, app, monkeypatch, tmp_path, record_property):
    place = make_department(session)
    arrived = {uuid4(): make_incoming(text=TEXT) for _ in range(ROWS)}
    session.execute(
        insert(Report.__table__),
        [
            {
                "id": i, "department_id": place.id, "accession": r.accession,
                "report_key": r.report_id, "version": 1, "is_current": True, "status": "final",
                "excluded_reason": "", "modality": "CT", "region": "chest", "derived": "",
                "exam": "", "urgency": "", "language": "fr", "performed_on": FIRST_DAY,
                "has_text": True, "awaits_text": False, "content_hash": "", "format": "csv",
                "received_at": MOMENT,
            }
            for i, r in arrived.items()
        ],
    )  # fmt: skip
    session.commit()

    def keep():
        items = list(arrived.items())
        with unit_of_work():
            for start in range(0, ROWS, BITE):
                bite = [
                    blinding_intake.prepare(
                        report, department_id=place.id, authors={}, report_id=report_id
                    )
                    for report_id, report in items[start : start + BITE]
                ]
                blinding_intake.remember_identities(bite, department_id=place.id)

    clear, sealed = in_clear(tmp_path, list(arrived.values())), timed(keep)
    old = app.config["IDENTITY_KEYS"].keys
    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({**old, 2: b"\2" * KEY_BYTES}))
    with unit_of_work():
        job_id = blinding_keys.order_rotation()
    rotated = timed(lambda: duties.run_job(job_id, blinding_keys.rotate_keys))

    record_property("sealing: kept sealed, of kept in clear", round(sealed / clear, 2))
    record_property("sealing: rotated, of kept in clear", round(rotated / clear, 2))
    record_property("sealing: seconds to rotate 5,000 reports", round(rotated, 2))
    assert jobs.view(job_id).done >= ROWS
    assert db.session.query(ReportIdentity).count() >= ROWS
