"""Forms of the feedback pages."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired


class ReplyForm(FlaskForm):
    """What the author answers; whether it is clear is the domain's to say."""

    stance = RadioField(
        lazy_gettext("What do you think of it?"),
        [InputRequired(lazy_gettext("Say whether you agree."))],
    )
    text = TextAreaField(
        lazy_gettext("In your words"),
        description=lazy_gettext(
            "What the readers could not know, or how you see it. Do not sign: "
            "whoever looks again does not learn who you are."
        ),
    )
    asks_reconsideration = BooleanField(
        lazy_gettext("Have somebody else look at it again"),
        description=lazy_gettext(
            "Possible once. Another colleague, who has never seen the case, then decides; "
            "that decision is final."
        ),
    )
