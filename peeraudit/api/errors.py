"""What does a program get when the values that it sent cannot be used?"""

from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask_babel import gettext

from peeraudit.domain.errors import InvalidInput


def register(app: APIFlask) -> None:
    """Tell of values that do not fit their description as of any other broken rule."""
    # Not ``error_processor``: that would take every other refusal, and all pages', along.
    app.error_callback = _tell


def _tell(error: HTTPError) -> tuple[dict[str, Any], int, Any]:
    body = {
        "error": InvalidInput.__name__,
        "message": gettext("A value cannot be used; the details say which and why."),
        "details": error.detail,
    }
    return body, error.status_code, error.headers
