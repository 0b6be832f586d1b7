"""How does a plan travel as a file between this site and a spreadsheet?"""

from collections.abc import Iterable

from flask import Response
from flask_babel import get_locale
from werkzeug.datastructures import FileStorage

from peeraudit.domain.assignment.sheet import Wish, read_sheet, write_sheet
from peeraudit.domain.workflow import Turn
from peeraudit.services.assignment_preview import EntryView
from peeraudit.web.assignment.words import reason

NUMBERS = {Turn.FIRST: "1", Turn.SECOND: "2"}


def as_file(entries: Iterable[EntryView], name: str) -> Response:
    """Return a plan as a CSV file that a spreadsheet opens by itself."""
    locale = get_locale()
    # A French spreadsheet takes the comma for the decimal sign.
    delimiter = ";" if locale and locale.language == "fr" else ","
    text = write_sheet(
        (
            {
                "case": one.code,
                "reading": NUMBERS[one.turn],
                "reviewer": one.reviewer,
                "name": one.name,
                "department": one.department,
                "modality": one.modality,
                "region": one.region,
                "reason": reason(one.reason),
                "alternates": " ".join(one.alternates),
            }
            for one in entries
        ),
        delimiter=delimiter,
    )
    answer = Response(text.encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def wishes_of(file: FileStorage) -> list[Wish]:
    """Return what an edited file asks for.

    Raises:
        InvalidInput: the file is no such table.
    """
    content = file.stream.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What older spreadsheets write; the columns that count hold plain letters alone.
        text = content.decode("cp1252", "replace")
    return read_sheet(text)
