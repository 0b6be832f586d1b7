"""Commands that mask texts."""

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext

from peeraudit.domain.blinding.exchange import LANGUAGES, mask_line
from peeraudit.domain.errors import DomainError
from peeraudit.domain.protocol import TextDates
from peeraudit.services import blinding_days

group = AppGroup("blinding", help="Hide in texts what leads to people and departments.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("mask")
@click.argument("file", type=click.File("rb"), metavar="PATH|-")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="auto", help="Of the texts; judged if auto."
)
@click.option(
    "--dates",
    type=click.Choice([one.value for one in TextDates]),
    default=TextDates.MASKED.value,
    help="Mask the days in the texts, or shift them.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; else texts alone.")
def mask(file: BinaryIO, language: str, dates: str, *, as_json: bool) -> None:
    """Mask the texts of FILE, one JSON object a line; no database is needed.

    Each line holds "text" and, where wanted, "known": lists under "patient", "clinicians",
    "identifiers", "places" and "birth_dates" (1950-01-31). A line that cannot be read gets an
    "error" with its number; the lines after it are masked all the same.

    The answer holds "text", "doubt" and "spans": "start" and "end" are offsets in the text that
    was handed in. With --dates shifted, a day that is moved stands in the text as
    ⟦date=12/05/2023⟧, and its span bears what is shown as "shown"; a span without it is masked.
    All lines of a patient move by the same number of days, which follows from the newest identity
    key and from "patient_key", a string beside "text"; without it from the known names and
    identifiers of the patient, and without those from the text.
    """
    days_of = _shift() if dates == TextDates.SHIFTED else None
    for number, line in _lines(file):
        answer = mask_line(line, language, days_of)
        if "error" in answer:
            answer = {"line": number, **answer}
            if not as_json:
                click.echo(f"{number}: {answer['error']}", err=True)
                continue
        click.echo(json.dumps(answer) if as_json else answer["text"])


def _shift() -> Callable[[str], int]:
    """Return what tells a patient's shift, once it is sure that there is a key for it."""
    try:
        blinding_days.shift_of_words("")
    except DomainError as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    return blinding_days.shift_of_words


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold anything, with their numbers; what is no UTF-8 is marked so."""
    for number, line in enumerate(file, start=1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
        if text:
            yield number, text
