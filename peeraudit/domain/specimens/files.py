"""How do invented reports look in the files that intake reads, sound and damaged?"""

import csv
import io
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from peeraudit.domain.specimens.reports import SpecimenReport

CSV_COLUMNS: Final = (
    "report_id",
    "accession",
    "patient_id",
    "patient_last",
    "patient_first",
    "birth_date",
    "exam_name",
    "modality",
    "region",
    "performed",
    "reported",
    "status",
    "author_id",
    "author_last",
    "author_first",
    "referrer",
    "urgency",
    "language",
    "report_text",
)
_ESCAPES: Final = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
)
_MOMENT: Final = "%Y%m%d%H%M%S+0000"


class Damage(StrEnum):
    """What can happen to a file on its way."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    MISSING_COLUMN = "missing_column"
    DUPLICATE_ROW = "duplicate_row"
    WRONG_ENCODING = "wrong_encoding"


def _row(report: SpecimenReport) -> tuple[str, ...]:
    patient, author, asked = report.patient, report.author, report.clinicians[0]
    return (
        report.report_id,
        report.accession,
        patient.ipp,
        patient.family.upper(),
        patient.given,
        patient.birth_date.isoformat(),
        report.exam,
        report.modality,
        report.region,
        report.performed_on.isoformat(),
        report.signed_at.isoformat(),
        "F",
        author.rpps,
        author.family.upper(),
        author.given,
        f"{asked.family.upper()} {asked.given}",
        report.urgency,
        report.language,
        report.text,
    )


def csv_lines(reports: Iterable[SpecimenReport]) -> Iterator[str]:
    """Yield the heading and then one record a time, each with its line break."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    yield buffer.getvalue()
    for report in reports:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(_row(report))
        yield buffer.getvalue()


def to_csv(reports: Iterable[SpecimenReport]) -> str:
    """Return a comma separated table of ``reports`` with the columns ``CSV_COLUMNS``."""
    return "".join(csv_lines(reports))


def _segment(name: str, fields: dict[int, str]) -> str:
    return "|".join([name, *(fields.get(place, "") for place in range(1, max(fields) + 1))])


def _name(*parts: str) -> str:
    return "^".join(part.translate(_ESCAPES) for part in parts)


def _observations(report: SpecimenReport) -> Iterator[str]:
    """Yield the text as OBX segments, one a paragraph; joined by line feeds they are the text.

    Departments differ in how they mark a line break: a repetition or a formatting command.
    """
    mark = "~" if sum(map(ord, report.department_code)) % 2 else "\\.br\\"
    blocks = report.text.split("\n\n")
    for place, block in enumerate(blocks, start=1):
        whole = block if place == len(blocks) else block + "\n"
        value = mark.join(line.translate(_ESCAPES) for line in whole.split("\n"))
        yield _segment("OBX", {1: str(place), 2: "TX", 3: "GDT^Compte rendu", 5: value, 11: "F"})


def hl7_message(report: SpecimenReport) -> str:
    r"""Return one ORU^R01 message, version 2.5; each segment ends with ``\r``."""
    patient, author, asked = report.patient, report.author, report.clinicians[0]
    signed = report.signed_at.strftime(_MOMENT)
    priority = "A" if report.urgency == "urgent" else "R"
    site = report.department_code
    exam = report.exam.translate(_ESCAPES)
    header = (
        f"MSH|^~\\&|RIS|{site}|PEERAUDIT|NETWORK|{signed}||ORU^R01^ORU_R01|{report.report_id}"
        "|P|2.5||||||UNICODE UTF-8"
    )
    segments = [
        header,
        _segment(
            "PID",
            {
                1: "1",
                3: f"{patient.ipp}^^^{site}^PI",
                5: f"{_name(patient.family.upper(), patient.given)}^^^^^L",
                7: patient.birth_date.strftime("%Y%m%d"),
                8: patient.sex,
                13: patient.phone,
            },
        ),
        _segment("PV1", {1: "1", 2: "E" if priority == "A" else "O", 3: site}),
        _segment(
            "OBR",
            {
                1: "1",
                3: report.accession,
                4: f"{report.modality}{len(report.exam)}^{exam}^L",
                5: priority,
                7: report.performed_on.strftime("%Y%m%d"),
                16: f"{asked.identifier}^{_name(asked.family.upper(), asked.given)}^^^DR",
                22: signed,
                24: report.modality,
                25: "F",
                27: f"1^^^{signed}^^{priority}",
                32: f"{author.rpps}^{_name(author.family.upper(), author.given)}",
            },
        ),
        *_observations(report),
    ]
    return "\r".join(segments) + "\r"


def to_hl7(reports: Iterable[SpecimenReport]) -> str:
    """Return the messages of ``reports``, one after the other."""
    return "".join(map(hl7_message, reports))


def _without_column(content: str, name: str) -> str:
    rows = list(csv.reader(io.StringIO(content, newline="")))
    place = rows[0].index(name)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(
        [cell for at, cell in enumerate(row) if at != place] for row in rows
    )
    return buffer.getvalue()


def _with_first_repeated(content: str) -> str:
    if content.startswith("MSH|"):
        end = content.find("\rMSH|") + 1
        return content + (content[:end] if end else content)
    rows = list(csv.reader(io.StringIO(content, newline="")))
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow(rows[1])
    return content + buffer.getvalue()


def spoil(content: str, damage: Damage, *, column: str = "accession") -> bytes:
    """Return the bytes of a file that went wrong.

    Args:
        content: what ``to_csv`` or ``to_hl7`` wrote.
        damage: ``EMPTY`` has no byte; ``TRUNCATED`` stops inside a record, at 60 % of the length;
            ``MISSING_COLUMN`` lacks ``column`` (tables only); ``DUPLICATE_ROW`` ends with its
            first record again; ``WRONG_ENCODING`` is Windows-1252 where UTF-8 is announced, with
            one byte in its middle that neither of them knows.
        column: the column to leave out.
    """
    if damage is Damage.EMPTY:
        return b""
    if damage is Damage.TRUNCATED:
        return content[: len(content) * 3 // 5].encode()
    if damage is Damage.MISSING_COLUMN:
        return _without_column(content, column).encode()
    if damage is Damage.DUPLICATE_ROW:
        return _with_first_repeated(content).encode()
    raw = content.encode("cp1252", errors="replace")
    return raw[: len(raw) // 2] + b"\x81" + raw[len(raw) // 2 :]
