"""Use cases: counting cases by department and author where they lie, without opening a link.

The columns by which a link is found tell which cases share a department or an author. Whoever
counts groups by them, and learns here which opaque id each of them stands for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity
from peeraudit.services import blinding_records as records

NO_AUTHOR = None
NOBODY = "None"
"""Stands for the author of a report whose message named none."""


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """What the columns of a campaign's cases stand for, as opaque ids that tell no name.

    Attributes:
        departments: by the column of the department.
        authors: by the column of the author; None is an author too.
    """

    departments: dict[str, str]
    authors: dict[str | None, str]


def places_in(campaign_id: UUID) -> Select[*tuple[UUID, str, str | None]]:
    """Return a query of each case of a campaign: id, column of the department, of the author."""
    return (
        select(Identity.case_id, Identity.department_index, Identity.author_index)
        .join(Case, Case.id == Identity.case_id)
        .where(Case.campaign_id == campaign_id)
    )


def names_of_places(department_ids: Collection[UUID]) -> PlaceNames:
    """Return what the columns stand for of some departments and of all their authors.

    While a change of keys goes on, a department or an author may have two of them.
    """
    authors = db.session.scalars(select(Author.id).where(Author.department_id.in_(department_ids)))
    named: dict[str | None, str] = {NO_AUTHOR: NOBODY}
    for one in authors:
        named |= dict.fromkeys(records.indexes_of_author(one), str(one))
    return PlaceNames(departments=names_of_departments(department_ids), authors=named)


def names_of_departments(department_ids: Collection[UUID]) -> dict[str, str]:
    """Return what the columns of some departments stand for."""
    return {
        index: str(place)
        for place in department_ids
        for index in records.indexes_of_department(place)
    }
