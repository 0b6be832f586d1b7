"""What the log tells of people, at its most talkative and when things break."""

import logging

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters import queue
from peeraudit.adapters.logs import trace_of
from peeraudit.adapters.queue import Outbox, TaskName, enqueue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import DomainError
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.services import duties, health
from tests.canary.logs import everything_logged
from tests.canary.network import PASSWORD
from tests.canary.planting import word_of

pytestmark = pytest.mark.xdist_group("canary")


def test_the_whole_audit_was_made_without_a_word_in_the_log(audit):
    assert audit.log
    assert audit.network.words.finder()(audit.log) == set()


def test_what_is_asked_for_is_not_logged_however_it_is_answered(audit, name, client):
    with everything_logged() as log:
        answers = [send(client, name) for send in REQUESTS]

    assert {answer.status_code for answer in answers} >= {200, 302, 401, 404, 422}
    assert name.casefold() not in log.getvalue().casefold()


@pytest.mark.parametrize("path", ["/health", "/api/v1/me"])
def test_a_fault_is_logged_without_what_was_in_hand(audit, name, client, monkeypatch, path):
    def break_down(*args, **kwargs):
        try:
            int(name)
        except ValueError as error:
            raise RuntimeError(f"could not read {name}") from error

    monkeypatch.setitem(audit.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(health, "look", break_down)
    monkeypatch.setattr("peeraudit.api.authentication.tokens.find_bearer", break_down)

    with everything_logged() as log:
        answer = client.get(path, headers={"Authorization": "Bearer pa_anything"})

    assert answer.status_code == 500
    assert name not in answer.text + str(answer.headers)
    assert "builtins.RuntimeError" in log.getvalue()
    assert "because of\nbuiltins.ValueError" in log.getvalue()
    assert "int(name)" in log.getvalue()
    assert name not in log.getvalue()


class TestADuty:
    def test_that_fails_tells_neither_the_log_nor_the_next_attempt_whom_it_is_about(
        self, audit, name, duty_id, monkeypatch
    ):
        def fail():
            raise KeyError(name)

        monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, fail)

        with everything_logged() as log:
            duties.carry_out(duty_id)

        assert "KeyError" in log.getvalue()
        assert name not in log.getvalue() + db.session.get_one(Outbox, duty_id).last_error

    def test_that_breaks_a_rule_is_told_without_the_values(self, audit, name, duty_id, monkeypatch):
        def refuse():
            raise DomainError("“%(name)s” is settled already.", name=name)

        monkeypatch.setitem(duties.HANDLERS, TaskName.ROUTE_CASE, refuse)

        with everything_logged() as log:
            duties.carry_out(duty_id)

        assert "is settled already" in log.getvalue()
        assert name not in log.getvalue()

    def test_a_task_that_breaks_gives_the_worker_the_kind_alone_to_log(
        self, audit, name, monkeypatch
    ):
        def fail(*args):
            raise KeyError(name)

        monkeypatch.setattr(queue, "claim", fail)
        task = audit.app.extensions["celery"].tasks[TaskName.ROUTE_CASE.value]

        with everything_logged() as log:
            result = task.apply(args=["00000000-0000-0000-0000-000000000000"])

        assert result.state == "FAILURE"
        assert "KeyError" in log.getvalue()
        assert name not in log.getvalue() + result.traceback + repr(result.result)

    @pytest.fixture
    def duty_id(self, audit):
        with unit_of_work():
            made = enqueue(TaskName.ROUTE_CASE, key=f"canary {id(self)}")
        yield made
        with unit_of_work():
            db.session.delete(db.session.get_one(Outbox, made))


def test_the_row_that_the_database_refuses_is_not_logged(audit, name):
    known = db.session.query(Account).first()
    twin = Account(email=known.email, name=name, password_hash=name, language="fr")
    db.session.add(twin)

    with everything_logged() as log, pytest.raises(IntegrityError) as refused:
        db.session.flush()
    db.session.rollback()

    # PostgreSQL quotes the row in the error's own text, which is therefore never told.
    assert name not in log.getvalue() + trace_of(refused.value)
    assert "IntegrityError" in trace_of(refused.value)
    if db.engine.dialect.name == "sqlite":
        assert name not in str(refused.value)


class TestThatItCanFail:
    def test_a_word_in_the_log_is_found(self, audit, name):
        with everything_logged() as log:
            logging.getLogger("anything.at.all").debug("looked at %s", name.upper())

        assert {w.text for w in audit.network.words.finder()(log.getvalue())} == {name}

    def test_a_statement_in_the_log_is_found(self, audit, name, monkeypatch):
        monkeypatch.setattr(db.engine, "hide_parameters", False)
        db.session.add(Account(email=name, name=name, password_hash="", language="xx" * 99))

        with pytest.raises(Exception, match=name):
            db.session.flush()
        db.session.rollback()


@pytest.fixture
def name(audit):
    """A patient's name, for nobody to repeat."""
    return word_of(audit, "patient")


@pytest.fixture
def client(audit):
    """An administrator's browser."""
    client = FlaskClient(audit.app, use_cookies=True)
    person = audit.network.of(Role.ADMINISTRATOR)[0]
    form = {"email": person.email, "password": PASSWORD}
    assert client.post("/accounts/sign-in", data=form).status_code == 302
    return client


REQUESTS = (
    lambda client, name: client.get("/accounts/people", query_string={"q": name, name: name}),
    lambda client, name: client.get(f"/{name}/{name}"),
    lambda client, name: client.get(f"/accounts/people/{name}"),
    lambda client, name: client.get("/", headers={"Referer": f"http://localhost/{name}"}),
    lambda client, name: client.get("/", headers={"User-Agent": name, "X-Request-Id": name}),
    lambda client, name: client.delete("/accounts/people", query_string={"q": name}),
    lambda client, name: client.post("/accounts/sign-in", data={"email": name, "password": name}),
    lambda client, name: client.post("/accounts/people", data={"name": name, "email": name}),
    lambda client, name: client.get("/api/v1/me", headers={"Authorization": f"Bearer {name}"}),
    lambda client, name: client.post("/api/v1/campaigns", json={name: name}),
    lambda client, name: client.get("/intake/", headers={"Cookie": f"peeraudit={name}"}),
)
"""Requests that hold a name wherever one can stand."""
