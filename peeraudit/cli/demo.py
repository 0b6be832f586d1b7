"""Commands of the demonstration."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import click
from flask import Flask, current_app  # noqa: TID251 - the mode decides whether this may run
from flask.cli import AppGroup

from peeraudit.adapters import clock, demo_accounts
from peeraudit.adapters.randomness import new_token
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli import demo_plots as plots
from peeraudit.cli.demo_plots import PERIOD_DAYS, Calendar
from peeraudit.cli.demo_story import Story, on, tell
from peeraudit.cli.work import carry_out_due
from peeraudit.config import Mode
from peeraudit.domain.accounts import Role
from peeraudit.domain.specimens.network import SpecimenNetwork, specimen_network
from peeraudit.domain.specimens.reports import Lapse, SpecimenReport, specimen_reports
from peeraudit.services import demo, demo_network

SEED = "peeraudit-demo"
DEPARTMENTS = 5
"""Enough of them to be compared with one another, of which five are asked for."""
YEARLY = 1.5
FIRST_YEARLY_NUMBER = 1_000_000
WORSE_FROM = 184
WORSE_FACTOR = 3.0
BAD_FROM, BAD_DAYS = 122, 30
BAD_FACTOR = 6.0
USUAL_FACTOR = 1.8
"""What the small departments err more in the first round, so that it may be told at all."""
group = AppGroup("demo", help="Fill and describe the demonstration.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("fill")
@click.option(
    "--reports", default=1200, show_default=True, help="Reports of the last months to invent."
)
def fill(reports: int) -> None:
    """Put an invented network and its audit into an empty installation; once is enough."""
    if current_app.config["MODE"] is Mode.PRODUCTION:
        raise click.ClickException("This is a production installation: it takes no invented data.")
    if not demo_network.is_empty():
        click.echo("The demonstration is there already.")
        return
    network = specimen_network(SEED, departments=DEPARTMENTS)
    passwords = {account.email: new_token()[:16] for account in network.accounts}
    # Written first: a password that is in no file could never be used.
    demo_accounts.write(_people(network, passwords, {}))
    with unit_of_work():
        demo_network.fill_network(network, passwords)
    _play(network, reports)
    demo_accounts.write(_people(network, passwords, demo.busiest()))
    click.echo(f"An invented network of {len(network.departments)} departments is in place.")


def _play(network: SpecimenNetwork, count: int) -> None:
    """Send the reports in and play campaigns: a year and a pilot long over, one done, others on."""
    calendar = Calendar.until(clock.today())
    invented, earlier = _reports(network, count, calendar)
    truths = {(r.department_code, r.accession): r.truth for r in (*earlier, *invented)}
    pilot = [r for r in invented if r.performed_on < calendar.tried]
    early = [r for r in invented if calendar.tried <= r.performed_on < calendar.turn]
    late = [r for r in invented if r.performed_on >= calendar.turn]
    story = Story(network, truths)
    received = 0
    for sent, day in (
        (earlier, calendar.year_ended + timedelta(days=2)),
        (pilot, calendar.tried + timedelta(days=2)),
        (early, calendar.turn + timedelta(days=10)),
        (late, calendar.today - timedelta(days=30)),
    ):
        with on(day):
            with unit_of_work():
                demo_network.send_reports(sent)
            carry_out_due()
        received += len(sent)
        tell(f"{received} of {len(truths)} invented reports are read in")
    plots.play_all(story, calendar, plots.Counts(len(earlier), len(pilot), len(early), len(late)))


def _reports(
    network: SpecimenNetwork, count: int, calendar: Calendar
) -> tuple[list[SpecimenReport], list[SpecimenReport]]:
    """Return the reports of the last months and those of the year before them.

    What charts and comparisons should find is planted: in the year the largest department gets
    worse in its middle and another has one bad month; in the first round the latter errs more.
    """
    largest, other, *rest = (department.code for department in network.departments)
    middle = calendar.year_began + timedelta(days=WORSE_FROM)
    bad = calendar.year_began + timedelta(days=BAD_FROM)
    earlier = specimen_reports(
        network,
        round(count * YEARLY),
        first_day=calendar.year_began,
        days=(calendar.year_ended - calendar.year_began).days + 1,
        start=FIRST_YEARLY_NUMBER,
        lapses=[
            Lapse(largest, middle, calendar.year_ended, WORSE_FACTOR),
            Lapse(other, bad, bad + timedelta(days=BAD_DAYS), BAD_FACTOR),
        ],
    )
    round_one = calendar.tried, calendar.turn
    invented = specimen_reports(
        network,
        count,
        first_day=calendar.first_day,
        days=PERIOD_DAYS,
        lapses=[
            Lapse(other, *round_one, WORSE_FACTOR),
            *(Lapse(code, *round_one, USUAL_FACTOR) for code in (largest, *rest)),
        ],
    )
    return list(invented), list(earlier)


def _people(
    network: SpecimenNetwork, passwords: Mapping[str, str], first: Mapping[Role, str]
) -> Sequence[Mapping[str, str]]:
    """Return everybody in each role, those named in ``first`` at the head of theirs."""
    people = [(role, account) for account in network.accounts for role, _ in account.roles]
    people.sort(key=lambda one: first.get(one[0]) != one[1].email)
    return [
        {
            "role": role.value,
            "email": account.email,
            "password": passwords[account.email],
            "name": f"{account.given} {account.family}",
        }
        for role, account in people
    ]
