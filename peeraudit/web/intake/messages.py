"""Messages that came over the network: one line a day, and all of a day."""

from datetime import date, datetime, timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from peeraudit.adapters.clock import beginning_of, today
from peeraudit.domain.accounts import Permission
from peeraudit.domain.intake.mending import KEPT_DAYS
from peeraudit.services import intake_messages
from peeraudit.web.intake.blueprint import bp
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

MESSAGES_ON_A_PAGE = 100


@bp.get("/messages/<day>")
@needs(Permission.READ_INTAKE)
def show_messages(day: str) -> ResponseReturnValue:
    """Show the messages of one day, all or those that were not taken in."""
    chosen = _parsed(day)
    only_unsettled = request.args.get("show") == "unsettled"
    messages = intake_messages.list_messages(
        beginning_of(chosen),
        beginning_of(chosen + timedelta(days=1)),
        by=current_actor(),
        only_unsettled=only_unsettled,
        before=request.args.get("before", type=_moment),
        limit=MESSAGES_ON_A_PAGE,
    )
    is_full = len(messages) == MESSAGES_ON_A_PAGE
    return render_template(
        "intake/show_messages.html",
        day=chosen,
        messages=messages,
        only_unsettled=only_unsettled,
        next_before=messages[-1].uploaded_at.isoformat() if is_full else "",
    )


def shown_days() -> list[datetime]:
    """Return when the days begin whose messages are listed: all that can still be put right."""
    return [beginning_of(today() - timedelta(days=days)) for days in range(KEPT_DAYS + 1)]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _parsed(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        abort(404)
