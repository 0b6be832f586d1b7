"""Every page blueprint, in one list."""

from flask import Flask

from peeraudit.web.accounts import views as accounts
from peeraudit.web.health import views as health
from peeraudit.web.home import views as home
from peeraudit.web.intake import views as intake
from peeraudit.web.jobs import views as jobs


def register(app: Flask) -> None:
    """Attach every page to the application."""
    for module in (home, accounts, health, jobs, intake):
        app.register_blueprint(module.bp)
