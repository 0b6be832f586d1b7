"""Campaigns, reports and cases for tests."""

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from peeraudit.domain.blinding.codes import case_code
from peeraudit.domain.intake.reports import IncomingReport, Patient, Person, content_hash
from peeraudit.domain.protocol import Protocol, Scope
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign, CampaignDepartment
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.services import blinding, blinding_intake
from tests.factories.moments import MOMENT

_numbers = count(1)
TEXT = "INDICATION : toux chez M. Jean Durand.\nRÉSULTATS : foyer du lobe moyen.\nDr Marie Lenoir"
FIRST_DAY = date(2026, 10, 1)


def make_campaign(session, departments=(), *, state=CampaignState.RUNNING, protocol=None):
    """Return a campaign that is committed, with the departments that take part."""
    number = next(_numbers)
    rules = protocol or Protocol(
        title=f"Campagne {number:04d}",
        scope=Scope(("CT", "MR"), FIRST_DAY, FIRST_DAY + timedelta(days=30)),
    )
    locked = state is not CampaignState.DRAFT
    campaign = Campaign(
        id=uuid4(),
        code=f"C-{number:04d}",
        title=rules.title,
        state=state,
        period_start=rules.scope.period_start,
        period_end=rules.scope.period_end,
        protocol=rules.to_canonical_json(),
        protocol_sha256=rules.sha256() if locked else None,
        created_at=MOMENT,
        locked_at=MOMENT if locked else None,
        closed_at=MOMENT if state is CampaignState.CLOSED else None,
    )
    session.add(campaign)
    session.flush()
    for department in departments:
        session.add(CampaignDepartment(campaign_id=campaign.id, department_id=department.id))
    session.commit()
    return campaign


def make_incoming(*, text=TEXT, author=None, patient=None, clinicians=()):
    """Return a report as a message brings it."""
    number = next(_numbers)
    return IncomingReport(
        report_id=f"R{number:04d}",
        accession=f"ACC-{number:06d}",
        status="final",
        modality="CT",
        region="chest",
        exam="Scanner thoracique",
        performed_on=FIRST_DAY + timedelta(days=number % 28),
        signed_at=MOMENT,
        urgency="routine",
        language="fr",
        text=text,
        author=author or Person("RPPS-1", "LENOIR", "Marie"),
        patient=patient or Patient(names=(Person("", "DURAND", "Jean"),)),
        clinicians=clinicians,
    )


def make_report(session, department, *, text=TEXT, author=None, patient=None, clinicians=()):
    """Return a report that is committed, with its sealed identity."""
    incoming = make_incoming(text=text, author=author, patient=patient, clinicians=clinicians)
    report = Report(
        id=uuid4(),
        department_id=department.id,
        accession=incoming.accession,
        report_key=incoming.report_id,
        status=incoming.status,
        modality=incoming.modality,
        region=incoming.region,
        exam=incoming.exam,
        language=incoming.language,
        performed_on=incoming.performed_on,
        signed_at=MOMENT,
        has_text=bool(incoming.text),
        content_hash=content_hash(incoming),
        format="csv",
        received_at=MOMENT,
    )
    session.add(report)
    session.flush()
    prepared = blinding_intake.prepare(
        incoming, department_id=department.id, authors={}, report_id=report.id
    )
    blinding_intake.remember_identities([prepared], department_id=department.id)
    session.commit()
    return report


def make_case(session, campaign, report, *, state=CaseState.DRAWN, **values):
    """Return a case of a report that is committed, with its sealed link."""
    number = next(_numbers)
    case = Case(
        id=uuid4(),
        campaign_id=campaign.id,
        code=case_code(number.to_bytes(16)),
        state=state,
        ticket=f"{number:064x}",
        modality=report.modality,
        region=report.region,
        exam=report.exam,
        language=report.language,
        created_at=MOMENT,
        **values,
    )
    session.add(case)
    session.flush()
    blinding.seal_identity(case.id, report.id)
    session.commit()
    return case
