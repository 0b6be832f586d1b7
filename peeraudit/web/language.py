"""In which language does this request read and write?"""

from flask import Flask, has_request_context, request, session

from peeraudit.extensions import babel

LANGUAGES = ("fr", "en")


def register(app: Flask) -> None:
    """Choose the language by the person's wish, else by the browser's."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel.init_app(app, locale_selector=_language)


def _language() -> str:
    if not has_request_context():
        return "fr"
    wish = session.get("language")
    if wish in LANGUAGES and not request.path.startswith("/api/"):
        return str(wish)
    return request.accept_languages.best_match(LANGUAGES, "fr") or "fr"
