"""An installation as of a hospital, served by the command ``run`` in processes of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peeraudit.launch import demo, postgres_server, redis_server
from peeraudit.launch.environment import ROOT

PATIENCE_SECONDS = 120


@contextmanager
def hospital(folder: Path) -> Iterator[dict[str, str]]:
    """Settings with PostgreSQL, Redis and a strong key; nothing is migrated yet.

    Raises:
        ServerMissing: this machine has no PostgreSQL or no Redis.
    """
    port = demo.free_port(0)
    with postgres_server.running() as database, redis_server.running(folder) as queue:
        yield {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "SECRET_KEY": "Zq8vT2mLx0Rk5WbYc7NfJ3hPs9DgUe1A",
            "IDENTITY_KEYS": "1:Hn3tqk0YxWc6mZr2PzvJ5uLQ8dTgAe1bS9fKiNoX4Mw",
            "DATABASE_URL": database,
            "REDIS_URL": queue,
            "STORAGE_DIR": str(folder),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }


def peeraudit(settings: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """Run ``python3 -m peeraudit WORDS`` to its end."""
    return _python(settings, "-m", "peeraudit", *words)


def furnish(settings: dict[str, str], wanted: dict[str, Any]) -> dict[str, Any]:
    """Put in departments and people, as ``tests.live.furnish`` knows them."""
    done = _python(settings, "-m", "tests.live.furnish", stdin=json.dumps(wanted))
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@contextmanager
def serving(
    settings: dict[str, str], log: Path, **more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The command ``run``, which is asked to stop in the end if it has not been."""
    bind = settings["PUBLIC_URL"].removeprefix("http://")
    with log.open("w") as handle:
        process = subprocess.Popen(
            [sys.executable, "-m", "peeraudit", "run", "--bind", bind],
            cwd=ROOT,
            env={**settings, "PYTHONUNBUFFERED": "1", **more},
            stdout=handle,
            stderr=handle,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def wait(holds: Callable[[], Any], process: "subprocess.Popen[bytes]", log: Path) -> Any:
    """Wait until something holds and return it; fail when the process ends before."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (found := holds()):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.1)
    return found


def _python(
    settings: dict[str, str], *words: str, stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=settings,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
