"""Planning as a background job: killed for real, run again, done once."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from peeraudit.adapters import clock
from peeraudit.tasks.expiry import expire_duties
from peeraudit.tasks.schedule import BEAT
from tests.conftest import ROOT, environment_of, new_database, run_flask
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    make_network,
    plan_and_publish,
)

# A worker of its own; the solver stops for a moment, so that the kill meets it at work.
WORKER = """
import sys, time
from peeraudit.app import create_app
from peeraudit.adapters import queue
from peeraudit.services import duties, plan_making
from peeraudit.tasks import registry
steps = plan_making.plan_in_steps
def slowly(*args, **values):
    planned = yield from steps(*args, **values)
    print("solved", flush=True)
    time.sleep(float(sys.argv[1]))
    return planned
plan_making.plan_in_steps = slowly
with create_app().app_context():
    for duty in queue.due_duties():
        duties.carry_out(duty)
"""
# A worker that tells each phase before it begins it, and waits for a line of input.
PHASES = """
import sys
from peeraudit.app import create_app
from peeraudit.adapters import queue
from peeraudit.services import duties, plan_making
from peeraudit.tasks import registry
steps = plan_making.plan_in_steps
def told(*args, **values):
    planning = steps(*args, **values)
    phase = next(planning)
    while True:
        yield phase
        print(phase.value, flush=True)
        sys.stdin.readline()
        try:
            phase = next(planning)
        except StopIteration as end:
            return end.value
plan_making.plan_in_steps = told
with create_app().app_context():
    for duty in queue.due_duties():
        duties.carry_out(duty)
"""
# Before it: every network is solved by a process of its own, however small.
APART = """
from peeraudit.adapters import solver_process
solver_process.FEWEST_ARCS = 0
"""
# Two of these begin at the same moment: the first line of input is the signal.
RIVAL = """
import sys
from uuid import UUID
from peeraudit.app import create_app
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.actors import Actor
from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import DeclineReason
from peeraudit.services import assignment, readings
act, account, *ids = sys.argv[1:]
with create_app().app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    with unit_of_work():
        if act == "publish":
            by = Actor(UUID(account), Role.NETWORK_LEAD)
            print(assignment.publish_plan(UUID(ids[0]), by=by))
        else:
            by = Actor(UUID(account), Role.REVIEWER, UUID(ids[1]))
            readings.decline(UUID(ids[0]), DeclineReason.UNAVAILABLE, by=by)
            if act == "hold":
                # Until the second line of input nobody sees what was given.
                print("given", flush=True)
                sys.stdin.readline()
"""
PREPARE = """
from peeraudit.app import create_app
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.extensions import db
from peeraudit.services import assignment
from tests.factories import readings as f
with create_app().app_context():
    places, people = f.make_network(db.session, reviewers=3)
    campaign = f.make_drawn_campaign(db.session, places)
    for place in places:
        f.make_cases(db.session, campaign, place, 8, is_double_read=True)
    by = f.lead(db.session, "-")
    with unit_of_work():
        assignment.order_plan(campaign.id, by=by)
"""

# One reads three cases of two campaigns; the other, who may take them over, has a weekly limit.
TWO_CAMPAIGNS = """
from peeraudit.app import create_app
from peeraudit.extensions import db
from tests.factories import readings as f
from tests.factories.accounts import make_department
with create_app().app_context():
    sender, home, other = (make_department(db.session) for _ in range(3))
    reader = f.make_reviewer(db.session, home)
    by = f.lead(db.session, "-")
    for count in (2, 1):
        campaign = f.make_drawn_campaign(db.session, [sender, home, other])
        f.make_cases(db.session, campaign, sender, count)
        f.plan_and_publish(campaign, by)
    # A week's limit of one leaves room for two that are due within the fortnight of a review.
    f.make_reviewer(db.session, other, weekly=1)
