import os
import sys

import pytest

from peeraudit.launch import checks, chromium, postgres_server, redis_server
from peeraudit.launch.checks import Step

GIVEN = {"TEST_DATABASE_URL": "postgresql://somewhere"}


@pytest.fixture
def bare(monkeypatch):
    """A machine with Python and nothing else."""
    monkeypatch.setattr(redis_server, "_bundled", lambda: None)
    monkeypatch.setattr(postgres_server, "find", lambda environment: None)
    return {"PATH": "/nowhere"}


class TestSuites:
    def test_the_whole_suite_comes_last_after_the_one_on_postgresql(self):
        steps = checks.suites([], GIVEN)

        assert [step.name for step in steps] == ["tests on PostgreSQL", "tests on SQLite"]
        assert steps[0].environment == {"TEST_DATABASE": "postgresql"}
        assert "tests/services" in steps[0].words
        assert "--with-database" in steps[0].words
        assert [word for word in steps[1].words if word.startswith("tests/")] == []
        assert "--with-database" not in steps[1].words

    def test_what_runs_real_processes_runs_once(self):
        on_postgresql, _ = checks.suites([], GIVEN)

        for folder in ("tests/live", "tests/e2e", "tests/launch"):
            assert folder not in on_postgresql.words

    def test_every_folder_named_is_there(self):
        on_postgresql, _ = checks.suites([], GIVEN)
        folders = [word for word in on_postgresql.words if word.startswith("tests/")]

        assert [folder for folder in folders if not (checks.ROOT / folder).is_dir()] == []

    def test_words_of_the_user_run_pytest_alone(self):
        (step,) = checks.suites(["-k", "draw"], GIVEN)

        assert step.words[-2:] == ("-k", "draw")

    @pytest.mark.parametrize("value", ["1", "true", "True", "yes"])
    def test_in_ci_nothing_may_be_skipped(self, value):
        for step in checks.suites([], {**GIVEN, "CI": value}):
            assert "--fail-on-skip" in step.words

    @pytest.mark.parametrize("value", ["", "0", "false"])
    def test_elsewhere_a_skip_is_allowed(self, value):
        for step in checks.suites([], {**GIVEN, "CI": value}):
            assert "--fail-on-skip" not in step.words


class TestMissing:
    def test_what_is_missing_is_named_with_the_way_to_get_it(self, bare):
        told = "\n".join(checks.missing(bare))

        for module in (chromium, redis_server, postgres_server):
            assert module.REASON in told
            assert module.REMEDY in told
        assert "apt install poppler-utils" in told

    def test_a_real_queue_does_not_count_as_one_for_tests(self, bare):
        told = "\n".join(checks.missing({**bare, "REDIS_URL": "redis://the-hospitals-own"}))

        assert redis_server.REASON in told

    def test_what_was_named_counts(self, bare, tmp_path):
        (tmp_path / "pdftotext").touch(mode=0o755)
        given = {
            "PATH": str(tmp_path),
            **GIVEN,
            "TEST_REDIS_URL": "redis://x",
            "CHROMIUM": sys.executable,
        }

        assert checks.missing(given) == []

    def test_in_ci_a_lack_fails_the_checks(self, bare, monkeypatch, capsys):
        passed = checks.Outcome(Step("tests", ()), code=0, seconds=0.0)
        monkeypatch.setattr(checks, "run_tests", lambda step: passed)
        monkeypatch.setattr(os, "environ", {**bare, "CI": "true"})

        outcomes = checks.check_everything(["tests/domain"])

        assert [outcome.code for outcome in outcomes] == [0, 1]
        assert "nothing may be missing" in capsys.readouterr().out


class TestRunAll:
    def test_each_step_is_told_and_only_a_failure_speaks(self, capsys):
        steps = [
            Step("quiet", ("-c", "print('well done')")),
            Step("loud", ("-c", "print('line 3 is crooked'); raise SystemExit(4)")),
        ]

        outcomes = checks.run_all(steps)

        told = capsys.readouterr().out
        assert [outcome.code for outcome in outcomes] == [0, 4]
        assert "well done" not in told
        assert "line 3 is crooked" in told
        assert "FAILED" in told
