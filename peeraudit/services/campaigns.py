"""Use cases: campaigns, their protocols, and where they stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from peeraudit.adapters.clock import now, today
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, NotFound
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_checks import check_protocol, find_problems
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.sample_plans import most_required, plan_sample, strata_by_then
from peeraudit.domain.strata import is_fine
from peeraudit.domain.workflow import CAMPAIGN_MOVES, CampaignEvent, CampaignState, advance
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign, CampaignDepartment
from peeraudit.models.network import Department
from peeraudit.services import trail
from peeraudit.services.frame_reports import count_stock

TITLE_MAXIMUM = 160
# Who may make a campaign move on; the lock and the draw have use cases of their own.
_PERMISSIONS: Mapping[CampaignEvent, Permission] = {
    CampaignEvent.LOCK: Permission.LOCK_PROTOCOL,
    CampaignEvent.DRAW: Permission.DRAW_SAMPLE,
    CampaignEvent.START: Permission.PUBLISH_ASSIGNMENT,
    CampaignEvent.SETTLE: Permission.COMPUTE_STATISTICS,
    CampaignEvent.FREEZE: Permission.COMPUTE_STATISTICS,
    CampaignEvent.REPORT: Permission.COMPUTE_STATISTICS,
    CampaignEvent.CLOSE: Permission.COMPUTE_STATISTICS,
}


@dataclass(frozen=True, slots=True)
class CampaignDepartmentView:
    """A department that takes part."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign, its rules and where it stands."""

    id: UUID
    code: str
    title: str
    state: CampaignState
    protocol: Protocol
    protocol_sha256: str | None
    departments: tuple[CampaignDepartmentView, ...]
    created_at: datetime
    locked_at: datetime | None
    frozen_at: datetime | None

    @property
    def is_draft(self) -> bool:
        """Return whether the rules may still be changed."""
        return self.state is CampaignState.DRAFT


def create_campaign(
    protocol: Protocol, department_ids: Collection[UUID] = (), *, by: Actor | None
) -> UUID:
    """Open a campaign as a draft with sound rules; return its id.

    Raises:
        InvalidFields: what is wrong with the rules, by dotted path.
        NotFound: there is no such department.
    """
    if by is not None:
        by.require(Permission.WRITE_PROTOCOL)
    _check(protocol)
    row = Campaign(
        id=uuid4(),
        code=_free_code(protocol.scope.period_end.year),
        created_by=by.account_id if by else None,
        created_at=now(),
        state=CampaignState.DRAFT,
        **_columns(protocol),
    )
    db.session.add(row)
    db.session.flush()  # the departments refer to the campaign
    _choose(row.id, department_ids)
    details = {"code": row.code}
    trail.record("create_campaign", by, object_kind="campaign", object_id=row.id, details=details)
    return row.id


def save_protocol(
    campaign_id: UUID, protocol: Protocol, department_ids: Collection[UUID], *, by: Actor
) -> None:
    """Replace the rules and the departments of a draft.

    Raises:
        InvalidFields: what is wrong with the rules, by dotted path.
        InvalidInput: the protocol is locked.
        NotFound: there is no such campaign or department.
    """
    by.require(Permission.WRITE_PROTOCOL)
    row = locked_row(campaign_id)
    if row.state is not CampaignState.DRAFT:
        raise InvalidInput(
            N_(
                "The protocol of this campaign is locked: its rules no longer change."
                " Nothing was changed."
            )
        )
    _check(protocol)
    for name, value in _columns(protocol).items():
        setattr(row, name, value)
    _choose(row.id, department_ids)
    trail.record("save_protocol", by, object_kind="campaign", object_id=row.id)