"""


@pytest.fixture
def elsewhere(settings, server_url, tmp_path):
    """Another installation, empty, as two processes see it."""
    url = new_database(server_url, f"killed_{uuid4().hex}")
    other = replace(settings, database_url=url, storage_dir=tmp_path)
    environment = {**environment_of(other), "PYTHONPATH": str(ROOT)}
    assert run_flask(other, "db", "upgrade").returncode == 0
    engine = create_engine(url)
    yield environment, engine
    engine.dispose()


@pytest.fixture
def installation(elsewhere):
    """Another installation with a plan ordered."""
    done = run_python(elsewhere[0], PREPARE)
    assert done.returncode == 0, done.stderr
    return elsewhere


def run_python(environment, code, *args):
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def at_once(environment, *rivals):
    """Run rivals that begin at the same moment; return what each printed after ``ready``."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RIVAL, *map(str, rival)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rival in rivals
    ]
    assert [one.stdout.readline() for one in running] == ["ready\n"] * len(running)
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=60) for one in running]
    assert [one.returncode for one in running] == [0] * len(running), told
    return [out.strip() for out, _ in told]


def all_of(engine, statement):
    with engine.connect() as connection:
        return connection.execute(text(statement)).all()


def test_a_worker_killed_while_it_plans_costs_nothing(installation):
    environment, engine = installation
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, "60"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout.readline() == "solved\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    worker.stdout.close()
    assert all_of(engine, "SELECT state FROM job") == [("running",)]
    assert all_of(engine, "SELECT id FROM plan") == []

    # Until the killed one's claim has run out, nobody else may take the duty up.
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET claimed_until = NULL"))
    for _ in range(2):
        done = run_python(environment, WORKER, "0")
        assert done.returncode == 0, done.stderr

    assert all_of(engine, "SELECT state FROM job") == [("succeeded",)]
    ((entries, number, state),) = all_of(engine, "SELECT entries, number, state FROM plan")
    assert (number, state) == (1, "draft")
    assert len(json.loads(entries)) == 48


