import csv
import json
from collections import Counter

import pytest
from sqlalchemy import select

from peeraudit.adapters import queue
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.models.identities import Author
from peeraudit.models.network import Reviewer
from peeraudit.models.summaries import Snapshot
from peeraudit.models.trail import TrailEntry
from peeraudit.services import statistics
from peeraudit.tasks.upkeep import sweep
from tests.domain.test_snapshot_files import REVIEWS, RULES
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


class TestExportAndCompute:
    @pytest.fixture
    def exported(self, frozen, run, tmp_path):
        folder = tmp_path / "export"
        done = run(args=["statistics", "export", frozen.campaign.code, "--out", str(folder)])
        assert done.exit_code == 0, done.output
        return folder

    @pytest.fixture
    def compute(self, run, tmp_path):
        def command(folder):
            files = [str(folder / "reviews.csv"), "--protocol", str(folder / "protocol.json")]
            return run(
                args=["statistics", "compute", *files, "--out", str(tmp_path / "again.json")]
            )

        return command

    def test_the_exported_files_give_the_snapshot_byte_for_byte(
        self, session, exported, compute, tmp_path
    ):
        row = session.scalars(select(Snapshot)).one()

        done = compute(exported)

        assert done.exit_code == 0, done.output
        assert (tmp_path / "again.json").read_text() == row.results
        assert (exported / "result.json").read_text() == row.results
        assert row.data_sha256 in done.output

    def test_no_line_names_a_person_and_the_trail_tells_of_it(self, session, frozen, exported):
        reviews = (exported / "reviews.csv").read_text()
        known = [case.code for case in frozen.cases] + [str(case.id) for case in frozen.cases]
        known += [str(a.id) for a in session.scalars(select(Author))]
        known += [str(r.id) for r in session.scalars(select(Reviewer))]

        assert not [name for name in known if name in reviews]
        told = session.scalars(select(TrailEntry).where(TrailEntry.act == "export_snapshot"))
        assert len(told.all()) == 1

    def test_an_export_is_never_written_over(self, frozen, exported, run):
        done = run(args=["statistics", "export", frozen.campaign.code, "--out", str(exported)])

        assert done.exit_code == 1
        assert "holds files already" in done.output

    def test_a_snapshot_whose_readings_have_changed_cannot_be_exported(
        self, session, frozen, run, tmp_path
    ):
        frozen.cases[0].excluded_reason = "objection"
        session.commit()

        done = run(args=["statistics", "export", frozen.campaign.code, "--out", str(tmp_path)])

        assert done.exit_code == 1
        assert "have gone on since snapshot 1" in done.output

    @pytest.mark.parametrize("more", [["--snapshot", "7"], []])
    def test_what_does_not_exist_cannot_be_exported(self, session, frozen, run, tmp_path, more):
        code = frozen.campaign.code if more else "2031-99"

        done = run(args=["statistics", "export", code, *more, "--out", str(tmp_path / "x")])

        assert done.exit_code == 1
        assert "There is no such" in done.output

    def test_changed_reviews_are_computed_and_called_others(self, exported, compute, tmp_path):
        reviews = exported / "reviews.csv"
        with reviews.open(newline="") as file:
            lines = list(csv.DictReader(file))
        # A case of one reading: the second line of another would have to change with the first.
        readings = Counter(line["item"] for line in lines)
        line = next(x for x in lines if readings[x["item"]] == 1 and x["score"] == "1")
        line |= {"score": "2a"}
        with reviews.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)

        done = compute(exported)

        assert done.exit_code == 1
        assert "not those of the snapshot" in done.output
        assert (tmp_path / "again.json").exists()

    def test_a_line_that_breaks_a_rule_is_named(self, exported, compute, tmp_path):
        reviews = exported / "reviews.csv"
        lines = reviews.read_text().splitlines()
        reviews.write_text("\n".join([*lines, lines[1]]))

        done = compute(exported)

        assert done.exit_code == 1
        assert f"Line {len(lines) + 1}: the reviewer" in done.output
        assert not (tmp_path / "again.json").exists()


