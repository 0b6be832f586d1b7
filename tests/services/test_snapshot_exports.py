import csv
import json
from io import StringIO
from random import Random

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.errors import InvalidFields, NotAllowed, NotFound
from peeraudit.domain.snapshot_files import recompute
from peeraudit.domain.told_files import recompute_told
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.models.summaries import Snapshot
from peeraudit.models.trail import TrailEntry
from peeraudit.services import snapshot_exports, statistics
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.fine_audits import FINER, refine, rules_of
from tests.factories.network import make_actor
from tests.services.test_summaries import publish

# The second department has so few MRI that others may not know of them; the third is small.
STRATA = [
    {"CT": (300, [Read(54), Read(6, "2b", "2b", "2b")]), "MR": (120, [Read(40), Read(6, "2a")])},
    {"CT": (240, [Read(42), Read(8, "2b", "2b", "2b")]), "MR": (40, [Read(9), Read(1, "2a")])},
    {"CT": (90, [Read(36), Read(6, "2b", "2b", "2b")]), "MR": (80, [Read(30), Read(7, "2a")])},
]
PURPOSE = "Recalcul par le statisticien du réseau."


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def frozen(session, lead):
    audit = make_audit(session, STRATA)
    with unit_of_work():
        statistics.freeze_campaign(audit.campaign.id, by=lead)
    sweep()
    return audit


@pytest.fixture
def published(session, lead):
    audit = make_audit(session, STRATA)
    publish(audit, lead)
    return audit


def rows_of(text):
    return list(csv.DictReader(StringIO(text)))


def numbers_of(audit, actor):
    with unit_of_work():
        return snapshot_exports.export_numbers(audit.campaign.id, by=actor)


def reviews_of(audit, actor, purpose=PURPOSE):
    with unit_of_work():
        return snapshot_exports.export_reviews(audit.campaign.id, purpose=purpose, by=actor)


class TestNumbers:
    def test_a_quality_lead_gets_the_own_department_as_its_summary_tells_it(
        self, session, published
    ):
        place = published.departments[1]
        found = numbers_of(published, make_actor(session, Role.QUALITY_LEAD, place))

        told = json.loads(found.told)
        assert told["audience"] == "inside"
        assert set(told["departments"]) == {place.code}
        assert {row["department"] for row in rows_of(found.numbers)} == {place.code}
        assert any(
            row["modality"] == "MR" and row["read"] == "10" for row in rows_of(found.numbers)
        )

    @pytest.mark.parametrize("role", [Role.NETWORK_LEAD, Role.EXTERNAL_AUDITOR])
    def test_others_get_all_departments_without_small_cells(self, session, published, role):
        found = numbers_of(published, make_actor(session, role))

        rows = rows_of(found.numbers)
        small = [row for row in rows if not row["withheld"] and row["read"] not in {"", "0"}]
        assert {row["department"] for row in rows} == {p.code for p in published.departments}
        assert all(int(row["read"]) >= 30 for row in small)
        hidden = [
            row
            for row in rows
            if (row["department"], row["modality"]) == (published.departments[1].code, "MR")
        ]
        assert hidden
        assert all(row["withheld"] and not row["read"] for row in hidden)

    def test_computing_them_again_gives_what_lies_beside_them(self, session, published):
        for actor in (
            make_actor(session, Role.EXTERNAL_AUDITOR),
            make_actor(session, Role.QUALITY_LEAD, published.departments[0]),
        ):
            found = numbers_of(published, actor)
            again = recompute_told(found.numbers, found.told)

            assert again.result == found.result
            assert again.other == 0
            assert again.same > 0

    @pytest.mark.parametrize("fields", FINER)
    def test_over_finer_strata_nothing_is_computed_from_the_counts_of_a_modality_alone(
        self, session, lead, fields
    ):
        audit = make_audit(session, STRATA, protocol=rules_of(fields))
        refine(session, audit, Random(5))  # noqa: S311 - it makes up an audit, no secret
        publish(audit, lead)

        for actor in (lead, make_actor(session, Role.QUALITY_LEAD, audit.departments[0])):
            found = numbers_of(audit, actor)
            again = recompute_told(found.numbers, found.told)

            assert again.other == 0
            assert again.result == found.result
            assert "FINER_STRATA" in {row["withheld"] for row in rows_of(found.numbers)}

    def test_they_are_the_numbers_of_the_page(self, session, published, lead):
        found = numbers_of(published, lead)
        row = session.scalars(select(Snapshot).where(Snapshot.is_final)).one()
        view = statistics.show_snapshot(published.campaign.id, row.number, by=lead)

        told = json.loads(found.told)["departments"]
        for place in view.departments:
            assert told[place.code] == view.telling.outside[str(place.id)].to_dict()

    def test_the_trail_keeps_who_took_what(self, session, published, lead):
        numbers_of(published, lead)

        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "export_numbers")).one()
        assert entry.actor_id == lead.account_id
        assert json.loads(entry.details)["audience"] == "outside"

    def test_before_they_are_published_only_who_computes_them_gets_them(
        self, session, frozen, lead
    ):
        auditor = make_actor(session, Role.EXTERNAL_AUDITOR)

        with pytest.raises(NotFound, match="not published yet"):
            numbers_of(frozen, auditor)
        assert snapshot_exports.offer_export(frozen.campaign.id, by=auditor).number is None
        assert numbers_of(frozen, lead).number == 1

    def test_another_department_gets_nothing(self, session, published):
        stranger = make_audit(session, STRATA[:1]).departments[0]

        with pytest.raises(NotFound):
            numbers_of(published, make_actor(session, Role.QUALITY_LEAD, stranger))

    @pytest.mark.parametrize(
        "role", [Role.COORDINATOR, Role.REVIEWER, Role.AUTHOR, Role.ADMINISTRATOR]
    )
    def test_who_reads_no_rates_takes_none_along(self, session, published, role):
        place = published.departments[0] if role is not Role.ADMINISTRATOR else None

        with pytest.raises(NotAllowed):
            numbers_of(published, make_actor(session, role, place))


