"""Commands for whoever wants to plan an assignment, or to check one, from files."""

import json
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import click
from flask import Flask
from flask.cli import AppGroup

from peeraudit.domain.assignment.files import (
    read_cases,
    read_conflicts,
    read_reviewers,
    write_readings,
)
from peeraudit.domain.assignment.instance_files import (
    overlap_in_figures,
    read_arrays,
    read_bids,
    read_json,
    report,
    write_plan,
)
from peeraudit.domain.assignment.instances import Instance
from peeraudit.domain.assignment.plan import Plan, PlanCase, PlanReviewer, PlanRules, plan_seed
from peeraudit.domain.assignment.planning import plan_assignments
from peeraudit.domain.assignment.scored_plan import plan_scored
from peeraudit.domain.errors import DomainError
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.workflow import Turn

group = AppGroup("assignment", help="Plan who reads what from files; no database is needed.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
READINGS = {Turn.FIRST: "1", Turn.SECOND: "2"}
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
Tables = tuple[list[PlanCase], list[PlanReviewer], set[tuple[str, str]]]


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("plan")
@click.argument("source", metavar="INSTANCE", type=FILE)
@click.option("--out", type=OUT, help="Where the plan goes, as CSV; to the output without it.")
@click.option("--report", "report_to", type=OUT, help="Where the report goes, as JSON.")
@click.option("--floor", is_flag=True, help="Serve the worst-served case as well as can be.")
@click.option("--rules", is_flag=True, help="Of an .npz: keep its department rules.")
@click.option("--reviews", type=click.IntRange(1), default=3, help="Of an .in: reviews a case.")
@click.option("--most", type=click.IntRange(0), default=6, help="Of an .in: most a reviewer.")
@click.option("--seed", default="", help="Decides every tie, where the instance names none.")
def plan(*, source: Path, out: Path | None, report_to: Path | None, **options: object) -> None:
    """Plan scored pairs: the greatest total that the rules let be, and its proof.

    INSTANCE is JSON (cases, reviewers, pairs, rules), a table of bids (.in) or arrays (.npz).
    """
    start = perf_counter()
    try:
        instance = _instance(source, options)
        planned = plan_scored(instance)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    told = report(planned, seconds=perf_counter() - start)
    if out is None:
        click.echo(write_plan(planned), nl=False)
    else:
        out.write_text(write_plan(planned), "utf-8")
    if report_to is not None:
        report_to.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    click.echo(
        f"{told['status']}; total {told['total']:.10g}, worst case {told['worst_case']};"
        f" {len(planned.readings)} of {int(instance.reviews.sum())} reviews;"
        f" {told['seconds']:.2f} s.",
        err=True,
    )
    for line in (*told["explanation"], *(one["text"] for one in told["relaxations"])):
        click.echo(f"- {line}", err=True)


def _instance(source: Path, options: dict[str, object]) -> Instance:
    kind = source.suffix.lower()
    if kind == ".npz":
        instance = read_arrays(source.read_bytes(), with_rules=bool(options["rules"]))
    elif kind == ".in":
        numbers = {name: int(str(options[name])) for name in ("reviews", "most")}
        instance = read_bids(_text(source), **numbers)
    else:
        instance = read_json(_text(source))
    floor = instance.fairness_floor or bool(options["floor"])
    return replace(instance, seed=instance.seed or str(options["seed"]), fairness_floor=floor)


@group.command("plan-tables")
@click.option(
    "--cases", type=FILE, required=True, help="CSV: id, department, modality [, region, reviews]."
)
@click.option(
    "--reviewers",
    type=FILE,
    required=True,
    help="CSV: id, department, capacity [, specialities such as “CT MR:head”, minimum].",
)
@click.option("--conflicts", type=FILE, help="CSV: case, reviewer.")
@click.option("--seed", default="", help="Decides every tie; that of the draw in a campaign.")
@click.option("--number", type=int, help="The plan's number in the campaign: its seed follows.")
@click.option("--expert", is_flag=True, help="Prefer those who name the case's region.")
@click.option("--same-department", is_flag=True, help="Two readers may be of one department.")
@click.option("--quota", type=int, help="Most cases of one department for one reviewer.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON with everything there is to say.")
def plan_tables(  # noqa: PLR0913 - one argument an option
    *,
    cases: Path,
    reviewers: Path,
    conflicts: Path | None,
    seed: str,
    number: int | None,
    expert: bool,
    same_department: bool,
    quota: int | None,
    as_json: bool,
) -> None:
    """Plan as a campaign does, from tables of people and cases.

    The plan goes to the output, what it says of itself beside it.
    """
    rules = PlanRules(
        seed=plan_seed(seed, number) if number is not None else seed,
        allocation=Allocation.EXPERT if expert else Allocation.RANDOM,
        distinct_departments=not same_department,
        department_quota=quota,
    )
    try:
        wanted, able, barred = _read(cases, reviewers, conflicts)
        start = perf_counter()
        planned = plan_assignments(wanted, able, conflicts=barred, rules=rules)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(_as_json(planned) if as_json else _as_table(planned), nl=False)
    _tell(planned, wanted, perf_counter() - start)


def _read(cases: Path, reviewers: Path, conflicts: Path | None) -> Tables:
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
        "overlap": overlap_in_figures(planned.overlap),
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
