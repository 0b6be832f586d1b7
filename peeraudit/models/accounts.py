"""Who signs in, in which role, and with which tokens?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.accounts import Role
from peeraudit.extensions import Base, checked


class Account(Base):
    """A person who signs in."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    active: Mapped[bool] = mapped_column(default=True)
    # Raised when the password or the rights change: sessions opened before end at once.
    session_epoch: Mapped[int] = mapped_column(default=0)
    preferences: Mapped[str] = mapped_column(String(2000), default="{}")
    created_at: Mapped[datetime]


class RoleGrant(Base):
    """One role of one person, for one department or for the whole network."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_department",
            "account_id",
            "role",
            "department_id",
            unique=True,
            sqlite_where=text("department_id IS NOT NULL"),
            postgresql_where=text("department_id IS NOT NULL"),
        ),
        Index(
            "uq_role_grant_network",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("department_id IS NULL"),
            postgresql_where=text("department_id IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(checked(Role, "role"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))


class AccessToken(Base):
    """A secret with which a script acts for a person; only its hash is kept."""

    __tablename__ = "access_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed attempt to sign in; five in a quarter of an hour close the door for a while."""

    __tablename__ = "sign_in_failure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class OneTimeEntry(Base):
    """A used one-click entry or invitation, so that none is used twice."""

    __tablename__ = "one_time_entry"
    __table_args__ = (UniqueConstraint("nonce"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
