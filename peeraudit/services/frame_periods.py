"""How does a list of eligible reports compare with that of the last period?"""

import json
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import select

from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.sampling.frame_checks import Finding, LastPeriod, shrunk_strata
from peeraudit.domain.strata import StratumField, name_stratum
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.sampling import Frame
from peeraudit.services.frame_views import fold


def compare_with_last(
    places: Mapping[tuple[str, str], int], protocol: Protocol, departments: Collection[str]
) -> list[Finding]:
    """Return what looks incomplete beside the newest list of an earlier period.

    Weeks and authors have no like in another period, and the other list may have been divided
    otherwise: departments and modalities are compared, or departments alone where the earlier
    list does not tell its modalities.

    Args:
        places: eligible reports by department and modality.
        protocol: the rules.
        departments: codes of those that take part.
    """
    scope = protocol.scope
    last = db.session.execute(
        select(Frame.allocation, Campaign.protocol, Campaign.period_start, Campaign.period_end)
        .join(Campaign, Campaign.id == Frame.campaign_id)
        .where(Campaign.period_end < scope.period_start)
        .order_by(Campaign.period_end.desc(), Frame.frozen_at.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return []
    allocation, rules, first, end = last
    earlier = from_json(rules)
    fields = earlier.sampling.strata
    held = {name: part["frame"] for name, part in json.loads(allocation).items()}
    now, before = Counter(places), fold(held, fields)
    compared = set(scope.modalities)
    if StratumField.MODALITY not in fields:
        # Two departments are alike only where the same modalities were counted.
        if set(earlier.scope.modalities) != compared:
            return []
        now, compared = _by_department(now), {""}
    days = (scope.period_end - scope.period_start).days + 1
    return shrunk_strata(
        _named(now),
        days,
        LastPeriod(
            _named(
                {
                    (department, modality): count
                    for (department, modality), count in before.items()
                    if department in departments and modality in compared
                }
            ),
            (end - first).days + 1,
        ),
    )


def _by_department(places: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for (department, _), count in places.items():
        found[department, ""] += count
    return found


def _named(places: Mapping[tuple[str, str], int]) -> dict[str, int]:
    return {
        name_stratum(department, [modality] if modality else []): count
        for (department, modality), count in places.items()
    }
