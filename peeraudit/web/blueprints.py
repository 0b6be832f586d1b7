"""Every page blueprint, in one list."""

from flask import Flask

from peeraudit.web.accounts import routes as accounts
from peeraudit.web.adjudication import views as adjudication
from peeraudit.web.assignment import views as assignment
from peeraudit.web.blinding import views as blinding
from peeraudit.web.campaigns import routes as campaigns
from peeraudit.web.feedback import views as feedback
from peeraudit.web.handover import views as handover
from peeraudit.web.health import views as health
from peeraudit.web.home import views as home
from peeraudit.web.intake import views as intake
from peeraudit.web.jobs import views as jobs
from peeraudit.web.messages import views as messages
from peeraudit.web.network import routes as network
from peeraudit.web.sampling import views as sampling
from peeraudit.web.scoring import views as scoring
from peeraudit.web.statistics import views as statistics
from peeraudit.web.summaries import views as summaries
from peeraudit.web.trail import views as trail


def register(app: Flask) -> None:
    """Attach every page to the application."""
    for module in (
        home,
        accounts,
        assignment,
        adjudication,
        blinding,
        feedback,
        handover,
        health,
        intake,
        jobs,
        messages,
        scoring,
        statistics,
        summaries,
        trail,
        network,
        campaigns,
        sampling,
    ):
        app.register_blueprint(module.bp)
