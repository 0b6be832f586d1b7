"""Use cases: showing the identity behind a case, to one person, once another has agreed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, false, select

from peeraudit.adapters import clock
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, NotAllowed, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.unsealing import (
    DECIDE_WITHIN,
    OPEN_WITHIN,
    SHOWN_FOR,
    Marks,
    UnsealingState,
    check_decision,
    check_opening,
    check_reason,
    state_of,
)
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.network import Reviewer
from peeraudit.models.unsealing import Unsealing
from peeraudit.services import blinding_records as records
from peeraudit.services import notifications, trail

PAGE = "/unsealing/"
_OPEN_STATES = (UnsealingState.ASKED, UnsealingState.GRANTED, UnsealingState.SHOWN)


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request, without any identity.

    Attributes:
        is_own: the reader asked.
        may_decide: the reader may grant or refuse it now.
        until: when its present state ends by itself; None where it does not.
        seconds_left: until then, in whole seconds; 0 where it does not.
    """

    id: UUID
    code: str
    asked_by: str
    reason: str
    asked_at: datetime
    state: UnsealingState
    decided_by: str
    decision_reason: str
    until: datetime | None
    is_own: bool
    may_decide: bool
    seconds_left: int


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Who is behind a case, as its message says; for who asked, for a few minutes.

    Attributes:
        patients: the patient's names.
        clinicians: who signed, asked for the examination, or treats the patient.
    """

    accession: str
    performed_on: date
    exam: str
    patients: tuple[str, ...]
    birth_dates: tuple[date, ...]
    identifiers: tuple[str, ...]
    phones: tuple[str, ...]
    addresses: tuple[str, ...]
    clinicians: tuple[str, ...]


def ask(code: str, reason: str, *, by: Actor) -> UUID:
    """Ask for the identity behind a case of the own department; return the request's id.

    Raises:
        NotFound: the department sent no such case, or its identity was purged.
        NotAllowed: the actor reads or settles the case, in whatever role.
        InvalidInput: the reason says too little.
        Conflicting: the same person's request for it still waits or is open.
    """
    by.require(Permission.UNSEAL_IDENTITIES)
    said = check_reason(reason)
    case_id = db.session.scalar(
        select(Case.id).where(Case.code == code.strip().upper()).with_for_update()
    )
    link = records.links_of([case_id]).get(case_id) if case_id else None
    if link is None or case_id is None or link.department_id != by.department_id:
        raise NotFound(N_("Your department sent no case of this code, or its identity was purged."))
    if _has_read(case_id, by):
        raise NotAllowed(
            N_("You were given this case to read: whoever reads a case never learns whose it is.")
        )
    mine = select(Unsealing).where(
        Unsealing.case_id == case_id, Unsealing.asked_by == by.account_id
    )
    if any(_state(row) in _OPEN_STATES for row in db.session.scalars(mine)):
        raise Conflicting(N_("You have asked for this identity already: see the list below."))
    row = Unsealing(
        id=uuid4(),
        case_id=case_id,
        asked_by=by.account_id,
        department_id=link.department_id,
        reason=said,
        asked_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()  # a broken rule is to be refused here and not at the commit
    trail.record("ask_unsealing", by, object_kind="case", object_id=case_id, reason=said)
    _tell_second_people(row, code.strip().upper())
    return row.id


def decide(request_id: UUID, *, grant: bool, reason: str = "", by: Actor) -> None:
    """Grant or refuse somebody else's request.

    Raises:
        NotFound: there is no such request, or it is not the actor's to see.
        NotAllowed: the actor asked.
        IllegalMove: it was decided on already, or its time is over.
        InvalidInput: it is refused without a reason.
    """
    by.require(Permission.GRANT_UNSEALING)
    row = _locked(request_id, by)
    check_decision(_state(row), asked_by=row.asked_by, by=by.account_id)
    row.decision_reason = reason.strip()[:300] if grant else check_reason(reason)
    row.granted, row.decided_by, row.decided_at = grant, by.account_id, clock.now()
    act = "grant_unsealing" if grant else "refuse_unsealing"
    trail.record(act, by, object_kind="case", object_id=row.case_id, reason=row.decision_reason)
    kind = NoticeKind.UNSEALING_GRANTED if grant else NoticeKind.UNSEALING_REFUSED
    code = db.session.get_one(Case, row.case_id).code
    notifications.tell(
        row.asked_by, kind, key=str(row.id), params={"code": code}, path=f"{PAGE}{row.id}"
    )


def open_identity(request_id: UUID, *, by: Actor) -> None:
    """Let a granted identity be shown to who asked, for some minutes and never again.

    Raises:
        NotFound: there is no such request of the actor's.
        IllegalMove: it was not granted, is over, or was opened already.
    """
    by.require(Permission.UNSEAL_IDENTITIES)
    row = _locked(request_id, by)
    if row.asked_by != by.account_id:
        raise NotFound(N_("There is no such request."))
    check_opening(_state(row))
    row.opened_at = clock.now()
    trail.record(
        "unseal_identity", by, object_kind="case", object_id=row.case_id, reason=row.reason
    )


def show_identity(request_id: UUID, *, by: Actor) -> Unsealed | None:
    """Return who is behind a case while it is open to the actor; None before and after.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
        NotFound: there is no such request, or it is not the actor's to see.
    """
    row = _row(request_id, by)
    if row.asked_by != by.account_id or _state(row) is not UnsealingState.SHOWN:
        return None
    link = records.links_of([row.case_id]).get(row.case_id)
    sealed = records.reports_of([link.report_id]).get(link.report_id) if link else None
    if link is None or sealed is None:
        return None
    report = db.session.get_one(Report, link.report_id)
    words = records.open_known(sealed).words
    return Unsealed(
        accession=report.accession,
        performed_on=report.performed_on,
        exam=report.exam,
        patients=tuple(_readable(name) for name in words.get("patient", ())),
        birth_dates=tuple(map(date.fromisoformat, words.get("birth_date", ()))),
        identifiers=tuple(words.get("identifiers", ())),
        phones=tuple(words.get("phones", ())),
        addresses=tuple(words.get("addresses", ())),
        clinicians=tuple(_readable(name) for name in words.get("clinicians", ())),
    )


def list_requests(*, by: Actor, limit: int = 50) -> list[RequestView]:
    """Return the requests that the actor made or may decide on, the newest first."""
    by.require(Permission.GRANT_UNSEALING)
    rows = db.session.scalars(
        select(Unsealing)
        .where(_is_visible(by))
        .order_by(Unsealing.asked_at.desc(), Unsealing.id)
        .limit(limit)
    ).all()
    return _views(rows, by)


def show_request(request_id: UUID, *, by: Actor) -> RequestView:
    """Return one request.

    Raises:
        NotFound: there is no such request, or it is not the actor's to see.
    """
    return _views([_row(request_id, by)], by)[0]


def cases_asked_for(case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of some cases whose identity somebody waits for or may see just now."""
    rows = db.session.scalars(select(Unsealing).where(Unsealing.case_id.in_(case_ids)))
    return frozenset(row.case_id for row in rows if _state(row) in _OPEN_STATES)