def lock_campaign(campaign_id: UUID, *, by: Actor) -> str:
    """Lock the rules for good; return their hash.

    Raises:
        InvalidFields: the rules are not sound.
        InvalidInput: no department takes part, or the minimum cannot be met.
        IllegalMove: the campaign is no draft.
    """
    by.require(Permission.LOCK_PROTOCOL)
    row = locked_row(campaign_id)
    state = advance(CAMPAIGN_MOVES, row.state, CampaignEvent.LOCK)
    protocol = from_json(row.protocol)
    check_protocol(protocol)
    departments = departments_of([row.id])[row.id]
    _check_departments(protocol, {one.id: one.code for one in departments})
    row.protocol_sha256, row.locked_at, row.state = protocol.sha256(), now(), state
    trail.record(
        "lock_campaign",
        by,
        object_kind="campaign",
        object_id=row.id,
        details={
            "protocol_sha256": row.protocol_sha256,
            "departments": [department.code for department in departments],
        },
    )
    return row.protocol_sha256


def advance_campaign(campaign_id: UUID, event: CampaignEvent, *, by: Actor | None) -> CampaignState:
    """Move a campaign on and write it down; return its new state. ``by`` None is the system.

    Raises:
        IllegalMove: the event is not possible where the campaign stands.
        NotFound: there is no such campaign.
    """
    if by is not None:
        by.require(_PERMISSIONS[event])
    row = locked_row(campaign_id)
    before = row.state
    row.state = advance(CAMPAIGN_MOVES, before, event)
    if event is CampaignEvent.FREEZE:
        row.frozen_at = now()
    if event is CampaignEvent.CLOSE:
        row.closed_at = now()
    trail.record(
        f"{event.value}_campaign",
        by,
        object_kind="campaign",
        object_id=row.id,
        details={"from": before.value, "to": row.state.value},
    )
    return row.state


def list_campaigns(*, by: Actor) -> list[CampaignView]:
    """Return the campaigns, newest first; a department's people see those it takes part in."""
    by.require(Permission.READ_CAMPAIGN)
    statement = select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id)
    if by.department_id is not None:
        statement = statement.where(Campaign.id.in_(_campaigns_with(by.department_id)))
        statement = statement.where(Campaign.state != CampaignState.DRAFT)
    rows = db.session.scalars(statement).all()
    places = departments_of([row.id for row in rows])
    return [_view(row, places[row.id]) for row in rows]


def show_campaign(campaign_id: UUID, *, by: Actor) -> CampaignView:
    """Return one campaign.

    Raises:
        NotFound: there is none, or the actor's department takes no part in it.
    """
    by.require(Permission.READ_CAMPAIGN)
    row = db.session.get(Campaign, campaign_id)
    if row is None:
        raise NotFound(N_("There is no such campaign."))
    places = departments_of([row.id])[row.id]
    if by.department_id is not None and (
        row.state is CampaignState.DRAFT or by.department_id not in {p.id for p in places}
    ):
        raise NotFound(N_("There is no such campaign."))
    return _view(row, places)


def list_choices(*, by: Actor) -> list[CampaignDepartmentView]:
    """Return the departments that may take part in a new campaign."""
    by.require(Permission.WRITE_PROTOCOL)
    rows = db.session.scalars(select(Department).where(Department.active).order_by(Department.code))
    return [CampaignDepartmentView(row.id, row.code, row.name) for row in rows]


def protocol_of(campaign_id: UUID) -> Protocol:
    """Return the rules of a campaign, for the system's own use.

    Raises:
        NotFound: there is no such campaign.
    """
    text = db.session.scalar(select(Campaign.protocol).where(Campaign.id == campaign_id))
    if text is None:
        raise NotFound(N_("There is no such campaign."))
    return from_json(text)


def locked_row(campaign_id: UUID) -> Campaign:
    """Return a campaign's row, held until the end of the unit of work; for services alone.

    Raises:
        NotFound: there is no such campaign.
    """
    row = db.session.scalar(select(Campaign).where(Campaign.id == campaign_id).with_for_update())
    if row is None:
        raise NotFound(N_("There is no such campaign."))
    return row


