"""Use cases: the frozen list of the reports that may be drawn, whose hash is public first."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotFound
from peeraudit.domain.frame_checks import Finding, LastPeriod, Level, shrunk_strata
from peeraudit.domain.frames import (
    count_days,
    find_problems,
    item_key,
    stratum_of,
)
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sample_plans import plan_sample
from peeraudit.domain.sampling import frame_counts, frame_lines, frame_sha256
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import CAMPAIGN_MOVES, CampaignEvent, advance
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.sampling import Draw, DrawExtension, Frame, FrameEntry
from peeraudit.services import campaigns, trail
from peeraudit.services.frame_reports import Listed, codes_of, lines_of, list_reports

KEY_BYTES = 32
# For counting alone, where no list is published.
NO_KEY = bytes(KEY_BYTES)
REASON_MAXIMUM = 300


@dataclass(frozen=True, slots=True)
class StratumView:
    """One stratum: reports that it holds and reports to draw from it."""

    department: str
    modality: str
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
        strata: in the order of their names.
        excluded: reports per reason for which they cannot be drawn.
    """

    sha256: str
    frozen_at: datetime | None
    strata: tuple[StratumView, ...]
    excluded: Mapping[str, int]
    findings: tuple[FindingView, ...]

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


def show_frame(campaign_id: UUID, *, by: Actor) -> FrameView:
    """Return the frozen list of a campaign, or what it would be today.

    Raises:
        NotFound: there is no such campaign, or it is not the actor's to see.
    """
    campaigns.show_campaign(campaign_id, by=by)
    frame = find_frame(campaign_id)
    if frame is not None:
        return _frozen_view(frame)
    protocol = campaigns.protocol_of(campaign_id)
    return _view_of(campaign_id, protocol, list_reports(campaign_id, protocol, NO_KEY))


def freeze_frame(campaign_id: UUID, *, by: Actor) -> str:
    """Freeze the list of eligible reports and how many are drawn of each stratum.

    Returns:
        The list's hash, which is public before any seed exists.

    Raises:
        IllegalMove: the protocol is not locked, or the sample is drawn already.
        Conflicting: the list is frozen already.
        InvalidInput: the list has a red finding.
    """
    by.require(Permission.DRAW_SAMPLE)
    campaign = campaigns.locked_row(campaign_id)
    advance(CAMPAIGN_MOVES, campaign.state, CampaignEvent.DRAW)
    if find_frame(campaign_id) is not None:
        raise Conflicting(N_("The list of reports is frozen already."))
    protocol = from_json(campaign.protocol)
    key = new_bytes(KEY_BYTES)
    listed = list_reports(campaign_id, protocol, key)
    view = _view_of(campaign_id, protocol, listed)
    for finding in view.findings:
        if finding.blocks:
            raise InvalidInput(finding.sentence.message, **finding.sentence.params)
    lines = lines_of(listed, key)
    frame = Frame(
        id=uuid4(),
        campaign_id=campaign_id,
        sha256=frame_sha256(lines),
        allocation=_allocation_json(view.strata),
        pseudonym_key=key.hex(),
        checks=_findings_json(view.findings),
        frozen_at=now(),
        frozen_by=by.account_id,
    )
    db.session.add(frame)
    db.session.flush()  # the entries refer to the frame
    _write_entries(frame.id, listed, key)
    details = {"frame_sha256": frame.sha256, "reports": len(lines), "to_draw": view.sample}
    trail.record("freeze_frame", by, object_kind="frame", object_id=frame.id, details=details)
    return frame.sha256


