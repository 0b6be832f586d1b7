"""Masking as the worker does it, for tests."""

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services.masking_orders import order_masking
from peeraudit.tasks.upkeep import sweep


def mask_all(session, campaign):
    """Mask the drawn cases of a campaign; what the session knew is read anew."""
    with unit_of_work():
        order_masking(campaign.id)
    sweep()
    session.expire_all()