def _has_read(case_id: UUID, by: Actor) -> bool:
    given = (
        select(Assignment.id)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .where(Assignment.case_id == case_id, Reviewer.account_id == by.account_id)
    )
    return db.session.scalar(given.limit(1)) is not None


def _tell_second_people(row: Unsealing, code: str) -> None:
    for kind, place in (
        (NoticeKind.UNSEALING_ASKED, row.department_id),
        (NoticeKind.UNSEALING_ASKED_OF_OFFICER, None),
    ):
        notifications.tell_all(
            place,
            kind,
            key=str(row.id),
            params={"code": code},
            path=f"{PAGE}{row.id}",
            but=row.asked_by,
        )


def _is_visible(by: Actor) -> ColumnElement[bool]:
    if by.role is Role.DATA_PROTECTION_OFFICER:
        return Unsealing.id.is_not(None)
    if by.department_id is None:
        return false()
    return Unsealing.department_id == by.department_id


def _row(request_id: UUID, by: Actor) -> Unsealing:
    by.require(Permission.GRANT_UNSEALING)
    row = db.session.scalar(select(Unsealing).where(Unsealing.id == request_id, _is_visible(by)))
    if row is None:
        raise NotFound(N_("There is no such request."))
    return row


def _locked(request_id: UUID, by: Actor) -> Unsealing:
    db.session.execute(select(Unsealing.id).where(Unsealing.id == request_id).with_for_update())
    return _row(request_id, by)


def _marks(row: Unsealing) -> Marks:
    return Marks(row.asked_at, row.granted, row.decided_at, row.opened_at)


def _state(row: Unsealing) -> UnsealingState:
    return state_of(_marks(row), clock.now())


def _until(row: Unsealing, state: UnsealingState) -> datetime | None:
    if state is UnsealingState.ASKED:
        return row.asked_at + DECIDE_WITHIN
    if state is UnsealingState.GRANTED and row.decided_at:
        return row.decided_at + OPEN_WITHIN
    if state is UnsealingState.SHOWN and row.opened_at:
        return row.opened_at + SHOWN_FOR
    return None


def _views(rows: Sequence[Unsealing], by: Actor) -> list[RequestView]:
    people = {row.asked_by for row in rows} | {row.decided_by for row in rows if row.decided_by}
    names = dict(
        db.session.execute(select(Account.id, Account.name).where(Account.id.in_(people))).all()
    )
    codes = dict(
        db.session.execute(
            select(Case.id, Case.code).where(Case.id.in_([row.case_id for row in rows]))
        ).all()
    )
    return [_view(row, names, codes[row.case_id], by) for row in rows]


def _view(row: Unsealing, names: dict[UUID, str], code: str, by: Actor) -> RequestView:
    state, is_own = _state(row), row.asked_by == by.account_id
    until = _until(row, state)
    return RequestView(
        id=row.id,
        code=code,
        asked_by=names[row.asked_by],
        reason=row.reason,
        asked_at=row.asked_at,
        state=state,
        decided_by=names[row.decided_by] if row.decided_by else "",
        decision_reason=row.decision_reason,
        until=until,
        is_own=is_own,
        may_decide=state is UnsealingState.ASKED and not is_own,
        seconds_left=int((until - clock.now()).total_seconds()) if until else 0,
    )


def _readable(name: str) -> str:
    last, first, middle = (*name.split("^"), "", "")[:3]
    return " ".join(part for part in (first, middle, last) if part)
