import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from peeraudit.adapters.mllp.acknowledgements import ACCEPTED, NOT_STORED, Verdict
from peeraudit.adapters.mllp.frames import framed
from peeraudit.adapters.mllp.server import Limits, Listener

Connect = Callable[..., "Sender"]
SMALL = Limits(frame=2_000, connections=8)
# For what times out alone: a busy machine may stop an honest sender for as long.
QUICK = Limits(frame=2_000, connections=8, frame_seconds=0.5, idle_seconds=3.0)


def message(control: str = "M1", kind: str = "ORU^R01", text: str = "Foie.") -> bytes:
    return f"MSH|^~\\&|RIS|HOP|NET|A|2026||{kind}|{control}|P|2.5\rOBX|1|TX|||{text}\r".encode()


class Kept:
    """Stores in memory, as slowly or as badly as a test wants."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.batches: list[int] = []
        self.called = threading.Event()
        self.wait = threading.Event()
        self.wait.set()
        self.fails = False

    def __call__(self, messages: Sequence[bytes]) -> Sequence[Verdict]:
        self.called.set()
        self.wait.wait(30)
        self.batches.append(len(messages))
        if self.fails:
            return [NOT_STORED] * len(messages)
        self.messages += messages
        return [ACCEPTED] * len(messages)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@contextmanager
def listening(
    kept: Callable[[Sequence[bytes]], Sequence[Verdict]],
    limits: Limits = SMALL,
    tls: ssl.SSLContext | None = None,
) -> Iterator[tuple[int, Callable[[], object]]]:
    """A server in a thread of its own; yields its port and what asks it to leave."""
    ready, ports = threading.Event(), []
    loops: list[asyncio.AbstractEventLoop] = []
    listener = Listener(kept, limits)

    async def run() -> None:
        loops.append(asyncio.get_running_loop())

        def on_ready(port: int) -> None:
            ports.append(port)
            ready.set()

        await listener.serve("127.0.0.1", 0, tls=tls, on_ready=on_ready)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(10)

    def stop() -> None:
        if thread.is_alive():
            loops[0].call_soon_threadsafe(listener.stop)
        thread.join(10)

    try:
        yield ports[0], stop
    finally:
        stop()
        assert not thread.is_alive()


class Sender:
    """A system that sends messages and reads the answers."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket = tls.wrap_socket(plain, server_hostname="127.0.0.1") if tls else plain
        self.socket.settimeout(10)
        self.rest = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> tuple[str, str]:
        """Return the code and the control id of the next answer."""
        while b"\x1c\r" not in self.rest:
            piece = b""
            with suppress(ConnectionResetError):
                piece = self.socket.recv(4096)
            if not piece:
                return ("closed", "")
            self.rest += piece
        one, _, self.rest = self.rest.partition(b"\x1c\r")
        msa = next(s for s in one.decode().split("\r") if s.startswith("MSA"))
        return (msa.split("|")[1], msa.split("|")[2])

    def ask(self, sent: bytes) -> tuple[str, str]:
        self.send(framed(sent))
        return self.answer()


@pytest.fixture
def connect() -> Iterator[Callable[..., Sender]]:
    """Connects senders, and hangs up for all of them in the end."""
    with ExitStack() as stack:

        def connect(port: int, tls: ssl.SSLContext | None = None) -> Sender:
            sender = Sender(port, tls)
            stack.callback(sender.socket.close)
            return sender

        yield connect


def test_a_message_is_answered_once_it_is_stored(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, _):
        sender = connect(port)
        kept.wait.clear()
        sender.send(framed(message()))
        sender.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            sender.answer()
        sender.socket.settimeout(10)
        kept.wait.set()

        assert sender.answer() == ("AA", "M1")
        assert kept.messages == [message()]


def test_what_fails_is_told_and_the_next_is_taken(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, _):
        sender = connect(port)
        kept.fails = True
        assert sender.ask(message("M1")) == ("AE", "M1")
        kept.fails = False
        assert sender.ask(message("M1")) == ("AA", "M1")
        assert sender.ask(message("M2", kind="ADT^A01")) == ("AR", "M2")
        assert sender.ask(b"nonsense") == ("AR", "")
        assert sender.ask(message("M3")) == ("AA", "M3")

    assert kept.messages == [message("M1"), message("M3")]


def test_a_frame_over_the_limit_is_told_and_the_connection_stays_sane(
    kept: Kept, connect: Connect
) -> None:
    with listening(kept) as (port, _):
        sender = connect(port)

        assert sender.ask(message("BIG", text="x" * 300_000)) == ("AR", "BIG")
        assert sender.ask(message("M2")) == ("AA", "M2")

    assert kept.messages == [message("M2")]


