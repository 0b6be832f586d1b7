"""What does a snapshot cost, database included, next to reading the same rows?

The baseline fetches every reading as a plain tuple and does nothing with it: whoever wants to
count in Python pays it before counting anything. The goal at full size, on PostgreSQL and two
cores: 60 s and 2 GB. At full size: SNAPSHOT_BENCHMARK=full TEST_DATABASE=postgresql.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import pytest
from sqlalchemy import select, text

from peeraudit.adapters import queue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.extensions import db
from peeraudit.models.summaries import Snapshot
from peeraudit.services import statistics, statistics_kept
from peeraudit.services.statistics_counts import ground_of
from peeraudit.services.statistics_tallies import select_cases, tallies_of
from tests.factories.large_audits import Size, make_large_audit
from tests.factories.network import make_actor

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
IS_FULL = os.environ.get("SNAPSHOT_BENCHMARK") == "full"
SIZE = Size(1_000_000, 300, 2_000) if IS_FULL else Size(20_000, 30, 100)
GOAL_SECONDS, GOAL_BYTES = 60, 2 * 1024**3
RUNS = 1 if IS_FULL else 3
MOST_TIMES_READING = 5
CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@pytest.fixture
def campaign_id(session, monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    campaign_id = make_large_audit(session, SIZE)
    session.commit()
    session.execute(text("ANALYZE"))
    session.expunge_all()
    return campaign_id


def test_a_snapshot_next_to_reading_its_rows(session, campaign_id):
    lead = make_actor(session, Role.NETWORK_LEAD)
    reading = [measured(lambda: len(db.session.execute(select_cases(campaign_id)).all()))
               for _ in range(RUNS)]  # fmt: skip
    counting = [measured(lambda: tallies_of(campaign_id, CR3_1)) for _ in range(RUNS)]
    snapshot = measured(lambda: take_snapshot(campaign_id, lead))
    table = measured(lambda: statistics_kept.new_table(campaign_id, ground_of(campaign_id)))

    [row] = session.scalars(select(Snapshot)).all()
    cells = CampaignCounts.from_json(row.data).cells
    cost = median(one.cpu for one in counting) / median(one.cpu for one in reading)
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{SIZE}, {db.engine.dialect.name}"
        f"\n  rows as tuples: {reading[0]}\n  tallies:        {counting[0]}"
        f"\n  snapshot:       {snapshot}\n  table kept:     {table}"
        f"\n  counting / reading, CPU of this process: {cost:.2f}"
    )
    assert sum(cell.scored for cell in cells) == reading[0].result == SIZE.cases
    # To group what is read must not cost more than to fetch it a few times over.
    assert cost < MOST_TIMES_READING
    if IS_FULL:
        assert snapshot.wall < GOAL_SECONDS
        assert snapshot.peak < GOAL_BYTES


def take_snapshot(campaign_id, lead):
    with unit_of_work():
        job_id = statistics.order_statistics(campaign_id, by=lead)
    steps = statistics.compute_statistics(job_id)
    for _ in range(statistics.STEPS + 1):
        with unit_of_work():
            next(steps, None)


@dataclass(frozen=True)
class Measured:
    """What an action took: seconds, CPU of this process and of its server, most memory at once."""

    result: object
    wall: float
    cpu: float
    server: float
    peak: int

    def __str__(self):
        return (
            f"{self.wall:6.2f} s, CPU {self.cpu:6.2f} s here and {self.server:6.2f} s in the"
            f" server, peak {self.peak / 1024**2:.0f} MB"
        )


def measured(action):
    server = server_cpu()
    CLEAR.write_text("5")  # the highest mark of memory starts from here
    start, cpu = perf_counter(), process_time()
    result = action()
    wall, cpu = perf_counter() - start, process_time() - cpu
    return Measured(result, wall, cpu, server_cpu() - server, peak_bytes())


def peak_bytes():
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def server_cpu():
    """Return the CPU seconds of the server's process behind this session; SQLite has none."""
    if db.engine.dialect.name == "sqlite":
        return 0.0
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
