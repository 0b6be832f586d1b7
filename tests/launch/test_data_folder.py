import contextlib
import os
import sqlite3
import stat
import subprocess
import sys

import pytest

from peeraudit.launch import data_folder
from peeraudit.launch.data_folder import OWN_NAMES, DataFolder
from peeraudit.launch.environment import ROOT, variables
from peeraudit.launch.errors import LaunchRefused

HOLD = """
import sys
from pathlib import Path
from peeraudit.launch.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data(tmp_path):
    return DataFolder(tmp_path)


class TestPrepare:
    def test_a_folder_is_made_for_nobody_else_to_read(self, tmp_path):
        made = data_folder.prepare(tmp_path / "a" / "b", {})

        assert stat.S_IMODE(made.path.stat().st_mode) == 0o700

    def test_a_file_is_refused(self, tmp_path):
        (tmp_path / "file").touch()

        for path in (tmp_path / "file", tmp_path / "file" / "below"):
            with pytest.raises(LaunchRefused, match="is a file; --data wants a folder"):
                data_folder.prepare(path, {})

    def test_a_folder_that_cannot_be_made_is_refused(self):
        # Not even root may make a folder there.
        with pytest.raises(LaunchRefused, match="cannot be made"):
            data_folder.prepare(ROOT.__class__("/proc/peeraudit"), {})


class TestEnvironment:
    def test_the_key_is_strong_stays_and_is_nobody_elses_to_read(self, data, tmp_path):
        first = data.environment(redis_url="redis://", port=8000)["SECRET_KEY"]
        second = data.environment(redis_url="redis://", port=8001)["SECRET_KEY"]

        assert first == second
        assert len(first) >= 32
        assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600

    def test_two_folders_have_two_keys(self, data, tmp_path):
        (tmp_path / "other").mkdir()
        other = DataFolder(tmp_path / "other")

        keys = {d.environment(redis_url="", port=1)["SECRET_KEY"] for d in (data, other)}

        assert len(keys) == 2


class TestEmpty:
    def test_it_removes_what_the_demo_wrote_and_nothing_else(self, data, tmp_path):
        for name in OWN_NAMES:
            (tmp_path / name).touch()
        (tmp_path / "storage").unlink()
        (tmp_path / "storage" / "deep").mkdir(parents=True)
        (tmp_path / "thesis.odt").touch()

        data.empty()

        assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]

    def test_a_link_is_removed_and_what_it_leads_to_stays(self, data, tmp_path):
        (tmp_path / "precious").mkdir()
        (tmp_path / "storage").symlink_to(tmp_path / "precious")

        data.empty()

        assert (tmp_path / "precious").is_dir()
        assert not (tmp_path / "storage").exists()


class TestFilling:
    def test_what_an_interrupted_first_start_left_is_thrown_away(self, data, tmp_path):
        data.begin_filling()
        (tmp_path / "peeraudit.sqlite3").write_text("half")

        data.begin_filling()

        assert not (tmp_path / "peeraudit.sqlite3").exists()

    def test_whole_data_stay(self, data, tmp_path):
        data.begin_filling()
        (tmp_path / "peeraudit.sqlite3").write_text("whole")
        data.end_filling()

        data.begin_filling()
        data.begin_filling()

        assert (tmp_path / "peeraudit.sqlite3").read_text() == "whole"


class TestIsWhole:
    @pytest.fixture
    def whole(self, data):
        data.accounts.touch()
        with contextlib.closing(sqlite3.connect(data.database)) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
            head = (ROOT / "migrations" / ".current-head").read_text().strip()
            connection.execute("INSERT INTO alembic_version VALUES (?)", (head,))
            connection.commit()
        return data

    def test_what_was_filled_to_the_end_at_this_revision_is(self, whole):
        assert whole.is_whole()

    def test_an_older_revision_is_not(self, whole):
        with contextlib.closing(sqlite3.connect(whole.database)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0000_before'")
            connection.commit()

        assert not whole.is_whole()

    @pytest.mark.parametrize("name", ["demo-accounts.json", "peeraudit.sqlite3"])
    def test_without_one_of_its_files_it_is_not(self, whole, name):
        (whole.path / name).unlink()

        assert not whole.is_whole()

    def test_an_interrupted_filling_is_not(self, whole):
        (whole.path / "unfinished").touch()

        assert not whole.is_whole()


class TestHeld:
    def test_a_second_start_is_refused_while_the_first_lives(self, data, tmp_path):
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=variables(),
        ) as first:
            assert first.stdout.readline() == b"held\n"

            with pytest.raises(LaunchRefused, match=f"process {first.pid}"), data.held():
                pass
            first.stdin.close()

        with data.held():
            assert (tmp_path / ".lock").read_text() == str(os.getpid())
