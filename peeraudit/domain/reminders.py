"""When is a reviewer reminded of a case that is still to be read?"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

MORNING = time(7)
"""When the digest goes out, by the reader's clock: before the day's work, never at night."""

DAYS_BEFORE = 3
DAYS_BETWEEN = 7

DAYS_TO_ANSWER = 1
"""How many days before its last day an offer is recalled; on that day itself once more."""


class ReminderKind(StrEnum):
    """Why a reminder is due; the value is kept with the reminder, so it never changes."""

    BEFORE_DUE = "before_due"
    AT_DUE = "at_due"
    AFTER_DUE = "after_due"
    TO_ANSWER = "to_answer"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one assignment; ``number`` counts those of its kind from 1."""

    kind: ReminderKind
    number: int = 1


def reminder_on(day: date, *, due: date) -> Reminder | None:
    """Return the latest reminder that should have gone out by a day.

    Those before it are passed over: after days without a worker nobody gets the same
    reminder three times.

    Args:
        day: the present day.
        due: the day by which the case is to be handed in.

    Returns:
        One reminder three days before the due day, one on it, one on the day after and then
        one a week; None while it is too early for any.
    """
    left = (due - day).days
    if left > DAYS_BEFORE:
        return None
    if left > 0:
        return Reminder(ReminderKind.BEFORE_DUE)
    if left == 0:
        return Reminder(ReminderKind.AT_DUE)
    return Reminder(ReminderKind.AFTER_DUE, 1 + (-left - 1) // DAYS_BETWEEN)


def answer_reminder_on(day: date, *, last: date) -> Reminder | None:
    """Return the reminder that is due for an offer that waits for its answer.

    Args:
        day: the present day.
        last: the last day on which the offer waits.

    Returns:
        The first on the day before the last, the second on the last; None before and after.
    """
    left = (last - day).days
    if not 0 <= left <= DAYS_TO_ANSWER:
        return None
    return Reminder(ReminderKind.TO_ANSWER, 1 + DAYS_TO_ANSWER - left)
