"""What must the table of reviews of a snapshot hold, line by line?"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.statistics.counting import Ground
from peeraudit.domain.statistics.tallies import Reading
from peeraudit.domain.tables import Line, read_table

COLUMNS = (
    "item",
    "department",
    "modality",
    "author",
    "reviewer",
    "turn",
    "score",
    "blinding_mode",
    "double_read",
    "random_allocation",
    "outcome",
    "weight",
)
"""One line for each first or second blinded review; ``outcome`` is blank while unsettled."""
DATED = ("month", "position")
"""Columns that tables of earlier versions lack: the month of the report, blank where the protocol
hides dates, and its place among the department's reports in the order of their months."""
STRATUM = "stratum"
"""Column with the name of the stratum within its department, which is there where strata are not
by modality alone. In the place of an author it has the same name as the column of authors."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
# ``weight`` is N_h/n_h; it may be left out, since it follows from the frame.
NEEDED = COLUMNS[:-1]
FILLED = ("item", "department", "modality", "author", "reviewer", "turn", "score", "blinding_mode")
# What every review of a case must say alike.
OF_THE_CASE = (
    "department",
    "modality",
    "author",
    "double_read",
    "random_allocation",
    "outcome",
    "weight",
    *DATED,
    STRATUM,
)
FLAGS = {"yes": True, "no": False}
TURNS = ("first", "second")
# Weights are written with all their digits; more than rounding is a fault.
WEIGHT_TOLERANCE = 1e-6


def read_readings(text: str, ground: Ground) -> list[Reading]:
    """Return the readings of a table of reviews.

    Args:
        text: CSV with the columns ``COLUMNS``, and ``STRATUM`` where strata are finer.
        ground: the frame and the scale that it must fit.

    Returns:
        One reading for each case, in the order of the table.

    Raises:
        InvalidInput: a line breaks a rule; the message names both.
    """
    columns, lines = read_table(text, needed=(*NEEDED, STRATUM) if ground.is_finer else NEEDED)
    if len(set(columns) & set(DATED)) == 1:
        raise InvalidInput(N_("The columns “month” and “position” go together."))
    cases: dict[str, list[Line]] = {}
    for line in lines:
        _check_line(line, ground)
        cases.setdefault(line.values["item"], []).append(line)
    found = [_reading(members, has_stratum=ground.is_finer) for members in cases.values()]
    firsts = [members[0] for members in cases.values()]
    _check_frame(firsts, ground, has_weights="weight" in columns)
    _check_positions(firsts)
    return found


def _check_line(line: Line, ground: Ground) -> None:
    values = line.values
    absent = [name for name in FILLED if not values[name]]
    if absent:
        raise InvalidInput(
            N_("Line %(line)d lacks “%(column)s”."), line=line.number, column=absent[0]
        )
    for name in ("score", "outcome"):
        if values[name] and values[name] not in ground.scale.codes:
            raise InvalidInput(
                N_("Line %(line)d: the scale has no score “%(code)s”; it has: %(codes)s."),
                line=line.number,
                code=values[name],
                codes=", ".join(ground.scale.codes),
            )
    flags = tuple(FLAGS)
    for name, known in (("turn", TURNS), ("double_read", flags), ("random_allocation", flags)):
        if values[name] not in known:
            raise InvalidInput(
                N_("Line %(line)d: “%(column)s” must be one of: %(known)s."),
                line=line.number,
                column=name,
                known=", ".join(known),
            )
    _check_dates(line)
    place = _place(line, ground)
    if place not in ground.strata:
        raise InvalidInput(
            N_("Line %(line)d: the frame has no stratum %(department)s, %(modality)s."),
            line=line.number,
            department=place[0],
            modality=place[1],
        )
    if ground.modality_of(place[1]) not in ("", values["modality"]):
        raise InvalidInput(
            N_("Line %(line)d: the stratum %(stratum)s is not of the modality %(modality)s."),
            line=line.number,
            stratum=place[1],
            modality=values["modality"],
        )


def _place(line: Line, ground: Ground) -> tuple[str, str]:
    """Return the department and the name of the stratum within it."""
    return line.values["department"], line.values[STRATUM if ground.is_finer else "modality"]


def _check_dates(line: Line) -> None:
    month, position = (line.values.get(name) for name in DATED)
    if month and not MONTH.fullmatch(month):
        raise InvalidInput(
            N_("Line %(line)d: “%(column)s” must be a month such as 2026-03, or blank."),
            line=line.number,
            column="month",
        )
    if position is not None and not (position.isascii() and position.isdigit() and int(position)):
        raise InvalidInput(
            N_("Line %(line)d: “%(column)s” must be a whole number from 1 on."),
            line=line.number,
            column="position",
        )


def _reading(lines: Sequence[Line], *, has_stratum: bool) -> Reading:
    """Return what the lines of one case say together."""
    head = lines[0].values
    turns: dict[str, Line] = {}
    readers: set[str] = set()
    for line in lines:
        _check_case(line, head, turns, readers)
        turns[line.values["turn"]] = line
        readers.add(line.values["reviewer"])
    if "first" not in turns:
        raise InvalidInput(
            N_("Line %(line)d: the case %(item)s has a second review and no first one."),
            line=lines[0].number,
            item=head["item"],
        )
    given = [turns[turn].values for turn in TURNS if turn in turns]
    return Reading(
        department=head["department"],
        modality=head["modality"],
        author=head["author"],
        is_double_read=FLAGS[head["double_read"]],
        first=given[0]["score"],
        second=given[1]["score"] if len(given) > 1 else None,
        outcome=head["outcome"] or None,
        modes=frozenset(values["blinding_mode"] for values in given),
        readers=tuple(values["reviewer"] for values in given),
        was_random=FLAGS[head["random_allocation"]],
        month=head.get("month"),
        position=int(head.get("position", 0)),
        stratum=head[STRATUM] if has_stratum else "",
    )


def _check_case(
    line: Line, head: Mapping[str, str], turns: dict[str, Line], readers: set[str]
) -> None:
    values, where = line.values, {"line": line.number, "item": line.values["item"]}
    if values["reviewer"] in readers:
        raise InvalidInput(
            N_("Line %(line)d: the reviewer %(reviewer)s reads the case %(item)s twice."),
            reviewer=values["reviewer"],
            **where,
        )
    if values["turn"] in turns:
        raise InvalidInput(
            N_("Line %(line)d: the case %(item)s has a second line for its %(turn)s review."),
            turn=values["turn"],
            **where,
        )
    apart = [name for name in OF_THE_CASE if values.get(name) != head.get(name)]
    if apart:
        raise InvalidInput(
            N_("Line %(line)d: “%(column)s” differs from an earlier line of the case %(item)s."),
            column=apart[0],
            **where,
        )


def _check_frame(firsts: Sequence[Line], ground: Ground, *, has_weights: bool) -> None:
    """Refuse a sample larger than its frame, and weights that do not make up the frame."""
    sizes = Counter(_place(line, ground) for line in firsts)
    for line in firsts:
        place = _place(line, ground)
        frame, n = ground.strata[place], sizes[place]
        where = {"line": line.number, "department": place[0], "modality": place[1]}
        if n > frame:
            raise InvalidInput(
                N_(
                    "Line %(line)d: %(n)d cases of the stratum %(department)s, %(modality)s were"
                    " read, and its frame holds %(frame)d."
                ),
                n=n,
                frame=frame,
                **where,
            )
        if has_weights and not _fits(line.values["weight"], frame, n):
            raise InvalidInput(
                N_(
                    "Line %(line)d: the weight %(weight)s does not fit the frame. In the stratum"
                    " %(department)s, %(modality)s it is %(frame)d / %(n)d: reports of the frame"
                    " over cases read."
                ),
                weight=line.values["weight"] or "“”",
                n=n,
                frame=frame,
                **where,
            )


def _check_positions(firsts: Sequence[Line]) -> None:
    """Refuse two cases at one place in the order of their department's reports."""
    seen: set[tuple[str, str]] = set()
    for line in firsts:
        place = line.values["department"], line.values.get("position", "")
        if place in seen and place[1]:
            raise InvalidInput(
                N_("Line %(line)d: another case of the department has the position %(position)s."),
                line=line.number,
                position=place[1],
            )
        seen.add(place)


def _fits(text: str, frame: int, n: int) -> bool:
    try:
        weight = float(text)
    except ValueError:
        return False
    return math.isfinite(weight) and abs(weight * n - frame) <= WEIGHT_TOLERANCE * max(1, frame)
