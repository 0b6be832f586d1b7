"""Which cases of the department a reviewer marked as urgent."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from peeraudit.domain.accounts import Permission
from peeraudit.domain.workflow import CASE_LABELS
from peeraudit.services import alerts
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("alerts", __name__, url_prefix="/alerts")


@bp.get("/")
@needs(Permission.FOLLOW_ALERTS)
def list_cases() -> ResponseReturnValue:
    """Show the urgent cases by their codes, the newest first."""
    cases = alerts.list_cases(by=current_actor())
    return render_template("alerts/list_cases.html", cases=cases, labels=CASE_LABELS)
