"""How a table is written: see the guess with the first rows, correct it, confirm it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.domain.intake.headings import DATES, FIELDS
from peeraudit.domain.intake.layouts import DELIMITERS, ENCODINGS, QUOTES
from peeraudit.services import intake, intake_layouts
from peeraudit.services.intake_layouts import LayoutSettled, LayoutView
from peeraudit.web.errors import tell
from peeraudit.web.intake.blueprint import bp
from peeraudit.web.intake.tables import (
    ShownSheet,
    ShownTable,
    checked,
    fixed_of,
    joined,
    sheets_of,
    tables_of,
)
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs


@bp.route("/<uuid:upload_id>/layout", methods=["GET", "POST"])
@needs(Permission.UPLOAD_REPORTS)
def confirm_layout(upload_id: UUID) -> ResponseReturnValue:
    """Show how a table seems to be written; on POST settle it and order its reading."""
    try:
        view = intake_layouts.show_layout(
            upload_id, fixed=fixed_of(request.values), by=current_actor()
        )
        answer = _answer(view, request.form)
    except LayoutSettled as error:
        # A second click, another tab, or the way back: what is settled can be looked at.
        flash(tell(error))
        return redirect(url_for(".show_upload", upload_id=upload_id))
    if "confirm" in request.form and not answer.is_wrong:
        return redirect(url_for(".show_upload", upload_id=upload_id))
    return render_template(
        "intake/confirm_layout.html", view=view, answer=answer, choices=CHOICES
    ), (422 if answer.is_wrong else 200)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of a file's tables, and what is wrong with it."""

    tables: list[ShownTable]
    sheets: list[ShownSheet]
    errors: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Return whether anything is."""
        return bool(self.errors) or any(table.errors for table in self.tables)


ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": lazy_gettext("UTF-8 with a mark at its beginning"),
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32",
    "cp1252": lazy_gettext("Windows, Western Europe (cp1252)"),
    "latin-1": lazy_gettext("Western Europe (ISO 8859-1)"),
    "iso8859-15": lazy_gettext("Western Europe with the euro sign (ISO 8859-15)"),
    "mac-roman": lazy_gettext("Mac, Western Europe (Mac Roman)"),
    "cp850": lazy_gettext("DOS, Western Europe (cp850)"),
}
CHOICES = {
    "fields": FIELDS,
    "dates": DATES,
    "encodings": [(codec, ENCODING_NAMES[codec]) for codec in ENCODINGS],
    "delimiters": DELIMITERS,
    "quotes": QUOTES,
    "orders": ("year_first", "day_first", "month_first"),
}


def _answer(view: LayoutView, form: Mapping[str, str]) -> Answer:
    """Return what a person said, and what is wrong with it; settle it if asked to."""
    sheets = sheets_of(view.guess, form)
    tables = tables_of(view.guess, sheets, form)
    if form:
        tables = [_dated(table, view.upload_id) for table in tables]
    if "confirm" not in form:
        return Answer(tables, sheets)
    answer = Answer(checked(tables, frame_only=view.frame_only), sheets)
    if answer.is_wrong:
        return answer
    try:
        layout = joined(tables, sheets)
        left_out = [table.layout for table in tables if not table.is_read]
        with unit_of_work():
            intake.confirm_layout(view.upload_id, layout, left_out=left_out, by=current_actor())
    except LayoutSettled:
        raise
    except DomainError as error:
        return replace(answer, errors=(tell(error),))
    return answer


def _dated(table: ShownTable, upload_id: UUID) -> ShownTable:
    """Return a table with how its dates are written, in columns that were named just now."""
    if not table.is_read or table.errors:
        return table
    layout = intake_layouts.settle_dates(upload_id, table.layout, by=current_actor())
    return replace(table, layout=layout)
