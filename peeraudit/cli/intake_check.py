"""The command that says what would become of files, without a database."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from flask import Flask
from flask_babel import gettext

from peeraudit.adapters.readers.batches import Found, Wanted, read_batch
from peeraudit.adapters.readers.detect import FORMATS
from peeraudit.adapters.readers.seen_reports import SeenReports, seen_reports
from peeraudit.adapters.wording import in_words
from peeraudit.cli.intake import group
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.reports import Accepted, IncomingReport, Refused
from peeraudit.domain.intake.sections import split_sections
from peeraudit.domain.sentences import Sentence

NOT_OPENED = 2
LISTED = 20
_REPEATED = {
    "duplicate": "This report came before; nothing would change.",
    "confirmed": "The same text came before; only its status goes further now.",
}


def register(app: Flask) -> None:
    """Attach the command to the commands of intake."""
    del app
    group.add_command(check)


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "declared",
    type=click.Choice(["auto", *FORMATS]),
    default="auto",
    show_default=True,
    help="The format of all the files.",
)
@click.option("--zone", default="UTC", show_default=True, help="Time zone of times without one.")
@click.option("--layout", type=click.File(encoding="utf-8"), help="A table's layout, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each item.")
def check(
    paths: tuple[Path, ...],
    declared: str,
    zone: str,
    layout: TextIO | None,
    *,
    as_json: bool,
) -> None:
    """Read PATHS (files, folders, ZIP archives) and say what would become of each item.

    No database is needed and nothing is kept. The exit status is 0 when the files were read,
    even if items were refused, and 2 when one of them could not be opened.
    """
    try:
        wanted = Wanted(
            format="" if declared == "auto" else declared,
            zone=ZoneInfo(zone),
            layout=TableLayout.from_json(layout.read()) if layout else None,
        )
    except InvalidInput as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    except (ZoneInfoNotFoundError, ValueError):
        raise click.ClickException(f"There is no time zone {zone!r}.") from None
    counts: Counter[str] = Counter()
    all_opened = True
    with seen_reports() as seen:
        for found, line in _told(read_batch(paths, wanted), seen):
            all_opened = all_opened and not found.cannot_open
            status = str(line["status"])
            counts[status] += 1
            if as_json:
                click.echo(json.dumps(line, ensure_ascii=False))
            elif status == "refused" and counts[status] <= LISTED:
                click.echo(_in_words(found))
    if not as_json:
        for status, count in sorted(counts.items()):
            click.echo(f"{count:8}  {status}")
    sys.exit(0 if all_opened else NOT_OPENED)


def _in_words(found: Found) -> str:
    """Return a refusal in the language of the installation; JSON stays in English."""
    item = found.item
    place = in_words(Sentence(*item.position.label))
    why = in_words(Sentence(item.message, item.params)) if isinstance(item, Refused) else ""
    return f"{item.position.source}, {place}: {why}"


def _told(batch: Iterator[Found], seen: SeenReports) -> Iterator[tuple[Found, dict[str, object]]]:
    for found in batch:
        item = found.item
        line: dict[str, object] = {
            "source": item.position.source,
            "position": item.position.locator,
        }
        if isinstance(item, Refused):
            reason = f"{item.code}: {item}"
            report = _report(item.report) if item.report else None
            line |= {"status": "refused", "reason": reason, "report": report}
        else:
            line |= _judged(item, seen)
        yield found, line


def _judged(item: Accepted, seen: SeenReports) -> dict[str, object]:
    outcome = seen.take(item.report)
    repeated = _REPEATED.get(outcome, "")
    return {
        "status": "duplicate" if repeated else "accepted",
        "reason": f"{outcome}: {repeated}" if repeated else "",
        "report": _report(item.report),
    }


def _report(report: IncomingReport) -> dict[str, object]:
    author = report.author
    sections: dict[str, str] = {}
    for section in split_sections(report.text, report.language):
        # A title alone, such as “Report”, opens no part of its own.
        known = filter(None, (sections.get(section.kind), section.body))
        sections[section.kind] = "\n\n".join(known)
    return {
        "report_id": report.report_id,
        "accession": report.accession,
        "status": report.status,
        "modality": report.modality,
        "region": report.region,
        "date": report.performed_on.isoformat() if report.performed_on else None,
        "author": " ".join(filter(None, (author.first, author.last))) if author else "",
        "text": report.text,
        "sections": sections,
        "laterality": report.laterality,
        "urgency": report.urgency,
        "language": report.language,
        "derived": list(report.derived),
    }
