"""Is the frame complete and regular enough to be drawn from, and is the sample like it?"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from scipy import special

from peeraudit.domain.errors import N_

# A hash draw gives a smaller p-value only by fault or tampering.
SUSPICIOUS = 0.001
# Below this share of what the last period lets expect, a stratum looks incomplete.
SHRUNK = 0.7


class Level(StrEnum):
    """What a finding does: red blocks the draw, amber is to be looked at."""

    RED = "red"
    AMBER = "amber"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        level: red or amber.
        message: an English template with named placeholders.
        params: the values of the placeholders.
    """

    level: Level
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


def duplicates(keys: Iterable[str]) -> list[str]:
    """Return the keys that occur more than once, sorted."""
    return sorted(key for key, times in Counter(keys).items() if times > 1)


def sequence_gaps(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the runs of numbers missing between the lowest and the highest one.

    Args:
        numbers: accession numbers in any order, repetitions allowed.

    Returns:
        (first, last) of every missing run, ascending.
    """
    present = sorted(set(numbers))
    return [(before + 1, after - 1) for before, after in pairwise(present) if after - before > 1]


def day_gaps(days: Mapping[date, int], *, first: date, last: date) -> list[tuple[date, date]]:
    """Return the runs of days of a period on which no report was made.

    Args:
        days: reports per day; days without any may be missing.
        first: first day of the period.
        last: last day of the period, included.

    Returns:
        (first, last) of every run without a report, ascending.
    """
    gaps: list[tuple[date, date]] = []
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        if days.get(day, 0):
            continue
        if gaps and gaps[-1][1] == day - timedelta(days=1):
            gaps[-1] = gaps[-1][0], day
        else:
            gaps.append((day, day))
    return gaps


@dataclass(frozen=True)
class Dispersion:
    """Whether daily counts vary more than chance within the days of the week.

    Attributes:
        chi2: the dispersion index.
        df: its degrees of freedom.
        p_value: probability of one as large; None where there is nothing to compare.
    """

    chi2: float
    df: int
    p_value: float | None


def day_dispersion(days: Mapping[date, int]) -> Dispersion:
    """Return the Poisson dispersion of daily counts within weekdays, S1.10.

    Args:
        days: reports per day; a day without any must be present with 0.

    Returns:
        The index, summed over the days of the week.
    """
    chi2, df = 0.0, 0
    for weekday in range(7):
        counts = [days[day] for day in sorted(days) if day.weekday() == weekday]
        if not sum(counts):
            continue
        mean = sum(counts) / len(counts)
        chi2 += math.fsum((count - mean) ** 2 for count in counts) / mean
        df += len(counts) - 1
    return Dispersion(chi2, df, float(special.chdtrc(df, chi2)) if df else None)


@dataclass(frozen=True)
class Representativeness:
    """How far a sample's categories are from the frame's.

    Attributes:
        chi2: X² with the exact covariance of drawing without replacement.
        df: categories of the frame less one.
        p_value: probability of one as large under a fair draw; None with one category.
        max_std_diff: the largest difference of a category, in standard deviations.
    """

    chi2: float
    df: int
    p_value: float | None
    max_std_diff: float


def representativeness(frame: Sequence[int], sample: Sequence[int]) -> Representativeness:
    """Return how like the frame a simple random sample is, S1.10.

    Args:
        frame: reports of the frame per category.
        sample: of these drawn, in the same order.

    Returns:
        The comparison; a census, an empty sample and a single category differ by 0.

    Raises:
        ValueError: the two differ in length, or a category has more in the sample.
    """
    if any(part > whole for whole, part in zip(frame, sample, strict=True)):
        raise ValueError("a sample cannot hold more of a category than its frame")
    used = [(whole, part) for whole, part in zip(frame, sample, strict=True) if whole]
    size, n = sum(frame), sum(sample)
    df = max(0, len(used) - 1)
    if n in {0, size} or df == 0:
        return Representativeness(0.0, df, 1.0 if df else None, 0.0)
    left = (size - n) / (size - 1)
    chi2 = math.fsum((part - n * w / size) ** 2 / (n * w / size) for w, part in used) / left
    deviations = [
        abs(part - n * w / size) / math.sqrt(n * w / size * (1 - w / size) * left)
        for w, part in used
    ]
    return Representativeness(chi2, df, float(special.chdtrc(df, chi2)), max(deviations))


@dataclass(frozen=True)
class LastPeriod:
    """The list of an earlier campaign, to compare with.

    Attributes:
        counts: N_h per stratum.
        days: length of its period, at least 1.
    """

    counts: Mapping[str, int]
    days: int


def shrunk_strata(counts: Mapping[str, int], days: int, last: LastPeriod) -> list[Finding]:
    """Return the strata that hold far fewer reports than the last period lets expect.

    Given both numbers together, those of now are binomial with the share of the days. A stratum
    is told where so few have a probability below 0.1 % and are below 70 % of what is expected:
    in a large one a small change is no gap, though chance does not explain it.

    Args:
        counts: N_h per stratum now.
        days: length of the period, at least 1.
        last: what is compared with.

    Returns:
        One amber finding for each.

    Source:
        Przyborowski J., Wilenski H. (1940). Biometrika 31, 313-323. doi:10.2307/2332612
    """
    share = days / (days + last.days)
    message = N_(
        "%(stratum)s holds %(held)d reports, and at the pace of the last period would hold about"
        " %(expected)d: some may be missing."
    )
    found = []
    for stratum, before in sorted(last.counts.items()):
        held, expected = counts.get(stratum, 0), round(before * days / last.days)
        if held >= SHRUNK * expected:
            continue
        if special.bdtr(held, held + before, share) < SUSPICIOUS:
            params = {"stratum": stratum, "held": held, "expected": expected}
            found.append(Finding(Level.AMBER, message, params))
    return found


def small_strata(counts: Mapping[str, int], minimum: int) -> list[Finding]:
    """Return how many of many strata hold fewer reports than their minimum, as one finding.

    Args:
        counts: N_h of each stratum that holds any report.
        minimum: fewest reports to draw of each.
    """
    small = sum(held < minimum for held in counts.values())
    if not small:
        return []
    message = N_(
        "Strata with fewer reports than the minimum (%(minimum)d), of which all will be drawn:"
        " %(small)d of %(all)d."
    )
    params = {"minimum": minimum, "small": small, "all": len(counts)}
    return [Finding(Level.AMBER, message, params)]


def thin_strata(counts: Mapping[str, int], sizes: Mapping[str, int]) -> list[Finding]:
    """Return what too fine strata do to the rate: some give no report, or a single one.

    Args:
        counts: N_h of each stratum.
        sizes: n_h of each; empty where nothing can be drawn.
    """
    found = []
    left_out = [held for name, held in counts.items() if held and not sizes.get(name)]
    if sizes and left_out:
        message = N_(
            "Strata of which nothing is drawn: %(strata)d of %(all)d, with %(reports)d reports of"
            " which the rate will say nothing. Choose fewer strata, draw more, or set a minimum of"
            " at least 1 for each."
        )
        params = {"strata": len(left_out), "all": len(counts), "reports": sum(left_out)}
        found.append(Finding(Level.AMBER, message, params))
    alone = sum(sizes.get(name) == 1 and held > 1 for name, held in counts.items())
    if alone:
        message = N_(
            "Strata of which a single report is drawn: %(strata)d of %(all)d. The rate will have"
            " an interval and no standard error; a minimum of 2 for each, or fewer strata, gives"
            " both."
        )
        params = {"strata": alone, "all": len(counts)}
        found.append(Finding(Level.AMBER, message, params))
    return found


def silent_authors(known: Mapping[str, int], seen: Mapping[str, int]) -> list[Finding]:
    """Return the departments whose known authors are not all in the frame, S1.10.

    Nobody is named: who reads it may know the colleague who is away.

    Args:
        known: authors that each department's reports have ever named, by its code.
        seen: of these, those with an eligible report.
    """
    message = N_(
        "Authors of %(department)s without an eligible report in the period: %(silent)d of"
        " %(known)d. Either they signed none, or their reports are missing."
    )
    return [
        Finding(
            Level.AMBER,
            message,
            {"department": code, "silent": count - seen.get(code, 0), "known": count},
        )
        for code, count in sorted(known.items())
        if seen.get(code, 0) < count
    ]


def check_frame(
    frame: Sequence[tuple[str, str]],
    *,
    expected: Mapping[str, int],
    control_total: int | None = None,
    days: Mapping[date, int] | None = None,
    sequence: Iterable[int] = (),
    authors: Mapping[str, int] | None = None,
) -> list[Finding]:
    """Return what is wrong with a frame before it is drawn from, S1.10.

    Args:
        frame: (stratum, item key) of each report.
        expected: every stratum that the protocol names, with its minimum to draw.
        control_total: reports that the department's system counts; None where unknown.
        days: reports per day with the days without any; None where unknown.
        sequence: accession numbers, where they are given in a row.
        authors: reports of each eligible author, by a name that tells nothing; None where the
            eligible authors are not known.

    Returns:
        The findings, red ones first.
    """
    keys = [item_key for _, item_key in frame]
    found = [
        Finding(Level.RED, N_("The report %(key)s is in the frame twice."), {"key": key})
        for key in duplicates(keys)
    ]
    found += _stratum_findings(Counter(stratum for stratum, _ in frame), expected)
    difference = 0 if control_total is None else len(set(keys)) - control_total
    if difference:
        message = N_(
            "The frame holds %(held)d reports and the department's system counts %(counted)d."
        )
        params = {"held": len(set(keys)), "counted": control_total}
        found.append(Finding(Level.RED, message, params))
    found += _gap_findings(sequence) + _author_findings(authors or {})
    if days:
        found += _day_findings(days)
    return sorted(found, key=lambda finding: finding.level is not Level.RED)


def _stratum_findings(counts: Mapping[str, int], expected: Mapping[str, int]) -> list[Finding]:
    found = []
    for stratum, minimum in sorted(expected.items()):
        held = counts.get(stratum, 0)
        if held == 0:
            message = N_("The stratum %(stratum)s holds no report.")
            found.append(Finding(Level.RED, message, {"stratum": stratum}))
        elif held < minimum:
            message = N_(
                "The stratum %(stratum)s holds fewer reports (%(held)d) than the minimum"
                " (%(minimum)d): all of them will be drawn."
            )
            params = {"stratum": stratum, "held": held, "minimum": minimum}
            found.append(Finding(Level.AMBER, message, params))
    return found


def _gap_findings(sequence: Iterable[int]) -> list[Finding]:
    return [
        Finding(
            Level.AMBER,
            N_("The number %(first)d is missing in the sequence.")
            if first == last
            else N_("The numbers %(first)d to %(last)d are missing in the sequence."),
            {"first": first, "last": last},
        )
        for first, last in sequence_gaps(sequence)
    ]


def _author_findings(authors: Mapping[str, int]) -> list[Finding]:
    return [
        Finding(
            Level.AMBER,
            N_("The author %(author)s may have reports audited and has none in the frame."),
            {"author": author},
        )
        for author, reports in sorted(authors.items())
        if reports == 0
    ]


def _day_findings(days: Mapping[date, int]) -> list[Finding]:
    found = [
        Finding(
            Level.AMBER,
            N_("There is no report on %(first)s.")
            if first == last
            else N_("There is no report from %(first)s to %(last)s."),
            {"first": first, "last": last},
        )
        for first, last in day_gaps(days, first=min(days), last=max(days))
    ]
    p_value = day_dispersion(days).p_value
    if p_value is not None and p_value < SUSPICIOUS:
        message = N_(
            "The number of reports per day varies more than chance explains: some days may be"
            " incomplete."
        )
        found.append(Finding(Level.AMBER, message))
    return found
