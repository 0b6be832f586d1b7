"""Use cases: from which stratum of its frame was a case drawn, where strata are finer?

With the strata of most campaigns a case tells it itself: by its department and its modality. A
finer one may tell the day and the author, so that it is sealed with the identity.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.sealing import blind_indexes
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.statistics.counting import name_within
from peeraudit.domain.strata import (
    DEFAULT_FIELDS,
    StratumField,
    author_mark,
    name_stratum,
    split_stratum,
)
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign, CampaignDepartment
from peeraudit.models.identities import Author, Identity
from peeraudit.models.sampling import Frame, FrameEntry
from peeraudit.services import blinding_records as records

REPORTS_AT_ONCE = 500


def fields_of(campaign: Campaign) -> tuple[StratumField, ...]:
    """Return by which fields a campaign divides its departments into strata."""
    return from_json(campaign.protocol).sampling.strata


def strata_of(campaign: Campaign, report_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the stratum of each report in a campaign's frame; none where it is by modality alone.

    Args:
        campaign: whose frame.
        report_ids: reports that stand in it; others are left out.
    """
    found: dict[UUID, str] = {}
    if fields_of(campaign) == DEFAULT_FIELDS:
        return found
    ordered = sorted(report_ids)
    for start in range(0, len(ordered), REPORTS_AT_ONCE):
        some = ordered[start : start + REPORTS_AT_ONCE]
        rows = db.session.execute(
            select(FrameEntry.report_id, FrameEntry.stratum)
            .join(Frame, Frame.id == FrameEntry.frame_id)
            .where(Frame.campaign_id == campaign.id, FrameEntry.report_id.in_(some))
        )
        found.update(rows.all())
    return found


def put_in_stratum(case_id: UUID, stratum: str) -> None:
    """Say from which stratum a case was drawn that was one before its ticket came."""
    row = db.session.get_one(Identity, case_id, with_for_update=True)
    records.seal_link(row, replace(records.open_link(row), stratum=stratum))


def names_of_strata(campaign_id: UUID) -> dict[str, str]:
    """Return which stratum, by its name within its department, each column stands for.

    While a change of keys goes on, a stratum may have two of them.

    Returns:
        Nothing where strata are by modality alone, so that no case has such a column.
    """
    if fields_of(db.session.get_one(Campaign, campaign_id)) == DEFAULT_FIELDS:
        return {}
    kept = db.session.scalar(select(Frame.allocation).where(Frame.campaign_id == campaign_id))
    return {
        index: name_within(stratum)
        for stratum in json.loads(kept or "{}")
        for index in blind_indexes(records.place_of_stratum(campaign_id), stratum)
    }


def authors_by_mark(campaign_id: UUID) -> dict[str, str]:
    """Return which author, by opaque id, each mark in the strata of a frame stands for."""
    frame = db.session.scalars(select(Frame).where(Frame.campaign_id == campaign_id)).one()
    key = bytes.fromhex(frame.pseudonym_key)
    places = select(CampaignDepartment.department_id).where(
        CampaignDepartment.campaign_id == campaign_id
    )
    authors = db.session.scalars(select(Author.id).where(Author.department_id.in_(places)))
    return {author_mark(key, str(one)): str(one) for one in authors}


def renamed(stratum: str, fields: Collection[StratumField], name_of: Callable[[str], str]) -> str:
    """Return the name of a stratum within its department with another name of its author.

    Args:
        stratum: its name within the department.
        fields: by which the frame is divided.
        name_of: gives the name for the mark of an author.
    """
    found = split_stratum(f"x:{stratum}", fields)
    author = found.values.get(StratumField.AUTHOR, "")
    if not author:
        return stratum
    values = {**found.values, StratumField.AUTHOR: name_of(author)}
    return name_within(name_stratum("x", list(values.values())))