def departments_of(campaign_ids: Collection[UUID]) -> dict[UUID, list[CampaignDepartmentView]]:
    """Return the departments of each campaign in the order of their codes."""
    found: dict[UUID, list[CampaignDepartmentView]] = {id_: [] for id_ in campaign_ids}
    rows = db.session.execute(
        select(CampaignDepartment.campaign_id, Department.id, Department.code, Department.name)
        .join(Department, Department.id == CampaignDepartment.department_id)
        .where(CampaignDepartment.campaign_id.in_(campaign_ids))
        .order_by(Department.code)
    )
    for campaign_id, department_id, code, name in rows:
        found[campaign_id].append(CampaignDepartmentView(department_id, code, name))
    return found


def codes_of(campaign_id: UUID) -> dict[UUID, str]:
    """Return the code of each department that takes part."""
    return {place.id: place.code for place in departments_of([campaign_id])[campaign_id]}


def _check(protocol: Protocol) -> None:
    problems = find_problems(protocol)
    if "title" not in problems and len(protocol.title) > TITLE_MAXIMUM:
        sentence = N_("The title may have at most %(maximum)d characters.")
        problems["title"] = InvalidInput(sentence, maximum=TITLE_MAXIMUM)
    if problems:
        raise InvalidFields(problems)


def _check_departments(protocol: Protocol, codes: Mapping[UUID, str]) -> None:
    if not codes:
        raise InvalidInput(N_("No department takes part yet. Choose them, then lock the protocol."))
    sampling, modalities = protocol.sampling, len(protocol.scope.modalities)
    if is_fine(sampling.strata):
        # How many there will be is known with the reports alone, and with the weeks to come.
        held = count_stock(codes, protocol).strata
        plan_sample(held, sampling)
        if protocol.scope.period_end < today():
            return
        strata = strata_by_then(held, len(codes), protocol)
        required = strata * sampling.stratum_minimum
    else:
        strata = len(codes) * (modalities if sampling.strata else 1)
        required = most_required(len(codes), modalities, sampling)
    if sampling.share is None and required > sampling.target:
        raise InvalidInput(
            N_(
                "%(strata)d strata with at least %(minimum)d reports each may ask for"
                " %(required)d reports, and the protocol draws %(target)d. Raise the number of"
                " reports or lower the minimum, then lock the protocol."
            ),
            strata=strata,
            minimum=sampling.stratum_minimum,
            required=required,
            target=sampling.target,
        )


def _columns(protocol: Protocol) -> dict[str, object]:
    protocol = replace(protocol, title=protocol.title.strip())
    return {
        "title": protocol.title,
        "period_start": protocol.scope.period_start,
        "period_end": protocol.scope.period_end,
        "protocol": protocol.to_canonical_json(),
    }


def _choose(campaign_id: UUID, department_ids: Collection[UUID]) -> None:
    wanted = set(department_ids)
    known = set(db.session.scalars(select(Department.id).where(Department.id.in_(wanted))))
    if wanted - known:
        raise NotFound(N_("There is no such department."))
    db.session.execute(
        delete(CampaignDepartment).where(CampaignDepartment.campaign_id == campaign_id)
    )
    for department_id in sorted(wanted):
        db.session.add(CampaignDepartment(campaign_id=campaign_id, department_id=department_id))
    db.session.flush()  # the lock counts them


def _free_code(year: int) -> str:
    like = Campaign.code.startswith(f"{year}-", autoescape=True)
    number = db.session.scalar(select(func.count()).select_from(Campaign).where(like)) or 0
    taken = set(db.session.scalars(select(Campaign.code).where(like)))
    while f"{year}-{number + 1:02d}" in taken:
        number += 1
    return f"{year}-{number + 1:02d}"


def _campaigns_with(department_id: UUID) -> list[UUID]:
    mine = CampaignDepartment.department_id == department_id
    return list(db.session.scalars(select(CampaignDepartment.campaign_id).where(mine)))


def _view(row: Campaign, places: Collection[CampaignDepartmentView]) -> CampaignView:
    return CampaignView(
        id=row.id,
        code=row.code,
        title=row.title,
        state=row.state,
        protocol=from_json(row.protocol),
        protocol_sha256=row.protocol_sha256,
        departments=tuple(places),
        created_at=row.created_at,
        locked_at=row.locked_at,
        frozen_at=row.frozen_at,
    )
