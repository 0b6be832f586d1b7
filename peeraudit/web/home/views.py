"""The first page: each role begins where its work is."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from peeraudit.web.login import current_grant
from peeraudit.web.navigation import first_url
from peeraudit.web.security import needs_sign_in

bp = Blueprint("home", __name__)


@bp.get("/")
@needs_sign_in
def show_home() -> ResponseReturnValue:
    """Go to the page where the role in use begins; say so where a person has no role."""
    grant = current_grant()
    if grant is None:
        return render_template("home/show_home.html")
    return redirect(first_url(grant.role))
