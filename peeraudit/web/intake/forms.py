"""Forms of the intake pages."""

from typing import ClassVar

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField


class UploadForm(FlaskForm):
    """A file of reports."""

    file = FileField(
        lazy_gettext("File of reports"),
        [FileRequired(lazy_gettext("Choose the file that holds the reports."))],
        description=lazy_gettext(
            "A table (CSV, XLSX), HL7 v2 messages, FHIR resources or DICOM reports, or a ZIP "
            "archive of them. At most 200 MB."
        ),
    )
    format = SelectField(lazy_gettext("Format"))
    frame_only = BooleanField(
        lazy_gettext("This is a list without texts: they come later, for the drawn reports alone"),
    )
    look_first = BooleanField(
        lazy_gettext("Show me the columns of a table before it is read, even if they are known"),
    )
    dry_run = BooleanField(
        lazy_gettext("Try it first: say what would become of each report, and keep none"),
    )


class Needed:
    """Marks a field that a report needs; whether it is good enough is the domain's word."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Refuse nothing here: what was typed is kept, and the item says what is missing."""


class MendForm(FlaskForm):
    """What a refused item should have said."""

    accession = StringField(lazy_gettext("Accession number"), [Needed()])
    report_id = StringField(lazy_gettext("Report number"))
    status = StringField(lazy_gettext("Status"))
    performed = StringField(lazy_gettext("Day of the examination"), [Needed()])
    reported = StringField(lazy_gettext("Time of signing"))
    modality = StringField(lazy_gettext("Modality"))
    region = StringField(lazy_gettext("Body region"))
    exam_name = StringField(lazy_gettext("Examination"))
    urgency = StringField(lazy_gettext("Urgency"))
    language = StringField(lazy_gettext("Language"))
    text = TextAreaField(lazy_gettext("Report text"), [Needed()], render_kw={"rows": 16})
    content = TextAreaField(
        lazy_gettext("The item as it came"),
        [Needed()],
        render_kw={"rows": 18, "spellcheck": "false", "class": "raw-item"},
    )
