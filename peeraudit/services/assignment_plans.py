"""Use cases: the plans of a campaign as rows: read, kept, held, superseded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from peeraudit.adapters import clock
from peeraudit.domain.assignment.recheck import find_breaches
from peeraudit.domain.errors import N_, Conflicting, NotFound
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Plan
from peeraudit.services import assignment_material, campaigns


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading of a plan: which case, which reading, whose, and why this reviewer."""

    case_id: UUID
    turn: Turn
    reviewer_id: UUID
    reason: Sentence

    def as_json(self) -> list[Any]:
        """Return the entry as it is kept."""
        return [
            str(self.case_id),
            self.turn.value,
            str(self.reviewer_id),
            self.reason.message,
            dict(self.reason.params),
        ]


def entries_of(plan: Plan) -> list[Entry]:
    """Return the readings of a plan in the order in which they are kept; for services alone."""
    return [
        Entry(UUID(case), Turn(turn), UUID(reviewer), Sentence(message, params))
        for case, turn, reviewer, message, params in json.loads(plan.entries)
    ]


def next_number(campaign_id: UUID) -> int:
    """Return the number of a campaign's next plan, from 1."""
    last = select(func.max(Plan.number)).where(Plan.campaign_id == campaign_id)
    return (db.session.scalar(last) or 0) + 1


def find_plan_breaches(plan: Plan, entries: Sequence[Entry]) -> tuple[Sentence, ...]:
    """Return which rules a plan would break if it were published now; for services alone."""
    material = assignment_material.gather(plan.campaign_id)
    rules = assignment_material.rules_of(campaigns.protocol_of(plan.campaign_id), plan.seed)
    pairs = [(str(e.case_id), str(e.reviewer_id)) for e in entries]
    breaches = find_breaches(
        pairs,
        material.cases,
        material.readers.with_room,
        conflicts=material.conflicts,
        rules=rules,
    )
    taken = sum(e.turn not in material.turns.get(str(e.case_id), ()) for e in entries)
    if not breaches and taken:
        breaches = (
            Sentence(N_("Readings that others have taken up: %(count)d."), {"count": taken}),
        )
    return breaches


def keep_draft(
    campaign_id: UUID, seed: str, lines: Sequence[list[Any]], report: Mapping[str, Any]
) -> UUID:
    """Keep a plan, its readings as ``Entry.as_json`` writes them, as its campaign's one draft."""
    number = next_number(campaign_id)
    supersede(campaign_id, "draft")
    row = Plan(
        id=uuid4(),
        campaign_id=campaign_id,
        number=number,
        seed=seed,
        report=json.dumps(report, ensure_ascii=False, sort_keys=True),
        entries=json.dumps(lines, ensure_ascii=False),
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()  # whoever asks next must find this plan
    return row.id


def supersede(campaign_id: UUID, state: str) -> None:
    """Let a newer plan take the place of those of a campaign that are in a state."""
    db.session.execute(
        update(Plan)
        .where(Plan.campaign_id == campaign_id, Plan.state == state)
        .values(state="superseded")
    )


def locked_plan(plan_id: UUID) -> Plan:
    """Return a plan, held with its campaign until the end of the unit of work.

    Raises:
        NotFound: there is no such plan.
    """
    campaign_id = db.session.scalar(select(Plan.campaign_id).where(Plan.id == plan_id))
    if campaign_id is None:
        raise NotFound(N_("There is no such plan."))
    # The campaign comes first, as everywhere, so that two who publish wait and do not collide.
    campaigns.locked_row(campaign_id)
    return db.session.scalars(
        select(Plan).where(Plan.id == plan_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()


def check_draft(plan: Plan) -> None:
    """Refuse a plan that is published or superseded.

    Raises:
        Conflicting: it is.
    """
    if plan.state != "draft":
        raise Conflicting(
            N_("This plan is published, or a newer one took its place: reload the page to see it.")
        )
