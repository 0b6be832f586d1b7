"""Forms of signing in, people and tokens."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget


class SignInForm(FlaskForm):
    """E-mail address and password."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(), Length(max=254)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(), Length(max=200)])


class RoleForm(FlaskForm):
    """One more role for a person."""

    role = SelectField(lazy_gettext("Role"), [InputRequired()])
    department = SelectField(
        lazy_gettext("Department"),
        description=lazy_gettext("Only for the roles that are held in one department."),
    )


class AccountForm(RoleForm):
    """A new account with its first role."""

    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=120)])
    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(), Length(max=254)])
    # Named again, so that errors are listed in the order of the page.
    role = SelectField(lazy_gettext("Role"), [InputRequired()])
    department = SelectField(
        lazy_gettext("Department"),
        description=lazy_gettext("Only for the roles that are held in one department."),
    )
    language = SelectField(lazy_gettext("Language"), [InputRequired()])
    password = PasswordField(
        lazy_gettext("First password"),
        [InputRequired(), Length(max=128)],
        description=lazy_gettext("At least 12 characters; the person changes it at first sign-in."),
    )


class FirstPasswordForm(FlaskForm):
    """A password that an administrator gives to somebody who has forgotten the own one."""

    password = PasswordField(
        lazy_gettext("First password"),
        [InputRequired(), Length(max=128)],
        description=lazy_gettext("At least 12 characters; the person changes it at first sign-in."),
    )


class PasswordForm(FlaskForm):
    """A new password of one's own."""

    present = PasswordField(lazy_gettext("Present password"), [InputRequired(), Length(max=200)])
    new = PasswordField(
        lazy_gettext("New password"),
        [InputRequired(), Length(max=128)],
        description=lazy_gettext("At least 12 characters: a few words of your own do well."),
    )


class TokenForm(FlaskForm):
    """A new personal access token."""

    name = StringField(
        lazy_gettext("What is it for?"),
        [InputRequired(), Length(max=80)],
        description=lazy_gettext("For example: nightly export of the RIS."),
    )
    days = IntegerField(
        lazy_gettext("Valid for (days)"),
        [InputRequired(), NumberRange(1, 365)],
        description=lazy_gettext("1 to 365."),
    )
    scopes = SelectMultipleField(
        lazy_gettext("It may"),
        [InputRequired()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
