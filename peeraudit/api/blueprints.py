"""Attaches every part of the REST interface: a module of `v1` that has a blueprint is one."""

from apiflask import APIBlueprint, APIFlask
from werkzeug.utils import find_modules, import_string

from peeraudit.api import v1
from peeraudit.extensions import csrf


def register(app: APIFlask) -> None:
    """Attach the REST interface; calls bear a token, so a form's token would add nothing."""
    for name in sorted(find_modules(v1.__name__)):
        bp = vars(import_string(name)).get("bp")
        if isinstance(bp, APIBlueprint):
            csrf.exempt(bp)
            app.register_blueprint(bp)
