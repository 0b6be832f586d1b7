"""Use cases: counting cases by department and author where they lie, without opening a link.

The columns by which a link is found tell which cases share a department or an author. Whoever
counts groups by them, and learns here which opaque id each of them stands for.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, func, or_, select, values
from sqlalchemy import column as named_column
from sqlalchemy.orm import InstrumentedAttribute

from peeraudit.domain.workflow import GONE, READING_TURNS
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.services import blinding_records as records

NO_AUTHOR = None
NOBODY = "None"
"""Stands for the author of a report whose message named none."""


def places_in(
    campaign_id: UUID, department_ids: Collection[UUID], *, has_strata: bool = False
) -> Select[Any]:
    """Return a query of each case of a campaign: id, department, and column of the author.

    And the column of the stratum, where they have one. The department is the opaque id as text;
    only cases of these departments are found. While a change of keys goes on, a department may
    have two columns and is one all the same.
    """
    named = names_of_departments(department_ids)
    names = values(
        named_column("department_index", String),
        named_column("department", String),
        name="place_name",
    ).data(list(named.items()))
    known = names.cte()
    strata = [Identity.stratum_index.label("stratum_index")] if has_strata else []
    return (
        select(
            Identity.case_id,
            known.c.department.label("department"),
            Identity.author_index.label("author_index"),
            *strata,
        )
        .join(Case, Case.id == Identity.case_id)
        .join(known, known.c.department_index == Identity.department_index)
        .where(Case.campaign_id == campaign_id)
    )


def names_of_authors(department_ids: Collection[UUID]) -> dict[str | None, str]:
    """Return what the columns stand for of all authors of some departments.

    While a change of keys goes on, an author may have two of them.
    """
    authors = db.session.scalars(select(Author.id).where(Author.department_id.in_(department_ids)))
    named: dict[str | None, str] = {NO_AUTHOR: NOBODY}
    for one in authors:
        named |= dict.fromkeys(records.indexes_of_author(one), str(one))
    return named


def authors_of_reports(report_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the opaque id of the author of each report whose message named one."""
    found: dict[UUID, UUID] = {}
    for part in records.portions(report_ids):
        # Plain columns: a list may have a million of them.
        rows = select(ReportIdentity.report_id, ReportIdentity.sealed_known)
        for report_id, sealed in db.session.execute(rows.where(ReportIdentity.report_id.in_(part))):
            author_id = records.open_author_of(report_id, sealed)
            if author_id is not None:
                found[report_id] = author_id
    return found


def count_authors(department_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many authors the reports of each department have named so far."""
    rows = db.session.execute(
        select(Author.department_id, func.count())
        .where(Author.department_id.in_(department_ids))
        .group_by(Author.department_id)
    )
    return dict(rows.all())


def names_of_departments(department_ids: Collection[UUID]) -> dict[str, str]:
    """Return what the columns of some departments stand for."""
    return {
        index: str(place)
        for place in department_ids
        for index in records.indexes_of_department(place)
    }


def readings_by_author(since: datetime) -> dict[UUID, dict[str, int]]:
    """Return how many reports of each author every reviewer has had, over all campaigns.

    Args:
        since: readings that were offered before are forgotten.

    Returns:
        By reviewer, then by the author's opaque id; identities that are purged count no more.
    """
    # What is planned and not yet offered is of today.
    lately = or_(Assignment.offered_at.is_(None), Assignment.offered_at >= since)
    authors = db.session.scalars(select(Author.id)).all()
    named = {index: str(one) for one in authors for index in records.indexes_of_author(one)}
    return _held_by(Identity.author_index, named, lately)


def readings_by_department(
    campaign_id: UUID, department_ids: Collection[UUID]
) -> dict[UUID, dict[str, int]]:
    """Return how many cases of each department every reviewer has in a campaign.

    Returns:
        By reviewer, then by the department's opaque id.
    """
    named = names_of_departments(department_ids)
    return _held_by(Identity.department_index, named, Assignment.campaign_id == campaign_id)


def _held_by(
    column: InstrumentedAttribute[Any], named: Mapping[str, str], which: ColumnElement[bool]
) -> dict[UUID, dict[str, int]]:
    rows = db.session.execute(
        select(Assignment.reviewer_id, column, func.count())
        .join(Identity, Identity.case_id == Assignment.case_id)
        .where(
            which,
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.not_in(GONE),
        )
        .group_by(Assignment.reviewer_id, column)
    )
    found: dict[UUID, dict[str, int]] = {}
    for reviewer_id, index, count in rows:
        if index in named:
            mine = found.setdefault(reviewer_id, {})
            mine[named[index]] = mine.get(named[index], 0) + count
    return found
