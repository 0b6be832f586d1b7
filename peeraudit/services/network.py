"""Use cases: the departments of the network, and who reviews for them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select

from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidFields, InvalidInput, NotFound
from peeraudit.domain.network import (
    DepartmentCard,
    ReviewerCard,
    check_department,
    check_reviewer,
    tidy_specialities,
)
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.network import Department, Reviewer, Speciality
from peeraudit.models.sampling import FrameEntry
from peeraudit.services import trail


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """A department and how many people read for it."""

    id: UUID
    card: DepartmentCard
    reviewers: int


@dataclass(frozen=True, slots=True)
class ReviewerView:
    """A reviewer, as the network lead sees them."""

    id: UUID
    account_id: UUID
    name: str
    email: str
    department_id: UUID
    department_code: str
    department_name: str
    card: ReviewerCard


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A person who holds the role of reviewer and is not set up as one yet."""

    account_id: UUID
    name: str
    email: str
    department_name: str


def list_departments(*, by: Actor) -> list[DepartmentView]:
    """Return every department in the order of the codes."""
    by.require(Permission.MANAGE_NETWORK)
    rows = db.session.scalars(select(Department).order_by(Department.code)).all()
    readers: dict[UUID, int] = {}
    for department_id in db.session.scalars(select(Reviewer.department_id)):
        readers[department_id] = readers.get(department_id, 0) + 1
    return [DepartmentView(row.id, _card(row), readers.get(row.id, 0)) for row in rows]


def show_department(department_id: UUID, *, by: Actor) -> DepartmentView:
    """Return one department.

    Raises:
        NotFound: there is none.
    """
    by.require(Permission.MANAGE_NETWORK)
    row = db.session.get(Department, department_id)
    if row is None:
        raise NotFound(N_("There is no such department."))
    readers = db.session.scalars(
        select(Reviewer.id).where(Reviewer.department_id == department_id)
    ).all()
    return DepartmentView(row.id, _card(row), len(readers))


def add_department(card: DepartmentCard, *, by: Actor | None) -> UUID:
    """Add a department; return its id. ``by`` is None where the installation is filled.

    Raises:
        InvalidFields: a field cannot be used, or another department has the same.
    """
    if by is not None:
        by.require(Permission.MANAGE_NETWORK)
    check_department(card)
    _refuse_twin(card, None)
    row = Department(id=uuid4(), **_columns(card))
    db.session.add(row)
    db.session.flush()  # what follows refers to the department
    details = {"code": card.code}
    trail.record("add_department", by, object_kind="department", object_id=row.id, details=details)
    return row.id


def edit_department(department_id: UUID, card: DepartmentCard, *, by: Actor) -> None:
    """Change a department; its code stays once a list of reports bears it.

    Raises:
        NotFound: there is none.
        InvalidFields: a field cannot be used, or another department has the same.
    """
    by.require(Permission.MANAGE_NETWORK)
    check_department(card)
    row = db.session.scalar(
        select(Department).where(Department.id == department_id).with_for_update()
    )
    if row is None:
        raise NotFound(N_("There is no such department."))
    _refuse_twin(card, department_id)
    if card.code != row.code and _is_in_a_frame(row.code):
        sentence = N_("The code stays: a frozen list of reports bears it.")
        raise InvalidFields({"code": InvalidInput(sentence)})
    changed = [name for name, value in _columns(card).items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, _columns(card)[name])
    if changed:
        trail.record(
            "edit_department",
            by,
            object_kind="department",
            object_id=row.id,
            details={"changed": changed},
        )


def list_reviewers(*, by: Actor) -> list[ReviewerView]:
    """Return every reviewer, by department and name."""
    by.require(Permission.MANAGE_NETWORK)
    return _reviewers()


def show_reviewer(reviewer_id: UUID, *, by: Actor) -> ReviewerView:
    """Return one reviewer.

    Raises:
        NotFound: there is none.
    """
    by.require(Permission.MANAGE_NETWORK)
    found = _reviewers(reviewer_id)
    if not found:
        raise NotFound(N_("There is no such reviewer."))
    return found[0]


def list_candidates(*, by: Actor) -> list[CandidateView]:
    """Return who holds the role of reviewer and has no capacity and speciality yet."""
    by.require(Permission.MANAGE_NETWORK)
    rows = db.session.execute(
        select(Account.id, Account.name, Account.email, Department.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Department, Department.id == RoleGrant.department_id)
        .outerjoin(Reviewer, Reviewer.account_id == Account.id)
        .where(RoleGrant.role == Role.REVIEWER, Account.active, Reviewer.id.is_(None))
        .order_by(Department.name, Account.name, Account.id)
    )
    once = {row[0]: CandidateView(*row) for row in rows}
    return list(once.values())


def make_reviewer(account: UUID | str, card: ReviewerCard, *, by: Actor | None) -> UUID:
    """Set a person up as a reviewer of the department that their role is for; return the id.

    Args:
        account: the person's account, by id or by e-mail address.
        card: how much and what the person reads.
        by: who does it; None where the installation is filled.

    Raises:
        NotFound: there is no such account.
        InvalidInput: the person does not hold the role of reviewer.
        Conflicting: the person is set up as a reviewer already.
    """
    if by is not None:
        by.require(Permission.MANAGE_NETWORK)
    is_person = Account.id == account if isinstance(account, UUID) else Account.email == account
    account_id = db.session.scalar(select(Account.id).where(is_person))
    if account_id is None:
        raise NotFound(N_("There is no account with this e-mail address."))
    return create_reviewer(account_id, card, by=by)


