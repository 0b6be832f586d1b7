"""Reviewers, assignments and reviews for tests."""

from datetime import timedelta
from uuid import uuid4

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.network import Reviewer
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_case, make_report
from tests.factories.readings import make_drawn_campaign

MASKED = (
    "INDICATION : toux fébrile chez ⟦patient⟧.\n"
    "RÉSULTATS : foyer du lobe moyen, de 12 mm. Comparaison avec le scanner du ⟦date⟧.\n"
    "CONCLUSION : pneumopathie du lobe moyen.\n⟦signature⟧"
)


def make_reviewer(session, password_hash, department=None):
    """Return a committed reviewer's row and the actor behind it."""
    department = department or make_department(session)
    account = make_account(session, password_hash, Role.REVIEWER, department.id)
    reviewer = add_reviewer(session, account.id, department)
    return reviewer, Actor(account.id, Role.REVIEWER, department.id)


def add_reviewer(session, account_id, department):
    """Return a committed reviewer's row for an account that exists."""
    reviewer = Reviewer(id=uuid4(), account_id=account_id, department_id=department.id)
    session.add(reviewer)
    session.commit()
    return reviewer


def make_masked_case(session, campaign, department, *, state=CaseState.ASSIGNED, **values):
    """Return a committed case whose text was masked and checked."""
    values.setdefault("masked_text", MASKED)
    values.setdefault("shown_date", "2026-10")
    return make_case(session, campaign, make_report(session, department), state=state, **values)


def make_assignment(
    session, case, reviewer, *, turn=Turn.FIRST, state=AssignmentState.OFFERED, days=5, **values
):
    """Return a committed assignment that is due in ``days`` days."""
    row = Assignment(
        id=uuid4(),
        campaign_id=case.campaign_id,
        case_id=case.id,
        reviewer_id=reviewer.id,
        turn=turn,
        state=state,
        due_at=now() + timedelta(days=days),
        offered_at=now(),
        **values,
    )
    session.add(row)
    session.commit()
    return row


def make_reading(session, reviewer, *, campaign=None, department=None, **values):
    """Return a committed assignment of a fresh case of some other department."""
    department = department or make_department(session)
    campaign = campaign or make_drawn_campaign(session, [department], state=CampaignState.RUNNING)
    case = make_masked_case(session, campaign, department)
    return make_assignment(session, case, reviewer, **values)
