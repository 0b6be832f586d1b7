"""How a table is written: see the guess with the first rows, correct it, confirm it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from peeraudit.adapters.readers.drafts import Fixed
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError, InvalidFields
from peeraudit.domain.intake.headings import DATES, FIELDS
from peeraudit.domain.intake.layouts import (
    DELIMITERS,
    ENCODINGS,
    QUOTES,
    DateOrder,
    TableLayout,
    as_order,
)
from peeraudit.services import intake, intake_layouts
from peeraudit.services.intake_layouts import LayoutSettled, LayoutView
from peeraudit.web.errors import tell
from peeraudit.web.intake.blueprint import bp
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs


@bp.route("/<uuid:upload_id>/layout", methods=["GET", "POST"])
@needs(Permission.UPLOAD_REPORTS)
def confirm_layout(upload_id: UUID) -> ResponseReturnValue:
    """Show how a table seems to be written; on POST settle it and order its reading."""
    try:
        view = intake_layouts.show_layout(
            upload_id, fixed=_fixed(request.values), by=current_actor()
        )
        layout, errors = _answer(view, request.form)
    except LayoutSettled as error:
        # A second click, another tab, or the way back: what is settled can be looked at.
        flash(tell(error))
        return redirect(url_for(".show_upload", upload_id=upload_id))
    if "confirm" in request.form and not errors:
        return redirect(url_for(".show_upload", upload_id=upload_id))
    return render_template(
        "intake/confirm_layout.html", view=view, layout=layout, errors=errors, choices=CHOICES
    ), (422 if errors else 200)


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


def _answer(view: LayoutView, form: Mapping[str, str]) -> tuple[TableLayout, list[str]]:
    """Return the layout as a person chose it and what is wrong with it; settle it if asked to."""
    layout = view.guess.layout
    if not form:
        return layout, []
    if form.get("width") != str(len(layout.columns)):
        # The choices do not belong to these columns, which nobody has seen yet.
        problem = gettext("Read so, the table has other columns. Look at them, then confirm.")
        return layout, [problem] if "confirm" in form else []
    try:
        layout = _corrected(layout, form)
        if "confirm" in form:
            with unit_of_work():
                intake.confirm_layout(view.upload_id, layout, by=current_actor())
    except InvalidFields as wrong:
        return layout, [tell(error) for error in wrong.fields.values()]
    except LayoutSettled:
        raise
    except DomainError as error:
        return layout, [tell(error)]
    return layout, []


def _fixed(values: Mapping[str, str]) -> Fixed:
    """Return what a person said of encoding, separator, sheet and heading row."""
    row = values.get("header_row", "")
    delimiter = {"tab": "\t"}.get(values.get("delimiter", ""), values.get("delimiter", ""))
    return Fixed(
        encoding=values["encoding"] if values.get("encoding") in ENCODINGS else "",
        delimiter=delimiter if delimiter in DELIMITERS else "",
        header_row=int(row) if row.isdecimal() and len(row) < 4 else None,
    )


def _corrected(guess: TableLayout, form: Mapping[str, str]) -> TableLayout:
    """Return the guess with the fields and dates that a person chose."""
    columns = [form.get(f"column-{i}", "") for i in range(len(guess.columns))]
    layout = guess.with_columns(columns)
    orders: dict[str, DateOrder] = {
        name: as_order(form[f"order-{name}"])
        for name in DATES
        if name in columns and form.get(f"order-{name}")
    }
    known: dict[str, DateOrder] = {
        name: order for name, order in guess.dates.items() if name in columns
    }
    return replace(layout, dates={**layout.dates, **known, **orders})
