"""When is the time over for which people may be identified, and what keeps it open longer?

A case keeps its sealed identity for the months that its protocol names, counted from the closing
of its campaign. A report that was never drawn is kept for as long as a campaign may still draw it,
and a year from its arrival. What each destroys, and why, is told in ``docs/retention.md``.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.protocol import Retention
from peeraudit.domain.workflow import CampaignState

WAITING_MONTHS = 12
"""How long a report waits to be drawn, in months from its arrival: a campaign looks back over a
year at most, and what no campaign has drawn by then has no further use."""

ALERT_MONTHS = 12
"""How long a case that was marked as urgent keeps its identity, in months from the marking, be
its campaign over or not: a serious event is declared in two parts, the second within three months,
and the inquiry that follows needs the patient."""

NOTICE_DAYS = 14
"""How long before the end the departments are told, in days."""

DRAWABLE_CAMPAIGNS = frozenset({CampaignState.DRAFT, CampaignState.LOCKED})
"""Where a campaign may still list reports that it has not listed yet."""

LISTING_CAMPAIGNS = frozenset(
    set(CampaignState) - {CampaignState.FROZEN, CampaignState.REPORTED, CampaignState.CLOSED}
)
"""Where a campaign may still need what it has listed: earlier reports of a patient are shown
beside a case, and a list may be discarded and made anew. Frozen data need nothing of it."""


class Hold(StrEnum):
    """Why a case keeps its identity though its time is over."""

    ALERT = "alert"
    UNSEALING = "unsealing"
    OUTCOME = "outcome"
    NUMBERS = "numbers"


HOLD_LABELS: Mapping[Hold, Msgid] = {
    Hold.ALERT: Msgid(N_("marked as urgent less than a year ago")),
    Hold.UNSEALING: Msgid(N_("somebody has asked to see the identity")),
    Hold.OUTCOME: Msgid(N_("its author is still to be told, or may still reply")),
    Hold.NUMBERS: Msgid(N_("the final numbers of the campaign are not computed")),
}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides whether a case may lose its identity; moments in UTC.

    Attributes:
        ends_at: when its time is over; None while its campaign is not closed.
        urgent_at: when it was last marked as urgent; None where it never was.
        has_open_request: somebody has asked to see the identity, and may still see it.
        has_open_outcome: it has an outcome that is not final.
        has_numbers: the final numbers of its campaign are computed.
    """

    ends_at: datetime | None
    urgent_at: datetime | None = None
    has_open_request: bool = False
    has_open_outcome: bool = False
    has_numbers: bool = True


def add_months(moment: datetime, months: int) -> datetime:
    """Return the moment so many calendar months later, or earlier below zero.

    A day that the month lacks becomes its last one: 31 January and a month is 28 or 29 February.
    """
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def end_of_cases(closed_at: datetime | None, retention: Retention) -> datetime | None:
    """Return when the cases of a campaign lose their identities; None while it is not closed."""
    return None if closed_at is None else add_months(closed_at, retention.identity_months)


def is_due(ends_at: datetime | None, now: datetime) -> bool:
    """Return whether a time is over."""
    return ends_at is not None and ends_at <= now


def is_announced(ends_at: datetime | None, now: datetime) -> bool:
    """Return whether the departments are to be told that a time is nearly over."""
    return ends_at is not None and ends_at - timedelta(days=NOTICE_DAYS) <= now < ends_at


def holds_of(case: CaseFacts, now: datetime) -> tuple[Hold, ...]:
    """Return what keeps the identity of a case though its time may be over, in a fixed order."""
    found = {
        Hold.ALERT: case.urgent_at is not None and add_months(case.urgent_at, ALERT_MONTHS) > now,
        Hold.UNSEALING: case.has_open_request,
        Hold.OUTCOME: case.has_open_outcome,
        Hold.NUMBERS: not case.has_numbers,
    }
    return tuple(hold for hold in Hold if found[hold])


def may_purge(case: CaseFacts, now: datetime) -> bool:
    """Return whether the identity of a case is to be destroyed now."""
    return is_due(case.ends_at, now) and not holds_of(case, now)


def end_of_waiting(received_at: datetime) -> datetime:
    """Return when a report that nobody drew loses its identity, unless a campaign may need it."""
    return add_months(received_at, WAITING_MONTHS)


def waited_since(now: datetime) -> datetime:
    """Return the arrival up to which reports have waited long enough.

    At a leap day it errs by a day on the late side: what arrived by then is due for sure.
    """
    return add_months(now, -WAITING_MONTHS)
