"""Use cases: what became of a department's sample after the draw, for its summary."""

import json
from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.domain.summaries.sample_changes import Growth
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.sampling import Draw, DrawExtension, DrawReplacement
from peeraudit.models.scoring import Review
from peeraudit.services import frames


def growths_of(campaign_id: UUID, department: str) -> tuple[Growth, ...]:
    """Return the extensions of a campaign's draw in their order; for services alone.

    Args:
        campaign_id: whose draw.
        department: code of the department that is told.
    """
    rows = db.session.scalars(
        select(DrawExtension)
        .join(Draw, Draw.id == DrawExtension.draw_id)
        .where(Draw.campaign_id == campaign_id)
        .order_by(DrawExtension.number)
    ).all()
    if not rows:
        return ()
    found = []
    before = frames.sizes_of(frames.needed_frame(campaign_id))
    for row in rows:
        after = json.loads(row.sizes)
        found.append(
            Growth(
                extended_at=row.extended_at,
                before=sum(before.values()),
                after=sum(after.values()),
                own_before=_own(before, department),
                own_after=_own(after, department),
                reason=row.reason,
                reviews=_reviews_by(campaign_id, row),
            )
        )
        before = after
    return tuple(found)


def replaced_of(campaign_id: UUID, department: str) -> tuple[tuple[str, int], ...]:
    """Return (reason, reports) of what was replaced of a department; for services alone."""
    rows = db.session.execute(
        select(DrawReplacement.stratum, DrawReplacement.reason)
        .join(Draw, Draw.id == DrawReplacement.draw_id)
        .where(Draw.campaign_id == campaign_id)
    )
    found = Counter(reason for stratum, reason in rows if _department(stratum) == department)
    return tuple(sorted(found.items()))


def _own(sizes: Mapping[str, int], department: str) -> int:
    return sum(size for stratum, size in sizes.items() if _department(stratum) == department)


def _department(stratum: str) -> str:
    return stratum.partition(":")[0]


def _reviews_by(campaign_id: UUID, row: DrawExtension) -> int:
    handed_in = (
        select(func.count())
        .select_from(Review)
        .join(Case, Case.id == Review.case_id)
        .where(
            Case.campaign_id == campaign_id,
            Review.version == 1,
            Review.submitted_at <= row.extended_at,
        )
    )
    return db.session.scalar(handed_in) or 0
