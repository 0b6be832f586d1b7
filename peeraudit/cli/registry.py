"""Attaches every command of `flask …`: a module here that has something to register does so."""

from flask import Flask
from werkzeug.utils import find_modules, import_string

from peeraudit import cli


def register(app: Flask) -> None:
    """Attach every command to the application."""
    others = sorted(set(find_modules(cli.__name__)) - {__name__})
    for module in map(import_string, others):
        if hasattr(module, "register"):
            module.register(app)