def discard_frame(campaign_id: UUID, *, reason: str, by: Actor) -> None:
    """Discard a frozen list before its draw, to freeze a more complete one.

    Raises:
        IllegalMove: the sample is drawn already.
        InvalidInput: no list is frozen, or no reason is given.
    """
    by.require(Permission.DRAW_SAMPLE)
    campaign = campaigns.locked_row(campaign_id)
    advance(CAMPAIGN_MOVES, campaign.state, CampaignEvent.DRAW)
    frame = needed_frame(campaign_id)
    if not reason.strip():
        raise InvalidInput(N_("Say why the list is discarded: the trail keeps it."))
    details = {"frame_sha256": frame.sha256}
    trail.record(
        "discard_frame",
        by,
        object_kind="frame",
        object_id=frame.id,
        reason=reason.strip()[:REASON_MAXIMUM],
        details=details,
    )
    db.session.execute(delete(FrameEntry).where(FrameEntry.frame_id == frame.id))
    db.session.delete(frame)


def list_frame(campaign_id: UUID, *, by: Actor) -> bytes:
    """Return the frozen list as the lines whose SHA-256 is its hash.

    Raises:
        NotFound: there is no such campaign, or its list is not frozen yet.
    """
    campaigns.show_campaign(campaign_id, by=by)
    frame = find_frame(campaign_id)
    if frame is None:
        raise NotFound(N_("The list of reports of this campaign is not frozen yet."))
    return b"".join(frame_lines(frozen_lines(frame.id)))


def find_frame(campaign_id: UUID) -> Frame | None:
    """Return the row of a frozen list, None before the freeze; for services alone."""
    return db.session.scalar(select(Frame).where(Frame.campaign_id == campaign_id))


def needed_frame(campaign_id: UUID) -> Frame:
    """Return the row of a frozen list; for services alone.

    Raises:
        InvalidInput: no list is frozen.
    """
    frame = find_frame(campaign_id)
    if frame is None:
        raise InvalidInput(N_("First freeze the list of eligible reports."))
    return frame


def frozen_lines(frame_id: UUID, *, stratum: str = "") -> list[tuple[str, str]]:
    """Return (stratum, item key) of a frozen list, or of one stratum; for services alone."""
    listed = (
        select(FrameEntry.stratum, FrameEntry.item_key)
        .where(FrameEntry.frame_id == frame_id, FrameEntry.excluded_reason == "")
        .order_by(FrameEntry.stratum, FrameEntry.item_key)
    )
    rows = db.session.execute(listed.where(FrameEntry.stratum == stratum) if stratum else listed)
    return [(name, key) for name, key in rows]


def sizes_of(frame: Frame) -> dict[str, int]:
    """Return how many reports are drawn of each stratum at first; for services alone."""
    return {stratum: part["sample"] for stratum, part in json.loads(frame.allocation).items()}


def current_sizes_of(frame: Frame) -> dict[str, int]:
    """Return how many reports are drawn of each stratum by now; for services alone."""
    last = db.session.scalar(
        select(DrawExtension.sizes)
        .join(Draw, Draw.id == DrawExtension.draw_id)
        .where(Draw.frame_id == frame.id)
        .order_by(DrawExtension.number.desc())
        .limit(1)
    )
    return sizes_of(frame) if last is None else dict(json.loads(last))


def _view_of(campaign_id: UUID, protocol: Protocol, listed: Sequence[Listed]) -> FrameView:
    scope = protocol.scope
    lines = lines_of(listed, NO_KEY)
    drawable = [one.candidate for one in listed if not one.reason]
    findings = find_problems(
        lines,
        codes_of(campaign_id).values(),
        modalities=scope.modalities,
        minimum=protocol.sampling.stratum_minimum,
        days=count_days(drawable, scope.period_start, scope.period_end),
    )
    strata, problems = _allocate(lines, protocol)
    problems += _compare(frame_counts(lines), protocol, codes_of(campaign_id))
    return FrameView(
        sha256="",
        frozen_at=None,
        strata=strata,
        excluded=dict(sorted(Counter(one.reason for one in listed if one.reason).items())),
        findings=tuple(_finding(finding) for finding in [*problems, *findings]),
    )


