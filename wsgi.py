"""Entry point of the web server and of the commands: ``flask --app wsgi …``."""

import sys

from flask import Flask

from peeraudit.adapters import logs
from peeraudit.app import create_app, create_tools
from peeraudit.cli.registry import needs_no_installation
from peeraudit.config import SettingsIncomplete


def _application() -> Flask:
    """Return the application, or the tools alone where there are no settings and none are needed.

    A server is no such command: without its settings it never starts.
    """
    try:
        return create_app()
    except SettingsIncomplete:
        if not needs_no_installation(sys.argv[1:]):
            raise
        return create_tools()


logs.set_up()
app = _application()
