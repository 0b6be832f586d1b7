"""Plans made from files, without a database."""

import json

import pytest

from peeraudit.domain.assignment.plan import plan_seed

CASES = "id;department;modality;region;reviews\nc1;A;CT;head;2\nc2;A;MR;;1\nc3;B;CT;chest;\n"
REVIEWERS = (
    "id,department,capacity,specialities\n"
    "r1,B,5,CT MR\nr2,C,5,CT:head CT:chest\nr3,C,1,*\nr4,A,5,\n"
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "cases.csv").write_text(CASES)
    (tmp_path / "reviewers.csv").write_text(REVIEWERS)
    return ["--cases", str(tmp_path / "cases.csv"), "--reviewers", str(tmp_path / "reviewers.csv")]


@pytest.fixture
def run(app):
    def invoke(*args):
        return app.test_cli_runner().invoke(args=["assignment", "plan", *args])

    return invoke


def readings(output):
    lines = [line.split(",", 3)[:3] for line in output.strip().splitlines()[1:]]
    return {(case, turn): reviewer for case, turn, reviewer in lines}


class TestPlan:
    def test_it_places_every_reading(self, run, files):
        done = run(*files, "--seed", "7")

        given = readings(done.stdout)
        assert set(given) == {("c1", "1"), ("c1", "2"), ("c2", "1"), ("c3", "1")}
        assert {given["c1", "1"], given["c1", "2"]} & {"r1"}
        assert given["c2", "1"] in {"r1", "r3"}
        assert given["c3", "1"] in {"r2", "r3", "r4"}
        assert "4 of 4 readings placed" in done.stderr

    def test_the_same_input_in_another_order_gives_the_same_plan(self, run, files, tmp_path):
        first = run(*files, "--seed", "7").stdout
        for name in ("cases.csv", "reviewers.csv"):
            head, *lines = (tmp_path / name).read_text().splitlines()
            (tmp_path / name).write_text("\n".join([head, *reversed(lines)]))

        assert run(*files, "--seed", "7").stdout == first

    def test_a_plans_number_gives_its_seed(self, run, files):
        by_number = run(*files, "--seed", "7", "--number", "2").stdout

        assert by_number == run(*files, "--seed", plan_seed("7", 2)).stdout

    def test_conflicts_are_kept_and_what_is_left_is_explained(self, run, files, tmp_path):
        (tmp_path / "conflicts.csv").write_text("case,reviewer\nc2,r1\nc2,r3\n")

        done = run(*files, "--conflicts", str(tmp_path / "conflicts.csv"), "--json")

        told = json.loads(done.stdout)
        assert [one["case"] for one in told["unplaced"]] == ["c2"]
        assert told["status"] == "infeasible"
        assert "conflict" in told["unplaced"][0]["reason"]

    def test_an_instance_that_greedy_rounds_fail_is_placed_whole(self, run, shared):
        name = "two_track_feasible_but_greedy_rounds_fail.json"
        path = shared / "assignment/synthetic_radiology" / name

        done = run("--instance", str(path), "--seed", "1")

        assert "12 of 12 readings placed; loads 2 to 2; optimal" in done.stderr

    @pytest.mark.parametrize(
        ("table", "word"),
        [
            ("id,department\nc1,A\n", "modality"),
            ("id,department,modality,reviews\nc1,A,CT,two\n", "whole number"),
            ("id,department,modality\nc1,A,CT\nc1,A,CT\n", "listed twice"),
            ("", "empty"),
        ],
    )
    def test_a_wrong_table_says_what_is_wrong(self, run, files, tmp_path, table, word):
        (tmp_path / "cases.csv").write_text(table)

        done = run(*files)

        assert done.exit_code == 1
        assert word in done.output

    def test_without_files_it_says_which_are_needed(self, run):
        assert "--cases" in run().output

    def test_no_database_is_touched(self, app, run, files, monkeypatch):
        def refuse(*args, **values):
            raise AssertionError("the database was asked for")

        monkeypatch.setattr("sqlalchemy.engine.Engine.connect", refuse)

        assert run(*files).exit_code == 0
