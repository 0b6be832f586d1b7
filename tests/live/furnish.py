"""Puts departments and people into the installation of the environment; JSON in, JSON out.

A process of its own: a second application in the tests' process would fight over Celery.
"""

import json
import sys
from typing import Any
from uuid import UUID

from peeraudit.adapters.randomness import new_token
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.app import create_app
from peeraudit.domain.accounts import ROLE_PERMISSIONS, Grant, Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.network import DepartmentCard, ReviewerCard
from peeraudit.services import accounts, blinding, network, tokens
from peeraudit.services.accounts import NewAccount


def main() -> None:
    wanted = json.load(sys.stdin)
    with create_app().app_context(), unit_of_work():
        made = {
            card["code"]: str(network.add_department(DepartmentCard(**card), by=None))
            for card in wanted["departments"]
        }
        people = {person["email"]: add_person(person) for person in wanted["people"]}
    sys.stdout.write(json.dumps({"departments": made, "people": people}))


def add_person(wanted: dict[str, Any]) -> dict[str, str]:
    grants = [
        Grant(Role(role), None if code is None else accounts.find_place(code).id)
        for role, code in wanted.get("roles", ())
    ]
    password = wanted.get("password") or new_token()[:20]
    new = NewAccount(
        email=wanted["email"],
        name=wanted["name"],
        password=password,
        language=wanted.get("language", "fr"),
        grants=grants,
    )
    account_id = accounts.open_account(new, by=None)
    if "reviewer" in wanted:
        card = dict(wanted["reviewer"])
        card["specialities"] = tuple(map(tuple, card.get("specialities", [["*", "*"]])))
        network.create_reviewer(account_id, ReviewerCard(**card), by=None)
    if "author_key" in wanted:
        place = next(g.department_id for g in grants if g.role is Role.AUTHOR)
        blinding.link_author(place, wanted["author_key"], account_id)
    token = add_token(account_id, grants)
    return {"id": str(account_id), "email": new.email, "password": password, "token": token}


def add_token(account_id: UUID, grants: list[Grant]) -> str:
    """Return a token with all the scopes of the roles; empty where no role may have one."""
    scopes = frozenset(p for grant in grants for p in ROLE_PERMISSIONS[grant.role])
    for grant in grants:
        if Permission.USE_API_TOKENS in ROLE_PERMISSIONS[grant.role]:
            actor = Actor(account_id, grant.role, grant.department_id)
            return tokens.create_token("test", scopes, days=1, by=actor)
    return ""


if __name__ == "__main__":
    main()
