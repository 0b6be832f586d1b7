"""Attaches every command of `flask …`: a module here that has something to register does so."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from flask import Flask
from werkzeug.utils import find_modules, import_string

from peeraudit import cli

NEED_NO_INSTALLATION: Final = frozenset(
    {
        ("intake", "check"),
        ("blinding", "mask"),
        ("assignment", "plan"),
        ("assignment", "plan-tables"),
        ("sampling", "verify"),
        ("sampling", "size"),
        ("statistics", "examples"),
        ("statistics", "compute"),
        ("statistics", "agreement"),
    }
)
"""The commands that read files and print, and so run with neither settings nor a database."""

_WITH_VALUE: Final = frozenset({"-A", "--app", "-e", "--env-file"})


def needs_no_installation(words: Sequence[str]) -> bool:
    """Tell whether a command line, such as ``--app wsgi intake check x.csv``, is one of these.

    Args:
        words: what follows the name of the program.
    """
    return tuple(islice(_commands(words), 2)) in NEED_NO_INSTALLATION


def _commands(words: Sequence[str]) -> Iterator[str]:
    """Yield the words that are neither options of Flask itself nor their values."""
    rest = iter(words)
    for word in rest:
        if word in _WITH_VALUE:
            next(rest, "")
        elif not word.startswith("-"):
            yield word


def register(app: Flask) -> None:
    """Attach every command to the application."""
    others = sorted(set(find_modules(cli.__name__)) - {__name__})
    for module in map(import_string, others):
        if hasattr(module, "register"):
            module.register(app)
