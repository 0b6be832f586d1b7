"""Commands for third parties run where PeerAudit is not installed: no settings, no database."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from peeraudit.cli import registry
from tests.flask_process import flask_process

ROOT = Path(__file__).parents[2]
TABLE = "accession,performed,report_text\nA1,2026-10-01,Foie normal.\n,2026-10-02,Rate normale.\n"
KEY = "1:" + "q7Zt3xVw0aBcDeFgHiJkLmNoPqRsTuVwXyZ12345678"


def run(
    *words: str, env: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run ``flask --app wsgi WORDS`` with nothing in the environment but where programs lie."""
    return flask_process(words, {"PATH": os.environ["PATH"], **(env or {})}, stdin)


def test_files_are_checked(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)

    done = run("intake", "check", str(table), "--json")

    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == [
        "accepted", "refused",
    ]  # fmt: skip
    in_words = run("intake", "check", str(table))
    assert "ligne 3" in in_words.stdout


def test_texts_are_masked() -> None:
    line = json.dumps({"text": "Dr Jean DUPONT, le 12/03/2026."})

    masked = run("blinding", "mask", "-", "--language", "fr", "--json", stdin=line)

    assert masked.returncode == 0, masked.stderr
    assert "DUPONT" not in json.loads(masked.stdout)["text"]


def test_shifting_days_asks_for_the_one_setting_that_it_needs() -> None:
    line = json.dumps({"text": "Examen du 12/03/2026.", "patient_key": "P1"})
    words = ("blinding", "mask", "-", "--language", "fr", "--dates", "shifted", "--json")

    without = run(*words, stdin=line)
    with_key = run(*words, stdin=line, env={"IDENTITY_KEYS": KEY})

    assert without.returncode == 1
    assert "IDENTITY_KEYS" in without.stderr
    assert "Traceback" not in without.stderr
    assert "⟦date=" in json.loads(with_key.stdout)["text"]


def test_statistics_are_computed(tmp_path: Path) -> None:
    inputs = {"x": 9, "n": 120, "N": 800}
    expected = {"p": 0.075, "se": 0.02226063148892489}
    case = {"id": "c", "function": "S2.01_srs_rate", "inputs": inputs, "expected": expected}
    examples, ratings = tmp_path / "examples.json", tmp_path / "ratings.csv"
    examples.write_text(json.dumps({"examples": [case]}))
    ratings.write_text("item,ann,bob\n" + "\n".join(f"{i},{i % 2},{i % 3}" for i in range(60)))

    worked = run("statistics", "examples", str(examples))
    agreement = run("statistics", "agreement", str(ratings), "--json")

    assert worked.returncode == 0, worked.stderr
    assert json.loads(agreement.stdout)["categories"] == ["0", "1", "2"]


@pytest.mark.parametrize("words", sorted(registry.NEED_NO_INSTALLATION))
def test_each_of_them_is_there(words: tuple[str, str]) -> None:
    done = run(*words, "--help")

    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


@pytest.mark.parametrize("words", [("intake", "send"), ("run",), ("db", "upgrade"), ()])
def test_whatever_needs_an_installation_says_what_is_missing(words: tuple[str, ...]) -> None:
    # A fresh interpreter, as a server or a person starts it.
    start = ["-m", "flask", "--app", "wsgi", *words] if words else ["-c", "import wsgi"]
    done = subprocess.run(
        [sys.executable, *start],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize(
    ("line", "free"),
    [
        ("--app wsgi intake check x.csv", True),
        ("-A wsgi --debug -e .env blinding mask -", True),
        ("--app=wsgi sampling verify x", True),
        ("--app wsgi run intake check", False),
        ("--app intake check", False),
        ("intake send check", False),
        ("", False),
    ],
)
def test_a_command_line_is_told_by_its_first_two_commands(line: str, free: object) -> None:
    assert registry.needs_no_installation(line.split()) is free
