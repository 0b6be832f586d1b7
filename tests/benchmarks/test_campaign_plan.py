"""What does a campaign's plan cost, next to the flow solver alone and a raw insert of its rows?

The baseline solves the very network that the plan comes from, with its arcs ready, and inserts
the plan's readings as rows, made ready beforehand, by executemany in one transaction. The plan
does all else as well: it opens the sealed links, finds who may read what, gives reasons and names
those who could step in.

    python -m pytest tests/benchmarks/test_campaign_plan.py -m benchmark -s
    PLAN_CASES=100000 … for the large campaign
"""

import json
import os
import re
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from peeraudit.adapters import queue
from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.domain.assignment import flow, network
from peeraudit.domain.jobs import JobState
from peeraudit.domain.workflow import AssignmentState, CaseState
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity
from peeraudit.services import assignment, jobs
from peeraudit.services import blinding_records as records
from peeraudit.services.blinding_records import CaseLink
from tests.factories.accounts import make_department
from tests.factories.moments import MOMENT
from tests.factories.readings import lead, make_drawn_campaign, make_reviewer

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
CASES = int(os.environ.get("PLAN_CASES", "3000"))
PEAK_MIB = 2_048
# Asked for at full size; a small campaign pays in part for what does not grow with it.
MOST = 1.2 if CASES >= 100_000 else 2.0
FIELDS = [(modality, f"region {i}") for modality in ("CT", "MR", "CR", "US") for i in range(10)]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)


def large_campaign(session, cases):
    """Return a campaign whose cases, all read twice, wait for the reviewers of 16 departments."""
    each = max(5, cases // 3000)
    room = int(2 * cases / (16 * each) * 1.5) + 1
    places = [make_department(session) for _ in range(16)]
    for number, place in enumerate(places):
        for one in range(number * each, number * each + each):
            fields = [FIELDS[one % len(FIELDS)], FIELDS[(one + 1) % len(FIELDS)]]
            make_reviewer(session, place, capacity=room, specialities=fields)
    campaign = make_drawn_campaign(session, places)
    authors = [uuid4() for _ in range(500)]
    rows, links = [], []
    for number in range(cases):
        modality, region = FIELDS[number // 16 % len(FIELDS)]
        row = Identity()
        link = CaseLink(
            uuid4(), uuid4(), places[number % 16].id, campaign.id, authors[number % 500]
        )
        records.seal_link(row, link)
        links.append({c.key: getattr(row, c.key) for c in Identity.__table__.columns})
        rows.append(
            {
                "id": link.case_id, "campaign_id": campaign.id, "code": f"B{number:07d}",
                "state": CaseState.ELIGIBLE, "awaits_text": False, "channel": "random",
                "ticket": f"{number:064x}", "is_double_read": True, "modality": modality,
                "region": region, "exam": "", "language": "fr", "shown_date": "",
                "masked_text": "", "spans": "[]", "doubt": 0.0, "excluded_reason": "",
                "created_at": MOMENT,
            }
        )  # fmt: skip
    session.execute(insert(Case.__table__), rows)
    session.execute(insert(Identity.__table__), links)
    session.commit()
    return campaign


def insert_alone(session, campaign, entries):
    """Return the seconds that a raw insert of a plan's readings takes; nothing of it stays."""
    rows = [
        {
            "id": uuid4(), "campaign_id": campaign.id, "case_id": UUID(case),
            "reviewer_id": UUID(reviewer), "turn": turn, "state": AssignmentState.OFFERED,
            "origin": "plan", "reason": json.dumps([message, params]), "decline_reason": "",
            "due_at": MOMENT, "offered_at": MOMENT,
        }
        for case, turn, reviewer, message, params in entries
    ]  # fmt: skip
    start = time.perf_counter()
    session.execute(insert(Assignment.__table__), rows)
    session.flush()
    seconds = time.perf_counter() - start
    session.rollback()
    return seconds


def test_a_plan_costs_little_more_than_its_solver_and_its_rows(
    session, password_hash, monkeypatch, record_property
):
    campaign = large_campaign(session, CASES)
    by = lead(session, password_hash)
    solver = []

    def run(built, wanted):
        # The solver's own seconds, of the same run: a busy machine weighs on both sides.
        start = time.perf_counter()
        flows = network.run(built, wanted)
        solver.append(time.perf_counter() - start)
        return flows

    monkeypatch.setattr(flow, "run", run)
    with unit_of_work():
        job_id = assignment.order_plan(campaign.id, by=by)
    with unit_of_work():
        jobs.begin(job_id)
    start = time.perf_counter()
    in_bites(assignment.compute_plan(job_id))
    whole = time.perf_counter() - start
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024

    kept = session.scalars(select(Plan).where(Plan.campaign_id == campaign.id)).one()
    entries = json.loads(kept.entries)
    rows = insert_alone(session, campaign, entries)
    ratio = whole / (sum(solver) + rows)
    record_property("plan: built, solved and stored, of solver and insert", round(ratio, 2))
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{CASES} cases x 2: whole {whole:.2f} s; solver {sum(solver):.2f} s,"
        f" insert {rows:.2f} s; ratio {ratio:.2f}; peak {peak:.0f} MiB"
    )
    assert jobs.view(job_id).state is JobState.SUCCEEDED
    assert len(solver) == 1
    assert len(entries) == 2 * CASES
    assert ratio <= MOST
    assert peak <= PEAK_MIB
