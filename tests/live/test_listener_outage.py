"""A sender whose messages cannot be stored for a while: told so, sent again, and stored once."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from peeraudit.launch.environment import ROOT
from tests.adapters.mllp.test_server import Sender

pytestmark = [
    pytest.mark.services,
    pytest.mark.xdist_group("live"),
    pytest.mark.timeout(300),
]

PATIENCE = 120
CODE = "OUTAGE"


def message(number):
    return (
        f"MSH|^~\\&|RIS|HOP|NET|A|20260331||ORU^R01|OUT{number}|P|2.5\r"
        f"OBR|1||OUT{number}|X^Scanner|||20260331\rOBX|1|TX|||Foie normal {number}.||||||F\r"
    ).encode()


@pytest.fixture(scope="module")
def department(installation):
    made = installation.furnish(departments=[{"code": CODE, "name": "Centre sans réseau"}])
    return made.departments[CODE]


@pytest.fixture
def sender(installation, department):
    """A sender that is connected to a listener of its own process."""
    words = ["intake", "listen", "--department", CODE, "--port", "0"]
    listening = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT, env={**os.environ, **installation.environment, "PYTHONUNBUFFERED": "1"},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = int(re.search(r":(\d+) ", listening.stdout.readline())[1])
        made = Sender(port)
        made.socket.settimeout(PATIENCE)
        yield made
        made.socket.close()
    finally:
        listening.send_signal(signal.SIGTERM)
        listening.wait(PATIENCE)
        listening.stdout.close()


@contextmanager
def database_locked(installation):
    """Hold what storing a message needs, for longer than the listener waits for it."""
    engine = create_engine(installation.environment["DATABASE_URL"])
    is_file = engine.dialect.name == "sqlite"
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("BEGIN EXCLUSIVE" if is_file else "BEGIN"))
            if not is_file:
                connection.execute(text("LOCK TABLE upload IN ACCESS EXCLUSIVE MODE"))
            yield
            connection.execute(text("ROLLBACK"))
    finally:
        engine.dispose()


@contextmanager
def storage_gone(installation):
    """Take the folder of the files away, as an unmounted disk does."""
    folder = Path(installation.environment["STORAGE_DIR"])
    away = folder.with_name(f"{folder.name}-away")
    folder.rename(away)
    folder.write_text("no folder")
    try:
        yield
    finally:
        folder.unlink()
        away.rename(folder)


def stored(installation, number):
    engine = create_engine(installation.environment["DATABASE_URL"])
    try:
        with engine.connect() as connection:
            found = "SELECT count(*) FROM report WHERE accession = :accession"
            wanted = {"accession": f"OUT{number}"}
            return connection.execute(text(found), wanted).scalar()
    finally:
        engine.dispose()


@pytest.mark.parametrize(("number", "outage"), [(1, database_locked), (2, storage_gone)])
def test_a_message_is_refused_while_it_cannot_be_stored_and_stored_once_when_sent_again(
    installation, sender, number, outage
):
    with outage(installation):
        during = sender.ask(message(number))
        again = sender.ask(message(number)) if outage is storage_gone else during

    after = sender.ask(message(number))
    twice = sender.ask(message(number))

    assert during == again == ("AE", f"OUT{number}")
    assert after == twice == ("AA", f"OUT{number}")
    installation.wait_until(lambda: stored(installation, number) > 0, what="the message is read")
    assert stored(installation, number) == 1
