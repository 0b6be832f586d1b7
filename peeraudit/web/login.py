"""Who is behind a session, in which role, and for how long?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, flash, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import UserMixin, current_user, login_user, logout_user

from peeraudit.adapters.clock import now
from peeraudit.domain.actors import Actor
from peeraudit.extensions import login_manager
from peeraudit.services import accounts
from peeraudit.services.accounts import GrantView, Person

IDLE_LIMIT = timedelta(minutes=30)
WHOLE_LIMIT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """The person of this request, as Flask-Login wants it."""

    person: Person

    def get_id(self) -> str:
        """Return the account and the epoch in which the session was opened."""
        return f"{self.person.id}:{self.person.session_epoch}"


def register(app: Flask) -> None:
    """Tell Flask-Login how to load a person, and end sessions that are too old."""
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    login_manager.unauthorized_handler(_ask_to_sign_in)
    # Hospitals change addresses within a session; the epoch and the time limits protect it.
    login_manager.session_protection = ""


def open_session(person: Person) -> None:
    """Start a fresh session for a person, under the first of the roles."""
    language, theme = session.get("language"), session.get("theme")
    session.clear()
    if theme:
        session["theme"] = theme
    session["language"] = language or person.language
    session["since"] = session["seen"] = now().isoformat()
    login_user(SignedIn(person))


def reopen_session(person: Person) -> None:
    """Go on in the same role after the person's older sessions have ended."""
    grant = session.get("grant")
    open_session(person)
    if grant:
        session["grant"] = grant


def close_session() -> None:
    """End the session and keep nothing of it but the look."""
    kept = {name: session[name] for name in ("language", "theme") if name in session}
    logout_user()
    session.clear()
    session.update(kept)


def current_person() -> Person | None:
    """Return the person of this request, or None."""
    user = current_user._get_current_object()
    return user.person if isinstance(user, SignedIn) else None


def current_grant() -> GrantView | None:
    """Return the role in use: the one chosen, else the first."""
    person = current_person()
    if person is None or not person.grants:
        return None
    chosen = session.get("grant")
    return next((grant for grant in person.grants if str(grant.id) == chosen), person.grants[0])


def current_actor() -> Actor:
    """Return the person of this request in the role in use; only for guarded views.

    Raises:
        RuntimeError: nobody is signed in, or the person has no role.
    """
    person, grant = current_person(), current_grant()
    if person is None or grant is None:
        raise RuntimeError("the view is not guarded")
    return person.as_actor(grant)


def _load(session_id: str) -> SignedIn | None:
    if not _is_fresh():
        return None
    account_id, _, epoch = session_id.partition(":")
    try:
        person = accounts.find_person(UUID(account_id), epoch=int(epoch))
    except ValueError:
        return None
    return None if person is None else SignedIn(person)


def _is_fresh() -> bool:
    moment = now()
    try:
        since = datetime.fromisoformat(session["since"])
        seen = datetime.fromisoformat(session["seen"])
    except (KeyError, ValueError):
        return False
    if moment - since > WHOLE_LIMIT or moment - seen > IDLE_LIMIT:
        return False
    # Asked for by a script, such as a job's progress: that is not the person being there.
    if moment - seen > timedelta(minutes=1) and request.headers.get("X-Background") != "1":
        session["seen"] = moment.isoformat()
    return True


def _ask_to_sign_in() -> Response:
    if "since" in session:
        close_session()
        lost = gettext(
            "Your session had ended: what you sent was not kept. Sign in and send it again."
        )
        ended = gettext("Your session has ended. Sign in to go on where you were.")
        flash(ended if request.method == "GET" else lost, "attention")
    return redirect(url_for("accounts.sign_in", next=_way_back()))  # type: ignore[return-value]


def _way_back() -> str | None:
    """Return the page to go on with; for a form that was sent, the page that held it."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host else None
