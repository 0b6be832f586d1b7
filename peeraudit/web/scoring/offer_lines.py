"""How does an offer that waits for its answer read on the page?"""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from peeraudit.adapters.clock import local_day
from peeraudit.services.acceptances import CampaignOffer
from peeraudit.web.scoring.days import until


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What a campaign offers, and the ways to answer."""

    text: str
    accept_label: str
    accept_url: str


def offer_line(offer: CampaignOffer) -> OfferLine:
    """Return an offer in the words of the page's language."""
    text = ngettext(
        "“%(campaign)s” offers you one report to read %(until)s.",
        "“%(campaign)s” offers you %(num)s reports to read, the first %(until)s.",
        offer.count,
        campaign=offer.campaign,
        until=until(local_day(offer.due_at)),
    )
    if offer.answer_by is not None:
        text += " " + gettext(
            "Answer %(until)s; after that, what is unanswered goes to others.",
            until=until(local_day(offer.answer_by)),
        )
    return OfferLine(
        text=text,
        accept_label=ngettext("Accept it", "Accept all %(num)s", offer.count),
        accept_url=url_for("scoring.accept_offers", campaign_id=offer.campaign_id),
    )
