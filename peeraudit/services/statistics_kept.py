"""Use cases: the readings behind a campaign's final numbers, kept under names that lead to nobody.

Once the identities of a campaign are destroyed, nobody can tell which department and which author
a case came from. The final snapshot therefore keeps its readings as the table that is handed out:
with departments, and with names of cases, authors and reviewers made under a key that is thrown
away at once, so that no line leads back to a case. From then on all counting starts there.
"""

import hmac
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.passwords import installation_key
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.review_lines import read_readings
from peeraudit.domain.snapshot_files import write_reviews
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.counting import Ground, count, count_tallies
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.summaries import Snapshot, SnapshotReviews
from peeraudit.services.statistics_counts import ground_of
from peeraudit.services.statistics_tallies import readings_of, tallies_of

KEY_BYTES = 32


def new_table(campaign_id: UUID, ground: Ground) -> str:
    """Return the table of a campaign's readings under names whose key nobody has."""
    return _table(campaign_id, ground, new_bytes(KEY_BYTES), has_months=True)


def keep(snapshot_id: UUID, table: str) -> None:
    """Keep the readings of a final snapshot with it, for good."""
    db.session.add(SnapshotReviews(snapshot_id=snapshot_id, reviews=table))


def make_sure(campaign_id: UUID) -> bool:
    """Keep the readings of a campaign's final snapshot where that was not done with it.

    Returns:
        Whether they are kept; not so while there is no final snapshot.

    Raises:
        Conflicting: the readings are no longer those of the snapshot, so that they cannot be kept.
    """
    snapshot = db.session.scalar(
        select(Snapshot).where(Snapshot.campaign_id == campaign_id, Snapshot.is_final)
    )
    if snapshot is None:
        return False
    if find_table(campaign_id) is None:
        ground = ground_as_of(snapshot)
        if count_again(snapshot).to_json() != snapshot.data:
            raise Conflicting(
                N_(
                    "The readings of the campaign %(code)s are not those of its final numbers: "
                    "nothing of it was destroyed. Run: flask statistics recompute"
                ),
                code=ground.campaign,
            )
        keep(snapshot.id, new_table(campaign_id, ground))
        db.session.flush()  # all counting starts there from now on
    return True


def find_table(campaign_id: UUID) -> str | None:
    """Return the kept readings of a campaign, as CSV; None where there are none."""
    return db.session.scalar(
        select(SnapshotReviews.reviews)
        .join(Snapshot, Snapshot.id == SnapshotReviews.snapshot_id)
        .where(Snapshot.campaign_id == campaign_id)
    )


def ground_as_of(row: Snapshot) -> Ground:
    """Return what a snapshot's campaign is counted on, as it was when the snapshot was computed.

    Answers may have come since, guesses may have been destroyed, and what was awaited then may
    be late by now: none of these is a reading.
    """
    counts = CampaignCounts.from_json(row.data)
    awaited = {(c.department, c.modality): c.awaited for c in counts.cells if c.awaited}
    return replace(ground_of(row.campaign_id), guesses=counts.guesses, awaited=awaited)


def count_again(row: Snapshot) -> CampaignCounts:
    """Return the counts of a snapshot's campaign as they are now.

    Of kept readings once cases are purged.

    Raises:
        Conflicting: the readings were given under several blinding modes.
        InvalidInput: no list of reports is frozen.
        NotFound: there is no such campaign, or its scale is not known.
    """
    ground, campaign_id = ground_as_of(row), row.campaign_id
    table = find_table(campaign_id) if _is_purged(campaign_id) else None
    if table is None:
        found = count_tallies(tallies_of(campaign_id, ground.scale), ground)
    else:
        found = count(read_readings(table, ground), ground)
    return found if _has_months(row) else replace(found, over_time=None)


def table_of(row: Snapshot) -> str:
    """Return the table of a snapshot's readings that is handed out, the same at every time."""
    campaign_id = row.campaign_id
    kept = find_table(campaign_id)
    if kept is not None:
        return kept
    key = installation_key(f"export/{campaign_id}")
    return _table(campaign_id, ground_of(campaign_id), key, has_months=_has_months(row))


def _has_months(row: Snapshot) -> bool:
    """Return whether a snapshot was computed from months; those of earlier versions were not."""
    return CampaignCounts.from_json(row.data).over_time is not None


def _is_purged(campaign_id: UUID) -> bool:
    purged = select(Case.id).where(Case.campaign_id == campaign_id, Case.state == CaseState.PURGED)
    return db.session.scalar(purged.limit(1)) is not None


def _table(campaign_id: UUID, ground: Ground, key: bytes, *, has_months: bool) -> str:
    def alias(kind: str, name: object) -> str:
        return hmac.digest(key, f"{kind}\n{name}\n".encode("ascii"), "sha256").hex()[:16]

    readings = readings_of(campaign_id, alias)
    if not has_months:
        readings = ((item, replace(one, month=None)) for item, one in readings)
    return write_reviews(readings, ground)
