"""Use cases: a draw that grows by the next tickets, after its seed is known."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.draw_steps import Extension, larger_sizes
from peeraudit.domain.sampling.draws import Draw as Drawn
from peeraudit.domain.sampling.draws import Ticketed, draw
from peeraudit.domain.sampling.frames import designate_more
from peeraudit.domain.workflow import CampaignState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.sampling import Draw, DrawExtension, DrawReplacement
from peeraudit.services import (
    blinding,
    blinding_strata,
    campaigns,
    draw_cases,
    frames,
    intake_texts,
    report_changes,
    trail,
)
from peeraudit.services.masking_orders import order_masking

EXTENDABLE = (CampaignState.DRAWN, CampaignState.RUNNING)
REASON_MINIMUM, REASON_MAXIMUM = 10, 300


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """One extension of a draw: how many reports it added, why and when."""

    cases: int
    reason: str
    extended_at: datetime


def extend_draw(campaign_id: UUID, target: int, *, reason: str, by: Actor) -> int:
    """Draw the next reports in the order of the tickets, until ``target`` are drawn in all.

    Nothing that is drawn, replaced or designated for two readings changes.

    Args:
        campaign_id: drawn, and not settled yet.
        target: reports in all; where a stratum was given more before, it keeps them.
        reason: published with the proof.
        by: who extends it.

    Returns:
        The number of new cases.

    Raises:
        InvalidInput: nothing would be added, the list holds fewer, or the reason is of no use.
        NotFound: there is no such campaign.
    """
    by.require(Permission.DRAW_SAMPLE)
    campaign = campaigns.locked_row(campaign_id)
    said = reason.strip()
    if not REASON_MINIMUM <= len(said) <= REASON_MAXIMUM:
        raise InvalidInput(
            N_("Say why the draw is extended, in %(least)d to %(most)d characters."),
            least=REASON_MINIMUM,
            most=REASON_MAXIMUM,
        )
    # One at a time, as the replacements: the next reserve is the next for nobody else.
    row = db.session.scalar(select(Draw).where(Draw.campaign_id == campaign_id).with_for_update())
    if row is None or campaign.state not in EXTENDABLE:
        raise InvalidInput(N_("A draw can be extended until its readings are closed."))
    frame = frames.needed_frame(campaign_id)
    drawn = draw(frames.frozen_lines(frame.id), row.seed, frames.sizes_of(frame))
    sizes = frames.current_sizes_of(frame)
    _check_held(target, drawn.frame.counts)
    protocol = from_json(campaign.protocol)
    wanted = larger_sizes(drawn.frame.counts, sizes, protocol.sampling, target)
    added = _next_ones(row.id, drawn, sizes, wanted)
    count = sum(len(tickets) for tickets in added.values())
    if not count:
        raise InvalidInput(N_("This would draw no report more: ask for a larger number."))
    larger = {name: size + len(added.get(name, ())) for name, size in sizes.items()}
    _write(row.id, target, larger, added, said, by)
    _make_cases(campaign, row, added)
    return count


def _check_held(target: int, counts: Mapping[str, int]) -> None:
    """Refuse a number that the list cannot give: what is drawn by a slip stays drawn."""
    held = sum(counts.values())
    if target > held:
        raise InvalidInput(
            N_("The list holds %(count)d reports: ask for that many at most."), count=held
        )


def extensions_of(draw_id: UUID) -> list[Extension]:
    """Return the extensions of a draw in their order; for services alone."""
    return [
        Extension(
            after=one.after,
            target=one.target,
            sizes=json.loads(one.sizes),
            added=json.loads(one.added),
            reason=one.reason,
            extended_at=one.extended_at.isoformat(),
        )
        for one in _rows(draw_id)
    ]


def views_of(draw_id: UUID) -> tuple[ExtensionView, ...]:
    """Return the extensions of a draw as they are shown; for services alone."""
    return tuple(
        ExtensionView(
            sum(len(keys) for keys in json.loads(one.added).values()), one.reason, one.extended_at
        )
        for one in _rows(draw_id)
    )


def _rows(draw_id: UUID) -> list[DrawExtension]:
    mine = select(DrawExtension).where(DrawExtension.draw_id == draw_id)
    return list(db.session.scalars(mine.order_by(DrawExtension.number)))


def _next_ones(
    draw_id: UUID, drawn: Drawn, sizes: Mapping[str, int], wanted: Mapping[str, int]
) -> dict[str, tuple[Ticketed, ...]]:
    """Return the next tickets of each stratum that grows, after those that replaced others."""
    replaced = dict(
        db.session.execute(
            select(DrawReplacement.stratum, func.count())
            .where(DrawReplacement.draw_id == draw_id)
            .group_by(DrawReplacement.stratum)
        ).all()
    )
    found = {}
    for stratum, part in drawn.strata.items():
        more = wanted[stratum] - sizes[stratum]
        taken = sizes[stratum] - len(part.sample) + replaced.get(stratum, 0)
        tickets = part.next_reserves(taken + more)[taken:]
        if more and tickets:
            found[stratum] = tickets
    return found


def _write(
    draw_id: UUID,
    target: int,
    sizes: Mapping[str, int],
    added: Mapping[str, tuple[Ticketed, ...]],
    reason: str,
    by: Actor,
) -> None:
    counted = select(func.count()).where(DrawReplacement.draw_id == draw_id)
    row = DrawExtension(
        id=uuid4(),
        draw_id=draw_id,
        number=len(_rows(draw_id)) + 1,
        after=db.session.scalar(counted) or 0,
        target=target,
        sizes=json.dumps(dict(sizes), sort_keys=True),
        added=json.dumps({name: [t.item_key for t in part] for name, part in added.items()}),
        reason=reason,
        extended_at=now(),
        extended_by=by.account_id,
    )
    db.session.add(row)
    details = {"number": row.number, "cases": sum(len(part) for part in added.values())}
    trail.record(
        "extend_draw",
        by,
        object_kind="draw",
        object_id=draw_id,
        reason=reason,
        details=details,
    )


def _make_cases(campaign: Campaign, row: Draw, added: Mapping[str, tuple[Ticketed, ...]]) -> None:
    """Make the cases of the new reports, designate some for two readings, have them masked."""
    drawn = Case.campaign_id == campaign.id, Case.channel == "random", Case.excluded_reason == ""
    before = db.session.scalar(select(func.count()).select_from(Case).where(*drawn)) or 0
    twice = db.session.scalar(
        select(func.count()).select_from(Case).where(*drawn, Case.is_double_read)
    )
    tickets = {t.item_key: t.ticket for part in added.values() for t in part}
    reading = from_json(campaign.protocol).double_reading
    chosen = designate_more(tickets, row.seed, reading, cases=before, designated=twice or 0)
    reports = draw_cases.make_cases(campaign, row.frame_id, tickets, chosen)
    strata = blinding_strata.strata_of(campaign, reports.values())
    for case, report_id in reports.items():
        blinding.seal_identity(case.id, report_id, strata.get(report_id, ""))
    db.session.flush()  # who is told depends on the identities
    for case in reports:
        if case.awaits_text:
            intake_texts.tell_wanted_again(case)
    report_changes.note_drawn(list(reports.values()))
    last = _rows(row.id)[-1]
    order_masking(campaign.id, of=last.id, total=len(reports))