@pytest.mark.parametrize("is_apart", [False, True])
def test_a_worker_that_is_to_stop_keeps_nothing(installation, tmp_path, is_apart):
    environment, engine = installation
    worker = subprocess.Popen(
        [sys.executable, "-c", APART + PHASES if is_apart else PHASES],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout.readline() == "eligible\n"
    go_on(worker)
    assert worker.stdout.readline() == "solving\n"
    assert all_of(engine, "SELECT state, cursor FROM job") == [("running", "solving")]
    if is_apart:
        # Told again once the other process is at work.
        go_on(worker)
        assert worker.stdout.readline() == "solving\n"
    assert len(list(tmp_path.glob("peeraudit-flow-*/network.npz"))) == is_apart
    # While it works others may write.
    with engine.begin() as connection:
        connection.execute(text("UPDATE job SET cancel_requested = :yes"), {"yes": True})

    rest, _ = worker.communicate("go\n" * 99, timeout=60)

    assert (rest, worker.returncode) == ("", 0)
    assert all_of(engine, "SELECT state FROM job") == [("cancelled",)]
    assert all_of(engine, "SELECT id FROM plan") == []
    assert list(tmp_path.glob("peeraudit-flow-*")) == []


def test_two_who_publish_and_two_who_decline_at_once_collide_nowhere(installation):
    environment, engine = installation
    assert run_python(environment, WORKER, "0").returncode == 0
    ((plan_id,),) = all_of(engine, "SELECT id FROM plan")
    ((lead_id,),) = all_of(engine, "SELECT account_id FROM role_grant WHERE role = 'network_lead'")

    told = at_once(environment, *[("publish", lead_id, plan_id)] * 2)

    assert told == ["48", "48"]
    assert all_of(engine, "SELECT count(*) FROM assignment") == [(48,)]

    # Of those who may take the two over, one has room, and for one case only.
    first, second, stand_in = rivals(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE reviewer SET capacity = 0"))
        load = text("SELECT count(*) + 1 FROM assignment WHERE reviewer_id = :one")
        room = connection.execute(load, {"one": stand_in}).scalar()
        raise_it = text("UPDATE reviewer SET capacity = :room WHERE id = :one")
        connection.execute(raise_it, {"room": room, "one": stand_in})

    at_once(environment, *(("decline", row[1], row[0], row[2]) for row in (first, second)))

    count = "SELECT count(*) FROM assignment WHERE origin = 'replacement'"
    assert all_of(engine, count) == [(1,)]


def begin(environment, *rival):
    """Start a rival and let it go; return it once it has begun."""
    one = subprocess.Popen(
        [sys.executable, "-c", RIVAL, *map(str, rival)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert one.stdout.readline() == "ready\n"
    go_on(one)
    return one


def go_on(rival):
    rival.stdin.write("go\n")
    rival.stdin.flush()


def wait_until_it_waits(engine, rival):
    """Wait until a rival waits for what another holds: the database tells, or time alone."""
    for _ in range(100):
        if engine.dialect.name == "sqlite":
            time.sleep(0.5)
            return
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        if all_of(engine, waiting) != [(0,)] or rival.poll() is not None:
            return
        time.sleep(0.1)


def test_two_campaigns_at_once_never_fill_a_week_beyond_its_limit(elsewhere):
    environment, engine = elsewhere
    done = run_python(environment, TWO_CAMPAIGNS)
    assert done.returncode == 0, done.stderr
    rows = all_of(
        engine,
        "SELECT a.id, r.account_id, r.department_id, a.campaign_id FROM assignment a"
        " JOIN reviewer r ON r.id = a.reviewer_id ORDER BY a.id",
    )
    of_campaign = {row[3]: [one for one in rows if one[3] == row[3]] for row in rows}
    (one, first), (second,) = sorted(of_campaign.values(), key=len, reverse=True)
    at_once(environment, ("decline", one[1], one[0], one[2]))
    taken = (
        "SELECT count(*) FROM assignment a JOIN reviewer r ON r.id = a.reviewer_id"
        " WHERE r.weekly = 1 AND a.state = 'offered'"
    )
    assert all_of(engine, taken) == [(1,)]

    holder = begin(environment, "hold", first[1], first[0], first[2])
    assert holder.stdout.readline() == "given\n"
    rival = begin(environment, "decline", second[1], second[0], second[2])
    wait_until_it_waits(engine, rival)
    go_on(holder)

    for process in (holder, rival):
        _, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
    # The week had room for one of the two.
    assert all_of(engine, taken) == [(2,)]
    lost = "SELECT count(*) FROM assignment WHERE state = 'declined'"
    assert all_of(engine, lost) == [(1,)]


def rivals(engine):
    """Two readings of two reviewers of one department, and who could take over either."""
    rows = all_of(
        engine,
        "SELECT a.id, r.account_id, r.department_id, a.case_id, a.reviewer_id, i.department_index,"
        " a.state FROM assignment a JOIN reviewer r ON r.id = a.reviewer_id"
        " JOIN identity i ON i.case_id = a.case_id ORDER BY a.id",
    )
    people = all_of(engine, "SELECT id, department_id FROM reviewer ORDER BY id")
    offered = [row for row in rows if row[6] == "offered"]
    for first in offered:
        for second in offered:
            alike = first[2] == second[2] and first[5] == second[5]
            if not alike or first[3] == second[3] or first[4] == second[4]:
                continue
            readers = {row[4] for row in rows if row[3] in {first[3], second[3]}}
            for one, home in people:
                if home == first[2] and one not in readers:
                    return first, second, one
    raise AssertionError("the network holds no such pair")


class TestExpireDuties:
    def test_it_comes_round_each_minute(self):
        assert BEAT["expire_duties"]["schedule"] == pytest.approx(60)

    def test_it_can_run_twice(self, session, password_hash, at):
        places, _ = make_network(session)
        campaign = make_drawn_campaign(session, places)
        make_cases(session, campaign, places[0], 2)
        plan_and_publish(campaign, lead(session, password_hash))
        count = text("SELECT count(*) FROM assignment")
        at(clock.now() + timedelta(days=15))

        expire_duties()
        first = session.scalar(count)
        expire_duties()

        assert first == session.scalar(count) == 4
