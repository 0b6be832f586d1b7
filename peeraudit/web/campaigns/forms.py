"""The form of a protocol: its fields are named as the rules, dots as underscores."""

import re
from collections.abc import Iterable
from typing import ClassVar

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from peeraudit.adapters.wording import number
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.network import MODALITY_LABELS
from peeraudit.domain.protocol import (
    Allocation,
    DateBlinding,
    ExpectedRate,
    SampleAllocation,
    TextDates,
)
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.strata import STRATUM_EFFECTS, STRATUM_LABELS

RATE = re.compile(r"([A-Za-z]{2,8})[ :=]+([0-9]{1,3}(?:[.,][0-9]{1,4})?) ?%?", re.ASCII)
TYPED = InputRequired(lazy_gettext("Type a number."))


def rates_text(rates: Iterable[ExpectedRate]) -> str:
    """Return rates as they are typed, per cent without needless decimals: ``CT 6; MR 3.5``.

    With the decimal mark of the language, which is read back as well.
    """
    return "; ".join(f"{one.modality} {_short(round(one.rate * 100, 1))}" for one in rates)


def _short(value: float) -> str:
    return number(value, 0 if value.is_integer() else 1)


class Needed:
    """Marks a field that has to be filled in; the domain says so where it is not."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Let everything pass."""


def _boxes(label: object, **options: object) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=True,
        **options,
    )


