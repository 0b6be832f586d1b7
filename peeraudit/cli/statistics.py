"""Commands for whoever wants to compute a campaign's numbers again."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from peeraudit.domain.errors import DomainError
from peeraudit.domain.qualification.examples import (
    read_examples,
    run_examples,
    summarise,
)
from peeraudit.domain.statistics.campaign import CampaignCounts, compute, fingerprint
from peeraudit.domain.statistics.results import Estimate
from peeraudit.services import statistics
from peeraudit.services.statistics import Verdict

group = AppGroup("statistics", help="Compute the numbers of a campaign, and verify them.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("examples")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only", default="", help="Start of the function ids to run, such as S2.")
def examples(file: Path, only: str) -> None:
    """Qualify this installation by the worked examples of FILE; no database is needed.

    Prints every number outside its tolerance and the totals, and fails if there is one.
    """
    try:
        document = read_examples(file.read_text("utf-8"))
    except (UnicodeDecodeError, DomainError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    verdicts = list(run_examples(document, only=only))
    for verdict in verdicts:
        for line in verdict.lines:
            click.echo(line)
    if not verdicts:
        raise click.ClickException(f"{file} has no example of a function {only}….")
    click.echo(summarise(verdicts))
    if not all(verdict.holds for verdict in verdicts):
        raise click.ClickException("This installation does not compute what the examples say.")


@group.command("compute")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="All numbers, as canonical JSON.")
def compute_file(file: Path, *, as_json: bool) -> None:
    """Compute the numbers from FILE, the data of a snapshot; no database is needed."""
    try:
        counts = CampaignCounts.from_json(file.read_text("utf-8"))
        numbers = compute(counts)
    except (ValueError, KeyError, TypeError, DomainError) as error:
        raise click.ClickException(f"{file} holds no data of a snapshot: {error}") from None
    if as_json:
        click.echo(numbers.to_json())
        return
    click.echo(f"Campaign {counts.campaign}, data {fingerprint(counts.to_json())}")
    for name, rate in numbers.network.total.items():
        click.echo(f"  {name:<12} {_told(rate)}")
    for name, rate in numbers.agreement.items():
        click.echo(f"  {name:<12} {_told(rate)}")
    for place, part in numbers.departments.items():
        click.echo(f"Department {place}")
        for name, rate in part.total.items():
            click.echo(f"  {name:<12} {_told(rate)}")


@group.command("recompute")
@click.argument("campaign")
def recompute(campaign: str) -> None:
    """Say whether the snapshots of CAMPAIGN, named by its code, follow from their data."""
    try:
        verdicts = statistics.verify_snapshots(campaign)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    for verdict in verdicts:
        click.echo(_said(verdict))
    if not verdicts:
        raise click.ClickException("This campaign has no snapshot yet.")
    if not all(verdict.holds for verdict in verdicts):
        raise click.ClickException("The numbers of this campaign do not hold.")


def _told(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"{estimate.status.value} ({', '.join(estimate.reasons)})"
    span = f" ({estimate.ci[0]:.4f} to {estimate.ci[1]:.4f})" if estimate.ci else ""
    return f"{estimate.value:.4f}{span}, n = {estimate.n}, {estimate.method}"


def _said(verdict: Verdict) -> str:
    kind = "final" if verdict.is_final else "interim"
    if verdict.holds:
        return f"Snapshot {verdict.number} ({kind}) follows from its data."
    faults = (
        (verdict.data_kept, "its data do not have the hash that was written down"),
        (verdict.same_numbers, "its data give other numbers"),
        (verdict.same_counts is not False, "the readings now give other counts"),
    )
    found = "; ".join(words for holds, words in faults if not holds)
    return f"Snapshot {verdict.number} ({kind}) does not hold: {found}."
