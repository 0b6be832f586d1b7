"""Tables in which sheets and columns are called after patients."""

import io
from collections.abc import Mapping
from uuid import UUID

from openpyxl import Workbook

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.actors import Actor
from peeraudit.domain.specimens.files import CSV_COLUMNS
from peeraudit.services import intake, intake_layouts
from peeraudit.services.intake import NewUpload
from tests.canary.words import Words


def workbook(words: Words, owner: str, row: Mapping[str, str]) -> bytes:
    """Return a workbook of one row, of which sheets and a column are called after patients.

    One sheet holds no table and is only named; one is hidden, and told as an item by its name.
    """
    names = [words.new("patient", owner) for _ in range(4)]
    book, content = Workbook(), io.BytesIO()
    book.active.title = names[0]
    book.active.append([*CSV_COLUMNS, f"Dossier {names[1]}"])
    book.active.append([row.get(column, "") for column in CSV_COLUMNS])
    book.create_sheet(names[2]).append(["Vu"])
    hidden = book.create_sheet(names[3])
    for line in (["Code", "Prix", "Note"], ["1", "2", "3"], ["4", "5", "6"]):
        hidden.append(line)
    hidden.sheet_state = "hidden"
    book.save(content)
    return content.getvalue()


def explain(department_id: UUID, name: str, *, by: Actor) -> None:
    """Say how a table is written that has a name above its numbers; its row has no number."""
    table = f"Dossier {name};Le jour;Prose\n;13/10/2026;Rate.\n"
    with unit_of_work():
        new = NewUpload(department_id, "explained.csv", "csv")
        upload_id = intake.receive(new, [table.encode()], by=by)
    layout = intake_layouts.show_layout(upload_id, by=by).guess.layout
    layout = layout.with_columns(("accession", "observed", "report_text"))
    with unit_of_work():
        intake.confirm_layout(upload_id, layout.with_dates({"observed": "day_first"}), by=by)
