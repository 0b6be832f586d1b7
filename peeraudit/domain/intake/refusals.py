"""Why is an item refused, and what is its sender told to do?"""

import re
from collections.abc import Mapping
from typing import Final

from peeraudit.domain.errors import N_
from peeraudit.domain.intake.reports import Position, Refused

REASONS: Final[dict[str, str]] = {
    "missing_accession": N_(
        "No accession number was given: without it the report cannot be told from others. "
        "Fill it in and send this report again."
    ),
    "no_text": N_(
        "There is no report text here. Send the report again with its text; "
        "the other reports are kept."
    ),
    "only_attachments": N_(
        "The report is only present as an attachment (%(types)s), which cannot be read. "
        "Ask the sender for plain text (TX, FT or ST)."
    ),
    "unreadable_attachment": N_(
        "The report is only present as an attachment (%(types)s) in which no text was found: it "
        "may be a scan, or damaged. Ask the sender for a document with text."
    ),
    "notice_only": N_(
        "This message (%(type)s) only tells that a document exists and does not carry it. Ask the "
        "sender for the messages with content, such as MDM^T02."
    ),
    "divided_message": N_(
        "This message is one part of a report that was divided among several messages. Ask the "
        "sender to send the report in one."
    ),
    "text_too_long": N_(
        "The text holds %(found)d characters and %(allowed)d are allowed: several reports may "
        "have run together, often after a missing quotation mark. Separate them and send again."
    ),
    "unreadable_date": N_(
        "The date “%(value)s” (%(name)s) cannot be read. Write it like 2026-03-31 or 31/03/2026."
    ),
    "missing_date": N_(
        "Neither the day of the examination nor the time of signing was given, so the report "
        "cannot be placed in a period. Fill in one of them."
    ),
    "unknown_status": N_(
        "The status “%(value)s” is not known. Use preliminary, final, corrected, addendum "
        "or cancelled."
    ),
    "above_headings": N_(
        "This row stands above the headings, so it was not taken for a report. If it is one, try "
        "it again as it stands here, below the headings."
    ),
    "wrong_columns": N_(
        "This line has %(found)d columns where the header has %(wanted)d. A text that holds the "
        "separator or a line break must stand between quotation marks."
    ),
    "unreadable_line": N_(
        "This line cannot be read as part of a table. Look for a quotation mark that is never "
        "closed just before it."
    ),
    "unclosed_quote": N_(
        "A quotation mark that opens in line %(line)d is never closed, so this row cannot be "
        "told from those behind it. Close it and send this row again; the other rows are kept."
    ),
    "line_too_long": N_(
        "This line is longer than %(allowed)d characters, so it is no report. Check the line "
        "breaks of the export; the other lines are kept."
    ),
    "field_too_long": N_(
        "The field “%(name)s” holds %(found)d characters and %(allowed)d are allowed: a text may "
        "stand in the wrong column. Correct it and send this report again."
    ),
    "ambiguous_date": N_(
        "The date “%(value)s” can be read with the day or with the month first, and nothing in "
        "the file tells which. Say how this column is written, or write it like 2026-03-31."
    ),
    "rounded_number": N_(
        "The number “%(value)s” was rounded by a spreadsheet, so its last digits are lost. "
        "Format the column as text in the export and send this report again."
    ),
    "uncomputed_formula": N_(
        "This cell holds a formula without a value, and formulas are never run here. Open the "
        "workbook, save it, and send it again; the other rows are kept."
    ),
    "unreadable_cell": N_(
        "This cell cannot be read: the workbook is damaged here. Save it again and send this "
        "row once more; the other rows are kept."
    ),
    "broken_workbook": N_(
        "The workbook breaks off here, so no row behind it can be read. Save it again and send "
        "it once more; the rows before it are kept."
    ),
    "sheet_unread": N_(
        "The headings of this sheet are not those of the others, so nothing of it was read (lines: "
        "%(lines)d). Send the workbook by itself and say how this sheet is written, or send the "
        "sheet as a file of its own."
    ),
    "sheet_hidden": N_(
        "This sheet is hidden in the workbook, so nothing of it was read (lines: %(lines)d). If "
        "its reports are wanted, show it, save the workbook and send it again; what was read is "
        "kept."
    ),
    "sheet_left_out": N_(
        "This sheet was left out, as a person chose, so nothing of it was read (lines: %(lines)d). "
        "If its reports are wanted after all, send the sheet as a file of its own."
    ),
    "broken_json": N_(
        "This is not well-formed JSON, so it cannot be read. Export it again; what stands before "
        "and after it is kept."
    ),
    "value_too_long": N_(
        "This resource is longer than %(allowed)d characters. Reports are far smaller: the sender "
        "may have put images inside it."
    ),
    "nested_too_deeply": N_(
        "Bundles stand inside bundles too often here. Send the inner bundle by itself."
    ),
    "no_resource": N_(
        "A FHIR resource should stand here, and what stands here has no resourceType. Ask the "
        "sender to check the export."
    ),
    "no_reports": N_(
        "This file holds no DiagnosticReport, only other resources (%(types)s). Send it together "
        "with the reports that refer to them, in one folder or archive."
    ),
    "not_imaging": N_("This is no report of medical imaging (%(kind)s), so it was left out."),
    "text_elsewhere": N_(
        "The text is not in the file, only its address is (%(types)s), and nothing is fetched from "
        "elsewhere. Ask the sender to put the document into the report."
    ),
    "not_a_report": N_(
        "This message is of type %(type)s. Only ORU and MDM messages carry reports, so nothing "
        "was taken from it."
    ),
    "truncated_message": N_(
        "The message stops in the middle of its %(segment)s segment. Ask the sender to send it "
        "again in full."
    ),
    "unreadable_message": N_(
        "The message is ill-formed and cannot be read. Ask the sender to check its MSH segment "
        "and its separators."
    ),
    "orphan_segments": N_(
        "These segments stand outside any message: the MSH segment before them is missing. "
        "Send the message again in full."
    ),
    "outside_messages": N_(
        "This text (line %(lines)s) stands outside any message, so no report was taken from it. If "
        "it belongs to a report, put it inside that message, behind its MSH segment, and try it "
        "again; if not, nothing is left to do."
    ),
    "segment_too_long": N_(
        "This segment is larger than %(allowed)d bytes. Reports are far smaller: the sender may "
        "have put images inside it."
    ),
    "too_many_segments": N_(
        "The message has more than %(allowed)d segments. Several messages may have run together; "
        "ask the sender to send them one by one."
    ),
    "too_many_fields": N_(
        "This segment has more than %(allowed)d fields. A text that holds the separator must be "
        "escaped; ask the sender to check it."
    ),
    "batch_count": N_(
        "The batch announces %(announced)d messages, and %(found)d were found: some may have been "
        "lost on the way. What was found is kept; ask the sender to check the batch."
    ),
    "file_count": N_(
        "The file announces %(announced)d batches, and %(found)d were found: some may have been "
        "lost on the way. What was found is kept; ask the sender to check the file."
    ),
    "not_dicom": N_(
        "This is no DICOM file, or a damaged one. Export the structured report again and send it "
        "once more."
    ),
    "not_a_structured_report": N_(
        "This DICOM file is of the kind “%(type)s” and holds no report. Send Basic Text, Enhanced "
        "or Comprehensive SR."
    ),
    "key_objects": N_(
        "This DICOM file is a selection of key images, which holds no report. Send the structured "
        "report itself."
    ),
    "dicom_too_large": N_(
        "This DICOM file is larger than %(allowed)d bytes or has endless elements. A report is "
        "far smaller: images may have been put inside it."
    ),
    "damaged_member": N_(
        "This file of the archive is damaged and cannot be unpacked. Make the archive again; the "
        "other files are kept."
    ),
    "no_files": N_(
        "There is nothing in here to be read: no file at all, or only folders and files that a "
        "system made for itself, such as .DS_Store. Put the reports into it and send it again."
    ),
    "message_too_long": N_(
        "The message is larger than %(allowed)d bytes. Reports are far smaller: the sender may "
        "have put an image or a document inside it."
    ),
}