class RatesField(StringField):
    """Rates by modality, per cent, written like “CT 6; MR 3.5”."""

    def _value(self) -> str:
        if self.process_errors and self.raw_data:
            return str(self.raw_data[0])
        return rates_text(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, and keep it as it is where it cannot be read."""
        if not valuelist:
            return
        typed = [part.strip() for part in valuelist[0].split(";") if part.strip()]
        found = [RATE.fullmatch(part) for part in typed]
        self.data = tuple(
            ExpectedRate(one[1].upper(), round(float(one[2].replace(",", ".")) / 100, 6))
            for one in found
            if one
        )
        if not all(found):
            raise ValueError(gettext("Write modality and per cent, such as: CT 6; MR 3.5"))


class ProtocolForm(FlaskForm):
    """The rules of a campaign, and what is assumed to foretell their price."""

    title = StringField(lazy_gettext("Title"), [Needed()])
    departments = _boxes(lazy_gettext("Departments that take part"))
    scope_modalities = _boxes(lazy_gettext("Modalities"))
    scope_period_start = DateField(
        lazy_gettext("First day"), [InputRequired(lazy_gettext("Choose a day."))]
    )
    scope_period_end = DateField(
        lazy_gettext("Last day"), [InputRequired(lazy_gettext("Choose a day."))]
    )
    sampling_target = IntegerField(lazy_gettext("Reports to draw"), [TYPED])
    sampling_stratum_minimum = IntegerField(lazy_gettext("At least, of each stratum"), [TYPED])
    sampling_share = DecimalField(
        lazy_gettext("Instead, per cent of the eligible reports"), [Optional()], places=None
    )
    sampling_modality_minimum = IntegerField(
        lazy_gettext("At least, of each modality over all departments"), [TYPED], default=0
    )
    sampling_allocation = RadioField(
        lazy_gettext("Shared out among the strata"),
        default=SampleAllocation.PROPORTIONAL.value,
    )
    sampling_expected_rates = RatesField(
        lazy_gettext("Rates expected, per cent"), [Optional()], default=()
    )
    sampling_strata = _boxes(lazy_gettext("Divide the reports of each department by"))
    sampling_author_minimum = IntegerField(
        lazy_gettext("At least, of each author"), [Optional()], default=0
    )
    sampling_one_per_patient = BooleanField(lazy_gettext("At most one report of a patient"))
    double_reading_share = DecimalField(
        lazy_gettext("Share read twice at random, per cent"), [TYPED], places=None
    )
    double_reading_minimum = IntegerField(lazy_gettext("At least, of concordant cases"), [TYPED])
    routing_second_review_scores = _boxes(lazy_gettext("Scores that call a second reviewer"))
    blinding_hide_department = BooleanField(lazy_gettext("Hide the author’s department"))
    blinding_dates = RadioField(lazy_gettext("Date of the examination"))
    blinding_text_dates = RadioField(lazy_gettext("Dates in the text of the report"))
    blinding_prior_reports = BooleanField(
        lazy_gettext("Show earlier reports of the patient, masked")
    )
    blinding_read_first = BooleanField(
        lazy_gettext("Read first: findings and conclusion are shown after the reviewer’s own")
    )
    assignment_allocation = RadioField(lazy_gettext("Who reads what"))
    assignment_distinct_departments = BooleanField(
        lazy_gettext("The two reviewers of a case come from two departments")
    )
    assignment_max_load = IntegerField(
        lazy_gettext("Cases of one reviewer, at most"),
        [Optional()],
        description=lazy_gettext("Left empty, the capacity that each has declared decides."),
    )
    delays_answer_days = IntegerField(
        lazy_gettext("Answer to an offer, days"),
        [Optional()],
        description=lazy_gettext(
            "Whoever neither accepts nor declines in time loses the offer to somebody else. "
            "Left empty, an offer stands until the review is due."
        ),
    )
    assignment_min_load = IntegerField(
        lazy_gettext("Cases of one reviewer, at least"), [Optional()]
    )
    assignment_department_quota = IntegerField(
        lazy_gettext("Cases of one department for one reviewer, at most"), [Optional()]
    )
    assignment_author_limit = IntegerField(
        lazy_gettext("Reports of one author for one reviewer within a year, at most"), [Optional()]
    )
    delays_review_days = IntegerField(lazy_gettext("First review, days"), [TYPED])
    delays_second_review_days = IntegerField(lazy_gettext("Second review, days"), [TYPED])
    delays_adjudication_days = IntegerField(lazy_gettext("Adjudication, days"), [TYPED])
    delays_reply_days = IntegerField(lazy_gettext("Author’s reply, days"), [TYPED])
    delays_alert_triage_hours = IntegerField(lazy_gettext("Triage of an alert, hours"), [TYPED])
    thresholds_inside_reviews = IntegerField(lazy_gettext("Inside: reviews"), [TYPED])
    thresholds_inside_authors = IntegerField(lazy_gettext("Inside: authors"), [TYPED])
    thresholds_outside_reviews = IntegerField(lazy_gettext("Outside: reviews"), [TYPED])
    thresholds_outside_authors = IntegerField(lazy_gettext("Outside: authors"), [TYPED])
    retention_identity_months = IntegerField(
        lazy_gettext("Identities are kept after the closing, months"), [TYPED]
    )
    assumed_rate = DecimalField(
        lazy_gettext("If this many in a hundred are discrepant"),
        [TYPED],
        places=None,
        default=round(WhatIf().rate * 100),
    )
    assumed_minutes = IntegerField(
        lazy_gettext("and a reading takes, in minutes"), [TYPED], default=WhatIf().minutes
    )

    @property
    def effects(self) -> dict[str, str]:
        """Return what each stratum buys and costs, by its value."""
        return {one.value: gettext(said) for one, said in STRATUM_EFFECTS.items()}

    def offer(self, departments: list[tuple[str, str]]) -> None:
        """Fill in what can be chosen; ``departments`` are (id, name)."""
        self.departments.choices = [SelectChoice(*pair) for pair in departments]
        self.scope_modalities.choices = [
            SelectChoice(code, gettext(label))
            for code, label in MODALITY_LABELS.items()
            if code != "*"
        ]
        self.routing_second_review_scores.choices = [
            SelectChoice(score.code, f"{score.code} – {gettext(score.label)}")
            for score in CR3_1.categories
        ]
        self.sampling_strata.choices = [
            SelectChoice(one.value, gettext(label)) for one, label in STRATUM_LABELS.items()
        ]
        self.sampling_allocation.choices = [
            SelectChoice(
                SampleAllocation.PROPORTIONAL.value, gettext("In proportion to what each has")
            ),
            SelectChoice(SampleAllocation.EQUAL.value, gettext("As many of each")),
            SelectChoice(
                SampleAllocation.OPTIMAL.value,
                gettext("So that the overall rate is most exact, given the rates expected"),
            ),
        ]
        self.blinding_dates.choices = [
            SelectChoice(DateBlinding.MONTH.value, gettext("Only its month is shown")),
            SelectChoice(DateBlinding.HIDDEN.value, gettext("Nothing of it is shown")),
        ]
        self.blinding_text_dates.choices = [
            SelectChoice(TextDates.MASKED.value, gettext("They are masked")),
            SelectChoice(
                TextDates.SHIFTED.value,
                gettext("They are shifted, by the same number of days for one patient"),
            ),
        ]
        self.assignment_allocation.choices = [
            SelectChoice(Allocation.RANDOM.value, gettext("At random among those who read it")),
            SelectChoice(Allocation.EXPERT.value, gettext("Whoever is most specialised first")),
        ]
