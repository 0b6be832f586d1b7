"""Use cases: destroying what identifies people in some cases or reports whose time is over.

What stays of a case are its code, its modality and region, and what was said of it: scores,
reviews, outcomes, replies, the trail. What stays of a report is a row that counts. See
``docs/retention.md`` for what each of them is and why.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import aliased

from peeraudit.adapters.clock import now
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.retention import (
    DRAWABLE_CAMPAIGNS,
    LISTING_CAMPAIGNS,
    CaseFacts,
    Hold,
    holds_of,
    may_purge,
)
from peeraudit.domain.workflow import CaseEvent, CaseState
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome
from peeraudit.models.campaigns import Campaign, CampaignDepartment
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.messages import Message
from peeraudit.models.sampling import Frame, FrameEntry
from peeraudit.models.scoring import Review
from peeraudit.models.unsealing import Unsealing
from peeraudit.services import (
    blinding_changes,
    blinding_purge,
    blinding_recognition,
    blinding_seen,
    blinding_unsealing,
    intake_purged,
    prior_reports,
    trail,
)
from peeraudit.services.offers import move_case
from peeraudit.services.outcomes import LIST_PATH

IDS_AT_ONCE = 500

# What leads from a notice about a case to the department that sent it.
_TELLING_KINDS = (
    NoticeKind.CASE_BACK_TO_COORDINATOR,
    NoticeKind.REPORT_CHANGED,
    NoticeKind.CASE_URGENT,
    NoticeKind.CASE_URGENT_TO_OFFICER,
    NoticeKind.UNSEALING_ASKED,
    NoticeKind.UNSEALING_ASKED_OF_OFFICER,
    NoticeKind.UNSEALING_GRANTED,
    NoticeKind.UNSEALING_REFUSED,
)


def facts_of(
    case_ids: Collection[UUID], *, ends_at: datetime | None, has_numbers: bool
) -> dict[UUID, CaseFacts]:
    """Return what decides on each of some cases of one campaign."""
    urgent = dict(
        db.session.execute(
            select(Review.case_id, func.max(Review.submitted_at))
            .where(Review.case_id.in_(case_ids), Review.urgent)
            .group_by(Review.case_id)
        ).all()
    )
    is_open = Outcome.case_id.in_(case_ids), Outcome.final_at.is_(None)
    unsettled = set(db.session.scalars(select(Outcome.case_id).where(*is_open)))
    asked = blinding_unsealing.cases_asked_for(case_ids)
    return {
        case_id: CaseFacts(
            ends_at=ends_at,
            urgent_at=urgent.get(case_id),
            has_open_request=case_id in asked,
            has_open_outcome=case_id in unsettled,
            has_numbers=has_numbers,
        )
        for case_id in case_ids
    }


def purge_cases(cases: Sequence[Case], facts: dict[UUID, CaseFacts]) -> tuple[int, int]:
    """Destroy the identities behind some cases whose time is over; those that are held stay.

    Args:
        cases: their rows, locked; of one campaign.
        facts: what decides on each.

    Returns:
        The number of cases and of reports that lost their identities.
    """
    due = [case for case in cases if may_purge(facts[case.id], now())]
    if not due:
        return 0, 0
    ids = [case.id for case in due]
    _forget_notices(due)
    db.session.execute(delete(Unsealing).where(Unsealing.case_id.in_(ids)))
    # Whether a guess was right is counted before the truth is gone.
    blinding_recognition.destroy_guesses(due[0].campaign_id, ids)
    blinding_seen.forget_words(ids)
    blinding_changes.forget_changes(ids)
    prior_reports.destroy(ids)
    behind = blinding_purge.destroy_links(ids)
    for case in due:
        if case.state not in (CaseState.CLOSED, CaseState.EXCLUDED):
            move_case(case, CaseEvent.CLOSE)
        case.masked_text, case.spans, case.exam, case.shown_date = "", "[]", "", ""
        case.laterality = case.urgency = case.derived = ""
        case.checked_at = case.checked_by = None
        case.awaits_text = False
        move_case(case, CaseEvent.PURGE)
    db.session.flush()  # what follows looks at the states
    return len(due), purge_reports(_free_versions(behind))


def purge_reports(report_ids: Collection[UUID]) -> int:
    """Destroy what some reports say of people, their texts and their numbers; return how many."""
    if not report_ids:
        return 0
    blinding_purge.destroy_reports(report_ids)
    rows = db.session.scalars(
        select(Report)
        .where(Report.id.in_(report_ids), Report.purged_at.is_(None))
        .order_by(Report.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.accession = intake_purged.stand_in(row.department_id, row.accession)
        row.report_key = row.content_hash = row.exam = row.region = row.derived = ""
        row.signed_at, row.has_text, row.awaits_text = None, False, False
        row.performed_on = row.performed_on.replace(month=1, day=1)
        row.purged_at = now()
    trail.record("purge_reports", None, object_kind="report", details={"count": len(rows)})
    return len(rows)


def is_over(since: datetime) -> ColumnElement[bool]:
    """Return the condition that a report that nobody drew may lose its identity.

    All versions of an examination end together, the last that came in decides.

    Args:
        since: the arrival up to which reports have waited long enough.
    """
    other = aliased(Report)
    holding = (
        select(other.id)
        .where(_is_version(other), or_(other.received_at > since, _is_wanted(other)))
        .exists()
    )
    return and_(Report.purged_at.is_(None), ~holding)


def is_held(since: datetime) -> ColumnElement[bool]:
    """Return the condition that a report has waited long enough but a campaign may need it."""
    other = aliased(Report)
    wanted = select(other.id).where(_is_version(other), _is_wanted(other)).exists()
    return and_(Report.purged_at.is_(None), Report.received_at <= since, wanted)


def unlinked_versions(report_ids: Collection[UUID]) -> list[UUID]:
    """Return those of some reports of which no version is behind a case."""
    versions = _versions_of(report_ids)
    linked = blinding_purge.linked_reports([one for ids in versions.values() for one in ids])
    return sorted({one for ids in versions.values() if linked.isdisjoint(ids) for one in ids})


def count_linked(linked: Collection[UUID], since: datetime) -> int:
    """Return how many reports waited long enough but belong to an examination behind a case.

    Args:
        linked: all reports behind cases.
        since: as for ``is_over``.
    """
    found: set[UUID] = set()
    ids = sorted(linked)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        other = aliased(Report)
        behind = select(other.id).where(_is_version(other), other.id.in_(some)).exists()
        found |= set(db.session.scalars(select(Report.id).where(is_over(since), behind)))
    return len(found)


def count_holds(facts: Collection[CaseFacts], moment: datetime) -> dict[Hold, int]:
    """Return how many cases each hold keeps; a case with two is counted twice."""
    counts: dict[Hold, int] = defaultdict(int)
    for one in facts:
        for hold in holds_of(one, moment):
            counts[hold] += 1
    return dict(counts)


def _free_versions(report_ids: Collection[UUID]) -> list[UUID]:
    """Return all versions of the examinations of some reports, if nothing else needs them."""
    free = unlinked_versions(report_ids)
    other = aliased(Report)
    wanted = select(other.id).where(_is_version(other), _is_wanted(other)).exists()
    return list(db.session.scalars(select(Report.id).where(Report.id.in_(free), ~wanted)))


def _versions_of(report_ids: Collection[UUID]) -> dict[tuple[UUID, str], list[UUID]]:
    other = aliased(Report)
    rows = db.session.execute(
        select(Report.department_id, Report.accession, other.id)
        .join(other, _is_version(other))
        .where(Report.id.in_(report_ids))
        .distinct()
    )
    found: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for department_id, accession, version_id in rows:
        found[department_id, accession].append(version_id)
    return found


def _is_version(other: type[Report]) -> ColumnElement[bool]:
    return and_(other.department_id == Report.department_id, other.accession == Report.accession)


def _is_wanted(other: type[Report]) -> ColumnElement[bool]:
    """Return the condition that a campaign lists a report, or may still list it."""
    listed = (
        select(FrameEntry.report_id)
        .join(Frame, Frame.id == FrameEntry.frame_id)
        .join(Campaign, Campaign.id == Frame.campaign_id)
        .where(Campaign.state.in_(LISTING_CAMPAIGNS))
    )
    may_list = (
        select(Campaign.id)
        .join(CampaignDepartment, CampaignDepartment.campaign_id == Campaign.id)
        .where(
            Campaign.state.in_(DRAWABLE_CAMPAIGNS),
            CampaignDepartment.department_id == other.department_id,
            other.performed_on.between(Campaign.period_start, Campaign.period_end),
        )
        .exists()
    )
    return or_(other.id.in_(listed), may_list)


def _forget_notices(cases: Sequence[Case]) -> None:
    """Delete the notices that name an author or a department as the one behind a case."""
    ids = [case.id for case in cases]
    outcomes = db.session.scalars(select(Outcome.id).where(Outcome.case_id.in_(ids)))
    codes = [json.dumps({"code": case.code}) for case in cases]
    db.session.execute(
        delete(Message).where(
            or_(
                Message.path.in_([f"{LIST_PATH}{one}" for one in outcomes]),
                Message.kind.in_([kind.value for kind in _TELLING_KINDS])
                & Message.params.in_(codes),
            )
        )
    )
