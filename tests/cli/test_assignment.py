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
        return app.test_cli_runner().invoke(args=["assignment", "plan-tables", *args])

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


INSTANCE = {
    "seed": "7",
    "reviews_per_case": 1,
    "cases": [{"id": "c1", "department": "A", "reviews": 2}, {"id": "c2", "department": "B"}],
    "reviewers": [
        {"id": "r1", "department": "B", "min": 0, "max": 2},
        {"id": "r2", "department": "B", "min": 0, "max": 2},
        {"id": "r3", "department": "C", "min": 0, "max": 1},
    ],
    "pairs": [
        {"case": "c1", "reviewer": "r1", "score": 0.9},
        {"case": "c1", "reviewer": "r2", "score": 0.8},
        {"case": "c1", "reviewer": "r3", "score": 0.1},
        {"case": "c2", "reviewer": "r3", "score": 0.5},
    ],
    "rules": {"distinct_departments": False, "department_quota": None, "fairness_floor": False},
}


class TestPlanInstance:
    def test_the_plan_and_its_report_are_written(self, plan_instance, tmp_path):
        done = plan_instance(INSTANCE)

        assert done.exit_code == 0, done.output
        lines = (tmp_path / "plan.csv").read_text().splitlines()
        assert lines == ["case,reviewer,score", "c1,r1,0.9", "c1,r2,0.8", "c2,r3,0.5"]
        told = json.loads((tmp_path / "report.json").read_text())
        assert told["status"] == "optimal"
        assert told["total"] == 2.2
        assert told["worst_case"] == 0.5
        assert told["loads"] == {"r1": 1, "r2": 1, "r3": 1}
        assert told["unplaced"] == told["explanation"] == told["relaxations"] == []

    def test_what_cannot_be_is_explained_with_the_changes_that_would_do(
        self, plan_instance, tmp_path
    ):
        done = plan_instance(INSTANCE | {"rules": {"distinct_departments": True}})

        assert done.exit_code == 0
        told = json.loads((tmp_path / "report.json").read_text())
        assert told["status"] == "infeasible"
        assert sum(one["missing"] for one in told["unplaced"]) == 1
        assert "Missing: 1" in told["explanation"][0]
        by_rule = {tuple(one["rules"]): one for one in told["relaxations"]}
        assert by_rule["max",]["max"] == {"r3": 2}
        assert by_rule["distinct_departments",]["cases_with_one_department"] == ["c1"]
        assert by_rule["reviews_per_case",]["units"] == 1

    @pytest.mark.parametrize("missing", ["cases", "reviewers"])
    @pytest.mark.parametrize("floor", [False, True])
    def test_nothing_to_read_and_nobody_to_read_it_are_plans_too(
        self, plan_instance, tmp_path, missing, floor
    ):
        rules = {"fairness_floor": floor}
        done = plan_instance(INSTANCE | {missing: [], "pairs": [], "rules": rules})

        assert done.exit_code == 0, done.output
        told = json.loads((tmp_path / "report.json").read_text())
        assert told["status"] == ("optimal" if missing == "cases" else "infeasible")
        assert told["total"] == 0
        assert told["worst_case"] == (None if missing == "cases" else 0)

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ({"pairs": [{"case": "c9", "reviewer": "r1", "score": 1}]}, "Pair 1"),
            ({"pairs": [{"case": "c1", "reviewer": "r1", "score": "high"}]}, "number"),
            ({"cases": [{"department": "A"}]}, "lacks"),
            ({"cases": [{"id": "c1", "reviews": 1.5}], "pairs": []}, "whole number"),
            ({"reviewers": "r1"}, "list"),
            ({"rules": {"department_quota": 0}}, "at least 1"),
            ({"pairs": INSTANCE["pairs"] + INSTANCE["pairs"][:1]}, "listed twice"),
            ({"pairs": [INSTANCE["pairs"][0], {**INSTANCE["pairs"][1], "score": 1e308}]}, "range"),
        ],
    )
    def test_a_wrong_instance_says_what_is_wrong(self, plan_instance, change, word):
        done = plan_instance(INSTANCE | change)

        assert done.exit_code == 1
        assert word in done.output

    @pytest.mark.parametrize("text", ["", "[]", "no JSON", '{"M": 3}', "{"])
    def test_a_file_that_is_no_instance_is_refused(self, app, tmp_path, text):
        (tmp_path / "wrong.json").write_text(text)
        done = app.test_cli_runner().invoke(
            args=["assignment", "plan", str(tmp_path / "wrong.json")]
        )

        assert done.exit_code == 1
        assert "Traceback" not in done.output

    def test_formats_of_others_are_read(self, app, shared, tmp_path):
        def run(*args):
            done = app.test_cli_runner().invoke(args=["assignment", "plan", *map(str, args)])
            assert done.exit_code == 0, done.output
            return done.stderr

        folder = shared / "assignment"
        matrices = folder / "synthetic_radiology/two_track_feasible_but_greedy_rounds_fail.json"
        bids = folder / "preflib_aamas/preflib1.in"
        arrays = folder / "synthetic_radiology/rad_small.npz"

        assert "12 of 12 reviews" in run(matrices)
        assert "total 124.25, worst case 0.75" in run(bids, "--reviews", 3, "--most", 6)
        assert "total 385.7343" in run(arrays)
        assert "infeasible" in run(arrays, "--rules")


@pytest.fixture
def plan_instance(app, tmp_path):
    def invoke(instance):
        path = tmp_path / "instance.json"
        path.write_text(json.dumps(instance))
        words = ["--out", tmp_path / "plan.csv", "--report", tmp_path / "report.json"]
        return app.test_cli_runner().invoke(
            args=["assignment", "plan", str(path), *map(str, words)]
        )

    return invoke
