"""HL7 v2 messages over a real network connection, taken in by the command ``run``."""

import os
import re
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from peeraudit.adapters.mllp.frames import framed
from peeraudit.launch import demo
from peeraudit.launch.errors import ServerMissing
from tests.adapters.mllp.test_server import Sender
from tests.launch.hospital import PATIENCE_SECONDS, furnish, hospital, peeraudit, serving, wait

pytestmark = [
    pytest.mark.services,
    pytest.mark.xdist_group("production"),
    pytest.mark.timeout(600),
]
DEPARTMENT = {"code": "RAD", "name": "Radiologie"}
LARGER_THAN_ANY = 16_500_000


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    try:
        with hospital(tmp_path_factory.mktemp("listening")) as made:
            migrated = peeraudit(made, "flask", "db", "upgrade")
            assert migrated.returncode == 0, migrated.stderr
            furnish(made, {"departments": [DEPARTMENT], "people": []})
            yield made
    except ServerMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def running(settings, tmp_path_factory):
    """The command, its log, and the port on which it listens."""
    log = tmp_path_factory.mktemp("log") / "run.log"
    port = str(demo.free_port(0))
    with serving(settings, log, MLLP_PORT=port, MLLP_DEPARTMENT="RAD") as process:
        wait(lambda: listeners(log), process, log)
        yield process, log, int(port)


@pytest.fixture(scope="module")
def database(settings):
    engine = create_engine(settings["DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture
def connect(running):
    with ExitStack() as stack:

        def connect():
            sender = Sender(running[2])
            sender.socket.settimeout(PATIENCE_SECONDS)
            stack.callback(sender.socket.close)
            return sender

        yield connect


@pytest.fixture
def stored(database):
    """Count the messages that the database holds, and the reports made of them."""

    def count(table="upload"):
        with database.connect() as connection:
            return connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608

    return count


def message(number, kind="ORU^R01", remark="Foie normal."):
    return (
        f"MSH|^~\\&|RIS|HOP|NET|A|20260331||{kind}|M{number}|P|2.5\r"
        f"OBR|1||A{number}|X^Scanner|||20260331\rOBX|1|TX|||{remark}||||||F\r"
    ).encode()


def listeners(log):
    """Return how often a listener said that it is ready."""
    return len(re.findall(r"Listening for HL7 v2 messages on", log.read_text()))


def pid_of_listener(process):
    """Return the process id of the listener among the children of the command."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == process.pid and b"listen" in words:
            return int(entry.name)
    return 0


def test_a_message_is_in_the_database_when_it_is_acknowledged(connect, stored):
    sender, before = connect(), stored()

    for number in range(5):
        assert sender.ask(message(f"S{number}")) == ("AA", f"MS{number}")
        assert stored() == before + number + 1


def test_pieces_are_put_together_and_messages_in_one_piece_are_told_apart(connect, stored):
    sender, before = connect(), stored()
    whole = framed(message("P0"))
    for place in range(0, len(whole), 7):
        sender.send(whole[place : place + 7])
    assert sender.answer() == ("AA", "MP0")

    sender.send(b"".join(framed(message(f"P{number}")) for number in range(1, 6)))

    assert [sender.answer() for _ in range(5)] == [("AA", f"MP{n}") for n in range(1, 6)]
    assert stored() == before + 6


def test_the_same_message_again_is_acknowledged_and_counts_once(connect, stored):
    first = connect().ask(message("T0"))
    before = stored()

    assert first == connect().ask(message("T0")) == ("AA", "MT0")
    assert stored() == before


def test_what_cannot_be_taken_is_refused_with_its_reason(connect, stored):
    sender, before = connect(), stored()
    for sent, reason in (
        (message("R0", kind="ADT^A01"), "Only ORU and MDM messages are taken."),
        (b"nothing that anybody could read", "The frame does not begin with an MSH segment."),
        (message("R1") + message("R2"), "A frame must hold one message alone."),
        (message("R3", remark="x" * LARGER_THAN_ANY), "larger than this server takes"),
    ):
        sender.send(framed(sent))
        answer = b""
        while not answer.endswith(b"\x1c\r"):
            answer += sender.socket.recv(4096)
        assert b"MSA|AR|" in answer
        assert reason.encode() in answer

    assert sender.ask(message("R4")) == ("AA", "MR4")
    assert stored() == before + 1


def test_noise_harms_nobody_else(connect, stored):
    noisy, other, before = connect(), connect(), stored()
    noisy.send(b"GET / HTTP/1.1\r\nHost: hospital\r\n\r\n" + os.urandom(5000).replace(b"\x0b", b""))

    assert other.ask(message("N0")) == ("AA", "MN0")
    assert stored() == before + 1


def test_what_was_acknowledged_outlives_a_kill_in_the_middle_of_a_message(running, connect, stored):
    process, log, _ = running
    sender, before, times = connect(), stored(), listeners(log)
    assert sender.ask(message("K0")) == ("AA", "MK0")
    sender.send(framed(message("K1"))[:40])
    killed = pid_of_listener(process)
    assert killed

    os.kill(killed, signal.SIGKILL)
    assert sender.answer() == ("closed", "")
    assert stored() == before + 1

    wait(lambda: listeners(log) > times, process, log)
    again = connect()
    assert [again.ask(message(f"K{n}")) for n in range(2)] == [("AA", "MK0"), ("AA", "MK1")]
    assert stored() == before + 2


def test_the_worker_reads_every_message_once(running, connect, stored):
    process, log, _ = running
    assert connect().ask(message("W0")) == ("AA", "MW0")

    wait(lambda: stored("intake_item") == stored(), process, log)

    assert stored("report") == stored()


class TestStopping:
    """A command of its own, which these tests end."""

    @pytest.fixture
    def running(self, settings, tmp_path):
        log, port = tmp_path / "run.log", str(demo.free_port(0))
        with serving(settings, log, MLLP_PORT=port, MLLP_DEPARTMENT="RAD") as process:
            wait(lambda: listeners(log), process, log)
            yield process, log, int(port)

    def test_what_is_in_hand_is_answered_before_it_leaves(self, running, connect, stored):
        process, log, port = running
        whole, half, before = connect(), connect(), stored()
        half.send(framed(message("H0"))[:40])
        whole.send(framed(message("H1")))
        assert whole.answer() == ("AA", "MH1")
        began = time.monotonic()

        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_SECONDS)

        assert code == 0
        assert "Stopped." in log.read_text()
        assert half.answer() == ("closed", "")
        assert stored() == before + 1
        assert time.monotonic() - began < PATIENCE_SECONDS
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=10)

    def test_the_log_tells_of_messages_and_nothing_of_them(self, running, connect):
        process, log, _ = running

        assert connect().ask(message("L0", remark="Mme Vigneaud")) == ("AA", "ML0")
        wait(lambda: "1 messages stored, 1 of them new" in log.read_text(), process, log)

        for secret in ("Vigneaud", "ML0", "AL0"):
            assert secret not in log.read_text()


def test_a_department_that_is_unknown_is_told_and_ends_it(settings, tmp_path):
    log = tmp_path / "run.log"
    more = {"MLLP_PORT": str(demo.free_port(0)), "MLLP_DEPARTMENT": "NONE"}

    with serving(settings, log, **more) as process:
        code = process.wait(PATIENCE_SECONDS)

    assert code != 0
    assert "NONE" in log.read_text()
