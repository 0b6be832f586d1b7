"""Use cases: counting the readings of a campaign, from which every number follows."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.instruments import Instrument, find_instrument
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.statistics.campaign import CampaignCounts, CellCounts
from peeraudit.domain.workflow import CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import blinding, campaigns, frames

# A case that was sent back to an adjudicator keeps its outcome, which may still change.
SETTLED = frozenset(
    {
        CaseState.PROPOSED,
        CaseState.AUTHOR_NOTIFIED,
        CaseState.REPLIED,
        CaseState.REPLY_EXPIRED,
        CaseState.FINAL,
        CaseState.CLOSED,
        CaseState.PURGED,
    }
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is known of one case that was drawn at random and read.

    Attributes:
        second: the second blinded score, None where there is none.
        outcome: the settled score, None where the case is not settled.
    """

    case_id: UUID
    modality: str
    is_double_read: bool
    first: str
    second: str | None
    outcome: str | None
    modes: frozenset[str]


def count_readings(campaign_id: UUID) -> CampaignCounts:
    """Return what was read and settled so far, counted; targeted cases never count.

    Raises:
        Conflicting: the readings were given under several blinding modes.
        InvalidInput: no list of reports is frozen.
        NotFound: there is no such campaign, or its scale is not known.
    """
    campaign = db.session.get_one(Campaign, campaign_id)
    frame = frames.needed_frame(campaign_id)
    protocol = from_json(campaign.protocol)
    scale = find_instrument(protocol.instrument.code, protocol.instrument.version)
    readings = _readings(campaign_id)
    strata = _strata(campaign_id, frame.allocation)
    places = {
        place.case_id: (str(place.department_id), str(place.author_id))
        for place in blinding.places_of_cases(campaign_id)
    }
    return CampaignCounts(
        campaign=campaign.code,
        protocol_sha256=protocol.sha256(),
        frame_sha256=frame.sha256,
        instrument=(scale.code, scale.version),
        blinding_mode=_one_mode(readings),
        cells=_cells(readings, strata, places, _Rules(protocol, scale)),
        authors=_authors(readings, places),
        patterns=_patterns(readings, scale),
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """What tells in which group a case falls."""

    protocol: Protocol
    scale: Instrument

    def is_routed(self, one: _Reading) -> bool:
        return one.first in self.protocol.routing.second_review_scores

    def is_verified(self, one: _Reading) -> bool:
        """Return whether the first reading was checked in a way that chance decided, or always.

        A second reading that only the routing asked for verifies a routed case; of the others,
        only those designated by ticket before any score existed.
        """
        if one.outcome is None:
            return False
        return self.is_routed(one) or (one.is_double_read and one.second is not None)

    def is_found(self, one: _Reading) -> bool:
        return one.outcome is not None and self.scale.is_discrepant(one.outcome)


def _readings(campaign_id: UUID) -> list[_Reading]:
    """Return the first readings of the random cases, in one statement: one moment for all."""
    first, second = aliased(Review), aliased(Review)
    rows = db.session.execute(
        select(
            Case.id,
            Case.modality,
            Case.is_double_read,
            Case.state,
            first.score,
            second.score,
            Outcome.score,
            first.blinding_mode,
            second.blinding_mode,
        )
        # An amendment is no reading: the first submitted version is.
        .join(first, (first.case_id == Case.id) & (first.turn == Turn.FIRST) & (first.version == 1))
        .outerjoin(
            second,
            (second.case_id == Case.id) & (second.turn == Turn.SECOND) & (second.version == 1),
        )
        .outerjoin(Outcome, Outcome.case_id == Case.id)
        .where(
            Case.campaign_id == campaign_id,
            Case.channel == "random",
            Case.state != CaseState.EXCLUDED,
        )
        .order_by(Case.id, first.submitted_at, first.id)
    )
    found: dict[UUID, _Reading] = {}
    for case_id, modality, twice, state, one, two, outcome, mode, other_mode in rows:
        settled = outcome if state in SETTLED else None
        # Without a second reading there is no second mode.
        seen = frozenset({mode, other_mode or mode})
        found.setdefault(case_id, _Reading(case_id, modality, twice, one, two, settled, seen))
    return list(found.values())


def _one_mode(readings: Iterable[_Reading]) -> str:
    modes = sorted({mode for one in readings for mode in one.modes})
    if len(modes) > 1:
        raise Conflicting(
            N_(
                "The cases of this campaign were read under several blinding modes, which are"
                " never counted together: %(modes)s. No number was computed."
            ),
            modes=", ".join(modes),
        )
    return modes[0] if modes else ""


def _strata(campaign_id: UUID, allocation: str) -> dict[tuple[str, str], int]:
    """Return the reports of the frame in each department and modality."""
    ids = {p.code: str(p.id) for p in campaigns.departments_of([campaign_id])[campaign_id]}
    found = {}
    for stratum, part in json.loads(allocation).items():
        code, modality = stratum.rsplit(":", 1)
        found[ids[code], modality] = cast("int", part["frame"])
    return found


def _cells(
    readings: Sequence[_Reading],
    strata: Mapping[tuple[str, str], int],
    places: Mapping[UUID, tuple[str, str]],
    rules: _Rules,
) -> tuple[CellCounts, ...]:
    members: dict[tuple[str, str], list[_Reading]] = defaultdict(list)
    for one in readings:
        members[places[one.case_id][0], one.modality].append(one)
    return tuple(
        _cell(department, modality, frame, members.get((department, modality), []), rules, places)
        for (department, modality), frame in sorted(strata.items())
    )


def _cell(
    department: str,
    modality: str,
    frame: int,
    members: Sequence[_Reading],
    rules: _Rules,
    places: Mapping[UUID, tuple[str, str]],
) -> CellCounts:
    routed = [one for one in members if rules.is_routed(one)]
    single = [one for one in members if not rules.is_routed(one)]
    checked_single = [one for one in single if rules.is_verified(one)]
    checked_routed = [one for one in routed if rules.is_verified(one)]
    return CellCounts(
        department=department,
        modality=modality,
        frame=frame,
        scored=len(members),
        discrepant=sum(rules.scale.is_discrepant(one.first) for one in members),
        confirmed=sum(map(rules.is_found, members)),
        unsettled=sum(one.outcome is None for one in members),
        single=len(single),
        single_verified=len(checked_single),
        single_found=sum(map(rules.is_found, checked_single)),
        routed=len(routed),
        routed_verified=len(checked_routed),
        routed_found=sum(map(rules.is_found, checked_routed)),
        authors=_sizes(places[one.case_id][1] for one in members),
    )


def _authors(
    readings: Sequence[_Reading], places: Mapping[UUID, tuple[str, str]]
) -> dict[str, tuple[int, ...]]:
    people: dict[str, list[str]] = defaultdict(list)
    for one in readings:
        department, author = places[one.case_id]
        people[department].append(author)
    return {department: _sizes(found) for department, found in sorted(people.items())}


def _sizes(authors: Iterable[str]) -> tuple[int, ...]:
    """Return the reports of each author, largest first; all without an author count as one."""
    return tuple(sorted(Counter(authors).values(), reverse=True))


def _patterns(
    readings: Iterable[_Reading], scale: Instrument
) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return how often each pair of scores was given to the designated cases."""
    found: Counter[tuple[int, ...]] = Counter()
    for one in readings:
        if one.is_double_read and one.second is not None:
            given = Counter((one.first, one.second))
            found[tuple(given[code] for code in scale.codes)] += 1
    return tuple(sorted(found.items()))
