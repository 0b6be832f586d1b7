"""Use cases: reports that a department names to teach from, beside those that are drawn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.frames import FINISHED
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.sampling import TargetedCase
from peeraudit.services import blinding, campaigns, draw_cases, intake_texts, trail
from peeraudit.services.masking_orders import order_masking

NAMEABLE = (CampaignState.DRAWN, CampaignState.RUNNING)


@dataclass(frozen=True, slots=True)
class TargetedLine:
    """A case that the department named, for its own people.

    Attributes:
        was_drawn: whether a ticket came to it later, so that it counts.
    """

    code: str
    modality: str
    reason: TargetReason
    named_at: datetime
    was_drawn: bool


def name_report(campaign_id: UUID, accession: str, reason: TargetReason, *, by: Actor) -> UUID:
    """Have a report of the actor's department read by peers, to teach from; return its case.

    It is masked, checked, assigned and scored as the drawn ones are, and looks like them to
    whoever reads it. It counts in no rate.

    Args:
        campaign_id: drawn, and not settled yet.
        accession: number of the examination in the actor's department.
        reason: why; reviewers never see it.
        by: a coordinator or quality lead.

    Raises:
        Conflicting: the report is in the campaign already.
        InvalidInput: it cannot be read, or it is too early or too late.
        NotFound: the department has no such report, or takes no part.
    """
    by.require(Permission.NAME_CASES)
    if by.department_id is None:
        raise NotAllowed(N_("Only people of a department name its reports."))
    campaigns.show_campaign(campaign_id, by=by)
    campaign = campaigns.locked_row(campaign_id)
    if campaign.state not in NAMEABLE:
        raise InvalidInput(
            N_("Reports are named between the draw and the closing of the readings.")
        )
    report = _own_report(by.department_id, accession.strip(), campaign)
    made = draw_cases.case_of(report, campaign, from_json(campaign.protocol))
    made.channel, made.ticket = "targeted", new_bytes(32).hex()
    db.session.add(made)
    db.session.flush()  # the sealed identity and the reason refer to the case
    blinding.seal_identity(made.id, report.id)
    db.session.add(
        TargetedCase(case_id=made.id, reason=reason, named_at=now(), named_by=by.account_id)
    )
    db.session.flush()  # who is told depends on the identity
    details = {"why": reason.value}
    trail.record("name_report", by, object_kind="case", object_id=made.id, details=details)
    if made.awaits_text:
        intake_texts.tell_wanted_again(made)
    else:
        order_masking(campaign.id, of=made.id, by=by.account_id, total=1)
    return made.id


def list_named(campaign_id: UUID, *, by: Actor) -> list[TargetedLine]:
    """Return the cases that the actor's department named, newest first."""
    by.require(Permission.NAME_CASES)
    campaigns.show_campaign(campaign_id, by=by)
    if by.department_id is None:
        raise NotAllowed(N_("Only people of a department name its reports."))
    rows = db.session.execute(
        select(Case.code, Case.modality, TargetedCase)
        .join(TargetedCase, TargetedCase.case_id == Case.id)
        .where(Case.campaign_id == campaign_id)
        .where(Case.id.in_(blinding.cases_sent_by(by.department_id)))
        .order_by(TargetedCase.named_at.desc(), Case.code)
    )
    return [
        TargetedLine(code, modality, row.reason, row.named_at, row.drawn_at is not None)
        for code, modality, row in rows
    ]


def count_named(campaign_id: UUID, department_id: UUID | None = None) -> int:
    """Return how many cases teach and do not count, of one department or of all."""
    counted = (
        select(func.count())
        .select_from(Case)
        .where(
            Case.campaign_id == campaign_id,
            Case.channel == "targeted",
            Case.state != CaseState.EXCLUDED,
            Case.excluded_reason == "",
        )
    )
    if department_id is not None:
        counted = counted.where(Case.id.in_(blinding.cases_sent_by(department_id)))
    return db.session.scalar(counted) or 0


def _own_report(department_id: UUID, accession: str, campaign: Campaign) -> Report:
    versions = db.session.scalars(
        select(Report).where(Report.department_id == department_id, Report.accession == accession)
    ).all()
    found = [one for one in versions if one.is_current and one.purged_at is None]
    if not found:
        raise NotFound(N_("The department has sent no report under this number."))
    [report] = found
    if _is_in(campaign.id, [one.id for one in versions]):
        raise Conflicting(N_("This report is in the campaign already."))
    is_whole = report.has_text or report.awaits_text
    if report.status not in FINISHED or report.excluded_reason or not is_whole:
        raise InvalidInput(N_("This report is cancelled, not final yet, or without a text."))
    if report.modality not in from_json(campaign.protocol).scope.modalities:
        raise InvalidInput(N_("The campaign is about other modalities than that of this report."))
    return report


def _is_in(campaign_id: UUID, report_ids: Collection[UUID]) -> bool:
    cases = select(Case.id).where(
        Case.campaign_id == campaign_id, Case.id.in_(blinding.cases_of_reports(report_ids))
    )
    return db.session.scalar(cases.limit(1)) is not None