class TestAgreement:
    @pytest.fixture
    def ratings(self, tmp_path):
        path = tmp_path / "ratings.csv"
        path.write_text("item,ann,bob\n" + "\n".join(f"{i},{i % 2},{i % 3}" for i in range(60)))
        return str(path)

    def test_every_coefficient_has_its_interval(self, run, ratings):
        done = run(args=["statistics", "agreement", ratings, "--json"])

        assert done.exit_code == 0
        found = json.loads(done.output)
        assert found["categories"] == ["0", "1", "2"]
        assert {"krippendorff.ordinal", "cohen.quadratic", "ordinal.gwet"} <= set(
            found["coefficients"]
        )
        assert all(len(part["ci"]) == 2 for part in found["coefficients"].values())

    def test_in_words_it_is_a_list(self, run, ratings):
        done = run(args=["statistics", "agreement", ratings, "--scale", "nominal"])

        assert "60 items, 60 rated more than once" in done.output
        assert "krippendorff.nominal" in done.output
        assert "krippendorff.ordinal" not in done.output

    def test_a_table_that_breaks_a_rule_is_refused_with_its_line(self, run, ratings):
        done = run(args=["statistics", "agreement", ratings, "--scale", "0,1"])

        assert done.exit_code == 1
        assert "Line 4: the scale has no score “2”" in done.output

    def test_a_file_that_is_no_text_is_refused(self, run, tmp_path):
        path = tmp_path / "table.xls"
        path.write_bytes(b"\xd0\xcf\x11\xe0")

        done = run(args=["statistics", "agreement", str(path)])

        assert done.exit_code == 1
        assert "no text in UTF-8" in done.output


class TestRecompute:
    def test_it_says_that_a_snapshot_holds(self, frozen, run):
        done = run(args=["statistics", "recompute", frozen.campaign.code])

        assert done.exit_code == 0, done.output
        assert "Snapshot 1 (final) follows from its data." in done.output

    def test_it_refuses_an_unknown_campaign(self, session, run):
        assert run(args=["statistics", "recompute", "2031-99"]).exit_code == 1

    def test_it_says_so_when_the_readings_have_changed(self, session, frozen, run):
        frozen.cases[0].excluded_reason = "objection"
        session.commit()

        done = run(args=["statistics", "recompute", frozen.campaign.code])

        assert done.exit_code == 1
        assert "other counts" in done.output


GARBAGE = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "nothing but zeros": bytes(5000),
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "UTF-16": "item,a,b\n1,1,2\n".encode("utf-16"),
    "Latin-1": "item,a,b\n1,gêné,1\n".encode("latin-1"),
    "a heading alone": b"item,rater,rating\n",
    "one category": b"item,a,b\n1,1,1\n2,1,1\n",
    "a huge cell": b"item,a,b\n1," + b"x" * 200_000 + b",2\n",
    "a page": b"<!doctype html><title>404</title>",
    "deep JSON": b"[" * 100_000,
}


class TestGarbage:
    """Real files that hold nothing of use: a sentence and a failure, never a traceback."""

    @pytest.mark.parametrize("what", GARBAGE)
    @pytest.mark.parametrize("command", ["examples", "agreement", "compute", "compute protocol"])
    def test_it_is_refused(self, run, tmp_path, command, what):
        file, other = tmp_path / "garbage", tmp_path / "other"
        file.write_bytes(GARBAGE[what])
        other.write_text("{}")
        out = ["--out", str(tmp_path / "out")]
        words = {
            "examples": ["examples", str(file)],
            "agreement": ["agreement", str(file)],
            "compute": ["compute", str(file), "--protocol", str(other), *out],
            "compute protocol": ["compute", str(other), "--protocol", str(file), *out],
        }[command]

        done = run(args=["statistics", *words])

        assert done.exit_code == 1
        assert isinstance(done.exception, SystemExit)
        assert done.output.startswith("Error: ")
        assert not (tmp_path / "out").exists()

    def test_a_result_that_cannot_be_written_is_said(self, run, tmp_path):
        (tmp_path / "reviews.csv").write_text(REVIEWS)
        (tmp_path / "rules.json").write_text(RULES)
        files = [str(tmp_path / "reviews.csv"), "--protocol", str(tmp_path / "rules.json")]

        done = run(args=["statistics", "compute", *files, "--out", str(tmp_path / "no" / "r.json")])

        assert done.exit_code == 1
        assert "cannot be written" in done.output
        assert isinstance(done.exception, SystemExit)

    def test_a_byte_order_mark_is_no_fault(self, run, tmp_path):
        path = tmp_path / "marked.json"
        case = {"id": "c", "function": "S9.99", "inputs": {}, "expected": {}}
        path.write_text(json.dumps({"examples": [case]}), "utf-8-sig")

        assert "no function of this" in run(args=["statistics", "examples", str(path)]).output
