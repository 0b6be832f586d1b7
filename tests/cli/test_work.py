from peeraudit.adapters import queue
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli.work import carry_out_due
from peeraudit.services import duties
from peeraudit.tasks.schedule import BEAT


def ask(monkeypatch, task=TaskName.ROUTE_CASE):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    with unit_of_work():
        return enqueue(task, key="test")


def test_what_follows_from_a_duty_is_carried_out_as_well(app, session, monkeypatch):
    done = []

    def lead_on():
        done.append("first")
        with unit_of_work():
            enqueue(TaskName.MASK_CASES, key="next")

    monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, lead_on)
    monkeypatch.setitem(duties.HANDLERS, TaskName.MASK_CASES, lambda: done.append("second"))
    ask(monkeypatch)

    answer = app.test_cli_runner().invoke(args=["work"])

    assert done == ["first", "second"]
    assert answer.output == "2 duties carried out.\n"


def test_a_duty_that_a_worker_holds_is_left_to_it(session, monkeypatch):
    done = []
    monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, lambda: done.append(1))
    duty_id = ask(monkeypatch)
    with unit_of_work():
        queue.claim(duty_id)

    assert carry_out_due() == 0
    assert done == []


def test_one_that_fails_ends_the_command_and_waits_for_its_next_turn(session, monkeypatch):
    def fail():
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, fail)
    ask(monkeypatch)

    assert carry_out_due() == 1
    assert queue.due_duties() == []


def test_every_task_that_waits_in_the_outbox_can_be_carried_out(app):
    on_a_schedule = {TaskName(entry["task"]) for entry in BEAT.values()}

    assert set(duties.HANDLERS) == set(TaskName) - on_a_schedule
