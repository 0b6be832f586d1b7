"""The reviewer's due days as a file for a calendar program."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.calendar_files import MEDIA_TYPE, DayEntry, write_calendar
from peeraudit.services import due_days
from peeraudit.services.due_days import DueDay
from peeraudit.web.login import current_actor
from peeraudit.web.scoring.blueprint import bp
from peeraudit.web.security import needs

FILE_NAME = "peeraudit.ics"


@bp.get("/due-days.ics")
@needs(Permission.SCORE_CASES)
def download_due_days() -> ResponseReturnValue:
    """Hand out the days on which cases are due: how many, and nothing of the cases."""
    entries = [_entry(one) for one in due_days.list_due_days(by=current_actor())]
    name = gettext("Cases to score – PeerAudit")
    answer = Response(write_calendar(name, entries, written=now()), mimetype=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _entry(due: DueDay) -> DayEntry:
    return DayEntry(
        uid=f"{due.uid}@peeraudit",
        day=due.day,
        summary=ngettext(
            "PeerAudit: one report to read by today",
            "PeerAudit: %(num)s reports to read by today",
            due.count,
        ),
        description=gettext("Sign in to read them. The calendar tells nothing of the cases."),
        url=url_for("scoring.show_queue", _external=True),
    )
