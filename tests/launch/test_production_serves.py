import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from peeraudit.launch import demo, postgres_server, redis_server
from peeraudit.launch.environment import ROOT
from peeraudit.launch.errors import ServerMissing

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("production")]
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Settings as of a hospital: PostgreSQL, Redis, a strong key; nothing is migrated yet."""
    folder = tmp_path_factory.mktemp("production")
    port = demo.free_port(0)
    try:
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
    except ServerMissing as missing:
        pytest.skip(str(missing))


def peeraudit(settings, *words):
    return subprocess.run(
        [sys.executable, "-m", "peeraudit", *words],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def wait(holds, process, log):
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (found := holds()):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.1)
    return found


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.read().decode()
    except (OSError, urllib.error.URLError):
        return ""


def test_a_database_that_was_not_migrated_is_refused_and_then_it_is_served(settings, tmp_path):
    refused = peeraudit(settings, "run")
    assert refused.returncode != 0
    assert "python3 -m peeraudit flask db upgrade" in refused.stdout

    migrated = peeraudit(settings, "flask", "db", "upgrade")
    assert migrated.returncode == 0, migrated.stderr

    filled = peeraudit(settings, "flask", "demo", "fill")
    assert filled.returncode != 0
    assert "production" in filled.stderr

    url = settings["PUBLIC_URL"]
    log = tmp_path / "log"
    with log.open("w") as handle:
        process = subprocess.Popen(
            [sys.executable, "-m", "peeraudit", "run", "--bind", url.removeprefix("http://")],
            cwd=ROOT,
            env=settings,
            stdout=handle,
            stderr=handle,
        )
    try:
        answer = wait(lambda: fetch(f"{url}/readyz"), process, log)
        page = fetch(f"{url}/accounts/sign-in")
        wait(lambda: "beat: Starting" in log.read_text(), process, log)
        wait(lambda: "celery@" in log.read_text() or " ready." in log.read_text(), process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_SECONDS)

    assert json.loads(answer)["status"] == "ready"
    # No door without a password outside the demonstration.
    assert "/accounts/sign-out" not in page
    assert "/accounts/enter/" not in page
    assert code == 0
    assert "Stopped." in log.read_text()
