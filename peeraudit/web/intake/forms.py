"""Forms of the intake pages."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField


class UploadForm(FlaskForm):
    """A file of reports."""

    file = FileField(
        lazy_gettext("File of reports"),
        [FileRequired(lazy_gettext("Choose the file that holds the reports."))],
        description=lazy_gettext(
            "A CSV table with the columns accession, report_text and others, or HL7 v2 messages "
            "(ORU^R01). At most 200 MB."
        ),
    )
    format = SelectField(lazy_gettext("Format"))
    dry_run = BooleanField(
        lazy_gettext("Try it first: say what would become of each report, and keep none"),
    )
