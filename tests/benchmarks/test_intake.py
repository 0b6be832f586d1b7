"""What does taking reports in cost, next to a raw bulk insert of the very rows that it makes?

The baseline inserts these rows, made ready beforehand, by executemany in transactions of the same
size, into a database of its own. Only drawn cases are de-identified, so import alone keeps what a
message knows of people (which masking needs); masking every report as it comes is measured too.

    python -m pytest tests/benchmarks/test_intake.py -m benchmark -s
    INTAKE_REPORTS=100000 … for the large file
"""

import csv
import multiprocessing
import os
import resource
import time
from dataclasses import replace
from itertools import islice
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, insert, select

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.app import create_app
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.specimens.files import csv_lines
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports
from peeraudit.extensions import db
from peeraudit.models.identities import Author, ReportIdentity
from peeraudit.models.intake import IntakeItem, Report, Upload
from peeraudit.models.network import Department
from peeraudit.services import intake, intake_uploads, jobs
from peeraudit.services.intake import ITEMS_PER_BITE, NewUpload
from tests.conftest import new_database, run_flask
from tests.factories.accounts import make_department

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
REPORTS = int(os.environ.get("INTAKE_REPORTS", "4000"))
SPECIMENS = 2000
MASKED = 300
BYTES = 1600
PEAK_MIB = 300
FORK = multiprocessing.get_context("fork")