class TestReviews:
    def test_the_snapshot_follows_from_them_byte_for_byte(self, session, published, lead):
        found = reviews_of(published, lead)
        row = session.scalars(select(Snapshot).where(Snapshot.is_final)).one()

        again = recompute(found.reviews, found.rules)

        assert again.same_data is True
        assert again.results == row.results == found.results

    def test_no_id_of_a_case_author_or_reviewer_is_in_them(self, session, published, lead):
        reviews = reviews_of(published, lead).reviews

        ids = [*session.scalars(select(Case.id)), *session.scalars(select(Review.reviewer_id))]
        ids += session.scalars(select(Assignment.id))
        codes = session.scalars(select(Case.code)).all()
        assert ids
        for one in (*ids, *codes):
            assert str(one) not in reviews

    def test_they_are_the_same_whenever_they_are_taken_along(self, published, lead):
        assert reviews_of(published, lead) == reviews_of(published, lead)

    def test_the_trail_keeps_what_for(self, session, published, lead):
        reviews_of(published, lead, f"  {PURPOSE} ")

        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "export_snapshot")).one()
        assert entry.reason == PURPOSE
        assert entry.actor_id == lead.account_id

    @pytest.mark.parametrize("purpose", ["", "trop bref", "x" * 301])
    def test_without_a_purpose_nothing_is_handed_out(self, session, published, lead, purpose):
        with pytest.raises(InvalidFields):
            reviews_of(published, lead, purpose)

        assert (
            session.scalars(select(TrailEntry).where(TrailEntry.act == "export_snapshot")).all()
            == []
        )

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.NETWORK_LEAD])
    def test_only_the_network_lead_gets_them(self, session, published, role):
        actor = make_actor(session, role, published.departments[0])

        with pytest.raises(NotAllowed):
            reviews_of(published, actor)
        assert not actor.may(Permission.EXPORT_REVIEWS)


def test_a_campaign_that_still_runs_has_nothing_to_take_along(session, lead):
    audit = make_audit(session, STRATA, state=CampaignState.RUNNING)

    with pytest.raises(NotFound, match="not published yet"):
        numbers_of(audit, lead)
