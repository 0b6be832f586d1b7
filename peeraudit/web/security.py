"""Who may call a view, and what does every answer forbid the browser?"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from peeraudit.domain.accounts import Permission
from peeraudit.extensions import login_manager
from peeraudit.web.login import current_actor, current_grant, current_person

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def needs(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Let in whoever is signed in under a role that holds ``permission``."""

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if current_person() is None:
                return login_manager.unauthorized()
            if current_grant() is None or not current_actor().may(permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def needs_sign_in(view: View[P]) -> View[P]:
    """Let in whoever is signed in, in whatever role."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_person() is None:
            return login_manager.unauthorized()
        return view(*args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def open_to_all(view: View[P]) -> View[P]:
    """Mark a view that needs no sign-in."""
    view.access = "open"  # type: ignore[attr-defined]
    return view


def register(app: Flask) -> None:
    """Put the security headers on every answer."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault(
                "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
            )
        # Pages of one person must not be found by the next one at the same screen.
        if request.endpoint not in {"static", "bootstrap.static"}:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
