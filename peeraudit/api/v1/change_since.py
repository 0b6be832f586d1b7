"""REST: whether evidence of a change accumulated since a campaign that is over."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Float, Integer, List, Nested, String

from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.services import campaigns, statistics_watch

bp = APIBlueprint("api_change_since", __name__, url_prefix="/api/v1", tag="Statistics")


class UsualAnswer(Schema):
    """What is usual: a proportion, and the first readings behind it."""

    campaign = String(required=True)
    rate = Float(required=True)
    readings = Integer(required=True)


class ChangedDepartmentAnswer(Schema):
    """A department: months such as ``2026-03`` since which evidence grew, null without an alarm.

    ``expected`` is in whole per cent, as a proportion; ``noticed_after`` in tens of reports.
    """

    id = fields.UUID(required=True)
    code = String(required=True)
    reports = Integer(required=True)
    expected = Float(required=True)
    worse_since = String(required=True, allow_none=True)
    better_since = String(required=True, allow_none=True)
    noticed_after = Integer(required=True)


class ChangeAnswer(Schema):
    """The evidence, or codes why there is none."""

    usual = Nested(UsualAnswer, required=True, allow_none=True)
    departments = List(Nested(ChangedDepartmentAnswer), required=True)
    hidden = Integer(required=True)
    reasons = List(String(), required=True)


@bp.get("/campaigns/<uuid:campaign_id>/statistics/change")
@needs(Permission.COMPUTE_STATISTICS)
@bp.output(ChangeAnswer)
def show_change(campaign_id: UUID) -> dict[str, Any]:
    """Tell of each department whether reporting changed since a campaign that is over."""
    actor = calling_actor()
    campaigns.show_campaign(campaign_id, by=actor)
    found = statistics_watch.show_watch(campaign_id, by=actor)
    usual = found.usual if not found.reasons else None
    places = campaigns.departments_of([campaign_id])[campaign_id]
    return {
        "usual": usual
        and {"campaign": found.baseline, "rate": round(usual.overall, 3), "readings": usual.n},
        "departments": [
            {
                "id": place.id,
                "code": place.code,
                "reports": one.n,
                "expected": one.told_expected,
                "worse_since": one.worse,
                "better_since": one.better,
                "noticed_after": one.told_noticed,
            }
            for place in places
            if (one := found.departments.get(str(place.id))) is not None
        ],
        "hidden": found.hidden,
        "reasons": found.reasons,
    }
