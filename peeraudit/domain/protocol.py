"""What are the rules of a campaign, and how are they sealed when locked?"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.strata import DEFAULT_FIELDS, StratumField, in_order

FORMAT = "peeraudit/protocol/v1"
"""Names the layout of the canonical text, inside it."""

FIRST_LEVEL = "department"
"""Divides every frame: the rate of each department is told, so each has strata of its own."""

LATER_RULES: tuple[tuple[str, str, object], ...] = (
    ("delays", "answer_days", None),
    ("assignment", "min_load", None),
    ("assignment", "department_quota", None),
    ("assignment", "author_limit", None),
    ("sampling", "share", None),
    ("sampling", "allocation", "proportional"),
    ("sampling", "modality_minimum", 0),
    ("sampling", "expected_rates", ()),
    ("sampling", "one_per_patient", False),
    ("sampling", "author_minimum", 0),
)
"""Rules that came after the first protocols were locked: part, name, and the value that leaves
everything as it was. With that value they are not written, so that older hashes stay true."""


class DateBlinding(StrEnum):
    """What a reviewer sees of the date of an examination."""

    MONTH = "month"
    HIDDEN = "hidden"


class TextDates(StrEnum):
    """What becomes of the days that a report's text names.

    Shifted, all days of a patient move by the same secret number of days, so that intervals stay.
    """

    MASKED = "masked"
    SHIFTED = "shifted"


class Allocation(StrEnum):
    """How reviewers are chosen among those who may read a case.

    Only the random one lets reviewers' severity be estimated from single reads.
    """

    RANDOM = "random"
    EXPERT = "expert"


class SampleAllocation(StrEnum):
    """How the sample is shared among the strata.

    In proportion to what each holds; equally; or so that the overall rate is told most exactly,
    given the rates that are expected (Neyman).
    """

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    OPTIMAL = "optimal"


@dataclass(frozen=True, slots=True)
class ExpectedRate:
    """The discrepancy rate to expect of a modality, a proportion; for all departments alike."""

    modality: str
    rate: float


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports the campaign is about.

    Args:
        modalities: DICOM modality codes (CT, MR, …); at least one.
        period_start: first day of the period.
        period_end: last day of the period, included.
    """

    modalities: tuple[str, ...]
    period_start: date
    period_end: date


@dataclass(frozen=True, slots=True)
class InstrumentChoice:
    """The scoring scale: its code and version."""

    code: str = CR3_1.code
    version: int = CR3_1.version


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many reports are drawn, in reports.

    Args:
        target: reports in all.
        stratum_minimum: fewest reports of a stratum, all of it if it holds fewer.
        share: proportion of the frame, in (0, 1], drawn in the place of ``target``.
        allocation: how the reports are shared among the strata.
        modality_minimum: fewest reports of a modality over all departments.
        expected_rates: for the optimal allocation; a modality without one counts as 2 %.
        one_per_patient: of the reports that a department has of a patient, the frame holds one,
            chosen by its keyed pseudonym.
        strata: what divides the reports of a department; in the canonical text they stand
            behind the department, where they always stood.
        author_minimum: fewest reports of an author, all of them where there are fewer; only
            where author is among the strata. Reports without an author have none.
    """

    target: int = 300
    stratum_minimum: int = 5
    share: float | None = None
    allocation: SampleAllocation = SampleAllocation.PROPORTIONAL
    modality_minimum: int = 0
    expected_rates: tuple[ExpectedRate, ...] = ()
    one_per_patient: bool = False
    strata: tuple[StratumField, ...] = DEFAULT_FIELDS
    author_minimum: int = 0


@dataclass(frozen=True, slots=True)
class DoubleReading:
    """How many cases are read twice at random, whatever the first reading says.

    Args:
        share: proportion of the cases, in [0, 1].
        minimum: fewest cases, in cases; all if there are fewer.
    """

    share: float = 0.10
    minimum: int = 60


@dataclass(frozen=True, slots=True)
class Routing:
    """Which first scores send a case to a second reviewer; in the scale's order."""

    second_review_scores: tuple[str, ...] = ("2b", "3a", "3b")