# Values of the sentences above that are told as they were sent: anything may stand there.
_QUOTING: Final = frozenset({"value", "kind", "type", "types"})
# A type of HL7 message, or of a document, is a code and tells of nobody.
_CODE: Final = re.compile(r"[A-Z]{3}\^[A-Z]\d\d(\^[A-Z]{3}_[A-Z]\d\d)?|[a-z]+/[a-z0-9.+-]+")


def without_quotes(params: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a refusal's sentence as they may be kept in the clear.

    What was sent is told by its form alone: ``Aaa 99`` for ``Ann 31``. It may be a name that
    stands in the wrong column.
    """
    return {
        name: _form_of(value) if name in _QUOTING and isinstance(value, str) else value
        for name, value in params.items()
    }


def _form_of(value: str) -> str:
    return ", ".join(
        part if _CODE.fullmatch(part) else "".join(map(_form_of_letter, part))
        for part in value.split(", ")
    )


def _form_of_letter(letter: str) -> str:
    if letter.isalpha():
        return "a" if letter.islower() else "A"
    return "9" if letter.isnumeric() else letter


def refuse(position: Position, code: str, *, reference: str = "", **params: object) -> Refused:
    """Return the refusal ``code`` at ``position``.

    Args:
        position: where the item stands.
        code: a key of `REASONS`.
        reference: the accession or report number when it is known.
        params: the values of the sentence's placeholders.

    Raises:
        KeyError: when there is no such reason.
    """
    return Refused(position, code, REASONS[code], dict(params), reference)
