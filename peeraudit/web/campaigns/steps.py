"""The steps of a campaign that its board takes, and what is said when one is taken."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from peeraudit.domain.workflow import CampaignEvent
from peeraudit.services.boards import STEPS

STEP_WORDS = {
    CampaignEvent.SETTLE: lazy_gettext("The reading is closed. The settling goes on."),
    CampaignEvent.FREEZE: lazy_gettext("The data are frozen. The final numbers are on their way."),
    CampaignEvent.REPORT: lazy_gettext("The summaries are published, and their readers told."),
    CampaignEvent.CLOSE: lazy_gettext("The campaign is closed."),
}


class StepForm(FlaskForm):
    """Which step to take, and why where that is needed."""

    event = SelectField(choices=[SelectChoice(event.value, event.value) for event in STEPS])
    reason = TextAreaField(lazy_gettext("Why the data are frozen without these cases"))
