"""What does the page of the change since an earlier campaign show?"""

from dataclasses import dataclass
from uuid import UUID

from peeraudit.adapters.summary_words import Words
from peeraudit.adapters.watch_words import nothing_in_text, watch_in_text
from peeraudit.domain.actors import Actor
from peeraudit.domain.summaries.disclosure import Audience, limits_for
from peeraudit.services import campaigns, statistics_watch
from peeraudit.services.campaigns import CampaignView


@dataclass(frozen=True, slots=True)
class ChangePage:
    """What the template needs.

    Attributes:
        watch: the evidence in words, or why none is told.
    """

    campaign: CampaignView
    watch: Words


def change_of(campaign_id: UUID, *, by: Actor) -> ChangePage:
    """Return the page of a campaign.

    Raises:
        NotFound: there is no such campaign.
    """
    campaign = campaigns.show_campaign(campaign_id, by=by)
    found = statistics_watch.show_watch(campaign_id, by=by)
    if found.usual is None or found.reasons:
        limits = limits_for(Audience.OUTSIDE, campaigns.protocol_of(campaign_id).thresholds)
        return ChangePage(campaign, nothing_in_text(found.reasons, limits))
    places = campaigns.departments_of([campaign_id])[campaign_id]
    names = {str(place.id): place.name for place in places}
    text = watch_in_text(found.baseline, found.usual, found.departments, names, found.hidden)
    return ChangePage(campaign, text)
