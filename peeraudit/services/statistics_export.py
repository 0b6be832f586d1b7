"""Use cases: handing out all that a snapshot was computed from, for others to compute it again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, NotFound
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.snapshot_files import write_rules
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.summaries import Snapshot
from peeraudit.services import statistics_kept, trail


@dataclass(frozen=True, slots=True)
class SnapshotExport:
    """The two files of a snapshot.

    Attributes:
        campaign: code of the campaign.
        number: the snapshot's number.
        reviews: the table of reviews, CSV.
        rules: the protocol with the frame's strata, JSON.
        results: what computing it from them must give, byte for byte.
    """

    campaign: str
    number: int
    reviews: str
    rules: str
    results: str

    @property
    def name(self) -> str:
        """The name of the files together."""
        return f"{self.campaign}-{self.number}-reviews"

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Name and text of each file, in the order of ``arguments``."""
        return tuple(zip(self.arguments, (self.reviews, self.rules, self.results), strict=True))

    @property
    def arguments(self) -> tuple[str, str, str]:
        """Names of the table, of the rules that go with it, and of the result."""
        return "reviews.csv", "protocol.json", "result.json"


def export_snapshot(campaign_code: str, *, number: int | None = None) -> SnapshotExport:
    """Return the files of a campaign's snapshot, for whoever runs the installation.

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
    return export_row(_find(campaign.id, number), by=None, purpose="")


def export_row(row: Snapshot, *, by: Actor | None, purpose: str) -> SnapshotExport:
    """Return the files of a snapshot, and write down who got them, and what for.

    Line by line they tell more than any page or call may: no smallest cell is hidden in them.

    Args:
        row: the snapshot; for services alone.
        by: who gets them; None for whoever runs the installation.
        purpose: what they are needed for.

    Raises:
        Conflicting: readings have changed since the snapshot, so that its lines are gone.
    """
    campaign = db.session.get_one(Campaign, row.campaign_id)
    if statistics_kept.count_again(row).to_json() != row.data:
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
        by,
        object_kind="snapshot",
        object_id=row.id,
        reason=purpose,
        details={"number": row.number, "data_sha256": row.data_sha256},
    )
    return SnapshotExport(
        campaign=campaign.code,
        number=row.number,
        reviews=statistics_kept.table_of(row),
        rules=write_rules(
            protocol,
            statistics_kept.exported_ground(row),
            number=row.number,
            data_sha256=row.data_sha256,
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
