"""Commands for whoever wants to compute a campaign's numbers again."""

import json
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import DomainError
from peeraudit.domain.qualification.examples import (
    read_examples,
    run_examples,
    summarise,
)
from peeraudit.domain.rating_tables import agreement_of, read_ratings
from peeraudit.domain.snapshot_files import recompute
from peeraudit.domain.statistics.campaign import fingerprint
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.told_files import is_told, recompute_told
from peeraudit.services import statistics, statistics_export
from peeraudit.services.statistics import Verdict

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, writable=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

group = AppGroup("statistics", help="Compute the numbers of a campaign, and verify them.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("examples")
@click.argument("file", type=FILE)
@click.option("--only", default="", help="Start of the function ids to run, such as S2.")
def examples(file: Path, only: str) -> None:
    """Qualify this installation by the worked examples of FILE; no database is needed.

    Prints every number outside its tolerance and the totals, and fails if there is one.
    """
    try:
        document = read_examples(_text(file))
    except DomainError as error:
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


@group.command("export")
@click.argument("campaign")
@click.option("--snapshot", "number", type=int, help="Which snapshot; the newest otherwise.")
@click.option("--out", "folder", type=FOLDER, required=True, help="A folder for the two files.")
def export(campaign: str, number: int | None, folder: Path) -> None:
    """Write all that a snapshot of CAMPAIGN was computed from, for `statistics compute`.

    The lines name nobody, but nothing small is hidden in them: give them to no one who may not
    see single reviews. That they were handed out is written in the trail.
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} holds files already; choose another folder.")
    try:
        with unit_of_work():
            found = statistics_export.export_snapshot(campaign, number=number)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.files:
        (folder / name).write_text(text, "utf-8")
        click.echo(f"Written: {folder / name}")


@group.command("compute")
@click.argument("reviews", type=FILE)
@click.option("--protocol", type=FILE, required=True, help="The protocol file of the export.")
@click.option("--out", type=TARGET, required=True, help="Where the result goes, as JSON.")
def compute_file(reviews: Path, protocol: Path, out: Path) -> None:
    """Compute a snapshot again from REVIEWS, the table of its reviews; no database is needed.

    The result is, byte for byte, that of the snapshot. Fails if the reviews are not those
    that it was computed from. Of the numbers that an audience may be told, REVIEWS is the table
    of counts and the protocol file the told numbers: fails if one comes out otherwise.
    """
    rules = _text(protocol)
    if is_told(rules):
        _compute_told(_text(reviews), rules, out)
        return
    try:
        found = recompute(_text(reviews), rules)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    _write(out, found.results)
    click.echo(f"Campaign {found.counts.campaign}, data {fingerprint(found.counts.to_json())}")
    for name, rate in [*found.numbers.network.total.items(), *found.numbers.agreement.items()]:
        click.echo(f"  {name:<12} {_told(rate)}")
    click.echo(f"Written: {out}")
    if found.same_data is False:
        raise click.ClickException(
            "These reviews are not those of the snapshot that the protocol file names."
        )


def _compute_told(numbers: str, told: str, out: Path) -> None:
    try:
        found = recompute_told(numbers, told)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    _write(out, found.result)
    click.echo(
        f"{found.same} rates and charts come out as they were told; {found.withheld} are withheld."
    )
    click.echo(f"Written: {out}")
    if found.other:
        raise click.ClickException(
            f"{found.other} rates and charts come out otherwise than they were told."
        )


@group.command("agreement")
@click.argument("ratings", type=FILE)
@click.option("--scale", default="ordinal", help="nominal, ordinal, or the codes in order: 1,2,3.")
@click.option("--raters", default="", help="Columns of the raters in a wide table: r1,r2,r3.")
@click.option("--json", "as_json", is_flag=True, help="All coefficients, as JSON.")
def agreement(ratings: Path, scale: str, raters: str, *, as_json: bool) -> None:
    """Compute every coefficient of agreement of RATINGS; no database is needed.

    RATINGS is a CSV table: long, with the columns item, rater and rating; or wide, with one
    line an item and one column a rater, where a blank cell is a missing rating. The items must
    have been chosen for several ratings at random.
    """
    try:
        given = read_ratings(
            _text(ratings), scale=scale, raters=raters.split(",") if raters else ()
        )
        found = agreement_of(given, is_nominal=scale == "nominal")
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        content = settled(found.to_dict())
        click.echo(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False))
        return
    click.echo(f"{found.suite.n_items} items, {found.suite.n_items_multi} rated more than once.")
    joint = ", " if scale == "nominal" else " < "
    click.echo(f"Categories: {joint.join(given.codes)}. A finding is any but {given.codes[0]}.")
    for name, part in found.coefficients.items():
        click.echo(f"  {name:<30} {_told(part)}")


@group.command("recompute")
@click.argument("campaign")
def recompute_campaign(campaign: str) -> None:
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


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text in UTF-8.") from None


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
