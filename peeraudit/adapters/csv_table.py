"""How is a row written as a line of a CSV table that a spreadsheet opens without harm?"""

import csv
import io
from collections.abc import Sequence
from typing import Final

MARK: Final = "\ufeff"
"""What a table begins with, so that a spreadsheet reads it as UTF-8."""

_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Sequence[str]) -> str:
    """Return one line, its end included; what a spreadsheet would compute is made plain text.

    Args:
        cells: the row; shape (n,).
    """
    safe = [f"'{cell}" if cell.startswith(_ACTIVE) else cell for cell in cells]
    buffer = io.StringIO()
    csv.writer(buffer).writerow(safe)
    return buffer.getvalue()
