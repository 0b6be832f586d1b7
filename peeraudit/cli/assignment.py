"""Commands for whoever wants to plan an assignment, or to check one, from files."""

import json
from pathlib import Path
from time import perf_counter

import click
from flask import Flask
from flask.cli import AppGroup

from peeraudit.domain.assignment.files import (
    read_cases,
    read_conflicts,
    read_instance,
    read_reviewers,
    write_readings,
)
from peeraudit.domain.assignment.plan import Plan, PlanCase, PlanReviewer, PlanRules, plan_seed
from peeraudit.domain.assignment.planning import plan_assignments
from peeraudit.domain.errors import DomainError
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.workflow import Turn

group = AppGroup("assignment", help="Plan who reads what from files; no database is needed.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
READINGS = {Turn.FIRST: "1", Turn.SECOND: "2"}
Instance = tuple[list[PlanCase], list[PlanReviewer], set[tuple[str, str]]]


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("plan")
@click.option("--cases", type=FILE, help="CSV: id, department, modality [, region, reviews].")
@click.option(
    "--reviewers",
    type=FILE,
    help="CSV: id, department, capacity [, specialities such as “CT MR:head”, minimum].",
)
@click.option("--conflicts", type=FILE, help="CSV: case, reviewer.")
@click.option("--instance", type=FILE, help="JSON with M, k and ub, instead of the tables.")
@click.option("--seed", default="", help="Decides every tie; that of the draw in a campaign.")
@click.option("--number", type=int, help="The plan's number in the campaign: its seed follows.")
@click.option("--expert", is_flag=True, help="Prefer those who name the case's region.")
@click.option("--same-department", is_flag=True, help="Two readers may be of one department.")
@click.option("--quota", type=int, help="Most cases of one department for one reviewer.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON with everything there is to say.")
def plan(  # noqa: PLR0913 - one argument an option
    *,
    cases: Path | None,
    reviewers: Path | None,
    conflicts: Path | None,
    instance: Path | None,
    seed: str,
    number: int | None,
    expert: bool,
    same_department: bool,
    quota: int | None,
    as_json: bool,
) -> None:
    """Plan who reads what; the plan goes to the output, what it says of itself beside it."""
    rules = PlanRules(
        seed=plan_seed(seed, number) if number is not None else seed,
        allocation=Allocation.EXPERT if expert else Allocation.RANDOM,
        distinct_departments=not same_department,
        department_quota=quota,
    )
    try:
        wanted, able, barred = _read(cases, reviewers, conflicts, instance)
        start = perf_counter()
        planned = plan_assignments(wanted, able, conflicts=barred, rules=rules)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(_as_json(planned) if as_json else _as_table(planned), nl=False)
    _tell(planned, wanted, perf_counter() - start)


def _read(
    cases: Path | None, reviewers: Path | None, conflicts: Path | None, instance: Path | None
) -> Instance:
    if instance is not None:
        return read_instance(_text(instance))
    if cases is None or reviewers is None:
        raise click.UsageError("Give --cases and --reviewers, or --instance.")
    barred = read_conflicts(_text(conflicts)) if conflicts else set()
    return read_cases(_text(cases)), read_reviewers(_text(reviewers)), barred


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not written in UTF-8.") from None


def _as_table(planned: Plan) -> str:
    return write_readings(
        (one.case, READINGS[one.turn], one.reviewer, str(one.reason)) for one in planned.reviews
    )


def _as_json(planned: Plan) -> str:
    told = {
        "status": planned.status.value,
        "allocation_random": planned.allocation_random,
        "readings": [
            {"case": one.case, "reading": int(READINGS[one.turn]), "reviewer": one.reviewer}
            for one in planned.reviews
        ],
        "loads": dict(planned.loads),
        "unplaced": [
            {"case": one.case, "missing": one.missing, "reason": str(one.reason)}
            for one in planned.unplaced
        ],
        "shortages": [str(one.reason) for one in planned.shortages],
        "below_minimum": dict(planned.below_minimum),
        "alternates": {case: list(names) for case, names in planned.alternates.items()},
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _tell(planned: Plan, wanted: list[PlanCase], seconds: float) -> None:
    loads = sorted(planned.loads.values()) or [0]
    asked = sum(case.reviews for case in wanted)
    click.echo(
        f"{len(planned.reviews)} of {asked} readings placed; loads {loads[0]} to {loads[-1]};"
        f" {planned.status.value}; {seconds:.2f} s.",
        err=True,
    )
    for shortage in planned.shortages:
        click.echo(f"- {shortage.reason}", err=True)
