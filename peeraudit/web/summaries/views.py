"""The departmental summaries: read them, take them along."""

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from peeraudit.adapters.summary_words import Words, in_text, rate_in_text
from peeraudit.adapters.wording import day
from peeraudit.domain.accounts import Permission
from peeraudit.domain.summaries.disclosure import Audience
from peeraudit.services import summaries
from peeraudit.services.summaries import SummaryLine
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("summaries", __name__, url_prefix="/summaries")


@bp.get("/")
@needs(Permission.READ_SUMMARY)
def list_summaries() -> ResponseReturnValue:
    """Show the summaries that the person may open."""
    actor = current_actor()
    rows = [_row(line) for line in summaries.list_summaries(by=actor)]
    many = actor.department_id is None
    return render_template("summaries/list_summaries.html", rows=rows, many=many)


@bp.get("/<uuid:summary_id>")
@needs(Permission.READ_SUMMARY)
def show_summary(summary_id: UUID) -> ResponseReturnValue:
    """Show one summary."""
    view = summaries.show_summary(summary_id, by=current_actor())
    return render_template(
        "summaries/show_summary.html",
        page=in_text(view.page),
        summary_id=summary_id,
        campaign_id=view.campaign_id,
        may_export=current_actor().may(Permission.EXPORT_NUMBERS),
        is_outside=view.audience is Audience.OUTSIDE,
    )


@bp.get("/<uuid:summary_id>.pdf")
@needs(Permission.READ_SUMMARY)
def download_pdf(summary_id: UUID) -> ResponseReturnValue:
    """Give one summary as an accessible PDF in the language of the page."""
    actor = current_actor()
    number = summaries.show_summary(summary_id, by=actor).number
    content = summaries.print_summary(summary_id, language=_language(), by=actor)
    return _file(content, "application/pdf", f"{number}.pdf")


@bp.get("/<uuid:summary_id>.json")
@needs(Permission.READ_SUMMARY)
def download_json(summary_id: UUID) -> ResponseReturnValue:
    """Give the numbers of one summary."""
    view = summaries.show_summary(summary_id, by=current_actor())
    return _file(view.to_json().encode(), "application/json", f"{view.number}.json")


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "fr"


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)


def _row(line: SummaryLine) -> Words:
    period = gettext(
        "%(first)s to %(last)s", first=day(line.period_start), last=day(line.period_end)
    )
    return {
        "id": line.id,
        "number": line.number,
        "department": line.department_name,
        "campaign": line.campaign_title,
        "period": period,
        "issued_on": day(line.issued_at),
        **rate_in_text(line.first_read),
    }
