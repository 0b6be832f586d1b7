"""What does a row of a table say as its report, whatever its program made of the lines?"""

import re
from collections.abc import Mapping
from typing import Final

from peeraudit.adapters.readers.documents import read_marked_text
from peeraudit.domain.intake.cells import plain_cell
from peeraudit.domain.intake.headings import TEXT_PARTS
from peeraudit.domain.intake.layouts import TableLayout

_ESCAPED_BREAK: Final = re.compile(r"\\r\\n|\\n|\\r(?=[^a-z]|$)")


def report_text(row: Mapping[str, str], layout: TableLayout) -> str:
    """Return the report's text, put together where its parts stand in columns of their own.

    Args:
        row: the cells by field.
        layout: how the table is written.
    """
    whole = row.get("report_text", "")
    if whole.strip():
        return plain_cell(whole) and text_of_cell(whole)
    parts = []
    for name in TEXT_PARTS:
        part = plain_cell(row.get(name, ""))
        if part:
            heading = layout.headings[layout.columns.index(name)] if layout.headings else name
            parts.append(f"{heading.strip().upper()} :\n{text_of_cell(part)}")
    return "\n\n".join(parts)


def text_of_cell(cell: str) -> str:
    r"""Return the words of a cell that holds text, RTF or HTML, with its lines.

    Exports from a database often write a line break as the two signs ``\n``; a cell that has
    no other break is read so.

    Args:
        cell: as the table holds it.
    """
    if cell.lstrip("\ufeff \t\r\n")[:5].startswith(("<", "{\\rtf")):
        return read_marked_text(cell).text
    if "\\" in cell and "\n" not in cell and "\r" not in cell:
        return _ESCAPED_BREAK.sub("\n", cell)
    return cell
