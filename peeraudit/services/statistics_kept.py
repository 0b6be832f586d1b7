"""Use cases: the readings behind a campaign's final numbers, kept under names that lead to nobody.

Once the identities of a campaign are destroyed, nobody can tell which department and which author
a case came from. The final snapshot therefore keeps its readings as the table that is handed out:
with departments, and with names of cases, authors and reviewers made under a key that is thrown
away at once, so that no line leads back to a case. From then on all counting starts there.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.passwords import installation_key
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.review_lines import read_readings
from peeraudit.domain.snapshot_files import read_strata, write_reviews, write_strata
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.counting import (
    Ground,
    awaited_as_of,
    cells_by_place,
    count,
    count_tallies,
)
from peeraudit.domain.statistics.tallies import Reading
from peeraudit.domain.strata import StratumField
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.summaries import Snapshot, SnapshotReviews
from peeraudit.services import blinding_strata
from peeraudit.services.statistics_counts import ground_of
from peeraudit.services.statistics_tallies import readings_of, tallies_of

KEY_BYTES = 32


class NewTable(NamedTuple):
    """A table of readings, and the strata under the names in it where they need any."""

    reviews: str
    strata: str | None


def new_table(campaign_id: UUID, ground: Ground) -> NewTable:
    """Return the table of a campaign's readings under names whose key nobody has."""
    names = _Names(campaign_id, ground, new_bytes(KEY_BYTES))
    strata = write_strata(names.ground) if ground.is_finer else None
    return NewTable(_table(campaign_id, names, has_months=True), strata)


def keep(snapshot_id: UUID, table: NewTable) -> None:
    """Keep the readings of a final snapshot with it, for good."""
    db.session.add(SnapshotReviews(snapshot_id=snapshot_id, **table._asdict()))


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
    kept = _find_kept(campaign_id)
    return None if kept is None else kept.reviews


def _find_kept(campaign_id: UUID) -> SnapshotReviews | None:
    return db.session.scalar(
        select(SnapshotReviews)
        .join(Snapshot, Snapshot.id == SnapshotReviews.snapshot_id)
        .where(Snapshot.campaign_id == campaign_id)
    )


def ground_as_of(row: Snapshot) -> Ground:
    """Return what a snapshot's campaign is counted on, as it was when the snapshot was computed.

    Answers may have come since, guesses may have been destroyed, and what was awaited then may
    be late by now: none of these is a reading.
    """
    counts = CampaignCounts.from_json(row.data)
    ground = replace(ground_of(row.campaign_id), guesses=counts.guesses, edition=counts.edition)
    if not any(cell.awaited for cell in counts.cells):
        return ground
    if not ground.is_finer:
        awaited = {(c.department, c.modality): c.awaited for c in counts.cells if c.awaited}
        return replace(ground, awaited=awaited)
    # The cells bear no names: each is that of a stratum of which as much was read.
    found = cells_by_place(tallies_of(row.campaign_id, ground.scale), ground)
    return replace(ground, awaited=awaited_as_of(counts.cells, found))


def exported_ground(row: Snapshot) -> Ground:
    """Return the same with the names of strata that stand in the table which is handed out."""
    ground, campaign_id = ground_as_of(row), row.campaign_id
    kept = _find_kept(campaign_id)
    if kept is None:
        return _Names(campaign_id, ground, _export_key(campaign_id)).ground
    if kept.strata is None:
        return ground
    strata, drawn = read_strata(kept.strata)
    return replace(ground, strata=strata, drawn=drawn)


def count_again(row: Snapshot) -> CampaignCounts:
    """Return the counts of a snapshot's campaign as they are now.

    Of kept readings once cases are purged.

    Raises:
        Conflicting: the readings were given under several blinding modes.
        InvalidInput: no list of reports is frozen.
        NotFound: there is no such campaign, or its scale is not known.
    """
    campaign_id = row.campaign_id
    table = find_table(campaign_id) if _is_purged(campaign_id) else None
    if table is None:
        ground = ground_as_of(row)
        found = count_tallies(tallies_of(campaign_id, ground.scale), ground)
    else:
        ground = exported_ground(row)
        found = count(read_readings(table, ground), ground)
    return found if _has_months(row) else replace(found, over_time=None)


def table_of(row: Snapshot) -> str:
    """Return the table of a snapshot's readings that is handed out, the same at every time."""
    campaign_id = row.campaign_id
    kept = find_table(campaign_id)
    if kept is not None:
        return kept
    names = _Names(campaign_id, ground_of(campaign_id), _export_key(campaign_id))
    return _table(campaign_id, names, has_months=_has_months(row))


def _has_months(row: Snapshot) -> bool:
    """Return whether a snapshot was computed from months; those of earlier versions were not."""
    return CampaignCounts.from_json(row.data).over_time is not None


def _is_purged(campaign_id: UUID) -> bool:
    purged = select(Case.id).where(Case.campaign_id == campaign_id, Case.state == CaseState.PURGED)
    return db.session.scalar(purged.limit(1)) is not None


def _export_key(campaign_id: UUID) -> bytes:
    return installation_key(f"export/{campaign_id}")


class _Names:
    """The names under which a campaign's readings and strata are handed out.

    Attributes:
        ground: what the campaign is counted on, with these names of its strata.
    """

    def __init__(self, campaign_id: UUID, ground: Ground, key: bytes) -> None:
        self._key = key
        self._strata = {name: name for _, name in ground.strata}
        if StratumField.AUTHOR in ground.fields:
            authors = blinding_strata.authors_by_mark(campaign_id)
            for name in self._strata:
                self._strata[name] = blinding_strata.renamed(
                    name,
                    ground.fields,
                    # One whose row is gone had no report read.
                    lambda mark: self.alias("author", authors.get(mark, mark)),
                )
        self.ground = replace(
            ground,
            strata=self._renamed(ground.strata),
            drawn=self._renamed(ground.drawn),
            awaited=self._renamed(ground.awaited),
        )

    def _renamed(self, known: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        return {(place, self._strata[name]): number for (place, name), number in known.items()}

    def alias(self, kind: str, name: object) -> str:
        """Return the name under which a case, an author or a reviewer is handed out."""
        return hmac.digest(self._key, f"{kind}\n{name}\n".encode("ascii"), "sha256").hex()[:16]

    def named(self, one: Reading) -> Reading:
        """Return a reading with the name of its stratum that is handed out."""
        return replace(one, stratum=self._strata[one.stratum])


def _table(campaign_id: UUID, names: _Names, *, has_months: bool) -> str:
    readings = readings_of(campaign_id, names.alias)
    if names.ground.is_finer:
        readings = ((item, names.named(one)) for item, one in readings)
    if not has_months:
        readings = ((item, replace(one, month=None)) for item, one in readings)
    return write_reviews(readings, names.ground)
