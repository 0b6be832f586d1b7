"""Forms of the pages about authors without an account."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired


class LinkForm(FlaskForm):
    """Which author signs in under which account."""

    author = SelectField(lazy_gettext("Author named in the reports"), [InputRequired()])
    account = SelectField(lazy_gettext("Account"), [InputRequired()])
