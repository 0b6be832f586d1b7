"""Which received reports may be drawn, in which stratum and under which pseudonym?"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from operator import attrgetter

from peeraudit.domain.errors import N_, InvalidInput, Msgid
from peeraudit.domain.protocol import DoubleReading
from peeraudit.domain.sampling.draws import double_read_prefix, double_read_size, double_read_ticket
from peeraudit.domain.sampling.frame_checks import Finding, Level, check_frame, small_strata
from peeraudit.domain.strata import (
    DEFAULT_FIELDS,
    StratumField,
    in_order,
    is_fine,
    name_stratum,
    week_of,
)

FINISHED = frozenset({"final", "corrected", "addendum"})

EXCLUSION_LABELS: Mapping[str, Msgid] = {
    "cancelled": Msgid(N_("Cancelled by the sender")),
    "not_final": Msgid(N_("Not final yet")),
    "no_text": Msgid(N_("Without text")),
    "same_patient": Msgid(N_("Another report of the same patient is in the list")),
    "other_modality": Msgid(N_("Another modality than those of the campaign")),
}

FEWEST_DIGITS = 20
DICE = re.compile(r"[0-9]{20,256}", re.ASCII)
SEPARATORS = re.compile(r"[\s,;.|-]+")
SATURDAY = 5
# With five reports on a mean day, one day in 150 has none by chance.
DAILY = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the frame needs to know of a report; neither its text nor the name of any person.

    Attributes:
        department: the department's code.
        accession: the examination's number, unique within the department.
        modality: canonical code.
        status: canonical status.
        has_text: whether there is anything to read, now or once it is drawn.
        performed_on: day of the examination.
        region: canonical code; empty where not known.
        urgency: canonical code; empty where not known.
        author: what stands for the author in this frame alone; empty without one, and where
            authors divide nothing.
    """

    department: str
    accession: str
    modality: str
    status: str
    has_text: bool
    performed_on: date
    region: str = ""
    urgency: str = ""
    author: str = ""


def exclusion_of(candidate: Candidate, modalities: Collection[str]) -> str:
    """Return why a report cannot be drawn: a key of ``EXCLUSION_LABELS``, or nothing."""
    if candidate.status == "cancelled":
        return "cancelled"
    if candidate.modality not in modalities:
        return "other_modality"
    if candidate.status not in FINISHED:
        return "not_final"
    return "" if candidate.has_text else "no_text"


def stratum_of(candidate: Candidate, fields: tuple[StratumField, ...]) -> str:
    """Return the name of the one stratum that a report belongs to.

    Args:
        candidate: the report.
        fields: by which the frame is stratified within departments.
    """
    return _named(candidate.department, tuple([read(candidate) for read in _readers(fields)]))


# A frame of a million reports has some thousand strata, and far fewer weeks.
_named = lru_cache(maxsize=1 << 15)(name_stratum)
_week_of = lru_cache(maxsize=1 << 12)(week_of)

_READERS: Mapping[StratumField, Callable[[Candidate], str]] = {
    StratumField.MODALITY: attrgetter("modality"),
    StratumField.REGION: attrgetter("region"),
    StratumField.URGENCY: attrgetter("urgency"),
    StratumField.AUTHOR: attrgetter("author"),
    StratumField.WEEK: lambda candidate: _week_of(candidate.performed_on),
}


@cache
def _readers(fields: tuple[StratumField, ...]) -> tuple[Callable[[Candidate], str], ...]:
    return tuple(_READERS[one] for one in in_order(fields))


def item_key(key: bytes, candidate: Candidate) -> str:
    """Return the keyed pseudonym of a report in the published list.

    Args:
        key: secret of this frame alone, so that two campaigns' lists cannot be joined.
        candidate: the report.

    Returns:
        HMAC-SHA256 of department and accession number; 64 lower-case hexadecimal characters.
    """
    text = f"{candidate.department}\n{candidate.accession}\n".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def spare_reports(key: bytes, reports: Iterable[tuple[Candidate, str]]) -> set[int]:
    """Return the places of the reports that are left out, so that a patient has one.

    Which one stays is decided by the smallest keyed pseudonym: by chance, since nobody knows
    the key before the list is frozen, and whoever is entrusted with it can check it.

    Args:
        key: secret of this frame.
        reports: each report with what its patient's reports share; empty where not known.

    Returns:
        Indices into ``reports``.
    """
    kept: dict[str, tuple[str, int]] = {}
    spare: set[int] = set()
    for place, (candidate, patient) in enumerate(reports):
        if not patient:
            continue
        mine = item_key(key, candidate), place
        first = kept.setdefault(patient, mine)
        spare.update({mine[1], first[1]} - {min(mine, first)[1]})
        kept[patient] = min(mine, first)
    return spare


def count_double_reads(cases: int, reading: DoubleReading) -> int:
    """Return how many of ``cases`` are designated for a second reading; none at a share of 0."""
    if not reading.share:
        return 0
    return double_read_size(cases, share=reading.share, minimum=reading.minimum)


