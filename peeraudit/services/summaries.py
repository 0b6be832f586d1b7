"""Use cases: publishing the numbered summaries of a campaign, and reading them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select

from peeraudit.adapters import summary_sheet
from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidInput, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import FIRST_LEVEL, Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.statistics.campaign import CampaignCounts, canonical
from peeraudit.domain.statistics.gates import is_public
from peeraudit.domain.strata import DEFAULT_FIELDS
from peeraudit.domain.summaries.blinding_page import recognition_told
from peeraudit.domain.summaries.disclosure import Audience
from peeraudit.domain.summaries.summary_content import Facts, Part, SummaryContent, write_content
from peeraudit.domain.summaries.summary_page import Page, Row, lay_out
from peeraudit.domain.workflow import CampaignEvent
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.network import Department
from peeraudit.models.sampling import Draw
from peeraudit.models.summaries import Snapshot, Summary
from peeraudit.services import (
    campaigns,
    notifications,
    sample_changes,
    statistics,
    targeting,
    trail,
)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A summary in a list, with the one number that the reader may know first."""

    id: UUID
    number: str
    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    department_id: UUID
    department_name: str
    period_start: date
    period_end: date
    issued_at: datetime
    first_read: Row


@dataclass(frozen=True, slots=True)
class SummaryView:
    """A summary as its reader may know it: one part of it, laid out."""

    id: UUID
    campaign_id: UUID
    department_id: UUID
    number: str
    audience: Audience
    facts: Facts
    part: Part
    page: Page

    def to_dict(self) -> dict[str, Any]:
        """Return what the reader may know as JSON values: the same numbers as on the page."""
        return {
            "number": self.number,
            "audience": self.audience.value,
            "facts": self.facts.to_dict(),
            **self.part.to_dict(),
        }

    def to_json(self) -> str:
        """Return the same as one text."""
        return canonical(self.to_dict())


