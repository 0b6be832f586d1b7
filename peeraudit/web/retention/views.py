"""What is kept until when, what is due, what was destroyed, and destroying what is due."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.domain.retention import HOLD_LABELS
from peeraudit.services import retention
from peeraudit.web.errors import tell
from peeraudit.web.jobs.lines import line_of
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("retention", __name__, url_prefix="/retention")


@bp.get("/")
@needs(Permission.RUN_RETENTION)
def show_retention() -> ResponseReturnValue:
    """Show what is kept until when, what is due or held, and what was destroyed."""
    found = retention.show_retention(by=current_actor())
    return render_template(
        "retention/show_retention.html",
        found=found,
        running=line_of(found.running) if found.running else None,
        hold_words=HOLD_LABELS,
    )


@bp.get("/purge")
@needs(Permission.RUN_RETENTION)
def confirm_purge() -> ResponseReturnValue:
    """Show once more what is about to be destroyed."""
    return _confirm_page()


@bp.post("/purge")
@needs(Permission.RUN_RETENTION)
def order_purge() -> ResponseReturnValue:
    """Have destroyed what is due."""
    try:
        with unit_of_work():
            retention.order_purge(by=current_actor())
    except DomainError as error:
        return _confirm_page(tell(error)), 422
    flash(gettext("Ordered. What was due is being destroyed; this page shows how far it is."))
    return redirect(url_for(".show_retention"))


def _confirm_page(problem: str = "") -> str:
    found = retention.show_retention(by=current_actor())
    return render_template("retention/confirm_purge.html", found=found, problem=problem)
