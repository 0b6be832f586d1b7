"""Which campaigns does the invented network of the demonstration have, and when?"""

from dataclasses import dataclass
from datetime import date, timedelta

from peeraudit.cli.demo_story import Plot, Story, on
from peeraudit.domain.strata import StratumField

PERIOD_DAYS = 200
PERIOD_ENDED = 32
FIRST_SHARE = 0.6
SAMPLED = 0.42
LONGEST_DAYS = 80
HALF_WAY_DAYS = 17
HALF_SAMPLED = 0.27
PILOT_DAYS = 14
PILOT_LONGEST_DAYS = 60
PILOT_MONTHS = 3
YEAR_MONTHS = 13
YEAR_SAMPLED = 0.75
YEAR_MODALITIES = ("CR", "CT", "MR", "US")
YEAR_KEPT_MONTHS = 36
YEAR_STRATA = (StratumField.MODALITY, StratumField.URGENCY)
IN_VAIN_SAMPLED, IN_VAIN_LOAD = 0.04, 4
DRAFT_TARGET, DRAFT_LOAD = 300, 12


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the story turns.

    Attributes:
        today: when it ends.
        first_day: of the reports of the last months.
        tried: the day after the pilot's period.
        turn: the first day of the period of the second round.
        year_began, year_ended: first and last day of the year before, whole months.
    """

    today: date
    first_day: date
    tried: date
    turn: date
    year_began: date
    year_ended: date

    @classmethod
    def until(cls, today: date) -> "Calendar":
        """Return the days of a story that ends today."""
        first_day = today - timedelta(days=PERIOD_ENDED + PERIOD_DAYS)
        after = _month(first_day, back=1)
        return cls(
            today,
            first_day,
            tried=first_day + timedelta(days=PILOT_DAYS),
            turn=first_day + timedelta(days=round(PERIOD_DAYS * FIRST_SHARE)),
            year_began=_month(after, back=YEAR_MONTHS),
            year_ended=after - timedelta(days=1),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports there are of the year, of the pilot, and of the two rounds."""

    year: int
    pilot: int
    early: int
    late: int


def play_all(story: Story, calendar: Calendar, counts: Counts) -> None:
    """Play every campaign, one after the other."""
    _play_year(story, calendar, counts.year)
    _try_out(story, calendar, counts.pilot)
    story.play(_first_round(calendar, counts.early), to_the_end=True)
    story.play(_second_round(calendar, counts.late), to_the_end=False)
    story.plan_in_vain(_in_vain(calendar, counts.late))
    story.draft(_draft(calendar))


def _play_year(story: Story, calendar: Calendar, count: int) -> None:
    """Play a year that is over, with strata finer than modalities."""
    drawn = calendar.year_ended + timedelta(days=5)
    plot = Plot(
        title=f"Audit annuel {calendar.year_began.year}–{calendar.year_ended.year}",
        first_day=calendar.year_began,
        last_day=calendar.year_ended,
        target=round(count * YEAR_SAMPLED),
        drawn_on=drawn,
        until=drawn,
        months=YEAR_KEPT_MONTHS,
        modalities=YEAR_MODALITIES,
        strata=YEAR_STRATA,
    )
    campaign_id = story.play_at_once(plot)
    with on(drawn + timedelta(days=LONGEST_DAYS)):
        story.close(campaign_id)


def _try_out(story: Story, calendar: Calendar, count: int) -> None:
    """Play a pilot so long ago that the retention of its identities is over."""
    drawn = calendar.tried + timedelta(days=3)
    plot = Plot(
        title=f"Essai pilote {calendar.first_day.year}",
        first_day=calendar.first_day,
        last_day=calendar.tried - timedelta(days=1),
        target=round(count * SAMPLED),
        drawn_on=drawn,
        until=drawn + timedelta(days=PILOT_LONGEST_DAYS),
        months=PILOT_MONTHS,
    )
    campaign_id = story.play(plot, to_the_end=True)
    with on(drawn + timedelta(days=PILOT_LONGEST_DAYS + 5)):
        story.close(campaign_id)


def _first_round(calendar: Calendar, count: int) -> Plot:
    drawn = calendar.turn + timedelta(days=14)
    return Plot(
        title=f"Audit croisé {calendar.turn.year} – premier tour",
        first_day=calendar.tried,
        last_day=calendar.turn - timedelta(days=1),
        target=round(count * SAMPLED),
        drawn_on=drawn,
        until=drawn + timedelta(days=LONGEST_DAYS),
    )


def _second_round(calendar: Calendar, count: int) -> Plot:
    return Plot(
        title=f"Audit croisé {calendar.today.year} – second tour",
        first_day=calendar.turn,
        last_day=calendar.today - timedelta(days=PERIOD_ENDED),
        target=round(count * HALF_SAMPLED),
        drawn_on=calendar.today - timedelta(days=HALF_WAY_DAYS),
        until=calendar.today - timedelta(days=1),
        grows=True,
    )


def _in_vain(calendar: Calendar, count: int) -> Plot:
    """Return a campaign that asks too much of the few who read mammograms."""
    return Plot(
        title=f"Mammographies {calendar.today.year}",
        first_day=calendar.turn,
        last_day=calendar.today - timedelta(days=PERIOD_ENDED),
        target=max(8, round(count * IN_VAIN_SAMPLED)),
        drawn_on=calendar.today - timedelta(days=2),
        until=calendar.today,
        modalities=("MG",),
        max_load=IN_VAIN_LOAD,
    )


def _draft(calendar: Calendar) -> Plot:
    """Return rules that ask more of the reviewers than they are ready for."""
    return Plot(
        title=f"Audit croisé {calendar.today.year + 1} – projet",
        first_day=calendar.turn,
        last_day=calendar.today - timedelta(days=PERIOD_ENDED),
        target=DRAFT_TARGET,
        drawn_on=calendar.today - timedelta(days=1),
        until=calendar.today,
        max_load=DRAFT_LOAD,
    )


def _month(day: date, *, back: int) -> date:
    """Return the first day of the month so many months before that of a day."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
