"""Use cases: reading the scores of a campaign, from whose counts every number follows."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.counting import Ground, count_tallies, name_within
from peeraudit.domain.statistics.panel_blinding import Guesses
from peeraudit.domain.strata import PART
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.sampling import Draw, DrawReplacement
from peeraudit.services import blinding_recognition, campaigns, frames
from peeraudit.services.statistics_awaited import awaited_of
from peeraudit.services.statistics_tallies import tallies_of

# They belonged to the audit and were not read: the answer they would have given is missing.
STILL_DRAWN = (ExclusionReason.CANNOT_BE_MASKED.value, ExclusionReason.OBJECTION.value)


def count_readings(campaign_id: UUID) -> CampaignCounts:
    """Return what was read and settled so far, counted; targeted cases never count.

    Raises:
        Conflicting: the readings were given under several blinding modes.
        InvalidInput: no list of reports is frozen.
        NotFound: there is no such campaign, or its scale is not known.
    """
    ground = live_ground(campaign_id)
    return count_tallies(tallies_of(campaign_id, ground.scale), ground)


def live_ground(campaign_id: UUID) -> Ground:
    """Return what a campaign is counted on as it stands, with what may change without a reading.

    Raises:
        InvalidInput: no list of reports is frozen.
        NotFound: there is no such campaign, or its scale is not known.
    """
    return replace(
        ground_of(campaign_id), guesses=guesses_of(campaign_id), awaited=awaited_of(campaign_id)
    )


def ground_of(campaign_id: UUID) -> Ground:
    """Return what a campaign is counted on for good; for services alone.

    Raises:
        InvalidInput: no list of reports is frozen.
        NotFound: there is no such campaign, or its scale is not known.
    """
    campaign = db.session.get_one(Campaign, campaign_id)
    frame = frames.needed_frame(campaign_id)
    protocol = from_json(campaign.protocol)
    return Ground(
        campaign=campaign.code,
        protocol_sha256=protocol.sha256(),
        frame_sha256=frame.sha256,
        scale=find_instrument(protocol.instrument.code, protocol.instrument.version),
        routed=protocol.routing.second_review_scores,
        strata=_strata(campaign_id, frame.allocation),
        drawn=_drawn(campaign_id, frames.current_sizes_of(frame)),
        fields=protocol.sampling.strata,
    )


def guesses_of(campaign_id: UUID) -> Guesses | None:
    """Return whom reviewers believed to recognise so far; None where nobody was asked.

    An answer may come when the readings are all in: a snapshot keeps what it was computed from.
    """
    campaign = db.session.get_one(Campaign, campaign_id)
    found = blinding_recognition.count_campaign(campaign_id)
    if not sum(found.answers.values()):
        return None
    return Guesses(
        places=tuple(map(str, found.places)),
        table=found.guesses,
        unsure=found.unsure,
        authors=(found.authors_right, found.authors_wrong),
        asks_department=from_json(campaign.protocol).blinding.hide_department,
    )


def _strata(campaign_id: UUID, allocation: str) -> dict[tuple[str, str], int]:
    """Return the reports of the frame in each stratum, by department and name within it."""
    strata = _keyed(campaign_id, json.loads(allocation))
    return {key: cast("int", part["frame"]) for key, part in strata}


def _drawn(campaign_id: UUID, sizes: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Return the reports drawn of each stratum, whether they were read or not.

    A report that was replaced stays one of them unless its reason proves that it never belonged
    to the audit. One that was left out later without another in its place counts as not read,
    whatever its reason: the limits are wider then, and never too narrow.
    """
    replaced = db.session.execute(
        select(DrawReplacement.stratum, func.count())
        .join(Draw, Draw.id == DrawReplacement.draw_id)
        .where(Draw.campaign_id == campaign_id, DrawReplacement.reason.in_(STILL_DRAWN))
        .group_by(DrawReplacement.stratum)
    ).all()
    found: dict[tuple[str, str], int] = dict(_keyed(campaign_id, sizes))
    for key, more in _keyed(campaign_id, {stratum: int(many) for stratum, many in replaced}):
        found[key] = found.get(key, 0) + more
    return found


def _keyed(campaign_id: UUID, strata: Mapping[str, Any]) -> list[tuple[tuple[str, str], Any]]:
    """Return what is known of each stratum by department and name within it."""
    ids = {p.code: str(p.id) for p in campaigns.departments_of([campaign_id])[campaign_id]}
    found = []
    for stratum, part in strata.items():
        code = stratum.partition(PART)[0]
        found.append(((ids[code], name_within(stratum)), part))
    return found
