"""Use cases: handing out all that a snapshot was computed from, for others to compute it again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.errors import N_, Conflicting, NotFound
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.snapshot_files import write_rules
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.summaries import Snapshot
from peeraudit.services import statistics_kept, trail
from peeraudit.services.statistics_counts import ground_of


@dataclass(frozen=True, slots=True)
class SnapshotExport:
    """The two files of a snapshot.

    Attributes:
        number: the snapshot's number.
        reviews: the table of reviews, CSV.
        rules: the protocol with the frame's strata, JSON.
        results: what computing it from them must give, byte for byte.
    """

    number: int
    reviews: str
    rules: str
    results: str


def export_snapshot(campaign_code: str, *, number: int | None = None) -> SnapshotExport:
    """Return the files of a campaign's snapshot, and write down that they were handed out.

    Line by line they tell more than any page or call may (no smallest cell is hidden in
    them), so there is no door to this but the command line of whoever runs the installation.

    Args:
        campaign_code: the campaign's code.
        number: which snapshot; the newest if None.

    Raises:
        NotFound: there is no such campaign or snapshot.
        Conflicting: readings have changed since the snapshot, so that its lines are gone.
    """
    campaign = db.session.scalar(select(Campaign).where(Campaign.code == campaign_code))
    if campaign is None:
        raise NotFound(N_("There is no such campaign."))
    row = _find(campaign.id, number)
    if statistics_kept.count_again(campaign.id).to_json() != row.data:
        raise Conflicting(
            N_(
                "The readings of this campaign have gone on since snapshot %(number)d. Compute a"
                " new one and export that."
            ),
            number=row.number,
        )
    protocol = from_json(campaign.protocol)
    trail.record(
        "export_snapshot",
        None,
        object_kind="snapshot",
        object_id=row.id,
        details={"number": row.number, "data_sha256": row.data_sha256},
    )
    return SnapshotExport(
        number=row.number,
        reviews=statistics_kept.table_of(campaign.id),
        rules=write_rules(
            protocol, ground_of(campaign.id), number=row.number, data_sha256=row.data_sha256
        ),
        results=row.results,
    )


def _find(campaign_id: UUID, number: int | None) -> Snapshot:
    chosen = select(Snapshot).where(Snapshot.campaign_id == campaign_id)
    if number is not None:
        chosen = chosen.where(Snapshot.number == number)
    row = db.session.scalar(chosen.order_by(Snapshot.number.desc()).limit(1))
    if row is None:
        raise NotFound(N_("There is no such snapshot."))
    return row