def fresh(settings, word):
    """Return settings of an empty, migrated database."""
    url = new_database(settings.database_url, f"{word}_{uuid4().hex[:8]}")
    own = replace(settings, database_url=url)
    done = run_flask(own, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    return own


def write_table(path, reports, prefix="B"):
    """Write a table of so many different reports, of some 1,600 bytes each."""
    network = specimen_network("bench", departments=1, reviewers=6)
    lines = list(csv_lines(specimen_reports(network, min(reports, SPECIMENS))))
    head, body = lines[0], lines[1:]
    columns = head.strip().split(",")
    key, accession = columns.index("report_id"), columns.index("accession")
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for number in range(reports):
            line = body[number % len(body)]
            cells = line.split(",", 2)
            cells[key], cells[accession] = f"{prefix}R{number}", f"{prefix}A{number}"
            filler = " Pas d'autre anomalie." * max(0, (BYTES - len(line)) // 22)
            row = ",".join(cells).rstrip("\r\n")
            file.write(f'{row[:-1]}{filler}"\r\n' if row.endswith('"') else f"{row}\r\n")
    return path


def take_in(settings, department_id, path):
    """Take a file in, as a worker does; return the seconds and the worker's peak memory in MiB."""
    app = create_app(settings)
    with app.app_context():
        with unit_of_work(), path.open("rb") as file:
            new = NewUpload(department_id, path.name)
            upload_id = intake.receive(new, iter(lambda: file.read(1 << 20), b""), by=None)
        job = intake_uploads.show_upload(upload_id, by=None).job
        began = time.perf_counter()
        with unit_of_work():
            jobs.begin(job.id)
        in_bites(intake.read_upload(job.id))
        seconds = time.perf_counter() - began
        counts = intake_uploads.show_upload(upload_id, by=None).counts
        db.session.remove()
        db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, peak, counts


def in_a_process(settings, department_id, path):
    """Take a file in by a process of its own, whose memory is then its alone."""
    with FORK.Pool(1) as pool:
        return pool.apply(take_in, (settings, department_id, path))


def by_two(settings, department_id, paths):
    began = time.perf_counter()
    with FORK.Pool(2) as pool:
        found = pool.starmap(take_in, [(settings, department_id, path) for path in paths])
    return time.perf_counter() - began, found


def insert_raw(settings, tables, parents):
    """Insert rows that are ready, a bite of each table in a transaction; return the seconds."""
    app = create_app(settings)
    with app.app_context():
        with unit_of_work():
            for table, rows in parents:
                db.session.execute(insert(table), rows)
        began = time.perf_counter()
        for start in range(0, len(tables[0][1]), ITEMS_PER_BITE):
            with unit_of_work():
                for table, rows in tables:
                    db.session.execute(insert(table), rows[start : start + ITEMS_PER_BITE])
        seconds = time.perf_counter() - began
        db.session.remove()
        db.engine.dispose()
    return seconds


def baseline(settings, made, word):
    """Return the seconds of a raw bulk insert of the rows that ``made`` holds."""
    engine = create_engine(made.database_url)
    with engine.connect() as connection:
        found = {
            model.__table__: [
                dict(r) for r in connection.execute(select(model.__table__)).mappings()
            ]
            for model in (Department, Upload, Author, Report, ReportIdentity, IntakeItem)
        }
    engine.dispose()
    for upload in found[Upload.__table__]:
        upload["job_id"] = None
    rows = list(found.items())
    return insert_raw(fresh(settings, word), rows[3:], rows[:3])


def seconds_to_mask(path):
    """Return the seconds that masking one report takes, by the mean of some."""
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row["report_text"] for row in islice(csv.DictReader(file), MASKED)]
    began = time.perf_counter()
    for text in texts:
        mask(text, KnownIdentities(), "fr")
    return (time.perf_counter() - began) / len(texts)


def a_department(settings):
    app = create_app(settings)
    with app.app_context():
        with unit_of_work():
            department_id = make_department(db.session).id
        db.session.remove()
        db.engine.dispose()
    return department_id


def tell(title, lines):
    print(f"\n{title}\n{'':44}{'seconds':>10}{'reports/s':>12}{'of raw':>9}")  # noqa: T201 - the figures are what a benchmark is for
    for name, seconds, share in lines:
        print(f"{name:44}{seconds:>10.2f}{REPORTS / seconds:>12.0f}{share:>9}")  # noqa: T201 - the figures are what a benchmark is for


def test_import_next_to_a_raw_bulk_insert(settings, tmp_path):
    path = write_table(tmp_path / "reports.csv", REPORTS)
    halves = [write_table(tmp_path / f"{p}.csv", REPORTS // 2, p) for p in "XY"]
    one, two = fresh(settings, "one"), fresh(settings, "two")
    department_one, department_two = a_department(one), a_department(two)

    first, peak, counts = in_a_process(one, department_one, path)
    assert counts["accepted"] == REPORTS
    raw = baseline(settings, one, "raw")
    again, _, repeated = in_a_process(one, department_one, path)
    assert repeated["duplicate"] == REPORTS
    both, halves_made = by_two(two, department_two, halves)
    assert sum(made["accepted"] for _, _, made in halves_made) == REPORTS // 2 * 2
    masking = seconds_to_mask(path)

    kind = settings.database_url.split(":")[0]
    megabytes = path.stat().st_size / 1e6
    tell(
        f"{REPORTS} reports, {megabytes:.0f} MB, {kind}; worker at most {peak:.0f} MiB",
        [
            ("raw bulk insert of the same rows", raw, "1.00"),
            ("import, one process", first, f"{raw / first:.2f}"),
            ("import, two processes", both, f"{raw / both:.2f}"),
            ("the unchanged file again", again, f"{raw / again:.2f}"),
            ("masking every report, computed", masking * REPORTS, "–"),
            ("import and masking of 120 drawn cases", first + 120 * masking, "–"),
        ],
    )
    print(f"first import / unchanged file again: {first / again:.1f} ×")  # noqa: T201 - the figures are what a benchmark is for
    assert peak < PEAK_MIB


def test_going_on_after_a_kill_costs_little(settings, tmp_path):
    path = write_table(tmp_path / "reports.csv", REPORTS)
    began = time.perf_counter()
    _, items = open_reports(path, path.name)
    assert sum(1 for _ in items) == REPORTS
    skipped = time.perf_counter() - began
    own = fresh(settings, "skip")
    whole, _, _ = in_a_process(own, a_department(own), path)

    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\npassing over all {REPORTS} items: {skipped:.2f} s, {skipped / whole:.0%} of the import"
    )
    assert skipped < whole
