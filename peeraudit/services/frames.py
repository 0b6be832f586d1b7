"""Use cases: the frozen list of the reports that may be drawn, whose hash is public first."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.draws import frame_counts, frame_lines, frame_sha256
from peeraudit.domain.sampling.frame_checks import Finding, Level, silent_authors, thin_strata
from peeraudit.domain.sampling.frames import (
    Listing,
    count_days,
    find_problems,
    item_key,
    stratum_of,
)
from peeraudit.domain.sampling.sample_plans import plan_sample
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.strata import StratumField
from peeraudit.domain.workflow import CAMPAIGN_MOVES, CampaignEvent, advance
from peeraudit.extensions import db
from peeraudit.models.sampling import Draw, DrawExtension, Frame, FrameEntry
from peeraudit.services import blinding_places, campaigns, trail
from peeraudit.services.frame_periods import compare_with_last
from peeraudit.services.frame_reports import NO_KEY, Listed, count_places, lines_of, list_reports
from peeraudit.services.frame_views import FindingView, FrameView, finding_view, frame_view

KEY_BYTES = 32
# Each author is sealed: to open more of them at every look at the list would be felt.
AUTHORS_OPENED = 20_000
REASON_MAXIMUM = 300


def show_frame(campaign_id: UUID, *, by: Actor) -> FrameView:
    """Return the frozen list of a campaign, or what it would be today.

    Raises:
        NotFound: there is no such campaign, or it is not the actor's to see.
    """
    protocol = campaigns.show_campaign(campaign_id, by=by).protocol
    frame = find_frame(campaign_id)
    if frame is not None:
        return _frozen_view(frame, protocol.sampling.strata)
    codes = campaigns.codes_of(campaign_id)
    _, view = _planned(codes, protocol, list_reports(codes, protocol, NO_KEY))
    return view


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
    codes = campaigns.codes_of(campaign_id)
    listed = list_reports(codes, protocol, key)
    allocation, view = _planned(codes, protocol, listed)
    for finding in view.findings:
        if finding.blocks:
            raise InvalidInput(finding.sentence.message, **finding.sentence.params)
    lines = lines_of(listed, protocol.sampling.strata, key)
    frame = Frame(
        id=uuid4(),
        campaign_id=campaign_id,
        sha256=frame_sha256(lines),
        allocation=_allocation_json(allocation),
        pseudonym_key=key.hex(),
        checks=_findings_json(view.findings),
        frozen_at=now(),
        frozen_by=by.account_id,
    )
    db.session.add(frame)
    db.session.flush()  # the entries refer to the frame
    _write_entries(frame.id, listed, protocol.sampling.strata, key)
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
        NotAllowed: the list tells authors apart, and the role in use is of a department.
        NotFound: there is no such campaign, or its list is not frozen yet.
    """
    campaign = campaigns.show_campaign(campaign_id, by=by)
    frame = find_frame(campaign_id)
    if frame is None:
        raise NotFound(N_("The list of reports of this campaign is not frozen yet."))
    check_reader(campaign.protocol, by)
    return b"".join(frame_lines(frozen_lines(frame.id)))


def check_reader(protocol: Protocol, by: Actor) -> None:
    """Keep the lines of a list whose strata are authors from their colleagues.

    A line names no author, but how many there are of each tells those who work together.

    Raises:
        NotAllowed: the role in use is of a department.
    """
    if StratumField.AUTHOR in protocol.sampling.strata and by.department_id is not None:
        raise NotAllowed(
            N_(
                "Each author is a stratum of this list, and colleagues would know one another by"
                " the number of reports: roles of the whole network alone download it. Ask the"
                " network lead to check it for you, or an external auditor."
            )
        )


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


def _planned(
    codes: Mapping[UUID, str], protocol: Protocol, listed: Sequence[Listed]
) -> tuple[dict[str, tuple[int, int]], FrameView]:
    """Return reports held and to draw of each stratum, and the list as it is shown."""
    scope, fields = protocol.scope, protocol.sampling.strata
    lines = lines_of(listed, fields, NO_KEY)
    drawable = [one.candidate for one in listed if not one.reason]
    places, counts = count_places(listed), frame_counts(lines)
    days = count_days(drawable, scope.period_start, scope.period_end)
    findings = find_problems(
        Listing(lines, places, days, fields),
        codes.values(),
        modalities=scope.modalities,
        minimum=protocol.sampling.stratum_minimum,
    )
    sizes, problems = _plan(counts, protocol)
    problems += compare_with_last(places, protocol, codes.values())
    findings += _silent_authors(listed, fields, codes)
    allocation = {name: (held, sizes.get(name, 0)) for name, held in counts.items()}
    view = frame_view(
        allocation,
        fields,
        excluded=dict(sorted(Counter(one.reason for one in listed if one.reason).items())),
        findings=tuple(finding_view(finding) for finding in [*problems, *findings]),
    )
    return allocation, view


def _plan(counts: Mapping[str, int], protocol: Protocol) -> tuple[Mapping[str, int], list[Finding]]:
    """Return how many reports are drawn of each stratum, and what is odd about it."""
    try:
        plan = plan_sample(counts, protocol.sampling)
    except InvalidInput as error:
        return {}, [Finding(Level.RED, error.message, error.params)]
    problems = thin_strata(counts, plan.sizes)
    if plan.is_raised:
        message = N_("The minimums ask for more than the share: %(required)d reports.")
        problems.insert(0, Finding(Level.AMBER, message, {"required": plan.required}))
    return plan.sizes, problems


def _silent_authors(
    listed: Sequence[Listed], fields: tuple[StratumField, ...], codes: Mapping[UUID, str]
) -> list[Finding]:
    """Return where known authors have no report; of a long list only where it names them."""
    drawable = [one for one in listed if not one.reason]
    if StratumField.AUTHOR in fields:
        signed = {(one.candidate.department, one.candidate.author) for one in drawable}
    elif len(drawable) <= AUTHORS_OPENED:
        authors = blinding_places.authors_of_reports([one.report_id for one in drawable])
        signed = {
            (one.candidate.department, str(authors.get(one.report_id, ""))) for one in drawable
        }
    else:
        return []
    known = {codes[place]: count for place, count in blinding_places.count_authors(codes).items()}
    return silent_authors(known, Counter(place for place, author in signed if author))


def _frozen_view(frame: Frame, fields: Sequence[StratumField]) -> FrameView:
    reasons = db.session.execute(
        select(FrameEntry.excluded_reason, func.count())
        .where(FrameEntry.frame_id == frame.id, FrameEntry.excluded_reason != "")
        .group_by(FrameEntry.excluded_reason)
        .order_by(FrameEntry.excluded_reason)
    )
    allocation = json.loads(frame.allocation)
    return frame_view(
        {name: (part["frame"], part["sample"]) for name, part in sorted(allocation.items())},
        fields,
        frozen=(frame.sha256, frame.frozen_at),
        excluded=dict(reasons.all()),
        findings=tuple(
            FindingView(one["blocks"], Sentence(one["message"], one["params"]))
            for one in json.loads(frame.checks)
        ),
    )


def _write_entries(
    frame_id: UUID, listed: Sequence[Listed], fields: tuple[StratumField, ...], key: bytes
) -> None:
    rows = {}
    for one in listed:
        candidate = one.candidate
        stratum = "" if one.reason else stratum_of(candidate, fields)
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


def _allocation_json(allocation: Mapping[str, tuple[int, int]]) -> str:
    parts = {name: {"frame": held, "sample": sample} for name, (held, sample) in allocation.items()}
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
