"""What does a person see when something cannot be done?"""

import logging
from http import HTTPStatus

from flask import Flask, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from peeraudit.adapters.logs import trace_of
from peeraudit.domain.errors import (
    Conflicting,
    DomainError,
    InvalidFields,
    Msgid,
    NotAllowed,
    NotFound,
)
from peeraudit.domain.sentences import Sentence

logger = logging.getLogger(__name__)
PAGES = {401, 403, 404, 413, 422, 429, 500}
STATUS = {NotAllowed: 403, NotFound: 404, Conflicting: 409}
ANY_OTHER_BROKEN_RULE = 422
# To a person, a conflict is one more rule that was in the way.
TEMPLATES = {409: 422}


def tell(error: DomainError) -> str:
    """Return the sentence of an error in the language of the page."""
    params = {
        name: gettext(value) if isinstance(value, Msgid) else value
        for name, value in error.params.items()
    }
    return gettext(error.message, **params)


def say(sentence: Sentence) -> str:
    """Return a kept sentence in the language of the page."""
    return tell(DomainError(sentence.message, **sentence.params))


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a broken rule, by its class: the same for pages and programs."""
    kinds = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(kinds, ANY_OTHER_BROKEN_RULE)


def register(app: Flask) -> None:
    """Show errors as pages, in the person's language, without any detail of a fault."""
    app.add_template_filter(say)
    app.register_error_handler(DomainError, _show_broken_rule)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_fault)


def _show_broken_rule(error: DomainError) -> ResponseReturnValue:
    if _is_api():
        fields = error.fields if isinstance(error, InvalidFields) else {}
        details = {name: tell(problem) for name, problem in fields.items()}
        return _as_json(status_of(error), type(error).__name__, tell(error), details)
    back = request.referrer
    stays = request.method == "POST" and not isinstance(error, (NotAllowed, NotFound))
    if stays and back and back.startswith(request.host_url):
        flash(tell(error), "error")
        return redirect(back)
    return _page(status_of(error), tell(error))


def _show_stale_form(error: CSRFError) -> ResponseReturnValue:
    del error
    if _is_api():
        return _as_json(400, "StaleForm", gettext("The form's token is missing or too old."))
    # What a script sends while somebody signs in elsewhere must not write the session: its late
    # answer would replace the one in which the sign-in page's token is kept.
    if not request.is_json:
        flash(
            gettext("This page had been open for too long. Nothing was changed; please try again."),
            "error",
        )
    back = request.referrer
    if back and back.startswith(request.host_url):
        return redirect(back)
    return redirect(url_for("home.show_home"))


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if _is_api():
        name = HTTPStatus(code).phrase.title().replace(" ", "")
        details = getattr(error, "detail", None) or {}
        answer = _as_json(code, name, error.description or "", details)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer
    if code < 400:
        return error
    return _page(code if code in PAGES else 404 if code < 500 else 500, "")


def _show_fault(error: Exception) -> ResponseReturnValue:
    logger.error("fault in request %s: %s", g.get("request_id", "-"), trace_of(error))
    g.fault = True
    if _is_api():
        return _as_json(500, "InternalError", gettext("Something broke on our side."))
    return _page(500, "")


def _page(code: int, message: str) -> ResponseReturnValue:
    reference = g.get("request_id", "") if code == 500 else ""
    return (
        render_template(
            f"errors/{TEMPLATES.get(code, code)}.html", message=message, request_id=reference
        ),
        code,
    )


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _as_json(code: int, name: str, message: str, details: object = None) -> Response:
    body: dict[str, object] = {"error": name, "message": message}
    if details:
        body["details"] = details
    response = jsonify(body)
    response.status_code = code
    if code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
