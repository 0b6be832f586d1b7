"""Reviewers and people of the network for tests."""

from uuid import uuid4

from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.models.network import Reviewer, Speciality
from tests.factories.accounts import make_account


def make_actor(session, role, department=None):
    """Return a person who holds a role, as the one who acts."""
    department_id = department.id if department is not None else None
    return Actor(make_account(session, "-", role, department_id).id, role, department_id)


def make_reader(session, department, *, capacity=60, specialities=(("*", "*"),), **values):
    """Return a reviewer of a department that is committed."""
    account = make_account(session, "-", Role.REVIEWER, department.id)
    reviewer = Reviewer(
        id=uuid4(),
        account_id=account.id,
        department_id=department.id,
        capacity=capacity,
        **values,
    )
    session.add(reviewer)
    session.flush()
    for modality, region in specialities:
        session.add(
            Speciality(id=uuid4(), reviewer_id=reviewer.id, modality=modality, region=region)
        )
    session.commit()
    return reviewer
