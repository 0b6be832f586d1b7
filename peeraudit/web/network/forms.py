"""Forms of the pages of departments and reviewers."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from peeraudit.domain.absences import Away
from peeraudit.domain.network import (
    CAPACITY_MAXIMUM,
    MODALITY_LABELS,
    REGION_LABELS,
    DepartmentCard,
    ReviewerCard,
)


class DepartmentForm(FlaskForm):
    """What is known of a department."""

    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=120)])
    code = StringField(
        lazy_gettext("Code"),
        [InputRequired(), Length(max=20)],
        description=lazy_gettext(
            "Short, without accents: it stands in the published list of reports, as in CHU-NORD."
        ),
    )
    city = StringField(lazy_gettext("City"), [Length(max=80)])
    finess = StringField(lazy_gettext("FINESS number"), [Length(max=9)])
    language = SelectField(lazy_gettext("Language of its reports"), [InputRequired()])
    viewer_url = StringField(
        lazy_gettext("Address of its image viewer"),
        [Length(max=300)],
        description=lazy_gettext(
            "With {accession} where the examination’s number goes, as in "
            "https://viewer.example/?study={accession}. Blinded people never see it."
        ),
    )
    active = BooleanField(lazy_gettext("Takes part in new campaigns"), default=True)

    def to_card(self) -> DepartmentCard:
        """Return what was typed."""
        return DepartmentCard(
            code=(self.code.data or "").strip(),
            name=(self.name.data or "").strip(),
            city=(self.city.data or "").strip(),
            finess=(self.finess.data or "").replace(" ", "").upper(),
            language=self.language.data,
            viewer_url=(self.viewer_url.data or "").strip(),
            active=self.active.data,
        )


class ReadingForm(FlaskForm):
    """How much and what a reviewer reads."""

    capacity = IntegerField(
        lazy_gettext("Cases in one campaign, at most"),
        [InputRequired(), NumberRange(0, CAPACITY_MAXIMUM)],
        default=60,
    )
    accepting = BooleanField(lazy_gettext("Takes new cases"), default=True)
    reads_children = BooleanField(
        lazy_gettext("Reads examinations of patients under 18 too"), default=True
    )
    specialities = SelectMultipleField(
        lazy_gettext("What is read"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self) -> None:
        """Fill in the modalities and regions among which to choose."""
        self.specialities.choices = [
            SelectChoice(f"{modality}:{region}", gettext(label))
            for modality in MODALITY_LABELS
            for region, label in REGION_LABELS.items()
        ]

    def groups(self) -> list[tuple[str, list[Field]]]:
        """Return the choices of each modality under its name."""
        options, size = list(self.specialities), len(REGION_LABELS)
        return [
            (gettext(label), options[number * size : (number + 1) * size])
            for number, label in enumerate(MODALITY_LABELS.values())
        ]

    def fill(self, card: ReviewerCard) -> None:
        """Show a card as it is kept."""
        self.capacity.data, self.accepting.data = card.capacity, card.accepting
        self.reads_children.data = card.reads_children
        self.specialities.data = [f"{m}:{r}" for m, r in card.specialities]

    def to_card(self, *, adjudicates: bool = False) -> ReviewerCard:
        """Return what was chosen."""
        pairs = [choice.partition(":") for choice in self.specialities.data or []]
        return ReviewerCard(
            capacity=self.capacity.data,
            accepting=self.accepting.data,
            adjudicates=adjudicates,
            specialities=tuple((modality, region) for modality, _, region in pairs),
            reads_children=self.reads_children.data,
        )


class ReviewerForm(ReadingForm):
    """A reviewer, as the network lead sets one up."""

    adjudicates = BooleanField(lazy_gettext("May settle cases on which reviewers differ"))


class NewReviewerForm(ReviewerForm):
    """A person who becomes a reviewer."""

    account = SelectField(
        lazy_gettext("Person"),
        [InputRequired(lazy_gettext("Choose a person."))],
        description=lazy_gettext(
            "People who hold the role of reviewer and are not set up yet. "
            "An administrator gives the role."
        ),
    )


class AbsenceForm(FlaskForm):
    """Days without new cases."""

    first_day = DateField(lazy_gettext("First day"), [InputRequired()])
    last_day = DateField(lazy_gettext("Last day"), [InputRequired()])
    what = RadioField(
        lazy_gettext("What falls due on these days"),
        [InputRequired()],
        default="finish",
    )

    @property
    def away(self) -> Away:
        """Return the days that were typed; of a form without a mistake."""
        first_day, last_day = self.first_day.data, self.last_day.data
        if first_day is None or last_day is None:
            raise LookupError("the form was not found sound")
        return Away(first_day, last_day)

    @property
    def finishes(self) -> bool:
        """Return whether the reader finishes what is there already."""
        return bool(self.what.data == "finish")

    def offer(self, *, own: bool = True) -> None:
        """Fill in what may become of the cases; said to the reader, or of the reader."""
        if not own:
            self.what.choices = [
                SelectChoice("hand_over", gettext("It goes to others where it is not begun")),
                SelectChoice("finish", gettext("It waits, and is due as many days later")),
            ]
            if not self.is_submitted():
                self.what.data = "hand_over"
            return
        self.what.choices = [
            SelectChoice("finish", gettext("I read it: it is due as many days later as I am away")),
            SelectChoice("hand_over", gettext("It goes to others where I have not begun it")),
        ]


class WeeklyForm(FlaskForm):
    """Most cases of a week."""

    weekly = IntegerField(
        lazy_gettext("Cases in a week, at most"),
        [Optional()],
        description=lazy_gettext(
            "Over all campaigns. It sets how many wait for you at once: with a delay of two weeks, "
            "twice as many. Left empty, there is no limit."
        ),
    )


class CampaignLimitForm(FlaskForm):
    """Most cases of a campaign."""

    most = IntegerField(
        lazy_gettext("Cases of this campaign, at most"),
        [Optional()],
        description=lazy_gettext(
            "What you have not begun beyond the limit goes to others where somebody is free. "
            "Left empty, the capacity of your profile counts."
        ),
    )


class ConflictForm(FlaskForm):
    """Whose reports the reviewer must not score."""

    department_id = SelectField(lazy_gettext("A department"))
    colleague_email = EmailField(
        lazy_gettext("or a colleague, by e-mail address"), [Length(max=254)]
    )
    reason = StringField(
        lazy_gettext("Why"),
        [Length(max=300)],
        description=lazy_gettext("For the network lead alone; two words are enough."),
    )
