"""Form of the question that follows a review."""

from uuid import UUID

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from peeraudit.domain.recognition import (
    NAME_MAXIMUM,
    RECOGNISED_LABELS,
    Recognised,
    Recognition,
    RecognitionAnswer,
)
from peeraudit.services.blinding_recognition import Question


class RecognitionForm(FlaskForm):
    """The answer; whether it contradicts itself is the domain's to say."""

    recognition = RadioField(
        choices=[SelectChoice(one.value, "") for one in Recognition], validators=[InputRequired()]
    )
    about = RadioField(lazy_gettext("What did you recognise?"), validate_choice=False)
    department_id = SelectField(lazy_gettext("Which department?"), validate_choice=False)
    name = StringField(
        lazy_gettext("Which author?"),
        [Length(max=NAME_MAXIMUM)],
        description=lazy_gettext("The family name will do."),
    )

    def offer(self, question: Question) -> None:
        """Fill in what can be chosen."""
        self.about.choices = [
            SelectChoice(one.value, gettext(RECOGNISED_LABELS[one])) for one in question.about
        ]
        self.department_id.choices = [
            SelectChoice("", gettext("I would rather not say")),
            *(SelectChoice(str(one), name) for one, name in question.departments),
        ]

    def to_answer(self) -> RecognitionAnswer:
        """Return what was sent."""
        recognition = Recognition(self.recognition.data)
        if recognition is Recognition.NO:
            return RecognitionAnswer(recognition)
        about = self.about.data
        return RecognitionAnswer(
            recognition,
            Recognised(about) if about in set(Recognised) else None,
            _uuid(self.department_id.data),
            self.name.data or "" if about == Recognised.AUTHOR else "",
        )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        # No department has this id: it is refused as one that is not on the list.
        return UUID(int=0)
