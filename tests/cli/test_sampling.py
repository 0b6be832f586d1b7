import json
from datetime import date

import pytest

from peeraudit.domain.protocol import Protocol, Sampling, Scope
from peeraudit.domain.sampling.draw_proof import build_proof
from peeraudit.domain.sampling.draws import frame_lines
from peeraudit.domain.strata import StratumField
from tests.domain.sampling.test_draw_proof import FRAME, FROZEN, SEED, SEEDED, SIZES


@pytest.fixture
def proof(tmp_path):
    def write(**changes):
        bundle = {**build_proof(FRAME, SEED, SIZES, published=(FROZEN, SEEDED)), **changes}
        path = tmp_path / "draw.json"
        path.write_text(json.dumps(bundle))
        return str(path)

    return write


@pytest.fixture
def published(tmp_path):
    def write(frame=FRAME, content=None):
        path = tmp_path / "frame.tsv"
        path.write_bytes(b"".join(frame_lines(frame)) if content is None else content)
        return str(path)

    return write


@pytest.fixture
def run(app):
    def command(*args):
        return app.test_cli_runner().invoke(args=["sampling", *args])

    return command


class TestVerify:
    def test_a_right_proof_is_right_without_any_database(self, run, proof):
        done = run("verify", proof())

        assert done.exit_code == 0
        assert done.output.startswith("The draw is right: 12 of 39 reports")

    def test_the_published_list_is_compared_with_the_proof(self, run, proof, published):
        assert run("verify", proof(), "--list", published()).exit_code == 0

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"CT\tCT-0001\n", "has the hash"),
            (b"one column\n", "stratum, tab, key"),
            (b"CT\tbad key\n", "unaccented letters"),
            (b"".join(frame_lines(FRAME)[::-1]), "not sorted"),
            (b"\xff\xfe\n", "stratum, tab, key"),
        ],
    )
    def test_another_list_proves_nothing(self, run, proof, published, content, word):
        done = run("verify", proof(), "--list", published(content=content))

        assert done.exit_code == 1
        assert word in done.output
        assert "not proven" in done.output

    def test_a_changed_seed_is_found_out(self, run, proof):
        done = run("verify", proof(seed=SEED[::-1]))

        assert done.exit_code == 1
        assert "is in the sample but was not drawn" in done.output

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
    def test_a_file_that_is_no_proof_is_said_to_be_none(self, run, tmp_path, content):
        path = tmp_path / "x.json"
        path.write_bytes(content)

        done = run("verify", str(path))

        assert done.exit_code == 1
        assert "Traceback" not in done.output
        assert "x.json is no JSON file" in done.output or "not proven" in done.output


class TestSize:
    def test_it_tells_the_planners_number(self, run):
        # S1.02: p = .05, d = .03, N = 800 → 169 reports, 0.0279 to 0.0879.
        done = run("size", "--rate", "0.05", "--half-width", "0.03", "--frame", "800")

        assert done.output == "169 reports; 95% interval to expect: 0.0279 to 0.0879\n"

    def test_a_width_without_meaning_is_refused(self, run):
        done = run("size", "--rate", "0.05", "--half-width", "0.6")

        assert done.exit_code == 1
        assert "half-width" in done.output


class TestPlan:
    """How many reports the rules draw of each stratum, from two files."""

    LISTED = "".join(
        f"CHU:CT:2026-W0{week}\tkey-{week}-{number}\n"
        for week, count in ((1, 6), (2, 3), (3, 1))
        for number in range(count)
    )

    @pytest.fixture
    def rules(self, tmp_path):
        def write(**changes):
            scope = Scope(("CT",), date(2026, 1, 1), date(2026, 1, 31))
            path = tmp_path / "protocol.json"
            path.write_text(Protocol("x", scope, sampling=Sampling(**changes)).to_canonical_json())
            return str(path)

        return write

    def test_it_says_how_many_are_drawn_of_each_stratum(self, run, rules, published):
        fields = (StratumField.MODALITY, StratumField.WEEK)
        done = run(
            "plan",
            rules(target=5, stratum_minimum=1, strata=fields),
            published(content=self.LISTED.encode()),
        )

        assert done.exit_code == 0
        assert done.output.splitlines() == [
            "stratum,frame,sample",
            "CHU:CT:2026-W01,6,3",
            "CHU:CT:2026-W02,3,1",
            "CHU:CT:2026-W03,1,1",
        ]

    def test_minimums_that_do_not_fit_are_told_with_what_they_need(self, run, rules, published):
        fields = (StratumField.MODALITY, StratumField.WEEK)
        done = run(
            "plan",
            rules(target=5, stratum_minimum=3, strata=fields),
            published(content=self.LISTED.encode()),
        )

        assert done.exit_code == 1
        assert "ask for 7 reports" in done.output

    @pytest.mark.parametrize(
        ("content", "word"), [(LISTED.encode(), "not divided"), (b"no line\n", "stratum, tab, key")]
    )
    def test_a_list_of_other_strata_is_refused(self, run, rules, published, content, word):
        done = run("plan", rules(target=5), published(content=content))

        assert done.exit_code == 1
        assert word in done.output
