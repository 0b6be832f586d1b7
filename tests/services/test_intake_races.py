"""Two jobs of one department that meet at the same examinations, as two workers do."""

import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.app import create_app
from peeraudit.extensions import db
from peeraudit.models.identities import ReportIdentity
from peeraudit.models.intake import Report, Upload
from peeraudit.services import intake_keeping, intake_purged, retention_purge
from tests.conftest import new_database, run_flask
from tests.factories.accounts import make_department
from tests.services.test_intake_keeping import arrived, make_upload

EXAMS, ROUNDS = 5, 60
PURGES, PAUSE_SECONDS = 20, 0.02


@pytest.fixture
def installation(settings):
    """An application on a database of its own: what its threads commit stays there."""
    url = new_database(settings.database_url, f"races_{uuid4().hex[:8]}")
    own = replace(settings, database_url=url)
    done = run_flask(own, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    app = create_app(own)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def take_in_again_and_again(app, upload_id, words, start, failures):
    with app.app_context():
        start.wait()
        try:
            for round_ in range(ROUNDS):
                with unit_of_work():
                    upload = db.session.get_one(Upload, upload_id)
                    bite = [arrived(f"A{i}", f"{words} {round_}.") for i in range(EXAMS)]
                    intake_keeping.take_in(upload, bite, first=round_ * EXAMS + 1)
        except Exception as error:
            failures.append(error)
            raise
        finally:
            db.session.remove()


def test_each_examination_keeps_one_current_version_and_no_item_is_lost(installation):
    with unit_of_work():
        department_id = make_department(db.session).id
        uploads = [make_upload(db.session, department_id).id for _ in range(2)]
    start, failures = threading.Barrier(2), []
    threads = [
        threading.Thread(
            target=take_in_again_and_again, args=(installation, one, words, start, failures)
        )
        for one, words in zip(uploads, ("Foie normal", "Rate normale"), strict=True)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    of_department = Report.department_id == department_id
    current = select(func.count()).where(of_department, Report.is_current)
    versions = select(func.max(Report.version)).where(of_department)
    assert db.session.scalar(current) == EXAMS
    assert db.session.scalar(versions) == 2 * ROUNDS
    rows = db.session.scalars(select(Upload).where(Upload.id.in_(uploads))).all()
    assert [one.items for one in rows] == [EXAMS * ROUNDS] * 2


def purge_everything(app, start, failures):
    with app.app_context():
        start.wait()
        try:
            for _ in range(PURGES):
                with unit_of_work():
                    intake_purged.hold_intake()
                    known = select(Report.id).where(Report.purged_at.is_(None))
                    retention_purge.purge_reports(db.session.scalars(known).all())
                time.sleep(PAUSE_SECONDS)
        except Exception as error:
            failures.append(error)
            raise
        finally:
            db.session.remove()


def test_what_is_purged_meanwhile_never_comes_back(installation):
    with unit_of_work():
        department_id = make_department(db.session).id
        upload_id = make_upload(db.session, department_id).id
    start, failures = threading.Barrier(2), []
    sending = threading.Thread(
        target=take_in_again_and_again,
        args=(installation, upload_id, "Foie normal", start, failures),
    )
    purging = threading.Thread(target=purge_everything, args=(installation, start, failures))

    for thread in (sending, purging):
        thread.start()
    for thread in (sending, purging):
        thread.join()

    assert not failures
    purged = select(Report.accession).where(Report.purged_at.is_not(None)).distinct()
    assert len(db.session.scalars(purged).all()) == EXAMS
    # No examination has a version from after its purge.
    assert db.session.scalar(select(func.count()).where(Report.purged_at.is_(None))) == 0
    assert db.session.scalar(select(func.count()).select_from(ReportIdentity)) == 0