def test_many_messages_in_one_piece_are_answered_in_order(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, _):
        sender = connect(port)
        sender.send(b"".join(framed(message(f"M{n}")) for n in range(20)))

        assert [sender.answer() for _ in range(20)] == [("AA", f"M{n}") for n in range(20)]


def test_several_connections_share_a_transaction(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, _):
        senders = [connect(port) for _ in range(6)]
        kept.wait.clear()
        kept.called.clear()
        for number, sender in enumerate(senders):
            sender.send(framed(message(f"M{number}")))
            # The first is in hand while the others come.
            assert kept.called.wait(30)
        time.sleep(0.5)
        kept.wait.set()
        found = [sender.answer() for sender in senders]

    assert found == [("AA", f"M{n}") for n in range(6)]
    assert sum(kept.batches) == 6
    assert max(kept.batches) > 1


def test_too_many_connections_are_turned_away(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, _):
        senders = [connect(port) for _ in range(8)]
        assert all(sender.ask(message()) == ("AA", "M1") for sender in senders)

        assert connect(port).answer()[0] == "closed"
        assert senders[0].ask(message()) == ("AA", "M1")


def test_a_slow_frame_times_out_and_others_go_on(kept: Kept, connect: Connect) -> None:
    with listening(kept, QUICK) as (port, _):
        slow, other = connect(port), connect(port)
        started = time.monotonic()
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(slow.answer)
            slow.send(b"\x0bMSH|")
            with suppress(OSError):
                while time.monotonic() < started + 25:
                    slow.send(b"x")
                    time.sleep(0.1)
            ended = time.monotonic() - started
            assert other.ask(message()) == ("AA", "M1")
            assert waiting.exception() is not None or waiting.result()[0] == "closed"

    # Byte by byte it would have gone on for ever.
    assert 0.4 < ended < 20


def test_a_silent_sender_is_let_go(kept: Kept, connect: Connect) -> None:
    with listening(kept, Limits(idle_seconds=0.3)) as (port, _):
        assert connect(port).answer()[0] == "closed"


def test_what_is_no_mllp_is_closed(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, _):
        sender = connect(port)
        sender.send(b"GET / HTTP/1.1\r\nHost: x\r\n" * 300)

        assert sender.answer()[0] == "closed"


def test_it_leaves_after_answering_what_is_in_hand(kept: Kept, connect: Connect) -> None:
    with listening(kept) as (port, stop):
        idle, busy = connect(port), connect(port)
        assert idle.ask(message()) == ("AA", "M1")
        kept.wait.clear()
        kept.called.clear()
        busy.send(framed(message("LAST")))
        assert kept.called.wait(30)
        with ThreadPoolExecutor() as pool:
            leaving = pool.submit(stop)
            time.sleep(0.2)
            kept.wait.set()
            assert busy.answer() == ("AA", "LAST")
            leaving.result(10)

        assert idle.answer()[0] == "closed"
        with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
            connect(port)


def test_a_fault_that_nobody_foresaw_ends_the_server_and_answers_first(
    connect: Connect,
) -> None:
    def broken(messages: Sequence[bytes]) -> Sequence[Verdict]:
        raise LookupError

    with pytest.raises(LookupError), listening_here(broken) as port:
        assert connect(port).ask(message()) == ("AE", "M1")


@contextmanager
def listening_here(keep: Callable[[Sequence[bytes]], Sequence[Verdict]]) -> Iterator[int]:
    """A server whose own end is raised here."""
    with ThreadPoolExecutor() as pool:
        ports: list[int] = []
        ready = threading.Event()

        def on_ready(port: int) -> None:
            ports.append(port)
            ready.set()

        serving = Listener(keep, QUICK).serve("127.0.0.1", 0, on_ready=on_ready)
        running = pool.submit(asyncio.run, serving)
        assert ready.wait(10)
        yield ports[0]
        running.result(10)


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_path, key_path


def test_an_encrypted_connection_is_served_and_a_plain_one_is_not(
    kept: Kept, connect: Connect, tmp_path: Path
) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    with listening(kept, tls=context) as (port, _):
        assert connect(port, ssl.create_default_context(cafile=cert)).ask(message()) == ("AA", "M1")
        plain = connect(port)
        plain.send(framed(message("PLAIN")))
        assert plain.answer()[0] == "closed"

    assert kept.messages == [message()]