@dataclass(frozen=True, slots=True)
class BlindingMode:
    """What reviewers do not see; the author is always hidden.

    Args:
        hide_department: the author's department is hidden too.
        dates: what is shown of the date.
        text_dates: what is shown of the days in the text.
        prior_reports: earlier reports of the patient are shown, masked.
        read_first: findings and conclusion are shown only once the reviewer's own findings
            are written and locked.
    """

    hide_department: bool = True
    dates: DateBlinding = DateBlinding.MONTH
    text_dates: TextDates = TextDates.MASKED
    prior_reports: bool = False
    read_first: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentRules:
    """Who may read what; nobody ever reads a report of the own department.

    Args:
        allocation: random, or by expertise.
        distinct_departments: the two reviewers of a case come from two departments.
        max_load: most cases of a reviewer in the campaign; None leaves it to their capacity.
        min_load: fewest cases of a reviewer in the campaign, as far as their capacity goes.
        department_quota: most cases of one department for a reviewer; None for no limit.
        author_limit: most reports of one author for a reviewer within a year, all campaigns
            taken together; None for no limit.
    """

    allocation: Allocation = Allocation.RANDOM
    distinct_departments: bool = True
    max_load: int | None = None
    min_load: int | None = None
    department_quota: int | None = None
    author_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Delays:
    """How long each step may take: days, and hours for the triage of an alert.

    Args:
        answer_days: how long a reviewer may take to accept or decline an offer; None lets it
            stand until the review is due.
    """

    review_days: int = 14
    second_review_days: int = 7
    adjudication_days: int = 14
    reply_days: int = 14
    alert_triage_hours: int = 4
    answer_days: int | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Fewest reviews and authors behind any number that is shown.

    Args:
        inside_reviews: for what stays in the department, in reviews.
        inside_authors: for what stays in the department, in authors.
        outside_reviews: for what leaves it, in reviews.
        outside_authors: for what leaves it, in authors.
    """

    inside_reviews: int = 10
    inside_authors: int = 3
    outside_reviews: int = 30
    outside_authors: int = 5


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what identifies people is kept once the campaign is closed, in months.

    Six months cover the three that the second part of a declared serious event may take, and the
    six within which a professional's certification is controlled; see ``docs/retention.md``.
    """

    identity_months: int = 6


@dataclass(frozen=True, slots=True)
class Protocol:
    """The rules of a campaign; once locked they never change, and their hash proves it."""

    title: str
    scope: Scope
    instrument: InstrumentChoice = InstrumentChoice()
    sampling: Sampling = Sampling()
    double_reading: DoubleReading = DoubleReading()
    routing: Routing = Routing()
    blinding: BlindingMode = BlindingMode()
    assignment: AssignmentRules = AssignmentRules()
    delays: Delays = Delays()
    thresholds: Thresholds = Thresholds()
    retention: Retention = Retention()

    def to_canonical_json(self) -> str:
        """Return the one text of these rules: sorted keys, no spaces, in UTF-8 when encoded."""
        content: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        content["strata"] = [FIRST_LEVEL, *in_order(content["sampling"].pop("strata"))]
        for part, rule, unchanged in LATER_RULES:
            if content[part][rule] == unchanged:
                del content[part][rule]
        return json.dumps(
            content,
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            default=date.isoformat,
        )

    def sha256(self) -> str:
        """Return the SHA-256 of the canonical text, in lower-case hexadecimal."""
        return hashlib.sha256(self.to_canonical_json().encode()).hexdigest()


def double_reads(reading: DoubleReading, cases: int) -> int:
    """Return how many of ``cases`` are designated for double reading, in cases."""
    # Rounded before the ceiling, so that 10 % of 30 is 3 and not 4.
    wanted = -int(-round(reading.share * cases, 6) // 1)
    return min(cases, max(reading.minimum, wanted)) if reading.share > 0 else 0
