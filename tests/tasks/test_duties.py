from datetime import timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters import queue
from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import Outbox, TaskName, enqueue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import DomainError
from peeraudit.extensions import db
from peeraudit.services import duties
from peeraudit.tasks.upkeep import sweep


@pytest.fixture
def done(monkeypatch):
    carried_out = []
    monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, lambda: carried_out.append(1))
    return carried_out


@pytest.fixture
def duty_id(session, monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    with unit_of_work():
        return enqueue(TaskName.ROUTE_CASE, key="test")


def row():
    db.session.expire_all()
    return db.session.scalars(select(Outbox)).one()


class TestCarryOut:
    def test_it_does_the_duty_once_however_often_it_is_woken(self, done, duty_id):
        duties.carry_out(duty_id)
        duties.carry_out(duty_id)
        sweep()

        assert done == [1]
        assert row().done_at is not None

    def test_it_leaves_a_duty_alone_that_another_has_claimed(self, done, duty_id):
        with unit_of_work():
            queue.claim(duty_id)

        duties.carry_out(duty_id)

        assert done == []

    def test_it_takes_up_a_duty_whose_worker_was_killed(self, done, duty_id, session):
        with unit_of_work():
            queue.claim(duty_id)
            session.scalars(select(Outbox)).one().claimed_until = now() - timedelta(seconds=1)

        sweep()

        assert done == [1]

    def test_it_gives_a_duty_back_that_failed(self, duty_id, monkeypatch):
        def fail():
            raise RuntimeError("the disk is full")

        monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, fail)

        duties.carry_out(duty_id)

        assert row().done_at is None
        assert row().due_at > now()
        assert row().last_error == "RuntimeError"

    def test_it_does_not_repeat_what_a_rule_forbids(self, duty_id, monkeypatch):
        def refuse():
            raise DomainError("The case is settled already.")

        monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, refuse)

        duties.carry_out(duty_id)

        assert row().done_at is not None


class TestEnqueue:
    def test_asking_twice_makes_one_duty(self, duty_id, monkeypatch):
        with unit_of_work():
            again = enqueue(TaskName.ROUTE_CASE, key="test")

        assert again == duty_id

    def test_a_rollback_takes_the_duty_along(self, session):
        def fail_after_asking():
            with unit_of_work():
                enqueue(TaskName.ROUTE_CASE, key="lost")
                raise RuntimeError("broken")

        with pytest.raises(RuntimeError, match="broken"):
            fail_after_asking()

        assert session.scalars(select(Outbox)).all() == []
