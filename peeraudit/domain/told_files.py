"""In which files do the numbers that may be told leave the house, to be computed again?

They are written from what was decided to be told, never from the counts behind it: a number
that is hidden from an audience is not in its files, whatever the number.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.json_text import MOST_REPORTS, parse_json
from peeraudit.domain.statistics.campaign import canonical
from peeraudit.domain.statistics.cells import MEASURES
from peeraudit.domain.statistics.over_time import (
    RATES,
    TimeChart,
    gaps_over_time,
    rates_over_time,
)
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.reliability import with_label
from peeraudit.domain.statistics.results import Estimate, Json, Status
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.summaries.disclosure import Audience, Told
from peeraudit.domain.tables import Line, read_table

FORMAT = "peeraudit/told-numbers/v1"
RESULT = "peeraudit/told-result/v1"
COLUMNS = ("department", "modality", "measure", "frame", "read", "found", "withheld")
"""One line for each rate of a modality; counts are reports. ``withheld`` has the reasons why the
counts of a line are blank."""
COMPARED = ("value", "ci", "ci_method", "se", "n", "N", "n_eff", "status", "method")
"""What must come out as it was told; warnings may speak of what no count can show."""
ONE_STRATUM, FINER = "S2.01", "FINER_STRATA"
# Departments of the network together have no code; a department's total has no modality.
ALL = ""


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """What the numbers are of.

    Attributes:
        campaign: its code.
        snapshot: number of the snapshot.
        data_sha256: fingerprint of the counts that it was computed from.
        protocol_sha256: of the locked rules.
        frame_sha256: of the list of reports.
        audience: who may be told so much.
    """

    campaign: str
    snapshot: int
    data_sha256: str
    protocol_sha256: str
    frame_sha256: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class ToldAgain:
    """Told numbers computed again from their files.

    Attributes:
        result: all of them, as one text.
        same: how many rates and charts came out as they were told.
        other: how many did not.
        withheld: how many lines have no counts.
    """

    result: str
    same: int
    other: int
    withheld: int


def write_numbers(told: Mapping[str, Told]) -> str:
    """Return the table of the counts that may be told.

    Args:
        told: by the code of the department.

    Returns:
        CSV with the columns ``COLUMNS``, by department, then in the order of display.
    """
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for department, part in sorted(told.items()):
        for modality, rates in part.modalities.items():
            for measure in MEASURES:
                writer.writerow((department, modality, measure, *_counts(rates[measure])))
    return target.getvalue()


def _counts(rate: Estimate) -> tuple[object, ...]:
    """Return frame, read, found and why they are withheld."""
    found = 0 if rate.n == 0 else rate.details.get("x")
    if rate.value is not None and not rate.method.startswith(ONE_STRATUM):
        # Weighted over strata that are finer: these counts alone would give another rate.
        return "", "", "", FINER
    if rate.N is None or found is None:
        return "", "", "", " ".join(rate.reasons)
    return rate.N, rate.n, found, ""


def write_told(told: Mapping[str, Told], facts: ToldFacts) -> str:
    """Return the numbers that may be told, with what they are of, as JSON.

    Args:
        told: by the code of the department.
        facts: what they are of.
    """
    content = {
        "format": FORMAT,
        "campaign": facts.campaign,
        "snapshot": {"number": facts.snapshot, "data_sha256": facts.data_sha256},
        "protocol_sha256": facts.protocol_sha256,
        "frame_sha256": facts.frame_sha256,
        "audience": facts.audience.value,
        "departments": {code: part.to_dict() for code, part in told.items()},
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def is_told(text: str) -> bool:
    """Return whether a file holds told numbers, and no protocol."""
    try:
        data = parse_json(text)
    except ValueError:
        return False
    return isinstance(data, dict) and data.get("format") == FORMAT


def recompute_told(numbers: str, told: str) -> ToldAgain:
    """Return told numbers computed again from their counts.

    The rate of every modality whose counts are told is computed, and the rate of a department
    where those of all its modalities are, unless the total is hidden or told in whole per cent.
    A chart over time is computed from the points that are told with it.

    Args:
        numbers: the table of counts, CSV.
        told: the numbers as they were told, JSON.

    Raises:
        InvalidInput: a file is not what it should be; the message names line and rule.
    """
    audience, known = _read_told(told)
    strata, withheld = _read_numbers(numbers, known)
    is_outside = audience is Audience.OUTSIDE
    rows: list[dict[str, Json]] = []
    for place, counts in strata.items():
        rate = simple_rate(counts.x, counts.n, frame_size=counts.frame_size)
        rows.append(_row(place, rate, known, is_outside=is_outside))
    for place, members in _totals(strata, withheld, known):
        rows.append(_row(place, stratified_rate(members), known, is_outside=is_outside))
    charts = [_chart(code, told.over_time) for code, told in known.items() if _has_chart(told)]
    same = sum(row["as_told"] is True for row in [*rows, *charts])
    content = {
        "format": RESULT,
        "computed": rows,
        "withheld": [
            {"department": code, "modality": modality, "measure": measure, "reasons": reasons}
            for (code, modality, measure), reasons in withheld.items()
        ],
        **({"charts": charts} if charts else {}),
    }
    return ToldAgain(canonical(content), same, len(rows) + len(charts) - same, len(withheld))


Place = tuple[str, str, str]


def _row(
    place: Place, rate: Estimate, known: Mapping[str, Told], *, is_outside: bool
) -> dict[str, Json]:
    department, modality, measure = place
    told = known[department]
    before = told.modalities[modality][measure] if modality else told.total[measure]
    now = with_label(rate, external=is_outside).to_dict()
    as_told = before.to_dict()
    return {
        "department": department,
        "modality": modality,
        "measure": measure,
        "estimate": settled(now),
        "as_told": all(settled(now[name]) == settled(as_told[name]) for name in COMPARED),
    }


def _has_chart(told: Told) -> bool:
    return told.over_time is not None and told.over_time.chart is not None


def _chart(department: str, told: TimeChart | None) -> dict[str, Json]:
    """Return whether a chart over time follows from the points that are told with it."""
    before = told or TimeChart()
    now = rates_over_time(before.points) if before.kind == RATES else gaps_over_time(before.gaps)
    return {
        "department": department,
        "chart": settled(now.to_dict()),
        "as_told": settled(now.to_dict()) == settled(before.to_dict()),
    }


def _totals(
    strata: Mapping[Place, Stratum], withheld: Mapping[Place, Json], known: Mapping[str, Told]
) -> Iterable[tuple[Place, list[Stratum]]]:
    """Yield the totals that follow from what is told, with their strata."""
    hidden = {(department, measure) for department, _, measure in withheld}
    for department, told in known.items():
        for measure in MEASURES:
            is_hidden = told.total[measure].status is Status.SUPPRESSED
            if told.is_coarse or is_hidden or (department, measure) in hidden:
                continue
            members = [
                strata[department, modality, measure]
                for modality in told.modalities
                if (department, modality, measure) in strata
            ]
            if members:
                yield (department, ALL, measure), members


def _read_told(text: str) -> tuple[Audience, dict[str, Told]]:
    try:
        data: Mapping[str, Any] = parse_json(text)
        departments = {code: Told.from_dict(part) for code, part in data["departments"].items()}
        if not all(set(MEASURES) <= set(told.total) for told in departments.values()):
            raise KeyError(MEASURES)
        return Audience(data["audience"]), departments
    except (ValueError, LookupError, TypeError, AttributeError):
        raise InvalidInput(
            N_("The file of told numbers is not of the format “%(format)s”."), format=FORMAT
        ) from None


def _read_numbers(
    text: str, known: Mapping[str, Told]
) -> tuple[dict[Place, Stratum], dict[Place, Json]]:
    """Return the counts by place, and the reasons of those withheld."""
    _, lines = read_table(text, needed=COLUMNS)
    strata: dict[Place, Stratum] = {}
    withheld: dict[Place, Json] = {}
    for line in lines:
        place = _place(line, known)
        if place in strata or place in withheld:
            raise InvalidInput(N_("Line %(line)d stands there twice."), line=line.number)
        if line.values["withheld"]:
            withheld[place] = list(line.values["withheld"].split())
        else:
            strata[place] = _stratum(line)
    return strata, withheld


def _place(line: Line, known: Mapping[str, Told]) -> Place:
    department, modality, measure = (line.values[name] for name in COLUMNS[:3])
    told = known.get(department)
    if told is None or modality not in told.modalities or measure not in MEASURES:
        raise InvalidInput(
            N_("Line %(line)d: of %(department)s, %(modality)s, %(measure)s nothing is told."),
            line=line.number,
            department=department,
            modality=modality,
            measure=measure,
        )
    return department, modality, measure


def _stratum(line: Line) -> Stratum:
    found = []
    for name in ("frame", "read", "found"):
        text = line.values[name]
        if not (text.isascii() and text.isdigit() and len(text) < len(str(MOST_REPORTS))):
            raise InvalidInput(
                N_("Line %(line)d: “%(column)s” must be a number of reports, such as 120."),
                line=line.number,
                column=name,
            )
        found.append(int(text))
    frame, read, discrepant = found
    if not discrepant <= read <= frame:
        raise InvalidInput(
            N_(
                "Line %(line)d: %(found)d found, %(read)d read and %(frame)d in the period cannot"
                " be together."
            ),
            line=line.number,
            found=discrepant,
            read=read,
            frame=frame,
        )
    return Stratum(frame, read, discrepant)
