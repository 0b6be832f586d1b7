"""What are the rules of a campaign, are they sound, and how are they sealed when locked?"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput
from peeraudit.domain.instruments import CR3_1, INSTRUMENTS

FORMAT = "peeraudit/protocol/v1"
"""Names the layout of the canonical text, inside it."""

STRATA = ("department", "modality")
"""By what the frame is stratified."""

TITLE_MAXIMUM = 200
LONGEST_DELAY_DAYS = 365
LONGEST_DELAY_HOURS = 24 * 30
LONGEST_RETENTION_MONTHS = 36
MODALITY = re.compile(r"[A-Z]{2,8}")


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
    """How many reports are drawn, in reports; strata are department by modality.

    Args:
        target: reports in all.
        stratum_minimum: fewest reports of a stratum, all of it if it holds fewer.
    """

    target: int = 300
    stratum_minimum: int = 5


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
    """

    allocation: Allocation = Allocation.RANDOM
    distinct_departments: bool = True
    max_load: int | None = None


@dataclass(frozen=True, slots=True)
class Delays:
    """How long each step may take: days, and hours for the triage of an alert."""

    review_days: int = 14
    second_review_days: int = 7
    adjudication_days: int = 14
    reply_days: int = 14
    alert_triage_hours: int = 4


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
        content = {"format": FORMAT, "strata": STRATA, **asdict(self)}
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


def find_problems(protocol: Protocol) -> dict[str, InvalidInput]:
    """Return what keeps a protocol from being locked.

    Args:
        protocol: the rules as they stand.

    Returns:
        One sentence for each field with a problem, by its dotted path such as
        ``sampling.target``; empty if the rules are sound.
    """
    checks = (
        _of_title,
        _of_scope,
        _of_scale,
        _of_sampling,
        _of_blinding,
        _of_load,
        _of_delays,
        _of_thresholds,
        _of_retention,
    )
    return {path: problem for check in checks for path, problem in check(protocol)}


def check_protocol(protocol: Protocol) -> None:
    """Refuse rules that cannot be followed.

    Raises:
        InvalidFields: some are not sound; ``fields`` says which, by dotted path.
    """
    problems = find_problems(protocol)
    if problems:
        raise InvalidFields(problems)


def _of_title(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    if not protocol.title.strip():
        yield "title", InvalidInput(N_("Give the campaign a title."))
    elif len(protocol.title) > TITLE_MAXIMUM:
        yield (
            "title",
            InvalidInput(
                N_("The title may have at most %(maximum)d characters."), maximum=TITLE_MAXIMUM
            ),
        )


def _of_scope(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    scope = protocol.scope
    wrong = [code for code in scope.modalities if not MODALITY.fullmatch(code)]
    if not scope.modalities:
        yield "scope.modalities", InvalidInput(N_("Choose at least one modality."))
    elif wrong:
        yield (
            "scope.modalities",
            InvalidInput(
                N_("“%(code)s” is not a modality code: write it like CT, MR or US."), code=wrong[0]
            ),
        )
    elif len(set(scope.modalities)) < len(scope.modalities):
        yield "scope.modalities", InvalidInput(N_("A modality is named twice."))
    if scope.period_end < scope.period_start:
        yield "scope.period_end", InvalidInput(N_("The period ends before it starts."))


def _of_scale(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    scale = INSTRUMENTS.get((protocol.instrument.code, protocol.instrument.version))
    if scale is None:
        yield (
            "instrument.code",
            InvalidInput(
                N_("There is no scoring scale “%(code)s” in version %(version)s."),
                code=protocol.instrument.code,
                version=protocol.instrument.version,
            ),
        )
        return
    chosen = set(protocol.routing.second_review_scores)
    unknown = sorted(chosen - set(scale.codes))
    forgotten = sorted(scale.needs_second_review - chosen)
    if unknown:
        yield (
            "routing.second_review_scores",
            InvalidInput(N_("The scale has no score “%(score)s”."), score=unknown[0]),
        )
    elif forgotten:
        yield (
            "routing.second_review_scores",
            InvalidInput(
                N_("A score of %(score)s always needs a second review."), score=forgotten[0]
            ),
        )


def _of_sampling(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    sampling, reading = protocol.sampling, protocol.double_reading
    if sampling.target < 1:
        yield "sampling.target", InvalidInput(N_("Draw at least one report."))
    if sampling.stratum_minimum < 0:
        yield "sampling.stratum_minimum", InvalidInput(N_("This number cannot be negative."))
    elif sampling.stratum_minimum > sampling.target:
        yield (
            "sampling.stratum_minimum",
            InvalidInput(
                N_("The minimum per stratum (%(minimum)d) exceeds the sample (%(target)d)."),
                minimum=sampling.stratum_minimum,
                target=sampling.target,
            ),
        )
    if not 0 <= reading.share <= 1:
        yield (
            "double_reading.share",
            InvalidInput(N_("The share must lie between 0 and 100 per cent.")),
        )
    if reading.minimum < 0:
        yield "double_reading.minimum", InvalidInput(N_("This number cannot be negative."))


def _of_blinding(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    mode = protocol.blinding
    if mode.text_dates is TextDates.SHIFTED and mode.dates is not DateBlinding.HIDDEN:
        yield (
            "blinding.dates",
            InvalidInput(
                N_(
                    "Where the dates in the text are shifted, hide the date of the examination: "
                    "its true month would tell by how much they are."
                )
            ),
        )


def _of_load(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    if protocol.assignment.max_load is not None and protocol.assignment.max_load < 1:
        yield (
            "assignment.max_load",
            InvalidInput(N_("Let each reviewer have at least one case, or leave this empty.")),
        )


def _of_delays(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    for name, length in asdict(protocol.delays).items():
        hours = name.endswith("_hours")
        longest = LONGEST_DELAY_HOURS if hours else LONGEST_DELAY_DAYS
        if not 1 <= length <= longest:
            sentence = (
                N_("A delay must lie between 1 and %(longest)d hours.")
                if hours
                else N_("A delay must lie between 1 and %(longest)d days.")
            )
            yield f"delays.{name}", InvalidInput(sentence, longest=longest)


def _of_thresholds(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    limits = protocol.thresholds
    for name, number in asdict(limits).items():
        if number < 1:
            yield f"thresholds.{name}", InvalidInput(N_("This number must be at least 1."))
    for outside, inside, name in (
        (limits.outside_reviews, limits.inside_reviews, "outside_reviews"),
        (limits.outside_authors, limits.inside_authors, "outside_authors"),
    ):
        if 1 <= outside < inside:
            yield (
                f"thresholds.{name}",
                InvalidInput(
                    N_("What leaves the department needs at least as many as what stays in it.")
                ),
            )


def _of_retention(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    if not 1 <= protocol.retention.identity_months <= LONGEST_RETENTION_MONTHS:
        sentence = N_("Identities are kept between 1 and %(longest)d months.")
        yield "retention.identity_months", InvalidInput(sentence, longest=LONGEST_RETENTION_MONTHS)
