"""Use case: having the drawn cases of a campaign masked, whatever brought their texts."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.domain.jobs import JobKind
from peeraudit.services import jobs
from peeraudit.services.jobs import JobOrder


def order_masking(
    campaign_id: UUID, *, of: UUID | None = None, by: UUID | None = None, total: int = 0
) -> UUID | None:
    """Write down the job that masks the drawn cases; None where the same one is under way.

    Args:
        campaign_id: whose cases; all that wait are masked by the first job that comes to them.
        of: what brought the texts, such as an upload; None for the draw itself.
        by: the account that asked for it; None for what came by itself.
        total: how many cases are expected; 0 where that shows only later.
    """
    key = f"masking:{campaign_id}:{of}" if of else f"masking:{campaign_id}"
    if jobs.is_alive(key):
        return None
    return jobs.order(
        JobOrder(
            kind=JobKind.MASKING,
            task=TaskName.MASK_CASES,
            lock_key=key,
            subject_id=campaign_id,
            campaign_id=campaign_id,
            requested_by=by,
            total=total,
        )
    )
