"""Who acts, in which role, for which department?"""

from dataclasses import dataclass
from uuid import UUID

from peeraudit.domain.accounts import ROLE_PERMISSIONS, Permission, Role
from peeraudit.domain.errors import N_, NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in the role that is in use.

    Attributes:
        account_id: whose account.
        role: the one role in use; other roles of the person give no right meanwhile.
        department_id: the department the role is for; None for the whole network.
    """

    account_id: UUID
    role: Role
    department_id: UUID | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether the role in use holds ``permission``."""
        return permission in ROLE_PERMISSIONS[self.role]

    def is_for(self, department_id: UUID) -> bool:
        """Return whether the role in use reaches ``department_id``."""
        return self.department_id is None or self.department_id == department_id

    def require(self, permission: Permission, *, department_id: UUID | None = None) -> None:
        """Refuse an act that the role in use does not allow.

        Raises:
            NotAllowed: the role lacks the permission, or is for another department.
        """
        if not self.may(permission):
            raise NotAllowed(N_("Your present role does not allow this."))
        if department_id is not None and not self.is_for(department_id):
            raise NotAllowed(N_("Your present role is for another department."))
