"""Forms of the coordinator's check."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from peeraudit.domain.blinding.checks import EXCLUSION_LABELS, REVEAL_LABELS
from peeraudit.domain.intake.changes import CHOICE_LABELS, KEEP_LABELS, Decision
from peeraudit.web.blinding.words import HIDDEN_KINDS, kind_word

LONGEST_WORDS = 200


class HideForm(FlaskForm):
    """Words to mask wherever they occur."""

    words = StringField(
        lazy_gettext("Words to mask"),
        [DataRequired(lazy_gettext("Enter the words to mask.")), Length(max=LONGEST_WORDS)],
        description=lazy_gettext(
            "Every occurrence is masked, with or without capitals or accents."
        ),
    )
    kind = SelectField(lazy_gettext("What it is"), [DataRequired()])
    teach = BooleanField(
        lazy_gettext("Mask them in all our reports"),
        description=lazy_gettext(
            "In the cases that wait for their check, and in every report from now on."
        ),
    )
    seen = HiddenField()


class ShowForm(FlaskForm):
    """A mask to take away."""

    start = IntegerField(
        lazy_gettext("Mask"), [InputRequired(lazy_gettext("Choose the mask to take away."))]
    )
    reason = SelectField(lazy_gettext("Why is it no identifier?"), [DataRequired()])
    seen = HiddenField()


class ExcludeForm(FlaskForm):
    """Why a case is taken out."""

    reason = SelectField(lazy_gettext("Why can it not be read?"), [DataRequired()], id="exclusion")


class DecideForm(FlaskForm):
    """Which version of a report is audited."""

    choice = RadioField(
        lazy_gettext("Which version is audited?"),
        [InputRequired(lazy_gettext("Choose what is audited."))],
    )
    reason = SelectField(
        lazy_gettext("Why is the drawn version kept?"),
        description=lazy_gettext("Only where the drawn version is kept."),
    )


def decide_form(choices: Sequence[Decision]) -> DecideForm:
    """Return the form to decide on a version, with what may be chosen."""
    form = DecideForm()
    form.choice.choices = [(one.value, gettext(CHOICE_LABELS[one])) for one in choices]
    reasons = [SelectChoice(r.value, gettext(t)) for r, t in KEEP_LABELS.items()]
    form.reason.choices = [SelectChoice("", ""), *reasons]
    return form


def hide_form() -> HideForm:
    """Return the form to mask words, with its kinds."""
    form = HideForm()
    form.kind.choices = [SelectChoice(kind, kind_word(kind)) for kind in HIDDEN_KINDS]
    return form


def show_form() -> ShowForm:
    """Return the form to take a mask away, with its reasons."""
    form = ShowForm()
    form.reason.choices = [SelectChoice(r.value, gettext(t)) for r, t in REVEAL_LABELS.items()]
    return form


def exclude_form() -> ExcludeForm:
    """Return the form to take a case out, with its reasons."""
    form = ExcludeForm()
    form.reason.choices = [SelectChoice(r.value, gettext(t)) for r, t in EXCLUSION_LABELS.items()]
    return form
