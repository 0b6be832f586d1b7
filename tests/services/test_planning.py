import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import NotAllowed
from peeraudit.services import planning, statistics
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.network import make_actor

CT = (300, [Read(54, "1", None, "1"), Read(6, "2b", "2b", "2b")])
FEW = (40, [Read(5, "1", None, "1")])


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def finish(session, lead, places):
    audit = make_audit(session, places)
    with unit_of_work():
        statistics.freeze_campaign(audit.campaign.id, by=lead)
    sweep()
    return audit.campaign.title


class TestListEarlierRates:
    def test_it_tells_the_rates_of_finished_campaigns(self, session, lead):
        assert planning.list_earlier_rates(by=lead) == []
        title = finish(session, lead, [{"CT": CT}, {"CT": CT}, {"CT": CT}])

        [found] = planning.list_earlier_rates(by=lead)

        assert found.campaign == title
        assert [(one.modality, round(one.rate, 3)) for one in found.rates] == [("CT", 0.1)]
        assert planning.count_last_read() == 180

    def test_what_may_not_be_told_is_left_out(self, session, lead):
        finish(session, lead, [{"CT": FEW}])

        assert planning.list_earlier_rates(by=lead) == []

    def test_only_who_writes_protocols_may_ask(self, session):
        with pytest.raises(NotAllowed):
            planning.list_earlier_rates(by=make_actor(session, Role.QUALITY_LEAD))
