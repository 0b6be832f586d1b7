"""Forms of a campaign's numbers."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField


class FreezeForm(FlaskForm):
    """The freeze of a campaign's data."""

    reason = TextAreaField(
        lazy_gettext("Why cases are left out"),
        description=lazy_gettext(
            "Only where cases are still open: they will be counted as pending."
        ),
    )
