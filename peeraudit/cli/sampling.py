"""Commands for whoever wants to see for themselves that a draw was fair."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from peeraudit.domain.errors import DomainError
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.sampling.draws import frame_lines, frame_sha256, sort_frame
from peeraudit.domain.sampling.sample_plans import plan_sample
from peeraudit.domain.sampling.sample_size import sample_size
from peeraudit.domain.strata import split_stratum

group = AppGroup("sampling", help="Plan samples and verify draws; no database is needed.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("verify")
@click.argument("proof", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--list",
    "published",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The list of reports as it was published before the seed.",
)
def verify(proof: Path, published: Path | None) -> None:
    """Draw the sample of PROOF again and say whether it is the one that was published."""
    bundle = _read(proof)
    problems = [str(problem) for problem in verify_proof(bundle)]
    if published is not None and not problems:
        problems = _list_problems(bundle, published.read_bytes())
    for problem in problems:
        click.echo(f"- {problem}")
    if problems:
        raise click.ClickException("This draw is not proven.")
    drawn = sum([bundle, *bundle.get("extensions", [])][-1]["sizes"].values())
    click.echo(
        f"The draw is right: {drawn} of {len(bundle['frame'])} reports, drawn again from the list"
        f" {bundle['frame_sha256']} with the seed {bundle['seed']}."
    )


@group.command("size")
@click.option("--rate", type=float, required=True, help="Assumed rate, such as 0.05.")
@click.option("--half-width", type=float, required=True, help="Wanted half-width, such as 0.03.")
@click.option("--frame", type=int, help="Reports in the list; none counts as endless.")
def size(rate: float, half_width: float, frame: int | None) -> None:
    """Say how many reports give a wanted precision (Wilson's interval, S1.02)."""
    try:
        plan = sample_size(rate, half_width, frame_size=frame)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    low, high = plan.expected_ci
    click.echo(f"{plan.n} reports; 95% interval to expect: {low:.4f} to {high:.4f}")


@group.command("plan")
@click.argument("protocol", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("listed", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def plan(protocol: Path, listed: Path) -> None:
    """Say how many reports the rules in PROTOCOL draw from each stratum of LISTED.

    PROTOCOL is JSON as the proof encloses it, its strata among them; LISTED has a line for each
    report: stratum, tab, key. The answer is CSV: stratum, reports in the list, reports to draw.
    """
    lines = [line.split("\t") for line in listed.read_text("utf-8", "replace").splitlines()]
    if any(len(line) != 2 for line in lines):
        raise click.ClickException("The list has a line that is not: stratum, tab, key.")
    try:
        sampling = from_json(protocol.read_text("utf-8", "replace")).sampling
        counts = sort_frame(lines).counts
        for name in counts:
            split_stratum(name, sampling.strata)
        sizes = plan_sample(counts, sampling).sizes
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo("stratum,frame,sample")
    for name, held in counts.items():
        click.echo(f"{name},{held},{sizes[name]}")


def _read(proof: Path) -> Any:  # noqa: ANN401 - what a file holds
    try:
        return json.loads(proof.read_text("utf-8"))
    except ValueError:
        raise click.ClickException(f"{proof} is no JSON file.") from None


def _list_problems(bundle: Mapping[str, Any], published: bytes) -> list[str]:
    pairs = [tuple(line.split("\t")) for line in published.decode("utf-8", "replace").splitlines()]
    if any(len(pair) != 2 for pair in pairs):
        return ["The published list has a line that is not: stratum, tab, key."]
    try:
        listed = [(stratum, key) for stratum, key in pairs]
        if frame_sha256(listed) != bundle["frame_sha256"]:
            return [f"The published list has the hash {frame_sha256(listed)}."]
        if b"".join(frame_lines(listed)) != published:
            return ["The published list is not sorted bytewise, so its file has another hash."]
    except DomainError as error:
        return [str(error)]
    return []