def publish_summaries(campaign_id: UUID, *, by: Actor) -> list[UUID]:
    """Publish one numbered summary for each department, and tell its quality leads.

    Returns:
        The summaries' ids, in the order of the departments' codes.

    Raises:
        IllegalMove: the campaign is not frozen, or its summaries are published already.
        InvalidInput: the final numbers are not computed yet.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    campaign = campaigns.locked_row(campaign_id)
    campaigns.advance_campaign(campaign_id, CampaignEvent.REPORT, by=by)
    snapshot = statistics.find_final(campaign_id)
    if snapshot is None:
        raise InvalidInput(
            N_(
                "The final numbers of this campaign are not computed yet. Wait until the"
                " computation has ended, then publish."
            )
        )
    moment = now()
    counted = set(CampaignCounts.from_json(snapshot.data).departments)
    rows = [
        _write(campaign, snapshot, place.id, moment)
        for place in campaigns.departments_of([campaign_id])[campaign_id]
        if str(place.id) in counted
    ]
    db.session.flush()  # a number that is taken must be refused here and not at the commit
    trail.record(
        "publish_summaries",
        by,
        object_kind="campaign",
        object_id=campaign_id,
        details={"summaries": [row.number for row in rows], "snapshot": snapshot.number},
    )
    for row in rows:
        notifications.tell_all(
            row.department_id,
            NoticeKind.SUMMARY_ISSUED,
            key=row.number,
            params={"campaign": campaign.title},
            path=f"/summaries/{row.id}",
        )
    return [row.id for row in rows]


def list_summaries(*, by: Actor) -> list[SummaryLine]:
    """Return the summaries that a person may read, newest first, then by department."""
    rows = db.session.execute(
        _readable(by).order_by(Summary.issued_at.desc(), Department.code, Summary.id)
    ).all()
    return [_line(row, _audience(by)) for row, _ in rows]


def show_summary(summary_id: UUID, *, by: Actor) -> SummaryView:
    """Return a summary: a department reads its own part, the network lead what others may read.

    Raises:
        NotFound: there is none, or it is another department's.
    """
    row = _found(summary_id, by)
    content, audience = SummaryContent.from_json(row.content), _audience(by)
    part = content.parts[audience]
    return SummaryView(
        id=row.id,
        campaign_id=row.campaign_id,
        department_id=row.department_id,
        number=row.number,
        audience=audience,
        facts=content.facts,
        part=part,
        page=lay_out(content.number, content.facts, part),
    )


def print_summary(summary_id: UUID, *, language: str, by: Actor) -> bytes:
    """Return a summary as an accessible PDF in ``language``, ``fr`` or ``en``.

    Raises:
        NotFound: there is none, or it is another department's.
    """
    return summary_sheet.typeset(show_summary(summary_id, by=by).page, language=language)


def find_summaries(campaign_id: UUID, *, by: Actor) -> list[SummaryLine]:
    """Return the summaries of one campaign that a person may read, by department."""
    statement = _readable(by).where(Summary.campaign_id == campaign_id)
    rows = db.session.execute(statement.order_by(Department.code, Summary.number)).all()
    return [_line(row, _audience(by)) for row, _ in rows]


def _write(
    campaign: Campaign, snapshot: Snapshot, department_id: UUID, moment: datetime
) -> Summary:
    department = db.session.get_one(Department, department_id)
    protocol = from_json(campaign.protocol)
    number = _free_number(campaign, department)
    content = write_content(
        number,
        _facts(campaign, protocol, snapshot, department, moment),
        statistics.telling_of(snapshot),
        str(department_id),
        protocol.thresholds,
    )
    row = Summary(
        id=uuid4(),
        number=number,
        campaign_id=campaign.id,
        snapshot_id=snapshot.id,
        department_id=department_id,
        content=content.to_json(),
        issued_at=moment,
    )
    db.session.add(row)
    return row


def _facts(
    campaign: Campaign,
    protocol: Protocol,
    snapshot: Snapshot,
    department: Department,
    moment: datetime,
) -> Facts:
    counts = CampaignCounts.from_json(snapshot.data)
    return Facts(
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        period_start=campaign.period_start,
        period_end=campaign.period_end,
        department_code=department.code,
        department_name=department.name,
        instrument=counts.instrument,
        hides_department=protocol.blinding.hide_department,
        seed=db.session.scalar(select(Draw.seed).where(Draw.campaign_id == campaign.id)) or "",
        frame_sha256=counts.frame_sha256,
        protocol_sha256=counts.protocol_sha256,
        snapshot=snapshot.number,
        data_sha256=snapshot.data_sha256,
        methods=tuple(tag for tag in snapshot.methods.split() if is_public(tag)),
        frozen_at=campaign.frozen_at or snapshot.computed_at,
        issued_at=moment,
        named=targeting.count_named(campaign.id, department.id),
        strata=_finer_strata(protocol),
        extensions=sample_changes.growths_of(campaign.id, department.code),
        replaced=sample_changes.replaced_of(campaign.id, department.code),
        recognition=tuple(
            (one.message, one.params)
            for one in recognition_told(statistics.telling_of(snapshot).blinding)
        ),
    )


def _finer_strata(protocol: Protocol) -> tuple[str, ...]:
    """Return what divides the list of reports; nothing where it is as in most campaigns."""
    fields = protocol.sampling.strata
    return () if fields == DEFAULT_FIELDS else (FIRST_LEVEL, *(one.value for one in fields))


def _free_number(campaign: Campaign, department: Department) -> str:
    """Return the number of a department's next summary, such as ``2026-01-CHUN-1``."""
    before = db.session.scalar(
        select(func.count()).where(
            Summary.campaign_id == campaign.id, Summary.department_id == department.id
        )
    )
    return f"{campaign.code}-{department.code}-{(before or 0) + 1}"


def _audience(by: Actor) -> Audience:
    return Audience.OUTSIDE if by.department_id is None else Audience.INSIDE


def _readable(by: Actor) -> Select[Summary, Department]:
    by.require(Permission.READ_SUMMARY)
    statement = select(Summary, Department).join(Department, Department.id == Summary.department_id)
    if by.department_id is not None:
        statement = statement.where(Summary.department_id == by.department_id)
    return statement


def _found(summary_id: UUID, by: Actor) -> Summary:
    row = db.session.execute(_readable(by).where(Summary.id == summary_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such summary."))
    summary: Summary = row[0]
    return summary


def _line(row: Summary, audience: Audience) -> SummaryLine:
    content = SummaryContent.from_json(row.content)
    facts = content.facts
    return SummaryLine(
        id=row.id,
        number=row.number,
        campaign_id=row.campaign_id,
        campaign_code=facts.campaign_code,
        campaign_title=facts.campaign_title,
        department_id=row.department_id,
        department_name=facts.department_name,
        period_start=facts.period_start,
        period_end=facts.period_end,
        issued_at=row.issued_at,
        first_read=lay_out(content.number, facts, content.parts[audience]).rates[0].row,
    )