def create_reviewer(account_id: UUID, card: ReviewerCard, *, by: Actor | None) -> UUID:
    """Write down a reviewer for a person; who may do so is for the caller to judge."""
    check_reviewer(card)
    if db.session.scalar(select(Reviewer.id).where(Reviewer.account_id == account_id)):
        raise Conflicting(N_("This person is set up as a reviewer already."))
    grants = RoleGrant.account_id == account_id, RoleGrant.role == Role.REVIEWER
    department_id = db.session.scalar(
        select(RoleGrant.department_id).where(*grants).order_by(RoleGrant.id).limit(1)
    )
    if department_id is None:
        raise InvalidInput(
            N_("This person does not hold the role of reviewer: an administrator can give it.")
        )
    row = Reviewer(id=uuid4(), account_id=account_id, department_id=department_id)
    db.session.add(row)
    db.session.flush()  # the specialities refer to the reviewer
    write_card(row, card)
    trail.record("make_reviewer", by, object_kind="reviewer", object_id=row.id)
    return row.id


def edit_reviewer(reviewer_id: UUID, card: ReviewerCard, *, by: Actor) -> None:
    """Change how much and what a reviewer reads.

    Raises:
        NotFound: there is none.
        InvalidFields: a value cannot be used.
    """
    by.require(Permission.MANAGE_NETWORK)
    check_reviewer(card)
    row = db.session.scalar(select(Reviewer).where(Reviewer.id == reviewer_id).with_for_update())
    if row is None:
        raise NotFound(N_("There is no such reviewer."))
    write_card(row, card)
    trail.record("edit_reviewer", by, object_kind="reviewer", object_id=row.id)


def write_card(row: Reviewer, card: ReviewerCard) -> None:
    """Put a sound card onto a reviewer's row, specialities included."""
    row.capacity, row.accepting = card.capacity, card.accepting
    row.adjudicates, row.reads_children = card.adjudicates, card.reads_children
    db.session.execute(delete(Speciality).where(Speciality.reviewer_id == row.id))
    for modality, region in tidy_specialities(card.specialities):
        pair = Speciality(id=uuid4(), reviewer_id=row.id, modality=modality, region=region)
        db.session.add(pair)


def cards_of(rows: Collection[Reviewer]) -> dict[UUID, ReviewerCard]:
    """Return the card of each reviewer's row, by the reviewer's id."""
    pairs: dict[UUID, list[tuple[str, str]]] = {row.id: [] for row in rows}
    listed = select(Speciality).where(Speciality.reviewer_id.in_(pairs))
    for one in db.session.scalars(listed.order_by(Speciality.modality, Speciality.region)):
        pairs[one.reviewer_id].append((one.modality, one.region))
    return {
        row.id: ReviewerCard(
            row.capacity,
            row.accepting,
            row.adjudicates,
            tuple(pairs[row.id]),
            row.reads_children,
        )
        for row in rows
    }


def _reviewers(reviewer_id: UUID | None = None) -> list[ReviewerView]:
    statement = (
        select(Reviewer, Account.name, Account.email, Department.code, Department.name)
        .join(Account, Account.id == Reviewer.account_id)
        .join(Department, Department.id == Reviewer.department_id)
        .order_by(Department.code, Account.name, Reviewer.id)
    )
    if reviewer_id is not None:
        statement = statement.where(Reviewer.id == reviewer_id)
    rows = db.session.execute(statement).all()
    cards = cards_of([row[0] for row in rows])
    return [
        ReviewerView(
            id=reviewer.id,
            account_id=reviewer.account_id,
            name=name,
            email=email,
            department_id=reviewer.department_id,
            department_code=code,
            department_name=department,
            card=cards[reviewer.id],
        )
        for reviewer, name, email, code, department in rows
    ]


def _refuse_twin(card: DepartmentCard, department_id: UUID | None) -> None:
    same = select(Department).where(or_(Department.code == card.code, Department.name == card.name))
    wrong: dict[str, InvalidInput] = {}
    for row in db.session.scalars(same):
        if row.id == department_id:
            continue
        if row.code == card.code:
            wrong["code"] = InvalidInput(N_("Another department has this code."))
        if row.name == card.name:
            wrong["name"] = InvalidInput(N_("Another department has this name."))
    if wrong:
        raise InvalidFields(wrong)


def _is_in_a_frame(code: str) -> bool:
    # Where departments are not divided, the code alone is the name.
    bears = FrameEntry.stratum.startswith(f"{code}:", autoescape=True)
    listed = select(FrameEntry.id).where(or_(bears, FrameEntry.stratum == code))
    return db.session.scalar(listed.limit(1)) is not None


def _card(row: Department) -> DepartmentCard:
    return DepartmentCard(
        code=row.code,
        name=row.name,
        city=row.city,
        finess=row.finess or "",
        language=row.language,
        viewer_url=row.viewer_url,
        active=row.active,
    )


def _columns(card: DepartmentCard) -> dict[str, object]:
    return {**asdict(card), "finess": card.finess or None}