def _compare(
    counts: Mapping[str, int], protocol: Protocol, codes: Mapping[UUID, str]
) -> list[Finding]:
    """Return the strata that look incomplete beside the newest list of an earlier period."""
    scope = protocol.scope
    last = db.session.execute(
        select(Frame.allocation, Campaign.period_start, Campaign.period_end)
        .join(Campaign, Campaign.id == Frame.campaign_id)
        .where(Campaign.period_end < scope.period_start)
        .order_by(Campaign.period_end.desc(), Frame.frozen_at.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return []
    allocation, first, end = last
    names = {stratum_of(code, one) for code in codes.values() for one in scope.modalities}
    before = {name: part["frame"] for name, part in json.loads(allocation).items() if name in names}
    days = (scope.period_end - scope.period_start).days + 1
    return shrunk_strata(counts, days, LastPeriod(before, (end - first).days + 1))


def _allocate(
    lines: Sequence[tuple[str, str]], protocol: Protocol
) -> tuple[tuple[StratumView, ...], list[Finding]]:
    """Return how many reports are drawn of each stratum, and what is odd about it."""
    counts, problems = frame_counts(lines), []
    sizes: Mapping[str, int] = {}
    try:
        plan = plan_sample(counts, protocol.sampling)
        sizes = plan.sizes
        if plan.is_raised:
            message = N_("The minimums ask for more than the share: %(required)d reports.")
            problems = [Finding(Level.AMBER, message, {"required": plan.required})]
    except InvalidInput as error:
        problems = [Finding(Level.RED, error.message, error.params)]
    strata = tuple(_stratum(name, held, sizes.get(name, 0)) for name, held in counts.items())
    return strata, problems


def _stratum(name: str, frame_size: int, sample: int) -> StratumView:
    department, _, modality = name.rpartition(":")
    return StratumView(department, modality, frame_size, sample)


def _frozen_view(frame: Frame) -> FrameView:
    reasons = db.session.execute(
        select(FrameEntry.excluded_reason, func.count())
        .where(FrameEntry.frame_id == frame.id, FrameEntry.excluded_reason != "")
        .group_by(FrameEntry.excluded_reason)
        .order_by(FrameEntry.excluded_reason)
    )
    return FrameView(
        sha256=frame.sha256,
        frozen_at=frame.frozen_at,
        strata=tuple(
            _stratum(stratum, part["frame"], part["sample"])
            for stratum, part in sorted(json.loads(frame.allocation).items())
        ),
        excluded=dict(reasons.all()),
        findings=tuple(
            FindingView(one["blocks"], Sentence(one["message"], one["params"]))
            for one in json.loads(frame.checks)
        ),
    )


def _write_entries(frame_id: UUID, listed: Sequence[Listed], key: bytes) -> None:
    rows = {}
    for one in listed:
        candidate = one.candidate
        stratum = "" if one.reason else stratum_of(candidate.department, candidate.modality)
        name = item_key(key, candidate)
        # A report that is excluded twice is written down once.
        if one.reason and name in rows:
            continue
        rows[name] = {
            "id": uuid4(),
            "frame_id": frame_id,
            "report_id": one.report_id,
            "item_key": name,
            "stratum": stratum,
            "excluded_reason": one.reason,
        }
    db.session.execute(insert(FrameEntry), list(rows.values()))


def _finding(finding: Finding) -> FindingView:
    params = {
        name: value if isinstance(value, int) else str(value)
        for name, value in finding.params.items()
    }
    return FindingView(finding.level is Level.RED, Sentence(finding.message, params))


def _allocation_json(strata: Sequence[StratumView]) -> str:
    parts = {
        stratum_of(part.department, part.modality): {
            "frame": part.frame_size,
            "sample": part.sample,
        }
        for part in strata
    }
    return json.dumps(parts, sort_keys=True)


def _findings_json(findings: Sequence[FindingView]) -> str:
    kept = [
        {
            "blocks": one.blocks,
            "message": one.sentence.message,
            "params": dict(one.sentence.params),
        }
        for one in findings
    ]
    return json.dumps(kept, ensure_ascii=False)