def designate(keys: Iterable[str], seed: str, reading: DoubleReading) -> frozenset[str]:
    """Return the drawn reports that are read twice, whatever the first reading will say.

    Args:
        keys: item keys of the drawn reports.
        seed: of the draw, so that anybody can designate them again.
        reading: the protocol's rule.
    """
    if not reading.share:
        return frozenset()
    tickets = {key: double_read_ticket(seed, key) for key in keys}
    return frozenset(double_read_prefix(tickets, share=reading.share, minimum=reading.minimum))


def designate_more(
    keys: Iterable[str], seed: str, reading: DoubleReading, *, cases: int, designated: int
) -> frozenset[str]:
    """Return which reports of an extension are read twice, so that the rule holds for all.

    Those designated before stay; the rest of what the rule now asks for comes from the new
    reports alone, which nobody has scored yet.

    Args:
        keys: item keys of the new reports.
        seed: of the draw.
        reading: the protocol's rule.
        cases: drawn before.
        designated: of these.
    """
    tickets = {key: double_read_ticket(seed, key) for key in keys}
    wanted = count_double_reads(cases + len(tickets), reading) - designated
    return frozenset(sorted(tickets, key=lambda key: (tickets[key], key))[: max(0, wanted)])


def typed_seed(typed: str) -> str:
    """Return the seed that dice thrown before witnesses give: their digits alone.

    Raises:
        InvalidInput: there are other characters than digits, spaces and separators, or
            fewer than 20 digits.
    """
    digits = SEPARATORS.sub("", typed)
    if not DICE.fullmatch(digits):
        raise InvalidInput(
            N_(
                "Type at least %(fewest)d digits of the dice and nothing else, or leave this empty."
            ),
            fewest=FEWEST_DIGITS,
        )
    return digits


def count_days(candidates: Iterable[Candidate], first: date, last: date) -> dict[date, int]:
    """Return the reports per day of a period, last day included; days without any have 0."""
    days = {first + timedelta(days=step): 0 for step in range((last - first).days + 1)}
    for candidate in candidates:
        if candidate.performed_on in days:
            days[candidate.performed_on] += 1
    return days


@dataclass(frozen=True, slots=True)
class Listing:
    """What the checks of a frame look at.

    Attributes:
        lines: (stratum, item key) of each eligible report.
        places: eligible reports by department and modality, whatever the strata are.
        days: reports per day of the whole period.
        fields: by which the frame is stratified within departments.
    """

    lines: Sequence[tuple[str, str]]
    places: Mapping[tuple[str, str], int]
    days: Mapping[date, int]
    fields: tuple[StratumField, ...] = DEFAULT_FIELDS


def find_problems(
    listing: Listing,
    departments: Collection[str],
    *,
    modalities: Collection[str],
    minimum: int,
) -> list[Finding]:
    """Return what is wrong with a frame, the red findings first.

    A department without any eligible report has sent nothing yet: that blocks the freeze. A
    department that merely does not do a modality is told, and blocks nothing.

    Args:
        listing: the frame.
        departments: codes of the departments that take part.
        modalities: of the campaign's scope.
        minimum: fewest reports of a stratum that the protocol wants drawn.
    """
    absent: list[Finding] = []
    for department in sorted(departments):
        missing = [one for one in sorted(modalities) if not listing.places.get((department, one))]
        if len(missing) == len(set(modalities)):
            message = N_("The department %(department)s has no eligible report in the period.")
            absent.append(Finding(Level.RED, message, {"department": department}))
        else:
            absent += [_does_not_do(department, modality) for modality in missing]
    held = Counter(stratum for stratum, _ in listing.lines)
    fine = is_fine(listing.fields)
    found = check_frame(
        listing.lines,
        # Of many strata nobody reads a sentence each; of authors nobody may.
        expected={} if fine else dict.fromkeys(held, minimum),
        days=listing.days if _is_daily(listing.days) else None,
    )
    few = small_strata(held, minimum) if fine else []
    found = [finding for finding in found if not _is_quiet(finding, listing.days)]
    return sorted([*absent, *few, *found], key=lambda one: one.level is not Level.RED)


def _does_not_do(department: str, modality: str) -> Finding:
    message = N_("The department %(department)s has no %(modality)s report in the period.")
    return Finding(Level.AMBER, message, {"department": department, "modality": modality})


def _is_daily(days: Mapping[date, int]) -> bool:
    """Return whether there is so much on a working day that a day without any is odd."""
    working = [count for day, count in days.items() if day.weekday() < SATURDAY]
    return bool(working) and sum(working) / len(working) >= DAILY


def _is_quiet(finding: Finding, days: Mapping[date, int]) -> bool:
    """Return whether a finding tells of days on which chance leaves no report often enough.

    Weekends are such days where few work on them: what is usual is that of each day of the week.
    """
    first, last = finding.params.get("first"), finding.params.get("last")
    if not isinstance(first, date) or not isinstance(last, date):
        return False
    usual: dict[int, list[int]] = {}
    for day, count in days.items():
        usual.setdefault(day.weekday(), []).append(count)
    gap = [(first + timedelta(days=n)).weekday() for n in range((last - first).days + 1)]
    return sum(sum(usual[one]) / len(usual[one]) for one in gap if one in usual) < DAILY
