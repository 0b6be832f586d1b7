"""All routes × all roles: who is let in is what the mark says, and nobody else."""

from uuid import uuid4

import pytest

from peeraudit.domain.accounts import ROLE_PERMISSIONS, Permission, Role

OPEN = {"open"}
SIGNED_IN = {"signed_in"}
UNMARKED = {"static", "bootstrap.static", "openapi.spec"}


def rules(app):
    return [r for r in app.url_map.iter_rules() if r.endpoint not in UNMARKED]


def path_of(rule):
    samples = {"UUIDConverter": uuid4(), "IntegerConverter": 1}
    values = {name: samples.get(type(c).__name__, "x") for name, c in rule._converters.items()}
    return rule.build(values)[1]


def calls(app):
    for rule in rules(app):
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield rule, method, app.view_functions[rule.endpoint].access


def test_nobody_unknown_gets_behind_a_mark(app, client):
    for rule, method, access in calls(app):
        if access in OPEN:
            continue

        answer = client.open(path_of(rule), method=method)

        is_api = rule.rule.startswith("/api/")
        assert answer.status_code == (401 if is_api else 302), (rule.rule, method)
        if not is_api:
            assert answer.location.startswith("/accounts/sign-in"), rule.rule


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_only_where_its_permissions_reach(app, client, sign_in, role):
    sign_in(role)

    for rule, method, access in calls(app):
        if access in OPEN | SIGNED_IN or rule.rule.startswith("/api/"):
            continue

        answer = client.open(path_of(rule), method=method)

        if Permission(access) not in ROLE_PERMISSIONS[role]:
            assert answer.status_code == 403, (rule.rule, method, role)
        else:
            assert answer.status_code not in {401, 403, 500}, (rule.rule, method, role)
