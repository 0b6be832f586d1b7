"""Attaches every page: a module below `web` that has a blueprint, or writes on one, is a part."""

from flask import Blueprint, Flask
from werkzeug.utils import find_modules, import_string

from peeraudit import web


def register(app: Flask) -> None:
    """Attach every page to the application."""
    modules = [import_string(name) for name in sorted(find_modules(web.__name__, recursive=True))]
    # Every module first: pages of one concept may share a blueprint, which is then complete.
    found = dict.fromkeys(vars(module).get("bp") for module in modules)
    for bp in found:
        if isinstance(bp, Blueprint):
            app.register_blueprint(bp)
