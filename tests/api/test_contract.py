"""Every call of the REST interface keeps to its description, for whoever makes it.

Values are made up from the description (Schemathesis), the same ones in each run. A token of each
role makes every call: none may fail, and each answer must be one that is described.
"""

import warnings

import pytest
import schemathesis
from flask import g
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Grant, Permission, Role
from peeraudit.domain.errors import InvalidInput
from peeraudit.extensions import db
from peeraudit.models.accounts import RoleGrant
from peeraudit.services import accounts, tokens
from tests.factories.accounts import make_account
from tests.factories.audits import Read, make_audit

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# With these the whole file takes about a minute; raise it to look deeper.
EXAMPLES = 6
STEADY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described(app):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(app.test_client().get("/api/v1/openapi.json").json)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def audit(session):
    """A campaign that is read and settled, so that there is something to answer with."""
    return make_audit(session, [{"CT": (40, [Read(4), Read(2, "2a", "1", None)])}])


@pytest.fixture
def headers(session, password_hash, audit, role):
    account = make_account(session, password_hash, role, audit.departments[0].id)
    session.query(RoleGrant).filter_by(account_id=account.id).delete()
    session.commit()
    with unit_of_work():
        accounts.give_role(account.id, grant_of(role, audit), by=None)
    person = accounts.find_person(account.id)
    with unit_of_work():
        secret = tokens.create_token(
            "test", frozenset(Permission), days=1, by=person.as_actor(person.grants[0])
        )
    return {"Authorization": f"Bearer {secret}"}


def grant_of(role, audit):
    try:
        return Grant(role, audit.departments[0].id)
    except InvalidInput:
        return Grant(role)


def begin_afresh():
    """Do what the end of a request's context does in production."""
    for name in list(g):
        g.pop(name)
    db.session.rollback()


def known_ids(audit):
    return {
        "campaign_id": audit.campaign.id,
        "department_id": audit.departments[0].id,
        "case_id": audit.cases[0].id,
        "number": 1,
    }


@pytest.mark.parametrize("role", list(Role))
def test_every_answer_is_one_that_is_described(app, described, audit, headers, role):
    ids = known_ids(audit)
    for operation in described:
        if permission_of(app, operation) in ROLE_PERMISSIONS[role]:
            make_calls(app, operation, headers, ids)


def make_calls(app, operation, headers, ids):
    @STEADY
    @given(case=operation.as_strategy(), real=st.booleans())
    def call(case, real):
        if real:
            for name in set(case.path_parameters or {}) & set(ids):
                case.path_parameters[name] = str(ids[name])
        begin_afresh()
        answer = case.call(app=app, headers=headers)
        begin_afresh()
        assert answer.status_code != 401
        case.validate_response(answer, checks=CHECKS)

    call()


def permission_of(app, operation):
    """Return the permission that the view of an operation is marked with."""
    adapter = app.url_map.bind("localhost")
    path = operation.path
    for parameter in operation.path_parameters or ():
        uuid = "00000000-0000-0000-0000-000000000001"
        plain = "1" if parameter.definition["schema"].get("type") == "integer" else uuid
        path = path.replace(f"{{{parameter.name}}}", plain)
    endpoint, _ = adapter.match(path, method=operation.method.upper())
    return app.view_functions[endpoint].access


def test_each_call_is_refused_to_every_role_that_may_not_make_it(
    app, session, password_hash, described
):
    account = make_account(session, password_hash, Role.DATA_PROTECTION_OFFICER)
    person = accounts.find_person(account.id)
    with unit_of_work():
        secret = tokens.create_token(
            "test", frozenset(Permission), days=1, by=person.as_actor(person.grants[0])
        )
    client = app.test_client()
    allowed = ROLE_PERMISSIONS[Role.DATA_PROTECTION_OFFICER]
    refused = 0
    for operation in described:
        if permission_of(app, operation) in allowed:
            continue
        path = operation.path.replace("{number}", "1")
        for parameter in operation.path_parameters or ():
            path = path.replace(f"{{{parameter.name}}}", str(person.id))
        answer = client.open(
            path, method=operation.method.upper(), headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == 403, (operation.method, operation.path)
        assert set(answer.json) >= {"error", "message"}
        refused += 1

    assert refused > 50
