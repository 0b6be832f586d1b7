"""A watched folder: complete files are taken in once, whoever is killed when."""

import json
from pathlib import Path

import pytest

from peeraudit.adapters import queue
from peeraudit.adapters.folders import Folder
from peeraudit.cli import watching
from peeraudit.models.intake import Report, Upload
from tests.factories.accounts import make_department
from tests.services.test_intake import TABLE


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    monkeypatch.setattr(watching.time, "sleep", lambda seconds: None)


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def flask(app, session):
    return app.test_cli_runner().invoke


def watch(flask, folder, *more):
    answer = flask(args=["intake", "watch", str(folder), "--once", "--every", "0", *more])
    assert answer.exit_code == 0, answer.output


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


class TestWatch:
    def test_a_file_is_read_and_put_away_with_its_result(
        self, flask, session, tmp_path, department
    ):
        (tmp_path / "octobre.csv").write_text(TABLE)

        watch(flask, tmp_path, "--department", department.code)

        result = json.loads((tmp_path / "done/octobre.csv.result.json").read_text())
        assert names(tmp_path) == ["done/octobre.csv", "done/octobre.csv.result.json"]
        assert result["counts"]["accepted"] == 2
        assert [item["reason_code"] for item in result["refused"]] == ["missing_accession"]
        assert session.query(Report).count() == 2
        assert session.query(Upload).one().channel == "folder"

    def test_each_subfolder_is_a_department(self, flask, session, tmp_path, department):
        other = make_department(session)
        for place in (department, other):
            (tmp_path / place.code).mkdir()
            (tmp_path / place.code / "a.csv").write_text(TABLE)
        (tmp_path / "nobody").mkdir()
        (tmp_path / "nobody" / "a.csv").write_text(TABLE)

        watch(flask, tmp_path)

        assert {u.department_id for u in session.query(Upload)} == {department.id, other.id}
        assert (tmp_path / "nobody/a.csv").exists()

    def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
        self, flask, session, tmp_path, department
    ):
        (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 not a table")

        watch(flask, tmp_path, "--department", department.code)

        result = json.loads((tmp_path / "refused/scan.pdf.result.json").read_text())
        assert result["state"] == "failed"
        assert "PDF" in result["message"]

    def test_a_second_file_of_a_name_replaces_nothing(self, flask, session, tmp_path, department):
        for text in (TABLE, TABLE.replace("A1,R1", "A9,R9")):
            (tmp_path / "a.csv").write_text(text)
            watch(flask, tmp_path, "--department", department.code)

        kept = names(tmp_path / "done")
        assert len(kept) == 4
        assert session.query(Report).count() == 3


class TestCompleteFiles:
    def test_a_file_that_still_grows_is_left_alone(self, tmp_path):
        folder = Folder(tmp_path)
        folder.prepare()
        file = tmp_path / "grows.csv"
        file.write_text("a")
        folder.take_complete()
        file.write_text("ab")

        folder.take_complete()

        assert folder.taken() == []
        folder.take_complete()
        assert [taken.name for taken in folder.taken()] == ["grows.csv"]

    @pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "a.csv.tmp", "a.csv~"])
    def test_a_file_that_is_being_written_is_left_alone(self, tmp_path, name):
        folder = Folder(tmp_path)
        folder.prepare()
        (tmp_path / name).write_text("a")

        for _ in range(3):
            folder.take_complete()

        assert folder.taken() == []


class TestAfterAKill:
    @pytest.mark.parametrize("moment", ["taken", "received", "read", "result written"])
    def test_nothing_is_lost_or_read_twice(
        self, flask, session, tmp_path, department, monkeypatch, moment
    ):
        (tmp_path / "a.csv").write_text(TABLE)
        die_at(monkeypatch, moment)
        with pytest.raises(Killed):
            watch(flask, tmp_path, "--department", department.code)
        monkeypatch.undo()
        monkeypatch.setattr(watching.time, "sleep", lambda seconds: None)
        monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)

        watch(flask, tmp_path, "--department", department.code)

        assert names(tmp_path) == ["done/a.csv", "done/a.csv.result.json"]
        assert session.query(Upload).count() == 1
        assert session.query(Report).count() == 2


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches a kill."""


def die_at(monkeypatch, moment):
    def die(*args, **values):
        raise Killed

    def after(function):
        def wrapped(*args, **values):
            function(*args, **values)
            raise Killed

        return wrapped

    if moment == "taken":
        monkeypatch.setattr(watching, "_follow", die)
    elif moment == "received":
        monkeypatch.setattr(watching, "_upload", after(watching._upload))
    elif moment == "read":
        monkeypatch.setattr(watching, "carry_out_due", after(watching.carry_out_due))
    else:
        monkeypatch.setattr("pathlib.Path.rename", fail_into_done(die))


def fail_into_done(die):
    rename = Path.rename
    return lambda self, target: die() if "done" in Path(target).parts else rename(self, target)
