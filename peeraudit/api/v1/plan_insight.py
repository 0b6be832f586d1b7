"""REST: what a plan can tell, where it is tight, what would mend it, and who is late."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Date, DateTime, Dict, Float, Integer, List, Nested, String
from flask_babel import gettext

from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.sentences import Sentence
from peeraudit.services import lateness, plan_insight
from peeraudit.services.lateness import LateReader
from peeraudit.services.plan_insight import RemedyView

bp = APIBlueprint("api_plan_insight", __name__, url_prefix="/api/v1", tag="Assignment")


class PrecisionAnswer(Schema):
    """Half-widths of 95 % intervals of a rate beside the mean, as proportions."""

    typical = Float(required=True)
    worst = Float(required=True)


class DesignAnswer(Schema):
    """What the readings can tell apart; ``parts`` counts the departments of each part."""

    readings = Integer(required=True)
    reviewers = Integer(required=True)
    departments = Integer(required=True)
    parts = List(Integer(), required=True)
    shared_cases = Integer(required=True)
    sharing = Integer(required=True)
    shared_parts = Integer(required=True)
    balance = Float(required=True, allow_none=True)
    severity = Nested(PrecisionAnswer, required=True, allow_none=True)
    department = Nested(PrecisionAnswer, required=True, allow_none=True)


class HardCaseAnswer(Schema):
    """A case that few may read."""

    code = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    eligible = Integer(required=True)
    readings = Integer(required=True)


class RaisedAnswer(Schema):
    """A reviewer who would take more of the plan."""

    name = String(required=True)
    department = String(required=True)
    most = Integer(required=True)


class RemedyAnswer(Schema):
    """A smallest change with which all would be placed."""

    reason = String(required=True)
    raised = List(Nested(RaisedAnswer), required=True)
    cases = List(String(), required=True)


class PairingAnswer(Schema):
    """How the cases that two read join the reviewers; ``error`` is in log-odds."""

    reviewers = Integer(required=True)
    shared = Integer(required=True)
    parts = Integer(required=True)
    fewest_parts = Integer(required=True)
    possible = Integer(required=True)
    apart = Integer(required=True)
    fewest = Integer(required=True)
    most = Integer(required=True)
    error = Float(required=True)


class OverlapAnswer(Schema):
    """The same by chance alone and in the plan; ``moved`` readings went to somebody else."""

    before = Nested(PairingAnswer, required=True)
    after = Nested(PairingAnswer, required=True)
    moved = Integer(required=True)


class InsightAnswer(Schema):
    """What a plan tells of itself beyond its figures."""

    rate = Float(required=True)
    design = Nested(DesignAnswer, required=True, allow_none=True)
    overlap = Nested(OverlapAnswer, required=True, allow_none=True)
    hard = List(Nested(HardCaseAnswer), required=True)
    remedies = List(Nested(RemedyAnswer), required=True)


class LateReaderAnswer(Schema):
    """A reviewer who holds a campaign up; of which cases is not told."""

    reviewer_id = fields.UUID(required=True)
    name = String(required=True)
    department = String(required=True)
    late = Integer(required=True)
    due = DateTime(required=True)
    unanswered = Integer(required=True)
    answer_by = DateTime(required=True, allow_none=True)
    waiting = Integer(required=True)
    begun = Integer(required=True)
    begun_since = DateTime(required=True, allow_none=True)
    away_from = Date(required=True, allow_none=True)
    away_to = Date(required=True, allow_none=True)
    is_full = Boolean(required=True)


class HeldUpAnswer(Schema):
    """Cases of a department that cannot be read yet, by what they wait for."""

    department = String(required=True)
    counts = Dict(keys=String(), values=Integer(), required=True)
    since = DateTime(required=True)


class LatenessAnswer(Schema):
    """Who and what holds a campaign up; reviewers are named to the network lead alone."""

    reviewers = List(Nested(LateReaderAnswer), required=True)
    held_up = List(Nested(HeldUpAnswer), required=True)


@bp.get("/plans/<uuid:plan_id>/insight")
@needs(Permission.PLAN_ASSIGNMENT)
@bp.output(InsightAnswer)
def show_insight(plan_id: UUID) -> dict[str, Any]:
    """Show what a plan can tell, where it is tight, and what would mend it."""
    found = plan_insight.show_insight(plan_id, by=calling_actor())
    design = None
    if found.design is not None:
        design = asdict(found.design) | {"parts": [len(part) for part in found.design.parts]}
    return {
        "rate": found.rate,
        "design": design,
        "overlap": found.overlap,
        "hard": found.hard,
        "remedies": [_remedy(one) for one in found.remedies],
    }


@bp.get("/campaigns/<uuid:campaign_id>/lateness")
@needs(Permission.READ_CAMPAIGN)
@bp.output(LatenessAnswer)
def show_lateness(campaign_id: UUID) -> dict[str, Any]:
    """Show who and what holds a campaign up, and why."""
    found = lateness.show_lateness(campaign_id, by=calling_actor())
    return {"reviewers": [_late(one) for one in found.readers], "held_up": found.held_up}


def _remedy(one: RemedyView) -> dict[str, Any]:
    return {"reason": _said(one.reason), "raised": one.raised, "cases": list(one.codes)}


def _late(one: LateReader) -> dict[str, Any]:
    away = one.away
    return asdict(one) | {
        "away_from": away.first_day if away else None,
        "away_to": away.last_day if away else None,
    }


def _said(sentence: Sentence) -> str:
    return gettext(sentence.message, **sentence.params)
