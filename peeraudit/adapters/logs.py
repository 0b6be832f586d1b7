"""What may a line of the log tell? Where something broke and of what kind, never of whom."""

import logging
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

from flask.logging import wsgi_errors_stream

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# What the web server logs of a request that it could not read begins so, and quotes it.
_QUOTING = ("Invalid request", "Error handling request")


class Tellable(Exception):
    """An error whose text names nobody, whatever was in hand, so that it may stand in a log."""


def trace_of(error: BaseException) -> str:
    """Return how an error came about: kinds of errors and lines of code, in many lines.

    The texts of errors are left out, of those that caused it too, but for a ``Tellable``: a
    database quotes the row that it refuses, and a conversion the value.
    """
    return "\n".join(_lines_of(error))


def set_up() -> None:
    """Let this process write its log to its standard error, and nobody's words into it.

    For a process of its own, before the application is made; a test looks at loggers itself.
    """
    be_quiet()
    handler = logging.StreamHandler(cast("TextIO", wsgi_errors_stream))
    handler.setFormatter(logging.Formatter(_FORM))
    ours = logging.getLogger("peeraudit")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def be_quiet() -> None:
    """Keep what libraries would quote out of the log, for a process that writes its own."""
    warnings.showwarning = _show_warning
    logging.getLogger("gunicorn.error").addFilter(_keep_request_out)


def _lines_of(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        kind = type(link)
        told = f": {link}" if isinstance(link, Tellable) else ""
        yield f"{kind.__module__}.{kind.__qualname__}{told}"
        yield from (line.rstrip() for line in traceback.format_tb(link.__traceback__))
        hidden = link.__suppress_context__
        link = link.__cause__ or (None if hidden else link.__context__)
        if link is not None:
            yield "because of"


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Say where a library warns, not what of: readers of files quote the value."""
    del message, line
    where = "/".join(Path(filename).parts[-2:])
    print(f"{category.__name__} at {where}:{lineno}", file=file or sys.stderr)


def _keep_request_out(record: logging.LogRecord) -> bool:
    quoting = next((start for start in _QUOTING if str(record.msg).startswith(start)), "")
    if quoting:
        record.msg, record.args = quoting.lower(), ()
    if record.exc_info and record.exc_info[1] is not None:
        record.msg = f"{record.getMessage()}\n{trace_of(record.exc_info[1])}"
        record.exc_info, record.args = None, ()
    return True
