"""Commands for what ends when its time is over: tell what is due, and destroy it."""

import json
from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli.waiting import wait_for
from peeraudit.domain.errors import Conflicting, DomainError
from peeraudit.services import retention
from peeraudit.services.retention import CampaignRetention, Retention

group = AppGroup("retention", help="Destroy what identifies people when its time is over.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("preview")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def preview(*, as_json: bool) -> None:
    """Tell what is kept until when, what is due, and what is held and why; change nothing."""
    found = retention.show_retention(by=None)
    if as_json:
        click.echo(json.dumps(_as_dict(found), indent=1, sort_keys=True))
        return
    for one in found.campaigns:
        click.echo(_said(one))
    reports = found.reports
    click.echo(
        f"Reports that nobody drew: {reports.kept} kept, {reports.due} due, {reports.held} held "
        f"for a campaign, {reports.purged} destroyed (with those of purged cases)."
    )
    click.echo(f"Refused items: {found.refused} kept, each for 30 days.")


@group.command("purge")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(*, yes: bool) -> None:
    """Destroy what is due, for good; go on where it was cut off."""
    if not yes:
        click.confirm("This cannot be undone. Destroy what `preview` calls due?", abort=True)
    try:
        with unit_of_work():
            retention.order_purge(by=None)
    except Conflicting as error:
        click.echo(str(error))
    except DomainError as error:
        click.echo(str(error))
        return
    job = wait_for(retention.duty_of_purge, retention.latest_purge)
    if job.error:
        raise click.ClickException(str(DomainError(job.error, **job.error_params)))
    cases, reports = job.result.get("cases", 0), job.result.get("reports", 0)
    click.echo(f"{cases} cases and {reports} reports name nobody any more: {job.state}.")


def _said(one: CampaignRetention) -> str:
    start = f"{one.code}: {one.kept} cases kept"
    if one.ends_at is None:
        return f"{start}; its time does not run while the campaign is {one.state}."
    holds = ", ".join(f"{count} {hold}" for hold, count in sorted(one.holds.items()))
    held = f"; held: {holds}" if holds else ""
    return f"{start} until {one.ends_at:%Y-%m-%d}, {one.due} due, {one.purged} destroyed{held}."


def _as_dict(found: Retention) -> dict[str, object]:
    def text(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "campaigns": [
            {
                "code": one.code,
                "state": one.state.value,
                "months": one.months,
                "closed_at": text(one.closed_at),
                "ends_at": text(one.ends_at),
                "kept": one.kept,
                "due": one.due,
                "purged": one.purged,
                "holds": {hold.value: count for hold, count in one.holds.items()},
            }
            for one in found.campaigns
        ],
        "reports": {
            "kept": found.reports.kept,
            "due": found.reports.due,
            "held": found.reports.held,
            "purged": found.reports.purged,
            "next_at": text(found.reports.next_at),
        },
        "refused": found.refused,
    }
