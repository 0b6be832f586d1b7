"""How a table is written: see the guess with the first rows, correct it, confirm it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from peeraudit.adapters.readers.layouts import Fixed
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
from peeraudit.services.intake_layouts import LayoutView
from peeraudit.web.errors import tell
from peeraudit.web.intake.blueprint import bp
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs


@bp.route("/<uuid:upload_id>/layout", methods=["GET", "POST"])
@needs(Permission.UPLOAD_REPORTS)
def confirm_layout(upload_id: UUID) -> ResponseReturnValue:
    """Show how a table seems to be written; on POST settle it and order its reading."""
    actor, errors = current_actor(), []
    view = intake_layouts.show_layout(upload_id, fixed=_fixed(request.values), by=actor)
    layout = view.guess.layout
    if request.method == "POST":
        try:
            layout = _corrected(view, request.form)
            if "confirm" in request.form:
                with unit_of_work():
                    intake.confirm_layout(upload_id, layout, by=actor)
                return redirect(url_for(".show_upload", upload_id=upload_id))
        except InvalidFields as wrong:
            errors = [tell(error) for error in wrong.fields.values()]
        except DomainError as error:
            errors = [tell(error)]
    return render_template(
        "intake/confirm_layout.html", view=view, layout=layout, errors=errors, choices=CHOICES
    ), (422 if errors else 200)


CHOICES = {
    "fields": FIELDS,
    "dates": DATES,
    "encodings": ENCODINGS,
    "delimiters": DELIMITERS,
    "quotes": QUOTES,
    "orders": ("year_first", "day_first", "month_first"),
}


def _fixed(values: Mapping[str, str]) -> Fixed:
    """Return what a person said of encoding, separator, sheet and heading row."""
    row = values.get("header_row", "")
    delimiter = {"tab": "\t"}.get(values.get("delimiter", ""), values.get("delimiter", ""))
    return Fixed(
        encoding=values["encoding"] if values.get("encoding") in ENCODINGS else "",
        delimiter=delimiter if delimiter in DELIMITERS else "",
        sheet=values.get("sheet", ""),
        header_row=int(row) if row.isdecimal() and len(row) < 4 else None,
    )


def _corrected(view: LayoutView, form: Mapping[str, str]) -> TableLayout:
    """Return the guess with the fields and dates that a person chose."""
    guess = view.guess.layout
    # Other columns than those that were shown: the choices do not belong to them.
    if form.get("width") != str(len(guess.columns)):
        return guess
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
