"""Campaigns on their way from the rules to the draw, for tests."""

from datetime import timedelta

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.protocol import DoubleReading, Protocol, Sampling, Scope
from peeraudit.services import campaigns, frames
from tests.factories.cases import FIRST_DAY, make_report

SCOPE = Scope(("CT",), FIRST_DAY, FIRST_DAY + timedelta(days=30))
RULES = Protocol(
    "Scanners d’octobre",
    SCOPE,
    sampling=Sampling(6, 2),
    double_reading=DoubleReading(0.5, 0),
)


def send_reports(session, departments, *, each=5):
    """Give each department some CT reports of the period."""
    return [make_report(session, place) for place in departments for _ in range(each)]


def make_draft(departments, *, by, rules=RULES):
    """Return the id of a draft in which departments take part."""
    with unit_of_work():
        return campaigns.create_campaign(rules, [place.id for place in departments], by=by)


def make_locked(departments, *, by, rules=RULES):
    """Return the id of a campaign whose rules are locked."""
    campaign_id = make_draft(departments, by=by, rules=rules)
    with unit_of_work():
        campaigns.lock_campaign(campaign_id, by=by)
    return campaign_id


def make_frozen(departments, *, by, rules=RULES):
    """Return the id of a campaign whose list of reports is frozen."""
    campaign_id = make_locked(departments, by=by, rules=rules)
    with unit_of_work():
        frames.freeze_frame(campaign_id, by=by)
    return campaign_id
