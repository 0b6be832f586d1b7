"""How are several files handed out as one?"""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The same files give the same bytes, whenever they are packed: the first day that a ZIP knows.
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16


def pack(files: Iterable[tuple[str, str]]) -> bytes:
    """Return files as a ZIP archive.

    Args:
        files: (name, text) of each, in the order of the archive; texts are written in UTF-8.
    """
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, text in files:
            entry = ZipInfo(name, MOMENT)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = READABLE
            archive.writestr(entry, text.encode())
    return target.getvalue()
