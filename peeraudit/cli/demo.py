"""Commands of the demonstration."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click
from flask import Flask, current_app  # noqa: TID251 - the mode decides whether this may run
from flask.cli import AppGroup

from peeraudit.adapters import clock
from peeraudit.adapters.randomness import new_token
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli.demo_story import Plot, Story, on
from peeraudit.cli.work import carry_out_due
from peeraudit.config import Mode
from peeraudit.domain.specimens.network import SpecimenNetwork, specimen_network
from peeraudit.domain.specimens.reports import specimen_reports
from peeraudit.services import demo_network

SEED = "peeraudit-demo"
PERIOD_DAYS = 200
PERIOD_ENDED = 32
FIRST_SHARE = 0.6
SAMPLED = 0.42
LONGEST_DAYS = 80
HALF_WAY_DAYS = 9
group = AppGroup("demo", help="Fill and describe the demonstration.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("fill")
@click.option("--reports", default=1200, show_default=True, help="Reports to invent.")
def fill(reports: int) -> None:
    """Put an invented network and its audit into an empty installation; once is enough."""
    if current_app.config["MODE"] is Mode.PRODUCTION:
        raise click.ClickException("This is a production installation: it takes no invented data.")
    if not demo_network.is_empty():
        click.echo("The demonstration is there already.")
        return
    network = specimen_network(SEED)
    passwords = {account.email: new_token()[:16] for account in network.accounts}
    # Written first: a password that is in no file could never be used.
    _write_accounts(network, passwords)
    with unit_of_work():
        demo_network.fill_network(network, passwords)
    _play(network, reports)
    click.echo(f"An invented network of {len(network.departments)} departments is in place.")


def _play(network: SpecimenNetwork, count: int) -> None:
    """Send the reports in and play two campaigns: one that is over, and one half-way."""
    today = clock.today()
    first_day = today - timedelta(days=PERIOD_ENDED + PERIOD_DAYS)
    invented = list(specimen_reports(network, count, first_day=first_day, days=PERIOD_DAYS))
    truths = {(r.department_code, r.accession): r.truth for r in invented}
    turn = first_day + timedelta(days=round(PERIOD_DAYS * FIRST_SHARE))
    story = Story(network, truths)
    early = [r for r in invented if r.performed_on < turn]
    late = [r for r in invented if r.performed_on >= turn]
    for sent, day in ((early, turn + timedelta(days=10)), (late, today - timedelta(days=30))):
        with on(day):
            with unit_of_work():
                demo_network.send_reports(sent)
            carry_out_due()
    for plot, is_over in _plots(first_day, turn, today, len(early), len(late)):
        story.play(plot, to_the_end=is_over)


def _plots(
    first: date, turn: date, today: date, early: int, late: int
) -> Iterator[tuple[Plot, bool]]:
    done = Plot(
        title=f"Audit croisé {turn.year} – premier tour",
        first_day=first,
        last_day=turn - timedelta(days=1),
        target=round(early * SAMPLED),
        drawn_on=turn + timedelta(days=14),
        until=turn + timedelta(days=14 + LONGEST_DAYS),
    )
    yield done, True
    begun = today - timedelta(days=HALF_WAY_DAYS)
    half = Plot(
        title=f"Audit croisé {today.year} – second tour",
        first_day=turn,
        last_day=today - timedelta(days=PERIOD_ENDED),
        target=round(late * SAMPLED),
        drawn_on=begun,
        until=today - timedelta(days=1),
    )
    yield half, False


def _write_accounts(network: SpecimenNetwork, passwords: dict[str, str]) -> None:
    folder: Path = current_app.config["STORAGE_DIR"]
    # Beside the storage, where the launcher looks for it.
    target = folder.parent / "demo-accounts.json"
    people = [
        {
            "role": role.value,
            "email": account.email,
            "password": passwords[account.email],
            "name": f"{account.given} {account.family}",
        }
        for account in network.accounts
        for role, _ in account.roles
    ]
    target.touch(mode=0o600)
    target.write_text(json.dumps({"accounts": people}, ensure_ascii=False, indent=1))
