"""How do cases and reviewers of others read from a file, so that anybody can plan them?"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from peeraudit.domain.assignment.plan import ANY, PlanCase, PlanReviewer, Speciality
from peeraudit.domain.errors import N_, InvalidInput

PLAN_COLUMNS = ("case", "reading", "reviewer", "reason")


def read_cases(text: str) -> list[PlanCase]:
    """Return the cases of a CSV table: id, department, modality, and if known the others.

    These are region, reviews, and child (1 where the patient was under 18).

    Raises:
        InvalidInput: a column or a value is missing, or a number is none.
    """
    return [
        PlanCase(
            id=row["id"],
            department=row["department"],
            modality=row["modality"],
            region=row.get("region", ""),
            reviews=_count(row, "reviews", 1, line),
            is_child=bool(_count(row, "child", 0, line)),
        )
        for line, row in _rows(text, ("id", "department", "modality"))
    ]


def read_reviewers(text: str) -> list[PlanReviewer]:
    """Return the reviewers of a CSV table: id, department, specialities, capacity, minimum.

    Where it has a column children, 0 there keeps cases of children from a reviewer.
    Specialities are separated by spaces, each a modality and, if narrowed, a region:
    ``CT MR:head *:chest``; ``*`` stands for all, and an empty cell for everything.

    Raises:
        InvalidInput: a column or a value is missing, or a number is none.
    """
    return [
        PlanReviewer(
            id=row["id"],
            department=row["department"],
            specialities=_specialities(row.get("specialities", "")),
            capacity=_count(row, "capacity", None, line),
            minimum=_count(row, "minimum", 0, line),
            reads_children=bool(_count(row, "children", 1, line)),
        )
        for line, row in _rows(text, ("id", "department", "capacity"))
    ]


def read_conflicts(text: str) -> set[tuple[str, str]]:
    """Return the pairs of a CSV table with the columns case and reviewer.

    Raises:
        InvalidInput: a column or a value is missing.
    """
    return {(row["case"], row["reviewer"]) for _, row in _rows(text, ("case", "reviewer"))}


def write_readings(readings: Iterable[Sequence[str]]) -> str:
    """Return planned readings as a CSV table: case, reading, reviewer, reason."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(PLAN_COLUMNS)
    writer.writerows(readings)
    return target.getvalue()


def _rows(text: str, needed: Sequence[str]) -> list[tuple[int, Mapping[str, str]]]:
    lines = text.removeprefix("\ufeff").splitlines()
    head = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=max(",;\t", key=head.count))
    found: list[tuple[int, Mapping[str, str]]] = []
    for row in reader:
        values = {(k or "").strip().lower(): (v or "").strip() for k, v in row.items() if k}
        absent = [name for name in needed if not values.get(name)]
        if absent:
            raise InvalidInput(
                N_("Line %(line)d lacks “%(column)s”."), line=reader.line_num, column=absent[0]
            )
        found.append((reader.line_num, values))
    if not found:
        raise InvalidInput(
            N_("The table is empty; it needs the columns: %(columns)s."), columns=", ".join(needed)
        )
    return found


def _count(row: Mapping[str, str], column: str, default: int | None, line: int) -> int:
    text = row.get(column, "")
    if not text and default is not None:
        return default
    if not text.isdecimal():
        raise InvalidInput(
            N_("Line %(line)d: “%(column)s” must be a whole number."), line=line, column=column
        )
    return int(text)


def _specialities(text: str) -> frozenset[Speciality]:
    words = text.replace(",", " ").replace("|", " ").split() or [ANY]
    return frozenset(
        Speciality(modality or ANY, region or ANY)
        for modality, _, region in (word.partition(":") for word in words)
    )
