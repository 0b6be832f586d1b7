"""Use cases: the next report in the order of the tickets takes the place of an unusable one."""

from uuid import UUID, uuid4

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.draws import draw
from peeraudit.domain.workflow import CampaignState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.sampling import Draw, DrawReplacement, FrameEntry
from peeraudit.services import (
    blinding,
    blinding_strata,
    draw_cases,
    frames,
    intake_texts,
    trail,
)
from peeraudit.services.masking_orders import order_masking

TAKEN_BACK = ExclusionReason.NOT_A_REPORT.value
"""Reason of a reserve that its sender cancelled before its turn came."""


def replace_case(case: Case, reason: str, *, by: Actor) -> bool:
    """Draw the next report of the stratum in the place of a case that was excluded.

    Only until the cases are given to reviewers, and only in the random sample. A reserve that is
    unusable itself is passed over in the same way, so that whoever holds the bundle can follow
    every step.

    Args:
        case: the excluded case.
        reason: why it is not read; published with the proof of the draw.
        by: who excluded it.

    Returns:
        Whether there was a report to draw.
    """
    campaign = db.session.get_one(Campaign, case.campaign_id)
    if campaign.state is not CampaignState.DRAWN or case.channel != "random":
        return False
    # One at a time for each draw: the next reserve is the next for nobody else.
    drawn = db.session.scalar(select(Draw).where(Draw.campaign_id == campaign.id).with_for_update())
    if drawn is None:
        return False
    stratum, key = blinding.entry_of_case(case.id, drawn.frame_id)
    report = _next_report(drawn, stratum, key, reason, by)
    if report is None:
        return False
    if draw_cases.take_over(campaign, report.id):
        return True
    made = draw_cases.case_of(report, campaign, from_json(campaign.protocol))
    # A report that was designated for two readings is replaced by one that is.
    made.ticket, made.is_double_read = new_bytes(32).hex(), case.is_double_read
    db.session.add(made)
    db.session.flush()  # the sealed identity refers to the case
    strata = blinding_strata.strata_of(campaign, [report.id])
    blinding.seal_identity(made.id, report.id, strata.get(report.id, ""))
    db.session.flush()  # who is told depends on the identity
    if made.awaits_text:
        intake_texts.tell_wanted_again(made)
    else:
        order_masking(campaign.id, of=made.id, by=by.account_id, total=1)
    return True


def _next_report(drawn: Draw, stratum: str, key: str, reason: str, by: Actor) -> Report | None:
    """Write down the replacements until one is usable; return its report, None without one."""
    frame = frames.needed_frame(drawn.campaign_id)
    # Whatever was taken as a replacement or by an extension, it was taken from the front.
    sizes = {stratum: frames.current_sizes_of(frame)[stratum]}
    tickets = draw(frames.frozen_lines(frame.id, stratum=stratum), drawn.seed, sizes)
    reserves = tickets.strata[stratum].reserves
    for reserve in reserves[_used(drawn.id, stratum) :]:
        _write(drawn.id, stratum, (key, reserve.item_key), reason, by)
        report = _report(drawn.frame_id, reserve.item_key)
        if not _was_taken_back(report):
            return report
        key, reason = reserve.item_key, TAKEN_BACK
    return None


def _used(draw_id: UUID, stratum: str) -> int:
    """Return how many reserves of a stratum were taken."""
    return (
        db.session.scalar(
            select(func.count()).where(
                DrawReplacement.draw_id == draw_id, DrawReplacement.stratum == stratum
            )
        )
        or 0
    )


def _write(draw_id: UUID, stratum: str, keys: tuple[str, str], reason: str, by: Actor) -> None:
    last = db.session.scalar(
        select(func.max(DrawReplacement.number)).where(DrawReplacement.draw_id == draw_id)
    )
    row = DrawReplacement(
        id=uuid4(),
        draw_id=draw_id,
        number=(last or 0) + 1,
        stratum=stratum,
        removed_key=keys[0],
        added_key=keys[1],
        reason=reason,
        replaced_at=now(),
        replaced_by=by.account_id,
    )
    db.session.add(row)
    db.session.flush()  # the next one counts from it
    details = {"number": row.number, "stratum": stratum, "why": reason}
    trail.record("replace_report", by, object_kind="draw", object_id=draw_id, details=details)


def _report(frame_id: UUID, item_key: str) -> Report:
    return db.session.scalars(
        select(Report)
        .join(FrameEntry, FrameEntry.report_id == Report.id)
        .where(FrameEntry.frame_id == frame_id, FrameEntry.item_key == item_key)
    ).one()


def _was_taken_back(report: Report) -> bool:
    """Return whether the sender cancelled the examination since the list was frozen."""
    newest = select(Report.excluded_reason).where(
        Report.department_id == report.department_id,
        Report.accession == report.accession,
        Report.is_current,
    )
    return report.purged_at is not None or bool(db.session.scalar(newest))
