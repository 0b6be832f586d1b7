"""What can be chosen in the forms of accounts, and what does a choice mean?"""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from peeraudit.domain.accounts import PERMISSION_LABELS, ROLE_LABELS, Grant, Permission, Role
from peeraudit.services.accounts import Person, Place
from peeraudit.web.accounts.forms import RoleForm
from peeraudit.web.navigation import LANGUAGES


def offer_roles(form: RoleForm, places: Sequence[Place]) -> None:
    """Fill the choices of a role and of the department that it is held in."""
    form.role.choices = [
        SelectChoice("", gettext("Choose a role")),
        *(SelectChoice(role.value, gettext(label)) for role, label in ROLE_LABELS.items()),
    ]
    form.department.choices = [
        SelectChoice("", gettext("The whole network")),
        *(SelectChoice(str(place.id), place.name) for place in places),
    ]


def languages() -> list[SelectChoice]:
    """Return the languages of the pages."""
    return [SelectChoice(code, label) for code, label in LANGUAGES.items()]


def grant_of(form: RoleForm) -> Grant:
    """Return the role that was chosen.

    Raises:
        InvalidInput: the role needs a department, or must have none.
    """
    department = form.department.data
    return Grant(Role(form.role.data), UUID(department) if department else None)


def scopes_for(person: Person) -> list[SelectChoice]:
    """Return what a token of this person may be allowed, in plain words."""
    held = [p for p in Permission if person.find_actor(p)]
    return [SelectChoice(p.value, gettext(PERMISSION_LABELS[p])) for p in held]
