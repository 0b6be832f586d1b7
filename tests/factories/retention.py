"""Campaigns at the end of their lives, for tests of what is destroyed then and what stays."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.workflow import CampaignEvent
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.services import blinding, blinding_intake, boards, duties, retention, statistics
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.cases import make_incoming

READS = [
    Read(8, "1", None, "1"),
    Read(2, "2a", None, "2a"),
    Read(4, "1", "1", "1"),
    Read(1, "1", "2b", "2b"),
    Read(2, "2b", "2b", "2b"),
]
OVER = timedelta(days=200)
"""Later than the six months for which the usual protocol keeps identities."""


@dataclass
class Ended:
    """A closed campaign with all that identifies the people behind its cases."""

    audit: object
    campaign: object
    reports: list


def make_ended(session, lead, *, reads=READS, departments=2):
    """Return a campaign that was frozen, published and closed just now; committed."""
    audit = make_audit(session, [{"CT": (300, reads)}] * departments)
    links = blinding.examinations_of(audit.campaign.id)
    reports = []
    for case in audit.cases:
        department_id, accession = links[case.id]
        report = session.scalars(
            select(Report).where(
                Report.department_id == department_id, Report.accession == accession
            )
        ).one()
        report.exam, report.report_key = "Scanner de Mme Lenoir", f"K-{accession}"
        report.received_at = clock.now()
        prepared = blinding_intake.prepare(
            make_incoming(), department_id=department_id, authors={}, report_id=report.id
        )
        blinding_intake.remember_identities([prepared], department_id=department_id)
        case.masked_text, case.exam, case.shown_date = "Foie normal.", "Scanner", "2026-10"
        reports.append(report)
    session.commit()
    close(audit.campaign, lead)
    return Ended(audit, audit.campaign, reports)


def close(campaign, lead, *, is_frozen=False):
    """Freeze, publish and close a campaign."""
    if not is_frozen:
        with unit_of_work():
            statistics.freeze_campaign(campaign.id, reason="frozen by a test", by=lead)
        sweep()
    for event in (CampaignEvent.REPORT, CampaignEvent.CLOSE):
        with unit_of_work():
            boards.take_step(campaign.id, event, by=lead)


@contextmanager
def later(by=OVER):
    """Let the time pass."""
    with clock.shifted(by):
        yield


def purge(by=None):
    """Destroy what is due; return how the run ended."""
    with unit_of_work():
        retention.order_purge(by=by)
    with unit_of_work():
        duty_id = retention.duty_of_purge()
    duties.carry_out(duty_id)
    return retention.latest_purge()


def states(session, campaign):
    """Return the states of the cases of a campaign."""
    session.expire_all()
    return set(session.scalars(select(Case.state).where(Case.campaign_id == campaign.id)))
