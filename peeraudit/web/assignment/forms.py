"""Forms of the assignment pages."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class SheetForm(FlaskForm):
    """An edited plan."""

    file = FileField(
        lazy_gettext("Edited table"),
        [FileRequired(lazy_gettext("Choose the table that holds the edited plan."))],
        description=lazy_gettext(
            "The CSV table of this plan with your changes. The columns case, reading (1 or 2) and "
            "reviewer (e-mail address) are read; a line that you delete leaves its reading out."
        ),
    )


class EmptyForm(FlaskForm):
    """A decision without any field: only the token counts."""
