import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.summaries import Summary
from peeraudit.services import notifications, statistics, summaries
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.network import make_actor
from tests.pdf import text_of

CT = (
    300,
    [
        Read(42, "1", None, "1"),
        Read(16, "1", "1", "1"),
        Read(8, "2b", "2b", "2b"),
        Read(2, "3a", "1", "1"),
    ],
)
MR = (120, [Read(30, "1", None, "1"), Read(6, "2a", None, "2a")])
# Enough for the department itself, too few for others.
SMALL = (90, [Read(18), Read(2, "2a", None, "2a")])
STRATA = [{"CT": CT, "MR": MR}, {"CT": CT, "MR": MR}, {"CT": CT, "MR": SMALL}]


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def audit(session):
    return make_audit(session, STRATA)


@pytest.fixture
def quality(session, audit):
    return [make_actor(session, Role.QUALITY_LEAD, place) for place in audit.departments]


def freeze(audit, by):
    with unit_of_work():
        statistics.freeze_campaign(audit.campaign.id, by=by)
    sweep()


def publish(audit, by):
    freeze(audit, by)
    with unit_of_work():
        return summaries.publish_summaries(audit.campaign.id, by=by)


class TestPublishSummaries:
    def test_each_department_gets_one_numbered_summary_and_is_told(
        self, session, audit, quality, lead
    ):
        ids = publish(audit, lead)

        code, places = audit.campaign.code, audit.departments
        numbers = [summaries.show_summary(one, by=lead).number for one in ids]
        assert sorted(numbers) == sorted(f"{code}-{place.code}-1" for place in places)
        assert session.get_one(Campaign, audit.campaign.id).state is CampaignState.REPORTED
        [notice] = notifications.inbox(by=quality[0])
        [line] = summaries.list_summaries(by=quality[0])
        assert notice.path == f"/summaries/{line.id}"

    def test_it_waits_for_the_final_numbers(self, session, audit, lead):
        with unit_of_work():
            statistics.freeze_campaign(audit.campaign.id, by=lead)

        with pytest.raises(InvalidInput, match="not computed"), unit_of_work():
            summaries.publish_summaries(audit.campaign.id, by=lead)

        assert session.get_one(Campaign, audit.campaign.id).state is CampaignState.FROZEN
        assert session.scalars(select(Summary)).all() == []

    def test_it_publishes_once(self, audit, lead):
        publish(audit, lead)

        with pytest.raises(IllegalMove), unit_of_work():
            summaries.publish_summaries(audit.campaign.id, by=lead)

    def test_a_quality_lead_does_not_publish(self, audit, quality, lead):
        freeze(audit, lead)

        with pytest.raises(NotAllowed), unit_of_work():
            summaries.publish_summaries(audit.campaign.id, by=quality[0])

    def test_a_summary_refuses_to_be_changed(self, session, audit, lead):
        publish(audit, lead)

        with pytest.raises(DatabaseError, match="never change"):
            session.execute(text("UPDATE summary SET content = '{}'"))


class TestShowSummary:
    def test_a_department_reads_its_own_with_the_inside_limits(self, audit, quality, lead):
        publish(audit, lead)

        [line] = summaries.list_summaries(by=quality[2])
        view = summaries.show_summary(line.id, by=quality[2])

        assert view.department_id == audit.departments[2].id
        assert view.part.limits.reviews == 10
        assert view.part.told.modalities["MR"]["first_read"].value == pytest.approx(0.1)

    def test_the_network_lead_reads_all_of_them_with_the_outside_limits(self, audit, lead):
        ids = publish(audit, lead)

        found = {line.id for line in summaries.list_summaries(by=lead)}
        [view] = [
            v
            for v in (summaries.show_summary(i, by=lead) for i in ids)
            if v.department_id == audit.departments[2].id
        ]

        assert found == set(ids)
        assert view.part.limits.reviews == 30
        small = view.part.told.modalities["MR"]["first_read"]
        assert (small.value, small.ci, small.n, dict(small.details)) == (None, None, 0, {})

    def test_another_departments_summary_is_not_found(self, audit, quality, lead):
        publish(audit, lead)
        [theirs] = summaries.list_summaries(by=quality[1])

        with pytest.raises(NotFound):
            summaries.show_summary(theirs.id, by=quality[0])

    def test_it_compares_with_the_network_without_naming_another_department(
        self, audit, quality, lead
    ):
        publish(audit, lead)
        [line] = summaries.list_summaries(by=quality[0])

        view = summaries.show_summary(line.id, by=quality[0])

        assert view.part.reference is not None
        kept = json.dumps(view.part.to_dict()) + json.dumps(view.facts.to_dict())
        for other in audit.departments[1:]:
            assert other.code not in kept
            assert other.name not in kept
            assert str(other.id) not in kept

    def test_a_reviewer_reads_none(self, session, audit, lead):
        publish(audit, lead)
        reviewer = make_actor(session, Role.REVIEWER, audit.departments[0])

        with pytest.raises(NotAllowed):
            summaries.list_summaries(by=reviewer)


class TestPrintSummary:
    def test_each_language_has_its_own_words_and_the_same_numbers(self, audit, quality, lead):
        publish(audit, lead)
        [line] = summaries.list_summaries(by=quality[0])

        english, french = (
            summaries.print_summary(line.id, language=language, by=quality[0])
            for language in ("en", "fr")
        )

        assert "What was found" in text_of(english)
        assert "14.7%" in text_of(english)
        assert "Ce qui a été trouvé" in text_of(french)
        assert "14,7 %" in text_of(french)

    def test_another_departments_paper_is_not_found(self, audit, quality, lead):
        publish(audit, lead)
        [theirs] = summaries.list_summaries(by=quality[1])

        with pytest.raises(NotFound):
            summaries.print_summary(theirs.id, language="fr", by=quality[0])
