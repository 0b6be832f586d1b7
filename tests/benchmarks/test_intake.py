"""What does taking reports in cost, next to a raw bulk insert of the very rows that it makes?

The baseline inserts the rows of an import (reports, sealed texts and identities, items), made ready
beforehand, byte for byte as the import stored them and in its order, by SQLAlchemy's executemany,
in transactions of the same size, into another database that the same migrations made: the same
indexes, constraints and triggers. It neither reads, derives, compares, seals nor counts anything.

Each round takes the file in by one process, inserts its rows raw, and takes two halves in by two
processes at once; what is told is the median of the rounds, by the clock and by the processor,
since others use the machine. Every process took a few reports in before, into a database that
nobody looks at, as a worker has that was not started a moment ago. Two processes are told from the
first beginning to the last end; on SQLite they wait for one another's transactions.

What a worker holds in memory is told by a process that loads what a worker loads and nothing else,
for a file and for one a tenth as long: reading may not hold more because a file is longer.

Only drawn cases are de-identified, so import alone keeps what a message knows of people (which
masking needs); masking every report as it comes is measured too.

    python -m pytest tests/benchmarks/test_intake.py -m benchmark -s
    INTAKE_REPORTS=100000 … for the large file
"""

import csv
import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, insert, select

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.app import create_app
from peeraudit.config import Settings
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.extensions import db
from peeraudit.models.identities import Author, ReportIdentity
from peeraudit.models.intake import IntakeItem, Report, Upload
from peeraudit.models.network import Department
from peeraudit.services import intake, intake_uploads, jobs
from peeraudit.services.intake import ITEMS_PER_BITE, NewUpload
from tests.conftest import environment_of, new_database, run_flask
from tests.factories.accounts import make_department
from tests.factories.tables import table_lines

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
REPORTS = int(os.environ.get("INTAKE_REPORTS", "4000"))
MASKED = 300
DRAWN = 120
PEAK_MIB = 300
GROWTH_MIB = 10
ROUNDS = int(os.environ.get("INTAKE_ROUNDS", "3"))
LEAST_SHARE = 0.08
# A new process, which does not begin with the memory of the tests that ran before.
SPAWN = multiprocessing.get_context("spawn")


