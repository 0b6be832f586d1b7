"""Forms of the pages about showing the identity behind a case."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from peeraudit.domain.unsealing import REASON_MAXIMUM


class AskForm(FlaskForm):
    """Whose identity is needed, and why."""

    code = StringField(lazy_gettext("Code of the case"), [InputRequired(), Length(max=16)])
    reason = TextAreaField(
        lazy_gettext("Why the identity is needed"),
        [InputRequired(), Length(max=REASON_MAXIMUM)],
        description=lazy_gettext(
            "For example: a bleeding was missed, the treating doctor must be told today. "
            "Name nobody: the second person and the trail read it."
        ),
    )


class DecisionForm(FlaskForm):
    """What a second person says of a request."""

    reason = TextAreaField(
        lazy_gettext("Remark"),
        [Length(max=REASON_MAXIMUM)],
        description=lazy_gettext("Needed where you refuse."),
    )
