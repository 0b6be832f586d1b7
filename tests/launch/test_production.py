import os
import subprocess
import sys

import pytest

from peeraudit.launch.environment import ROOT

FIT = {
    "SECRET_KEY": "Zq8vT2mLx0Rk5WbYc7NfJ3hPs9DgUe1A",
    "IDENTITY_KEYS": "1:Hn3tqk0YxWc6mZr2PzvJ5uLQ8dTgAe1bS9fKiNoX4Mw",
    "DATABASE_URL": "postgresql://peeraudit@127.0.0.1:1/peeraudit",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STORAGE_DIR": "/tmp",
    "PUBLIC_URL": "https://peeraudit.hospital.example",
}


def run(settings, *words):
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "peeraudit", "run", *words],
        cwd=ROOT,
        env={**environment, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class TestRun:
    def test_every_missing_setting_is_named_at_once(self):
        done = run({})

        assert done.returncode == 2
        for name in FIT:
            assert f"{name} is not set" in done.stderr
        assert "secrets.token_urlsafe" in done.stderr

    @pytest.mark.parametrize(
        ("name", "value", "reason"),
        [
            ("SECRET_KEY", "changeme", "SECRET_KEY is too weak"),
            ("SECRET_KEY", "ab" * 32, "SECRET_KEY is too weak: it repeats"),
            ("IDENTITY_KEYS", "changeme", "IDENTITY_KEYS: Key 1 is not written as VERSION:BASE64"),
            ("IDENTITY_KEYS", "1:YWJj", "version 1 is too weak: it needs 32 random bytes"),
            ("IDENTITY_KEYS", f"1:{'QUFB' * 10}QUE", "version 1 is too weak: it is not random"),
            ("DATABASE_URL", "sqlite:///audit.db", "production needs PostgreSQL"),
            ("PUBLIC_URL", "http://peeraudit.hospital.example", "PUBLIC_URL must start with https"),
            ("REDIS_URL", "", "REDIS_URL is not set"),
        ],
    )
    def test_a_weak_setting_is_named_alone(self, name, value, reason):
        done = run({**FIT, name: value})

        assert done.returncode == 2
        assert reason in done.stderr
        assert [other for other in FIT if other != name and f"{other} " in done.stderr] == []
        # What was given is nobody's business who reads the log.
        assert FIT["SECRET_KEY"] not in done.stderr
        assert FIT["IDENTITY_KEYS"][2:] not in done.stderr

    def test_a_database_that_is_away_stops_the_start(self):
        done = run(FIT)

        assert done.returncode != 0
        assert "database check" in done.stdout
        assert "PeerAudit serves" not in done.stdout
