"""Use cases: what earlier campaigns teach about the sample of the next one."""

from dataclasses import dataclass

from sqlalchemy import select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.protocol import ExpectedRate
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.summaries import Snapshot
from peeraudit.services import statistics

EARLIER = 3


@dataclass(frozen=True, slots=True)
class EarlierRates:
    """What a finished campaign found in each modality, over all departments.

    Attributes:
        campaign: its title.
        rates: first-read rates as they may be told beyond the departments.
    """

    campaign: str
    rates: tuple[ExpectedRate, ...]


def list_earlier_rates(*, by: Actor) -> list[EarlierRates]:
    """Return the first-read rates of the last campaigns, newest first; none that is hidden."""
    by.require(Permission.WRITE_PROTOCOL)
    rows = db.session.execute(
        select(Campaign.title, Snapshot)
        .join(Snapshot, Snapshot.campaign_id == Campaign.id)
        .where(Snapshot.is_final)
        .order_by(Snapshot.computed_at.desc(), Campaign.code)
        .limit(EARLIER)
    )
    found = []
    for title, snapshot in rows:
        told = statistics.telling_of(snapshot).network
        rates = tuple(
            ExpectedRate(modality, parts["first_read"].value)
            for modality, parts in told.modalities.items()
            if parts["first_read"].value is not None
        )
        if rates:
            found.append(EarlierRates(title, rates))
    return found


def count_last_read() -> int:
    """Return the reports behind the last final numbers, 0 without any; for services alone."""
    last = db.session.scalar(
        select(Snapshot).where(Snapshot.is_final).order_by(Snapshot.computed_at.desc()).limit(1)
    )
    if last is None:
        return 0
    return statistics.telling_of(last).network.total["first_read"].n
