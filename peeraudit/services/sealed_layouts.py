"""How are the layouts of tables kept? A sheet, or a heading, may bear the name of a patient."""

from collections.abc import Sequence
from uuid import UUID

from peeraudit.adapters.sealing import blind_index, blind_indexes, seal, unseal
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.models.intake import RememberedLayout, Upload


def keep_layout(upload: Upload, layout: TableLayout) -> None:
    """Write how a file is written into its row, sealed; the row's id is set."""
    upload.sealed_layout = seal(layout.to_json().encode(), _place(upload.id))


def layout_of(upload: Upload) -> TableLayout | None:
    """Return the layout by which a file is read; None where none is settled.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    if upload.sealed_layout is None:
        return None
    return TableLayout.from_json(unseal(upload.sealed_layout, _place(upload.id)).decode())


def remember(row: RememberedLayout, layout: TableLayout) -> None:
    """Write a department's layout into its row, sealed; the ids of row and department are set."""
    row.sealed_layout = seal(layout.to_json().encode(), _place_remembered(row.id))
    row.signature = blind_index(_column(row.department_id), layout.signature)


def remembered(row: RememberedLayout) -> TableLayout:
    """Return a department's layout.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    return TableLayout.from_json(unseal(row.sealed_layout, _place_remembered(row.id)).decode())


def signatures(department_id: UUID, layout: TableLayout) -> tuple[str, ...]:
    """Return what may stand for the headings of a layout in a department's rows."""
    return blind_indexes(_column(department_id), layout.signature)


def seal_anew(rows: Sequence[Upload]) -> None:
    """Seal the layouts of some files under the newest key."""
    for row in rows:
        if (layout := layout_of(row)) is not None:
            keep_layout(row, layout)


def seal_remembered_anew(rows: Sequence[RememberedLayout]) -> None:
    """Seal some remembered layouts under the newest key, their signatures included."""
    for row in rows:
        remember(row, remembered(row))


def _place(upload_id: UUID) -> str:
    return f"upload/{upload_id.hex}/layout"


def _place_remembered(row_id: UUID) -> str:
    return f"remembered_layout/{row_id.hex}"


def _column(department_id: UUID) -> str:
    return f"remembered_layout/{department_id.hex}/signature"
