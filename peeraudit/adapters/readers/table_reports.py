"""Which report does one row of a table make, and may a row above the headings be one?"""

from collections.abc import Mapping, Sequence
from typing import Final

from peeraudit.adapters.readers.cell_texts import report_text
from peeraudit.domain.intake.headings import TEXT_PARTS, name_columns
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.people import person_of
from peeraudit.domain.intake.reports import Patient, Person, RawReport

_TEXTS: Final = frozenset({"report_text", *TEXT_PARTS})
_DAYS: Final = frozenset({"observed", "reported"})
_IS_HEADING: Final = 2
_Cells = Mapping[str, str]


def may_be_report(cells: Sequence[str], layout: TableLayout) -> bool:
    """Tell whether a row above the headings holds what a report needs.

    A title, the days of an export or the filters that were set hold less.

    Args:
        cells: the row.
        layout: how the table is written.
    """
    filled = {name for name, cell in zip(layout.columns, cells, strict=False) if cell.strip()}
    held = set(layout.columns)
    needed = [{"accession"}, _DAYS & held, _TEXTS & held]
    if not all(one & filled for one in needed if one):
        return False
    return sum(map(bool, name_columns(list(cells)))) < _IS_HEADING


def _author(row: _Cells) -> Person:
    last, first = row.get("author_last", ""), row.get("author_first", "")
    number = row.get("author_id", "")
    if last or first:
        return Person(number, last, first)
    return person_of(row.get("author_name", ""), number)


def _patient_name(row: _Cells) -> Person:
    last, first = row.get("patient_last", ""), row.get("patient_first", "")
    return Person("", last, first) if last or first else person_of(row.get("patient_name", ""))


def raw_report(
    row: _Cells, repeated: Mapping[str, Sequence[str]], layout: TableLayout
) -> RawReport:
    """Return what one row says.

    Args:
        row: its cells by field.
        repeated: the cells of the fields that several columns may hold.
        layout: how the table is written.
    """
    patient_id, get = row.get("patient_id", ""), row.get
    name = _patient_name(row)
    numbers: tuple[str, ...] = (patient_id,) if patient_id else ()
    names: tuple[Person, ...] = () if name.is_empty else (name,)
    if repeated:
        numbers += tuple(filter(None, repeated.get("other_number", ())))
        former = filter(None, repeated.get("birth_name", ()))
        names += tuple(Person("", other, name.first) for other in former)
    accession, report_id = get("accession", ""), get("report_id", "")
    return RawReport(
        report_id=report_id,
        accession=accession,
        status=get("status", ""),
        modality=get("modality", ""),
        region=get("region", ""),
        exam_code=get("exam_code", ""),
        exam_name=get("exam_name", ""),
        performed=get("observed", ""),
        reported=get("reported", ""),
        urgency=get("urgency", ""),
        language=get("language", ""),
        laterality=get("laterality", ""),
        text=report_text(row, layout),
        author=_author(row),
        patient=Patient(
            identifiers=numbers,
            names=names,
            birth_date=parse_day(get("birth_date", "")),
            sex=get("sex", "")[:1].upper(),
            phones=_filled_in(repeated, "phone"),
            addresses=_filled_in(repeated, "address"),
            relatives=tuple(map(person_of, _filled_in(repeated, "relative"))),
        ),
        clinicians=tuple(map(person_of, _filled_in(repeated, "clinician"))),
        identifiers=(accession, report_id, *numbers),
        places=_filled_in(repeated, "facility"),
    )


def _filled_in(repeated: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Return the cells of a field that several columns may hold, without the empty ones."""
    return tuple(filter(None, repeated[name])) if name in repeated else ()
