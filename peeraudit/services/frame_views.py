"""How is a list of eligible reports told, so that strata can be read and nobody recognised?"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from peeraudit.domain.sampling.frame_checks import Finding, Level
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.strata import Stratum, StratumField, split_stratum

COARSE = frozenset({StratumField.MODALITY, StratumField.AUTHOR})
"""By which no finer stratum is told: the first is told above it, and the second never is."""


@dataclass(frozen=True, slots=True)
class StratumView:
    """One department and modality: reports that it holds and reports to draw from it.

    Attributes:
        modality: empty where modality divides nothing.
    """

    department: str
    modality: str
    frame_size: int
    sample: int


@dataclass(frozen=True, slots=True)
class FinerView:
    """A part of a department and modality, whoever signed its reports.

    Attributes:
        region: empty where not known, and where it divides nothing; likewise the others.
        week: ISO week, such as ``2026-W12``.
    """

    department: str
    modality: str
    region: str
    urgency: str
    week: str
    frame_size: int
    sample: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """One thing to know of a list before it is drawn from; ``blocks`` is a red one."""

    blocks: bool
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class FrameView:
    """The list of eligible reports, as counts; frozen where it bears a hash.

    Attributes:
        strata: folded to department and modality, in the order of their names.
        excluded: reports per reason for which they cannot be drawn.
        fields: what divides the reports of a department.
        count: of the strata, as finely as they are drawn from.
        finer: the strata without their authors; empty where they are no finer than above.
        authors: how many authors of each department are strata; empty where none are. Never
            how many reports each has: colleagues would know one another by it.
    """

    sha256: str
    frozen_at: datetime | None
    strata: tuple[StratumView, ...]
    excluded: Mapping[str, int]
    findings: tuple[FindingView, ...]
    fields: tuple[StratumField, ...] = ()
    count: int = 0
    finer: tuple[FinerView, ...] = ()
    authors: Mapping[str, int] = field(default_factory=dict)

    @property
    def frame_size(self) -> int:
        """Return the reports in the list."""
        return sum(stratum.frame_size for stratum in self.strata)

    @property
    def sample(self) -> int:
        """Return the reports to draw."""
        return sum(stratum.sample for stratum in self.strata)

    @property
    def is_blocked(self) -> bool:
        """Return whether something must be mended before the list can be frozen."""
        return any(finding.blocks for finding in self.findings)

    @property
    def is_for_network(self) -> bool:
        """Return whether the lines of the list are for roles of the whole network alone.

        They tell how many reports each author has: under a name that says nothing, and which
        colleagues would see through.
        """
        return StratumField.AUTHOR in self.fields


def fold(counts: Mapping[str, int], fields: Sequence[StratumField]) -> Counter[tuple[str, str]]:
    """Return counts by stratum as counts by department and modality.

    Args:
        counts: by the names of strata.
        fields: of these names; without modality it is empty in all.
    """
    folded: Counter[tuple[str, str]] = Counter()
    for name, count in counts.items():
        known = split_stratum(name, fields)
        folded[known.department, known.modality] += count
    return folded


def frame_view(
    allocation: Mapping[str, tuple[int, int]],
    fields: Sequence[StratumField],
    *,
    excluded: Mapping[str, int],
    findings: tuple[FindingView, ...],
    frozen: tuple[str, datetime | None] = ("", None),
) -> FrameView:
    """Return a list as it is shown.

    Args:
        allocation: reports held and to draw, by the names of strata.
        fields: of these names.
        excluded: reports per reason for which they cannot be drawn.
        findings: what to know of it.
        frozen: its hash and when it was frozen.
    """
    held = fold({name: pair[0] for name, pair in allocation.items()}, fields)
    drawn = fold({name: pair[1] for name, pair in allocation.items()}, fields)
    return FrameView(
        sha256=frozen[0],
        frozen_at=frozen[1],
        strata=tuple(StratumView(*place, held[place], drawn[place]) for place in sorted(held)),
        excluded=excluded,
        findings=findings,
        fields=tuple(fields),
        count=len(allocation),
        finer=_finer(allocation, fields),
        authors=_authors(allocation, fields),
    )


def finding_view(finding: Finding) -> FindingView:
    """Return a finding as it is shown and kept."""
    params = {
        name: value if isinstance(value, int) else str(value)
        for name, value in finding.params.items()
    }
    return FindingView(finding.level is Level.RED, Sentence(finding.message, params))


def _finer(
    allocation: Mapping[str, tuple[int, int]], fields: Sequence[StratumField]
) -> tuple[FinerView, ...]:
    if COARSE.issuperset(fields):
        return ()
    found: dict[tuple[str, str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for name, (held, drawn) in allocation.items():
        part = found[_without_author(split_stratum(name, fields))]
        part[0] += held
        part[1] += drawn
    return tuple(FinerView(*key, *found[key]) for key in sorted(found))


def _without_author(known: Stratum) -> tuple[str, str, str, str, str]:
    region, urgency, week = (
        known.values.get(one, "")
        for one in (StratumField.REGION, StratumField.URGENCY, StratumField.WEEK)
    )
    return known.department, known.modality, region, urgency, week


def _authors(
    allocation: Mapping[str, tuple[int, int]], fields: Sequence[StratumField]
) -> dict[str, int]:
    if StratumField.AUTHOR not in fields:
        return {}
    known = [split_stratum(name, fields) for name in allocation]
    pairs = {(one.department, one.values[StratumField.AUTHOR]) for one in known}
    departments = sorted({one.department for one in known})
    counts = Counter(department for department, author in pairs if author)
    return {department: counts[department] for department in departments}
