"""Accounts and departments for tests."""

from itertools import count
from uuid import uuid4

from peeraudit.domain.accounts import DEPARTMENT_ROLES
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.network import Department
from tests.factories.moments import MOMENT

# Written with four digits: no name is the beginning of another, whatever was made before.
_numbers = count(1)


def make_department(session, **values):
    """Return a department that is committed."""
    number = next(_numbers)
    department = Department(
        id=uuid4(), code=f"D{number:04d}", name=f"Centre d'imagerie {number:04d}", **values
    )
    session.add(department)
    session.commit()
    return department


def make_account(session, password_hash, role=None, department_id=None):
    """Return an account that is committed, with a role where one is named."""
    number = next(_numbers)
    account = Account(
        id=uuid4(),
        email=f"person{number:04d}@hospital.example",
        name=f"Person {number:04d}",
        password_hash=password_hash,
        created_at=MOMENT,
    )
    session.add(account)
    session.flush()
    if role is not None:
        if role in DEPARTMENT_ROLES and department_id is None:
            department_id = make_department(session).id
        session.add(
            RoleGrant(id=uuid4(), account_id=account.id, role=role, department_id=department_id)
        )
    session.commit()
    return account
