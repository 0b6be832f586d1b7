"""Use cases: the seeded draw that anybody can repeat, and the cases that it makes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.randomness import new_seed
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotFound
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.draw_proof import build_proof
from peeraudit.domain.sampling.draw_steps import Replacement
from peeraudit.domain.sampling.draws import DRAW_TAG, draw
from peeraudit.domain.sampling.draws import Draw as Drawn
from peeraudit.domain.sampling.frames import designate, typed_seed
from peeraudit.domain.strata import StratumField, in_order, name_stratum, split_stratum
from peeraudit.domain.workflow import CAMPAIGN_MOVES, CampaignEvent, advance
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.sampling import Draw, DrawReplacement, Frame
from peeraudit.services import (
    blinding,
    blinding_strata,
    campaigns,
    draw_cases,
    draw_extensions,
    frames,
    intake_texts,
    report_changes,
    trail,
)
from peeraudit.services.draw_extensions import ExtensionView
from peeraudit.services.masking_orders import order_masking


@dataclass(frozen=True, slots=True)
class DrawView:
    """The draw: when, with which seed, and how many cases are read twice at random.

    Attributes:
        cases: reports drawn in all, with those that came by an extension.
        replaced: (stratum, reason) of each report that was replaced, in order; a stratum is
            told without its author.
    """

    seed: str
    seed_sha256: str
    drawn_at: datetime
    cases: int
    double_reads: int
    replaced: tuple[tuple[str, str], ...]
    extensions: tuple[ExtensionView, ...] = ()


def draw_sample(campaign_id: UUID, *, dice: str = "", by: Actor) -> int:
    """Draw the sample from the frozen list, make its cases and order their masking.

    Args:
        campaign_id: whose list.
        dice: digits thrown before witnesses; empty takes a fresh seed of 256 random bits.
        by: who draws.

    Returns:
        The number of cases.

    Raises:
        IllegalMove: the protocol is not locked, or the sample is drawn already.
        InvalidInput: no list is frozen, it was changed since, or the dice are no digits.
    """
    by.require(Permission.DRAW_SAMPLE)
    campaign = campaigns.locked_row(campaign_id)
    advance(CAMPAIGN_MOVES, campaign.state, CampaignEvent.DRAW)
    frame = frames.needed_frame(campaign_id)
    seed = typed_seed(dice) if dice.strip() else new_seed()
    drawn = draw(frames.frozen_lines(frame.id), seed, frames.sizes_of(frame))
    if drawn.frame_sha256 != frame.sha256:
        raise InvalidInput(
            N_("The list of reports is no longer the one that was frozen: nothing was drawn.")
        )
    _record_draw(frame, drawn, seed, by)
    tickets = {t.item_key: t.ticket for part in drawn.strata.values() for t in part.sample}
    twice = designate(drawn.keys, seed, from_json(campaign.protocol).double_reading)
    reports = draw_cases.make_cases(campaign, frame.id, tickets, twice)
    strata = blinding_strata.strata_of(campaign, reports.values())
    for case, report_id in reports.items():
        blinding.seal_identity(case.id, report_id, strata.get(report_id, ""))
    db.session.flush()  # who is told depends on the identities
    intake_texts.tell_wanted(campaign_id)
    campaigns.advance_campaign(campaign_id, CampaignEvent.DRAW, by=by)
    report_changes.note_drawn(list(reports.values()))
    order_masking(campaign_id, by=by.account_id, total=len(reports))
    return len(reports)


def show_draw(campaign_id: UUID, *, by: Actor) -> DrawView | None:
    """Return the draw of a campaign; None before it.

    Raises:
        NotFound: there is no such campaign, or it is not the actor's to see.
    """
    fields = campaigns.show_campaign(campaign_id, by=by).protocol.sampling.strata
    row = find_draw(campaign_id)
    if row is None:
        return None
    is_drawn = Case.campaign_id == campaign_id, Case.channel == "random"
    double = select(func.count()).select_from(Case).where(*is_drawn, Case.is_double_read)
    return DrawView(
        seed=row.seed,
        seed_sha256=row.seed_sha256,
        drawn_at=row.drawn_at,
        cases=sum(frames.current_sizes_of(frames.needed_frame(campaign_id)).values()),
        double_reads=db.session.scalar(double) or 0,
        replaced=tuple((_told(one.stratum, fields), one.reason) for one in replacements_of(row.id)),
        extensions=draw_extensions.views_of(row.id),
    )


def prove_draw(campaign_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Return all that a third party needs to draw the sample again, as JSON values.

    Raises:
        NotAllowed: its list tells authors apart, and the role in use is of a department.
        NotFound: there is no such campaign, or its sample is not drawn yet.
    """
    campaign = campaigns.show_campaign(campaign_id, by=by)
    row, frame = find_draw(campaign_id), frames.find_frame(campaign_id)
    if row is None or frame is None:
        raise NotFound(N_("The sample of this campaign is not drawn yet."))
    frames.check_reader(campaign.protocol, by)
    lines = frames.frozen_lines(frame.id)
    published = frame.frozen_at, row.drawn_at
    proof = build_proof(
        lines,
        row.seed,
        frames.sizes_of(frame),
        published=published,
        replacements=replacements_of(row.id),
        extensions=draw_extensions.extensions_of(row.id),
    )
    # What is claimed is what was written down then, so that a later change would be found.
    claimed = {"frame_sha256": frame.sha256, "sample": json.loads(row.result)}
    named = {
        "campaign": campaign.code,
        "protocol": campaign.protocol.to_canonical_json(),
        "protocol_sha256": campaign.protocol_sha256,
    }
    return {**proof, **claimed, **named}


def _told(stratum: str, fields: Sequence[StratumField]) -> str:
    known = split_stratum(stratum, fields)
    others = (known.values[one] for one in in_order(fields) if one is not StratumField.AUTHOR)
    return name_stratum(known.department, tuple(others))


def replacements_of(draw_id: UUID) -> list[Replacement]:
    """Return what was replaced in a draw, in its order; for services alone."""
    rows = db.session.scalars(
        select(DrawReplacement)
        .where(DrawReplacement.draw_id == draw_id)
        .order_by(DrawReplacement.number)
    )
    return [Replacement(r.stratum, r.removed_key, r.added_key, r.reason) for r in rows]


def find_draw(campaign_id: UUID) -> Draw | None:
    """Return the row of a campaign's draw, None before it; for services alone."""
    return db.session.scalar(select(Draw).where(Draw.campaign_id == campaign_id))


def _record_draw(frame: Frame, drawn: Drawn, seed: str, by: Actor) -> None:
    moment = now()
    if moment <= frame.frozen_at:
        raise Conflicting(N_("The list was frozen this very moment: draw once more."))
    row = Draw(
        id=uuid4(),
        campaign_id=frame.campaign_id,
        frame_id=frame.id,
        frame_frozen_at=frame.frozen_at,
        seed=seed,
        seed_sha256=drawn.seed_sha256,
        algorithm=DRAW_TAG,
        result=json.dumps(
            {
                stratum: [ticketed.item_key for ticketed in part.sample]
                for stratum, part in drawn.strata.items()
            }
        ),
        drawn_at=moment,
        drawn_by=by.account_id,
    )
    db.session.add(row)
    details = {
        "frame_sha256": frame.sha256,
        "seed_sha256": drawn.seed_sha256,
        "cases": len(drawn.keys),
    }
    trail.record("draw_sample", by, object_kind="draw", object_id=row.id, details=details)
