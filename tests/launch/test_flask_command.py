import os
import subprocess
import sys

import pytest

from peeraudit.launch import data_folder, flask_command
from peeraudit.launch.environment import ROOT
from tests.conftest import environment_of


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for the demonstration's data other than the clone's own."""
    for name in ("DATABASE_URL", "PEERAUDIT_MODE", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(data_folder, "_usual", lambda environment: tmp_path)
    return tmp_path


class TestSettings:
    @pytest.mark.parametrize("name", ["DATABASE_URL", "PEERAUDIT_MODE"])
    def test_what_the_user_set_is_left_alone(self, folder, monkeypatch, name):
        monkeypatch.setenv(name, "production")

        assert flask_command.settings() == {}
        assert list(folder.iterdir()) == []

    def test_without_settings_it_means_the_demo(self, folder):
        added = flask_command.settings()

        assert added["DATABASE_URL"] == f"sqlite:///{folder / 'peeraudit.sqlite3'}"
        assert added["PEERAUDIT_MODE"] == "demo"
        assert added["REDIS_URL"] == flask_command.NO_REDIS

    def test_it_reaches_the_redis_of_a_running_demo(self, folder):
        (folder / "running-redis").write_text("redis+socket:///tmp/x/redis.sock")

        assert flask_command.settings()["REDIS_URL"] == "redis+socket:///tmp/x/redis.sock"


class TestFlask:
    def test_it_becomes_the_command_with_its_words_and_its_code(self, settings):
        done = flask(settings, "routes", "--no-such-option")

        assert done.returncode == 2
        assert "--no-such-option" in done.stderr

    def test_it_works_from_any_folder(self, settings, tmp_path):
        done = flask(settings, "routes", cwd=tmp_path, PYTHONPATH=str(ROOT))

        assert done.returncode == 0, done.stderr
        assert "accounts.sign_in" in done.stdout


def flask(settings, *words, cwd=ROOT, **extra):
    return subprocess.run(
        [sys.executable, "-m", "peeraudit", "flask", *words],
        cwd=cwd,
        env={
            **os.environ,
            **environment_of(settings),
            "DATABASE_URL": "sqlite://",
            **extra,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
