"""How many cases may a reviewer still get, by the own limits and those of the network?"""

from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput

DAYS_OF_WEEK = 7
WEEKLY_MAXIMUM = 500


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What a reviewer has set below what the network lets the person have.

    Args:
        campaign: most cases of the campaign, in cases; None leaves it to the capacity.
        weekly: most cases in a week, over all campaigns, in cases; None for no limit.
    """

    campaign: int | None = None
    weekly: int | None = None


def most_at_once(weekly: int, days: int) -> int:
    """Return how many cases that are due within some days keep a weekly limit.

    Args:
        weekly: most cases in a week, in cases.
        days: the delay of a review, in days.

    Returns:
        In cases; 1 at least, or nobody with a low limit and a short delay would read at all.
    """
    return max(weekly * days // DAYS_OF_WEEK, 1)


def most_in_campaign(capacity: int, limits: OwnLimits, *, held: int, unread: int, days: int) -> int:
    """Return how many cases of a campaign a reviewer may have in all, in cases.

    Args:
        capacity: what the network lets the person have of the campaign.
        limits: what the person has set.
        held: cases of the campaign that the person has or has read.
        unread: cases of all campaigns that the person has still to read.
        days: the delay of a review, in days.

    Returns:
        A number that may lie below ``held``: then the person gets no further case.
    """
    most = capacity if limits.campaign is None else min(capacity, limits.campaign)
    if limits.weekly is not None:
        most = min(most, held + max(most_at_once(limits.weekly, days) - unread, 0))
    return most


def check_campaign_limit(most: int, *, ceiling: int, begun: int) -> None:
    """Refuse a limit that cannot be kept.

    Args:
        most: the limit, in cases.
        ceiling: what the network lets the person have, in cases.
        begun: cases that the person has begun or handed in, in cases.

    Raises:
        InvalidFields: it lies above the ceiling or below what is begun.
    """
    if most > ceiling:
        sentence = N_("The campaign lets you have %(ceiling)d cases at most: choose no more.")
        raise InvalidFields({"most": InvalidInput(sentence, ceiling=ceiling)})
    if most < begun:
        sentence = N_("You have begun or handed in %(begun)d cases: choose no less.")
        raise InvalidFields({"most": InvalidInput(sentence, begun=begun)})


def check_weekly(weekly: int) -> None:
    """Refuse a weekly limit that is none.

    Raises:
        InvalidFields: it lies outside [1, 500].
    """
    if not 1 <= weekly <= WEEKLY_MAXIMUM:
        sentence = N_("A weekly limit must lie between 1 and %(most)d cases.")
        raise InvalidFields({"weekly": InvalidInput(sentence, most=WEEKLY_MAXIMUM)})
