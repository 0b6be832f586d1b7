"""Form of the export of reviews."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from peeraudit.services.snapshot_exports import PURPOSE_MAXIMUM


class ReviewsForm(FlaskForm):
    """What single reviews are needed for."""

    purpose = StringField(
        lazy_gettext("What for"),
        [
            InputRequired(lazy_gettext("Say what for: the trail keeps it.")),
            Length(max=PURPOSE_MAXIMUM),
        ],
        description=lazy_gettext("For example: recomputation by the statistician of the network."),
    )
