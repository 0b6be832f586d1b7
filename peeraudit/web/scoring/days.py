"""How does a person say until when?"""

from datetime import date

from flask_babel import format_date, gettext

from peeraudit.adapters.clock import today

DAYS_NAMED_BY_WEEKDAY = 6


def until(day: date) -> str:
    """Return until when, as one says it: today, by tomorrow, by Friday, by 9 December."""
    left = (day - today()).days
    if left == 0:
        return gettext("today")
    if left == 1:
        return gettext("by tomorrow")
    if left <= DAYS_NAMED_BY_WEEKDAY:
        return gettext("by %(weekday)s", weekday=format_date(day, "EEEE"))
    return gettext("by %(day)s", day=format_date(day, "d MMMM"))
