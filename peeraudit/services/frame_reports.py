"""Which reports does the list of a campaign hold, and why are others left out?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from peeraudit.domain.protocol import Protocol
from peeraudit.domain.sampling.frames import (
    FINISHED,
    Candidate,
    exclusion_of,
    item_key,
    spare_reports,
    stratum_of,
)
from peeraudit.domain.strata import StratumField, author_mark
from peeraudit.extensions import db
from peeraudit.models.intake import Report
from peeraudit.services import blinding, blinding_places

NO_KEY = bytes(32)
"""For counting alone, where no list is published."""

_COLUMNS: Mapping[StratumField, InstrumentedAttribute[Any]] = {
    StratumField.REGION: Report.region,
    StratumField.URGENCY: Report.urgency,
    StratumField.WEEK: Report.performed_on,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A received report and what the frame makes of it."""

    report_id: UUID
    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Stock:
    """The reports that are eligible today.

    Attributes:
        strata: by the names that a list of them would have.
        places: by department and modality, whatever the strata are.
    """

    strata: Mapping[str, int]
    places: Mapping[tuple[str, str], int]


def list_reports(codes: Mapping[UUID, str], protocol: Protocol, key: bytes) -> list[Listed]:
    """Return every current report of the period in the departments, drawable or not.

    Args:
        codes: of each department that takes part.
        protocol: the rules.
        key: secret of the list.
    """
    listed = _received(codes, protocol)
    drawable = [at for at, one in enumerate(listed) if not one.reason]
    if protocol.sampling.one_per_patient:
        patients = blinding.patients_of_reports([listed[at].report_id for at in drawable])
        spare = spare_reports(
            key, ((listed[at].candidate, patients.get(listed[at].report_id, "")) for at in drawable)
        )
        for place in spare:
            one = listed[drawable[place]]
            listed[drawable[place]] = replace(one, reason="same_patient")
    if StratumField.AUTHOR in protocol.sampling.strata:
        _mark_authors(listed, key)
    return listed


def lines_of(
    listed: Sequence[Listed], fields: tuple[StratumField, ...], key: bytes
) -> list[tuple[str, str]]:
    """Return (stratum, item key) of each report that may be drawn."""
    return [
        (stratum_of(one.candidate, fields), item_key(key, one.candidate))
        for one in listed
        if not one.reason
    ]


def count_places(listed: Sequence[Listed]) -> Counter[tuple[str, str]]:
    """Return the reports that may be drawn, by department and modality."""
    return Counter(
        (one.candidate.department, one.candidate.modality) for one in listed if not one.reason
    )


def count_stock(codes: Mapping[UUID, str], protocol: Protocol) -> Stock:
    """Return the eligible reports of today, as the list would have them.

    Args:
        codes: of each department that takes part.
        protocol: the rules; one report of a patient is counted where they say so.
    """
    sampling = protocol.sampling
    strata: Counter[str] = Counter()
    places: Counter[tuple[str, str]] = Counter()
    if sampling.one_per_patient or StratumField.AUTHOR in sampling.strata:
        listed = list_reports(codes, protocol, NO_KEY)
        strata.update(
            stratum_of(one.candidate, sampling.strata) for one in listed if not one.reason
        )
        return Stock(strata, count_places(listed))
    for candidate, count in _grouped(codes, protocol):
        strata[stratum_of(candidate, sampling.strata)] += count
        places[candidate.department, candidate.modality] += count
    return Stock(strata, places)


def _received(codes: Mapping[UUID, str], protocol: Protocol) -> list[Listed]:
    rows = db.session.execute(
        select(
            Report.id,
            Report.department_id,
            Report.accession,
            Report.modality,
            Report.status,
            or_(Report.has_text, Report.awaits_text),
            Report.performed_on,
            Report.region,
            Report.urgency,
        )
        .where(*_is_current(codes, protocol))
        .order_by(Report.id)
    )
    modalities = protocol.scope.modalities
    found = []
    for report_id, place, accession, modality, status, has_text, day, region, urgency in rows:
        candidate = Candidate(
            codes[place], accession, modality, status, has_text, day, region, urgency
        )
        found.append(Listed(report_id, candidate, exclusion_of(candidate, modalities)))
    return found


def _grouped(codes: Mapping[UUID, str], protocol: Protocol) -> list[tuple[Candidate, int]]:
    """Return one report for all that are alike, with their number; quick for a million."""
    chosen = [_COLUMNS[one] for one in protocol.sampling.strata if one in _COLUMNS]
    alike = [Report.department_id, Report.modality, *chosen]
    counted: Select[Any] = select(*alike, func.count()).where(
        *_is_current(codes, protocol),
        Report.modality.in_(protocol.scope.modalities),
        Report.status.in_(FINISHED),
        or_(Report.has_text, Report.awaits_text),
    )
    rows = db.session.execute(counted.group_by(*alike))
    found = []
    for place, modality, *values in rows:
        known = dict(zip((one.key for one in chosen), values, strict=False))
        candidate = Candidate(
            department=codes[place],
            accession="",
            modality=modality,
            status="final",
            has_text=True,
            performed_on=known.get("performed_on", protocol.scope.period_start),
            region=known.get("region", ""),
            urgency=known.get("urgency", ""),
        )
        found.append((candidate, values[-1]))
    return found


def _is_current(codes: Mapping[UUID, str], protocol: Protocol) -> list[ColumnElement[bool]]:
    """Return the conditions of a current report of the period in the departments."""
    scope = protocol.scope
    return [
        Report.department_id.in_(codes),
        Report.is_current.is_(True),
        Report.purged_at.is_(None),
        Report.performed_on.between(scope.period_start, scope.period_end),
    ]


def _mark_authors(listed: list[Listed], key: bytes) -> None:
    """Write what stands for the author into each report that may be drawn."""
    drawable = [at for at, one in enumerate(listed) if not one.reason]
    authors = blinding_places.authors_of_reports([listed[at].report_id for at in drawable])
    marks = {one: author_mark(key, str(one)) for one in set(authors.values())}
    for at in drawable:
        one = listed[at]
        author = authors.get(one.report_id)
        if author is not None:
            listed[at] = replace(one, candidate=replace(one.candidate, author=marks[author]))
