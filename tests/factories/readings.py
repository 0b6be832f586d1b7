"""Reviewers, drawn campaigns and readings for tests."""

from datetime import date
from itertools import count
from uuid import uuid4

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.protocol import AssignmentRules, Protocol, Scope
from peeraudit.domain.sampling.draws import DRAW_TAG
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.network import Reviewer, Speciality
from peeraudit.models.sampling import Draw, Frame
from peeraudit.services import assignment, blinding
from peeraudit.services import blinding_records as records
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.moments import MOMENT

_numbers = count(1)
SEED = "20240115|71|04|39|55|18"


def protocol_of(rules=AssignmentRules()):  # noqa: B008 - it is frozen
    """Return the rules of a campaign on CT with given rules of assignment."""
    scope = Scope(("CT",), date(2026, 10, 1), date(2026, 10, 31))
    return Protocol("Essai", scope, assignment=rules)


def make_reviewer(session, department, *, capacity=60, specialities=(("CT", "*"),), **values):
    """Return a reviewer of a department, with an account; committed."""
    number = next(_numbers)
    account = Account(
        id=uuid4(),
        email=f"reviewer{number:04d}@hospital.example",
        name=f"Reviewer {number:04d}",
        password_hash="-",
        created_at=MOMENT,
    )
    session.add(account)
    session.flush()
    grant = RoleGrant(
        id=uuid4(), account_id=account.id, role=Role.REVIEWER, department_id=department.id
    )
    reviewer = Reviewer(
        id=uuid4(),
        account_id=account.id,
        department_id=department.id,
        capacity=capacity,
        **values,
    )
    session.add_all([grant, reviewer])
    session.flush()
    for modality, region in specialities:
        session.add(
            Speciality(id=uuid4(), reviewer_id=reviewer.id, modality=modality, region=region)
        )
    session.commit()
    return reviewer


def make_drawn_campaign(session, departments, *, state=CampaignState.DRAWN, protocol=None):
    """Return a campaign whose draw, with a known seed, is written down; committed."""
    campaign = make_campaign(session, departments, state=state, protocol=protocol)
    frame = Frame(
        id=uuid4(),
        campaign_id=campaign.id,
        sha256="0" * 64,
        allocation="{}",
        pseudonym_key="k",
        frozen_at=MOMENT,
    )
    session.add(frame)
    session.flush()
    session.add(
        Draw(
            id=uuid4(),
            campaign_id=campaign.id,
            frame_id=frame.id,
            frame_frozen_at=MOMENT,
            seed=SEED,
            seed_sha256="0" * 64,
            algorithm=DRAW_TAG,
            result="{}",
            drawn_at=MOMENT,
        )
    )
    session.commit()
    return campaign


def make_cases(session, campaign, department, number, *, author=None, **values):
    """Return cases of a department that wait for readers; committed."""
    values.setdefault("state", CaseState.ELIGIBLE)
    return [
        make_case(
            session,
            campaign,
            make_report(session, department, author=author or Person("RPPS-1", "LENOIR", "Marie")),
            **values,
        )
        for _ in range(number)
    ]


def make_author_account(session, department, key, account_id):
    """Say that an author of a department has an account."""
    blinding.link_author(department.id, key, account_id)
    session.commit()
    return records.find_author(department.id, key)


def lead(session, password_hash):
    """Return the network lead as an actor."""
    return Actor(make_account(session, password_hash, Role.NETWORK_LEAD).id, Role.NETWORK_LEAD)


def reviewer_actor(reviewer):
    """Return a reviewer as an actor."""
    return Actor(reviewer.account_id, Role.REVIEWER, reviewer.department_id)


def plan(campaign, by):
    """Order a plan and let the worker compute it; return what it shows."""
    with unit_of_work():
        assignment.order_plan(campaign.id, by=by)
    sweep()
    return assignment.show_plan(campaign.id, by=by)


def plan_and_publish(campaign, by):
    """Plan and publish; return the number of readings."""
    view = plan(campaign, by)
    with unit_of_work():
        return assignment.publish_plan(view.id, by=by)


def make_network(session, *, departments=3, reviewers=2, capacity=60):
    """Return departments, each with reviewers who read CT."""
    places = [make_department(session) for _ in range(departments)]
    people = [
        make_reviewer(session, p, capacity=capacity) for p in places for _ in range(reviewers)
    ]
    return places, people
