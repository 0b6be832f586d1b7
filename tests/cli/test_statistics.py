import json

import pytest
from sqlalchemy import select

from peeraudit.adapters import queue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.models.summaries import Snapshot
from peeraudit.services import statistics
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import make_audit
from tests.factories.network import make_actor
from tests.services.test_summaries import STRATA


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)


@pytest.fixture
def frozen(session):
    audit = make_audit(session, STRATA)
    with unit_of_work():
        statistics.freeze_campaign(audit.campaign.id, by=make_actor(session, Role.NETWORK_LEAD))
    sweep()
    return audit


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


class TestExamples:
    @pytest.fixture
    def file(self, tmp_path):
        def write(expected, function="S2.01_srs_rate"):
            inputs = {"x": 9, "n": 120, "N": 800}
            case = {"id": "c", "function": function, "inputs": inputs, "expected": expected}
            path = tmp_path / "examples.json"
            path.write_text(json.dumps({"examples": [case]}))
            return str(path)

        return write

    def test_an_installation_that_computes_right_is_qualified(self, run, file):
        done = run(args=["statistics", "examples", file({"p": 0.075, "se": 0.02226063148892489})])

        assert done.exit_code == 0
        assert done.output.startswith("Examples that hold: 1 of 1")

    def test_every_wrong_number_is_printed_and_the_command_fails(self, run, file):
        done = run(args=["statistics", "examples", file({"p": 0.075, "se": 0.0223})])

        assert done.exit_code == 1
        assert "c S2.01_srs_rate .se: got 0.02226" in done.output
        assert "faults: 1" in done.output

    def test_an_unknown_function_fails(self, run, file):
        done = run(args=["statistics", "examples", file({"p": 0.075}, function="S0.00_x")])

        assert done.exit_code == 1
        assert "no function of this installation has this id" in done.output

    def test_a_file_without_examples_is_refused(self, run, tmp_path):
        path = tmp_path / "other.json"
        path.write_text("{}")

        assert "no worked example" in run(args=["statistics", "examples", str(path)]).output

    def test_a_choice_that_leaves_nothing_is_refused(self, run, file):
        done = run(args=["statistics", "examples", file({"p": 0.075}), "--only", "S7"])

        assert done.exit_code == 1
        assert "no example" in done.output


class TestCompute:
    def test_the_data_of_a_snapshot_give_its_numbers_again(self, session, frozen, run, tmp_path):
        row = session.scalars(select(Snapshot)).one()
        file = tmp_path / "snapshot.json"
        file.write_text(row.data)

        done = run(args=["statistics", "compute", "--json", str(file)])

        assert done.exit_code == 0
        assert json.loads(done.output) == json.loads(row.results)["numbers"]

    def test_in_words_it_tells_the_rates_and_the_hash(self, session, frozen, run, tmp_path):
        row = session.scalars(select(Snapshot)).one()
        file = tmp_path / "snapshot.json"
        file.write_text(row.data)

        output = run(args=["statistics", "compute", str(file)]).output

        assert row.data_sha256 in output
        assert "first_read" in output
        assert "S2.02@1" in output

    @pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "peeraudit/snapshot/v1"}'])
    def test_another_file_is_refused_with_a_sentence(self, run, tmp_path, text):
        file = tmp_path / "other.json"
        file.write_text(text)

        done = run(args=["statistics", "compute", str(file)])

        assert done.exit_code == 1
        assert "holds no data of a snapshot" in done.output


class TestRecompute:
    def test_it_says_that_a_snapshot_holds(self, frozen, run):
        done = run(args=["statistics", "recompute", frozen.campaign.code])

        assert done.exit_code == 0, done.output
        assert "Snapshot 1 (final) follows from its data." in done.output

    def test_it_refuses_an_unknown_campaign(self, session, run):
        assert run(args=["statistics", "recompute", "2031-99"]).exit_code == 1

    def test_it_says_so_when_the_readings_have_changed(self, session, frozen, run):
        frozen.cases[0].channel = "targeted"
        session.commit()

        done = run(args=["statistics", "recompute", frozen.campaign.code])

        assert done.exit_code == 1
        assert "other counts" in done.output
