"""Which reports does the list of a campaign hold, and why are others left out?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import or_, select

from peeraudit.domain.frames import (
    Candidate,
    exclusion_of,
    item_key,
    spare_reports,
    stratum_of,
)
from peeraudit.domain.protocol import Protocol
from peeraudit.extensions import db
from peeraudit.models.intake import Report
from peeraudit.services import blinding, campaigns


@dataclass(frozen=True, slots=True)
class Listed:
    """A received report and what the frame makes of it."""

    report_id: UUID
    candidate: Candidate
    reason: str


def list_reports(campaign_id: UUID, protocol: Protocol, key: bytes) -> list[Listed]:
    """Return every current report of the period in the departments, drawable or not."""
    listed = _received(campaign_id, protocol)
    if not protocol.sampling.one_per_patient:
        return listed
    drawable = [at for at, one in enumerate(listed) if not one.reason]
    patients = blinding.patients_of_reports([listed[at].report_id for at in drawable])
    spare = spare_reports(
        key, ((listed[at].candidate, patients.get(listed[at].report_id, "")) for at in drawable)
    )
    for place in spare:
        one = listed[drawable[place]]
        listed[drawable[place]] = replace(one, reason="same_patient")
    return listed


def _received(campaign_id: UUID, protocol: Protocol) -> list[Listed]:
    codes = codes_of(campaign_id)
    scope = protocol.scope
    rows = db.session.execute(
        select(
            Report.id,
            Report.department_id,
            Report.accession,
            Report.modality,
            Report.status,
            or_(Report.has_text, Report.awaits_text),
            Report.performed_on,
        )
        .where(
            Report.department_id.in_(codes),
            Report.is_current,
            Report.purged_at.is_(None),
            Report.performed_on.between(scope.period_start, scope.period_end),
        )
        .order_by(Report.id)
    )
    found = []
    for report_id, department_id, accession, modality, status, has_text, day in rows:
        candidate = Candidate(codes[department_id], accession, modality, status, has_text, day)
        reason = exclusion_of(candidate, scope.modalities)
        found.append(Listed(report_id, candidate, reason))
    return found


def lines_of(listed: Sequence[Listed], key: bytes) -> list[tuple[str, str]]:
    """Return (stratum, item key) of each report that may be drawn."""
    return [
        (
            stratum_of(one.candidate.department, one.candidate.modality),
            item_key(key, one.candidate),
        )
        for one in listed
        if not one.reason
    ]


def codes_of(campaign_id: UUID) -> dict[UUID, str]:
    """Return the code of each department that takes part."""
    places = campaigns.departments_of([campaign_id])[campaign_id]
    return {place.id: place.code for place in places}