def fresh(settings, word):
    """Return settings of an empty, migrated database."""
    url = new_database(settings.database_url, f"{word}_{uuid4().hex[:8]}")
    own = replace(settings, database_url=url)
    done = run_flask(own, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    return own


def write_table(path, reports, prefix="B"):
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(table_lines(reports, prefix))
    return path


class Run(NamedTuple):
    """What a piece of work cost: seconds by the clock and of the processor, and when it ended."""

    seconds: float
    processor: float
    ended: float
    counts: dict[str, int] | None = None


@contextmanager
def timed(found):
    """Append to ``found`` what the body cost."""
    began, busy = time.perf_counter(), time.process_time()
    yield
    ended = time.perf_counter()
    found.append(Run(ended - began, time.process_time() - busy, ended))


def hand_in(department_id, path):
    """Put a file where it waits to be read; return its upload's id."""
    with unit_of_work(), path.open("rb") as file:
        new = NewUpload(department_id, path.name)
        return intake.receive(new, iter(lambda: file.read(1 << 20), b""), by=None)


def take_in(settings, department_id, path, drawn=0, start=None):
    """Take a file in, as a worker does, and mask what is drawn of it; with a barrier, together."""
    app, cost = create_app(settings), []
    texts = texts_of(path, drawn)
    with app.app_context():
        upload_id = hand_in(department_id, path)
        job = intake_uploads.show_upload(upload_id, by=None).job
        if start:
            start.wait()
        with timed(cost):
            with unit_of_work():
                jobs.begin(job.id)
            in_bites(intake.read_upload(job.id))
            for text in texts:
                mask(text, KnownIdentities(), "fr")
        counts = intake_uploads.show_upload(upload_id, by=None).counts
        db.session.remove()
        db.engine.dispose()
    return cost[0]._replace(counts=counts)


class Place(NamedTuple):
    """Where a process takes its first reports in, so that it is as warm as a worker."""

    settings: Settings
    department_id: UUID
    path: Path


def prepare(place, start=None):
    """Begin a process."""
    take_in(*place)
    globals()["_start"] = start


def work(task, *args):
    """Run a task in a process that is prepared."""
    return task(*args, globals()["_start"]) if globals()["_start"] else task(*args)


def in_a_process(place, task, *args):
    """Run a task in a process of its own, whose memory is then its alone."""
    with SPAWN.Pool(1, prepare, (place,)) as pool:
        return pool.apply(work, (task, *args))


def by_two(place, settings, department_id, paths, drawn=0):
    """Take two files in at once; return the seconds from the first beginning to the last end."""
    with SPAWN.Pool(2, prepare, (place, SPAWN.Barrier(2))) as pool:
        tasks = [(take_in, settings, department_id, path, drawn) for path in paths]
        found = pool.starmap(work, tasks, chunksize=1)
    seconds = max(run.ended for run in found) - min(run.ended - run.seconds for run in found)
    return Run(seconds, sum(run.processor for run in found), 0.0), found


def insert_raw(settings, tables, parents):
    """Insert rows that are ready, a bite of each table in a transaction; return the cost."""
    app, cost = create_app(settings), []
    with app.app_context():
        with unit_of_work():
            for table, rows in parents:
                db.session.execute(insert(table), rows)
        with timed(cost):
            for start in range(0, len(tables[0][1]), ITEMS_PER_BITE):
                with unit_of_work():
                    for table, rows in tables:
                        db.session.execute(insert(table), rows[start : start + ITEMS_PER_BITE])
        db.session.remove()
        db.engine.dispose()
    return cost[0]


def baseline(settings, made):
    """Return the cost of a raw bulk insert of the rows that ``made`` holds."""
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
    return insert_raw(settings, rows[3:], rows[:3])


def texts_of(path, count):
    """Return the texts of the first reports of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["report_text"] for row in islice(csv.DictReader(file), count)]


def seconds_to_mask(path):
    """Return the seconds that masking one report takes, by the mean of some."""
    texts = texts_of(path, MASKED)
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
    """Print a table of runs, a line for each way, its rounds in the same order everywhere."""
    raw = lines[0][1]
    say(f"\n{title}")
    say(f"{'':40}{'seconds':>9}{'of raw':>8}{'processor':>11}{'of raw':>8}{'a second':>10}")
    for name, runs in lines:
        seconds, busy = (
            median(getattr(run, of) for run in runs) for of in ("seconds", "processor")
        )
        by_clock, by_processor = shares(raw, runs)
        say(
            f"{name:40}{seconds:>9.2f}{by_clock:>8.2f}{busy:>11.2f}{by_processor:>8.2f}"
            f"{REPORTS / seconds:>10.0f}"
        )


def shares(raw, runs):
    """Return what the raw insert takes of what a way takes, by the clock and by the processor."""
    pairs = list(zip(raw, runs, strict=True))
    return (
        median(one.seconds / other.seconds for one, other in pairs),
        median(one.processor / other.processor for one, other in pairs),
    )


def say(words):
    print(words)  # noqa: T201 - the figures are what a benchmark is for


def warm_place(settings, tmp_path):
    own = fresh(settings, "warm")
    return Place(own, a_department(own), write_table(tmp_path / "warm.csv", 200, "W"))


def test_import_next_to_a_raw_bulk_insert(settings, tmp_path):
    path = write_table(tmp_path / "reports.csv", REPORTS)
    halves = [write_table(tmp_path / f"{p}.csv", REPORTS // 2, p) for p in "XY"]
    warm, first, raw, again, both = warm_place(settings, tmp_path), [], [], [], []
    drawn, both_drawn = [], []

    for _ in range(ROUNDS):
        one, two = fresh(settings, "one"), fresh(settings, "two")
        department_one, department_two = a_department(one), a_department(two)
        first.append(in_a_process(warm, take_in, one, department_one, path))
        assert first[-1].counts["accepted"] == REPORTS
        raw.append(in_a_process(warm, baseline, fresh(settings, "raw"), one))
        again.append(in_a_process(warm, take_in, one, department_one, path))
        assert again[-1].counts["duplicate"] == REPORTS
        together, parts = by_two(warm, two, department_two, halves)
        assert sum(part.counts["accepted"] for part in parts) == REPORTS // 2 * 2
        both.append(together)
        three, four = fresh(settings, "three"), fresh(settings, "four")
        drawn.append(in_a_process(warm, take_in, three, a_department(three), path, DRAWN))
        both_drawn.append(by_two(warm, four, a_department(four), halves, DRAWN // 2)[0])

    kind = settings.database_url.split(":")[0]
    size = path.stat().st_size / 1e6
    tell(
        f"{REPORTS} reports, {size:.0f} MB, {kind}, {ROUNDS} rounds",
        [
            ("raw bulk insert of the same rows", raw),
            ("import, one process", first),
            ("import, two processes at once", both),
            (f"import, masking {DRAWN} drawn", drawn),
            ("the same, two processes at once", both_drawn),
            ("the unchanged file again", again),
        ],
    )
    tell_masking(path, raw, first, drawn, again)
    # A third is reached on a quiet machine; a busy one only has to be far from this.
    assert shares(raw, first)[1] > LEAST_SHARE


def tell_masking(path, raw, *runs):
    inserted, taken, masked, repeated = (median(run.seconds for run in way) for way in (raw, *runs))
    masking = seconds_to_mask(path)
    say(f"first import / unchanged file again: {taken / repeated:.1f} ×")
    say(f"masking: {masking * 1000:.1f} ms a report; drawn cases alone are masked")
    share = inserted / (masked + (REPORTS - DRAWN) * masking)
    say(f"import and masking of all {REPORTS} reports would be {share:.2f} of raw")


def peak_of(settings, path):
    """Return how many MiB a worker that reads the file holds at most."""
    app = create_app(settings)
    with app.app_context():
        upload_id = hand_in(a_department(settings), path)
        job_id = intake_uploads.show_upload(upload_id, by=None).job.id
        db.session.remove()
        db.engine.dispose()
    command = [sys.executable, "-m", "tests.benchmarks.reading_alone", str(job_id)]
    done = subprocess.run(
        command, env=environment_of(settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with app.app_context():
        counts = intake_uploads.show_upload(upload_id, by=None).counts
        db.session.remove()
        db.engine.dispose()
    return float(done.stdout), counts["accepted"]


def test_a_longer_file_takes_no_more_memory(settings, tmp_path):
    peaks = []
    for reports in (REPORTS // 10, REPORTS):
        path = write_table(tmp_path / f"{reports}.csv", reports)
        peak, accepted = peak_of(fresh(settings, "peak"), path)
        assert accepted == reports
        peaks.append(peak)

    shorter, longer = peaks
    held = f"{longer:.0f} MiB for {REPORTS} reports, {shorter:.0f} for a tenth"
    say(f"\na worker holds at most {held}")
    assert longer < PEAK_MIB
    assert longer - shorter < GROWTH_MIB


def test_going_on_after_a_kill_costs_little(settings, tmp_path):
    path = write_table(tmp_path / "reports.csv", REPORTS)
    began = time.perf_counter()
    _, items = open_reports(path, path.name)
    pass_over(items, REPORTS)
    assert next(items, None) is None
    skipped = time.perf_counter() - began
    own = fresh(settings, "skip")
    warm = warm_place(settings, tmp_path)
    whole = in_a_process(warm, take_in, own, a_department(own), path).seconds

    say(f"\npassing over all {REPORTS} items: {skipped:.2f} s, {skipped / whole:.0%} of the import")
    assert skipped < whole
