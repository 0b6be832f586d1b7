"""Commands of the demonstration."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import click
from flask import Flask, current_app  # noqa: TID251 - the mode decides whether this may run
from flask.cli import AppGroup

from peeraudit.adapters import clock, demo_accounts
from peeraudit.adapters.randomness import new_token
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli.demo_story import Plot, Story, on, tell
from peeraudit.cli.work import carry_out_due
from peeraudit.config import Mode
from peeraudit.domain.accounts import Role
from peeraudit.domain.specimens.network import SpecimenNetwork, specimen_network
from peeraudit.domain.specimens.reports import specimen_reports
from peeraudit.services import demo, demo_network

SEED = "peeraudit-demo"
PERIOD_DAYS = 200
PERIOD_ENDED = 32
FIRST_SHARE = 0.6
SAMPLED = 0.42
LONGEST_DAYS = 80
HALF_WAY_DAYS = 9
PILOT_DAYS = 14
PILOT_LONGEST_DAYS = 60
PILOT_MONTHS = 3
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
    demo_accounts.write(_people(network, passwords, {}))
    with unit_of_work():
        demo_network.fill_network(network, passwords)
    _play(network, reports)
    demo_accounts.write(_people(network, passwords, demo.busiest()))
    click.echo(f"An invented network of {len(network.departments)} departments is in place.")


def _play(network: SpecimenNetwork, count: int) -> None:
    """Send the reports in and play a pilot, a campaign that is over, and one half-way."""
    today = clock.today()
    first_day = today - timedelta(days=PERIOD_ENDED + PERIOD_DAYS)
    invented = list(specimen_reports(network, count, first_day=first_day, days=PERIOD_DAYS))
    truths = {(r.department_code, r.accession): r.truth for r in invented}
    tried = first_day + timedelta(days=PILOT_DAYS)
    turn = first_day + timedelta(days=round(PERIOD_DAYS * FIRST_SHARE))
    story = Story(network, truths)
    pilot = [r for r in invented if r.performed_on < tried]
    early = [r for r in invented if tried <= r.performed_on < turn]
    late = [r for r in invented if r.performed_on >= turn]
    received = 0
    for sent, day in (
        (pilot, tried + timedelta(days=2)),
        (early, turn + timedelta(days=10)),
        (late, today - timedelta(days=30)),
    ):
        with on(day):
            with unit_of_work():
                demo_network.send_reports(sent)
            carry_out_due()
        received += len(sent)
        tell(f"{received} of {count} invented reports are read in")
    _try_out(story, first_day, tried, len(pilot))
    for plot, is_over in _plots(tried, turn, today, len(early), len(late)):
        story.play(plot, to_the_end=is_over)


def _try_out(story: Story, first: date, tried: date, count: int) -> None:
    """Play a pilot so long ago that the retention of its identities is over."""
    drawn = tried + timedelta(days=3)
    plot = Plot(
        title=f"Essai pilote {first.year}",
        first_day=first,
        last_day=tried - timedelta(days=1),
        target=round(count * SAMPLED),
        drawn_on=drawn,
        until=drawn + timedelta(days=PILOT_LONGEST_DAYS),
        months=PILOT_MONTHS,
    )
    campaign_id = story.play(plot, to_the_end=True)
    with on(drawn + timedelta(days=PILOT_LONGEST_DAYS + 5)):
        story.close(campaign_id)


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
