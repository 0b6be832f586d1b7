"""Is everything in order: form, types, arrows, templates and tests?"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from peeraudit.launch import chromium, commands, postgres_server, redis_server
from peeraudit.launch.environment import ROOT, variables

RULE = "═" * 78
NO_POPPLER = (
    "No pdftotext, with which the tests read the summaries' PDF.\n"
    "    Install it: `apt install poppler-utils`, `brew install poppler`."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One check by a tool."""

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step came to."""

    step: Step
    code: int
    seconds: float
    output: str = ""


# This tool has no `python -m` of its own, and a clone may be moved, scripts' paths and all.
IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"
LINT = (
    Step("format", ("ruff", "format", "--check", ".")),
    Step("lint", ("ruff", "check", ".")),
    Step("types", ("mypy",)),
    Step("import contracts", ("-c", IMPORT_LINTER, "--no-cache")),
    Step("template form", ("djlint", "templates", "--check", "--quiet")),
    Step("template lint", ("djlint", "templates", "--lint", "--quiet")),
)
FORMAT = (
    Step("code", ("ruff", "format", ".")),
    Step("imports and quick repairs", ("ruff", "check", "--fix", ".")),
    Step("templates", ("djlint", "templates", "--reformat", "--quiet")),
)
# What touches the database is tested on PostgreSQL as well; what is in these folders and is given
# none is left to the run of the whole suite.
ON_POSTGRESQL = ("models", "services", "tasks", "web", "api", "cli", "migrations", "canary")
# More workers would start more databases than they save seconds. Tests of one group share an
# installation and so stay in one of them.
PYTEST = (
    *("pytest", "-n", "2", "--dist", "loadgroup"),
    *("-p", "tests.plugins.groups", "-p", "tests.plugins.databases"),
    *("-p", "tests.plugins.skips", "-p", "tests.plugins.figures"),
)


def missing(environment: Mapping[str, str]) -> list[str]:
    """Return a sentence for each thing without which some tests would be skipped."""
    found = []
    if not chromium.find(environment):
        found.append(f"{chromium.REASON}\n    {chromium.REMEDY}")
    without_url = {**environment, "REDIS_URL": environment.get("TEST_REDIS_URL", "")}
    if redis_server.find(without_url).origin is redis_server.Origin.FILES:
        found.append(f"{redis_server.REASON}\n    {redis_server.REMEDY}")
    if not has_postgresql(environment):
        found.append(f"{postgres_server.REASON}\n    {postgres_server.REMEDY}")
    if not shutil.which("pdftotext", path=environment.get("PATH", "")):
        found.append(NO_POPPLER)
    return found


def run_step(step: Step) -> Outcome:
    """Run the tool and keep what it says."""
    return _run(step, stdout=subprocess.PIPE)


def run_tests(step: Step) -> Outcome:
    """Run pytest with its output on the terminal."""
    print(f"\n── {step.name}: {' '.join(step.words)}", flush=True)
    outcome = _run(step)
    print(_line(outcome), flush=True)
    return outcome


def suites(rest: Sequence[str], environment: Mapping[str, str]) -> list[Step]:
    """Return the runs of pytest: one with the user's words, or the suite on both databases."""
    words = (*PYTEST, *(["--fail-on-skip"] if in_ci(environment) else []))
    if rest:
        return [Step("tests", (*words, *rest))]
    # The whole suite comes last, so that the closing line that is read counts it.
    steps = [Step("tests on SQLite", words)]
    if has_postgresql(environment):
        folders = [f"tests/{name}" for name in ON_POSTGRESQL]
        on_postgresql = {"TEST_DATABASE": "postgresql"}
        chosen = (*words, "--with-database", *folders)
        steps.insert(0, Step("tests on PostgreSQL", chosen, on_postgresql))
    return steps


def has_postgresql(environment: Mapping[str, str]) -> bool:
    """Say whether the tests can have a PostgreSQL."""
    given = environment.get("TEST_DATABASE_URL")
    return bool(given) or postgres_server.find(environment) is not None


def in_ci(environment: Mapping[str, str]) -> bool:
    """Say whether nothing may be skipped."""
    return environment.get("CI", "").lower() in {"1", "true", "yes"}


def run_all(steps: Sequence[Step]) -> list[Outcome]:
    """Run the steps two at a time and report each in its order."""
    outcomes = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(run_step, steps):
            outcomes.append(outcome)
            print(_line(outcome), flush=True)
            if outcome.code:
                print(f"{outcome.output}\n", flush=True)
    return outcomes


def run_in_turn(steps: Sequence[Step]) -> list[Outcome]:
    """Run steps that rewrite the same files one after the other."""
    return [outcome for step in steps for outcome in run_all([step])]


def check_everything(rest: Sequence[str]) -> list[Outcome]:
    """Run all checks and the whole suite, or pytest alone with what the user gave it."""
    lacking = missing(os.environ)
    _say_loudly(lacking)
    outcomes = [] if rest else run_all(LINT)
    outcomes += [run_tests(step) for step in suites(rest, os.environ)]
    if lacking and in_ci(os.environ):
        print("In continuous integration nothing may be missing.", flush=True)
        outcomes.append(Outcome(Step("this machine", ()), code=1, seconds=0.0))
    return outcomes


def main() -> int:
    """Carry out `test`, `lint` or `format`; return 0 when all is well."""
    options = commands.parse(sys.argv[1:])
    if options.command == "test":
        outcomes = check_everything(options.rest)
    else:
        outcomes = run_in_turn(FORMAT) if options.command == "format" else run_all(LINT)
    failed = [outcome.step.name for outcome in outcomes if outcome.code]
    print("\nAll in order." if not failed else f"\nNot in order: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def _run(step: Step, *, stdout: int | None = None) -> Outcome:
    began = time.monotonic()
    module = [] if step.words[0] == "-c" else ["-m"]
    done = subprocess.run(
        [sys.executable, *module, *step.words],
        cwd=ROOT,
        env={**_environment(), **step.environment},
        text=True,
        check=False,
        stdout=stdout,
        stderr=None if stdout is None else subprocess.STDOUT,
    )
    return Outcome(step, done.returncode, time.monotonic() - began, (done.stdout or "").strip())


def _line(outcome: Outcome) -> str:
    verdict = "FAILED" if outcome.code else "ok"
    return f"{outcome.step.name:<26} {verdict:<6} {outcome.seconds:6.1f} s"


def _say_loudly(lacking: Sequence[str]) -> None:
    if not lacking:
        return
    print(f"\n{RULE}\nSOME TESTS ARE SKIPPED because this machine lacks something:\n")
    print("\n".join(f"  * {sentence}" for sentence in lacking))
    print(RULE, flush=True)


def _environment() -> dict[str, str]:
    """Return the variables for a tool; caches leave a clone alone that is not ours."""
    environment = variables()
    if program := chromium.find(environment):
        environment["CHROMIUM"] = program
    if not os.access(ROOT, os.W_OK):
        cache = f"{tempfile.gettempdir()}/peeraudit-caches-{os.getuid()}"
        environment |= {
            "RUFF_CACHE_DIR": f"{cache}/ruff",
            "MYPY_CACHE_DIR": f"{cache}/mypy",
            "PYTEST_ADDOPTS": f"-o cache_dir={cache}/pytest",
            "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_STORAGE_DIRECTORY": f"{cache}/hypothesis",
        }
    return environment


if __name__ == "__main__":
    sys.exit(main())
