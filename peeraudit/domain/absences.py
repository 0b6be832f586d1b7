"""Who may be given a case although absences are declared, and when is it due then?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which a reviewer gets no new case, both included."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """Return how long it lasts, in days."""
        return (self.last_day - self.first_day).days + 1

    def covers(self, day: date) -> bool:
        """Return whether the person is away on a day."""
        return self.first_day <= day <= self.last_day


def may_start(absences: Iterable[Away], day: date, days: int) -> bool:
    """Return whether somebody may be given a case that is due in some days.

    Args:
        absences: of the person, in any order; they may overlap.
        day: the day on which the case would be given.
        days: the delay of the review, in days.

    Returns:
        True for somebody who is there on the day itself and on half of the days until the
        case is due at least.
    """
    known = list(absences)
    window = [day + timedelta(days=number) for number in range(days)]
    there = sum(not any(one.covers(each) for one in known) for each in window)
    return not any(one.covers(day) for one in known) and 2 * there >= days


def days_later(due: date, absences: Iterable[Away], *, most: int) -> int:
    """Return by how many days a case is due later because its reader is away on the day.

    What falls due within an absence is due as many days later as the absence lasts: nobody
    has less time to read than without it.

    Args:
        due: the day by which the review was to be handed in.
        absences: of the reader, in any order; they may overlap.
        most: the delay of the review, in days; it is never more than doubled.

    Returns:
        Whole days in [0, most]; 0 where the reader is there on the day.
    """
    later = 0
    for one in sorted(absences, key=lambda one: (one.first_day, one.last_day)):
        if one.covers(due + timedelta(days=later)):
            later += one.days
    return min(later, most)


def must_hand_over(away: Away, *, finishes: bool, days: int) -> bool:
    """Return whether what falls due within an absence goes to others where it was not begun.

    Args:
        away: the absence.
        finishes: whether the reader wants to finish what is there already.
        days: the delay of the review, in days.

    Returns:
        True where the reader hands over, or stays away longer than a review may take.
    """
    return not finishes or away.days > days
