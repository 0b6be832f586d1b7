"""The listener as a process of its own, with a database and a sender that are real."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys

import pytest

from peeraudit.launch.environment import ROOT
from tests.adapters.mllp.test_server import Sender
from tests.flask_process import flask_process

PATIENCE_SECONDS = 60


def message(number):
    return (
        f"MSH|^~\\&|RIS|HOP|NET|A|20260331||ORU^R01|M{number}|P|2.5\r"
        f"OBR|1||A{number}|X^Scanner|||20260331\rOBX|1|TX|||Foie normal {number}.||||||F\r"
    ).encode()


@pytest.fixture
def installation(tmp_path):
    """Settings with a migrated SQLite database that holds one department."""
    database = tmp_path / "audit.db"
    variables = {
        **os.environ,
        "PEERAUDIT_MODE": "test",
        "SECRET_KEY": "Zq8vT2mLx0Rk5WbYc7NfJ3hPs9DgUe1A",
        "IDENTITY_KEYS": "1:Hn3tqk0YxWc6mZr2PzvJ5uLQ8dTgAe1bS9fKiNoX4Mw",
        "DATABASE_URL": f"sqlite:///{database}",
        "STORAGE_DIR": str(tmp_path),
    }
    done = flask(variables, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(database) as connection:
        connection.execute(
            "INSERT INTO department (id, code, name, city, language, viewer_url, active)"
            " VALUES ('0123456789abcdef0123456789abcdef', 'RAD', 'Radiologie', '', 'fr', '', 1)"
        )
    return variables, database


def flask(variables, *words):
    return flask_process(words, variables)


class Listening:
    """The command, running."""

    def __init__(self, variables):
        words = ["intake", "listen", "--department", "RAD", "--port", "0"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT, env={**variables, "PYTHONUNBUFFERED": "1"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+) ", line)[1])

    def end(self, sign):
        self.process.send_signal(sign)
        self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()


def uploads(database):
    with sqlite3.connect(database) as connection:
        return connection.execute("SELECT count(*) FROM upload").fetchone()[0]


def test_what_was_acknowledged_outlives_a_kill_and_counts_once(installation):
    variables, database = installation
    listening = Listening(variables)
    sender = Sender(listening.port)
    answers = [sender.ask(message(number)) for number in range(8)]
    sender.send(b"\x0b" + message(8)[:40])
    listening.end(signal.SIGKILL)
    sender.socket.close()
    assert answers == [("AA", f"M{number}") for number in range(8)]
    assert uploads(database) == 8

    again = Listening(variables)
    sender = Sender(again.port)
    answers = [sender.ask(message(number)) for number in range(10)]
    sender.socket.close()
    again.end(signal.SIGTERM)

    assert answers == [("AA", f"M{number}") for number in range(10)]
    assert uploads(database) == 10
    assert again.process.returncode == 0
    assert "10 duties" in flask(variables, "work").stdout
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM report").fetchone()[0] == 10


def test_a_database_that_fails_is_told_and_survived(installation):
    variables, database = installation
    listening = Listening(variables)
    sender = Sender(listening.port)
    try:
        with sqlite3.connect(database) as connection:
            connection.execute("ALTER TABLE upload RENAME TO upload_away")
        assert sender.ask(message(1)) == ("AE", "M1")
        with sqlite3.connect(database) as connection:
            connection.execute("ALTER TABLE upload_away RENAME TO upload")

        assert sender.ask(message(1)) == ("AA", "M1")
    finally:
        sender.socket.close()
        listening.end(signal.SIGTERM)


def test_what_cannot_be_listened_on_is_told(installation):
    variables, _ = installation
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = ("intake", "listen", "--department")

        assert "Cannot listen" in flask(variables, *words, "RAD", "--port", port).stderr
    unknown = flask(variables, *words, "NONE", "--port", "0")
    half = flask(variables, *words, "RAD", "--port", "0", "--tls-cert", str(ROOT / "README.md"))

    assert (unknown.returncode, half.returncode) == (1, 2)
    assert "NONE" in unknown.stderr
