"""Use cases: destroying for good what says who stands behind a case and a report."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from peeraudit.extensions import db
from peeraudit.models.identities import Identity, ReportIdentity, ShiftKey
from peeraudit.services import blinding_records as records


def destroy_links(case_ids: Collection[UUID]) -> list[UUID]:
    """Destroy the links of some cases; return the reports behind them that no case links now.

    A report may have been drawn in two campaigns: its own identity lives as long as the later.
    """
    behind = {link.report_id for link in records.links_of(case_ids).values()}
    db.session.execute(delete(Identity).where(Identity.case_id.in_(case_ids)))
    return sorted(behind - linked_reports(behind))


def linked_reports(report_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some reports a case links to."""
    return frozenset(link.report_id for link in records.links_of_reports(report_ids))


def all_linked_reports() -> frozenset[UUID]:
    """Return every report that a case links to; only the drawn ones, so they are few."""
    rows = db.session.scalars(select(Identity)).all()
    return frozenset(records.open_link(row).report_id for row in rows)


def destroy_campaign_key(campaign_id: UUID) -> None:
    """Destroy the secret by which the days in a campaign's texts were moved."""
    db.session.execute(delete(ShiftKey).where(ShiftKey.campaign_id == campaign_id))


def destroy_reports(report_ids: Collection[UUID]) -> None:
    """Destroy what messages said of people, and their texts."""
    db.session.execute(delete(ReportIdentity).where(ReportIdentity.report_id.in_(report_ids)))
