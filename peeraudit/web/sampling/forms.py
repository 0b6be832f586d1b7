"""Forms of the list of reports and of the draw."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from peeraudit.domain.sampling.targeting import TARGET_LABELS


class DiscardForm(FlaskForm):
    """Why a frozen list is discarded."""

    reason = StringField(
        lazy_gettext("Why"),
        [InputRequired(lazy_gettext("Say why: the trail keeps it.")), Length(max=300)],
        description=lazy_gettext("For example: the export of one department was not complete."),
    )


class DrawForm(FlaskForm):
    """The seed, where it is thrown before witnesses."""

    dice = StringField(
        lazy_gettext("Digits of the dice"),
        [Length(max=600)],
        description=lazy_gettext(
            "At least 20 throws, typed in their order. Left empty, the system makes a fresh seed "
            "of 256 random bits."
        ),
    )


class ExtendForm(FlaskForm):
    """How many reports are wanted in all, and why."""

    target = IntegerField(
        lazy_gettext("Reports in all"), [InputRequired(lazy_gettext("Type a number."))]
    )
    reason = StringField(
        lazy_gettext("Why"),
        [InputRequired(lazy_gettext("Say why: the proof tells it to everybody."))],
        description=lazy_gettext(
            "It is published with the proof. For example: three reviewers more take part."
        ),
    )


class NameForm(FlaskForm):
    """A report of the own department, and why it is read."""

    accession = StringField(
        lazy_gettext("Number of the examination"),
        [InputRequired(lazy_gettext("Type the number.")), Length(max=64)],
        description=lazy_gettext("As the department’s own system writes it (accession number)."),
    )
    reason = RadioField(
        lazy_gettext("Why"), [InputRequired(lazy_gettext("Choose why it is read."))]
    )

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.reason.choices = [
            SelectChoice(one.value, gettext(label)) for one, label in TARGET_LABELS.items()
        ]
