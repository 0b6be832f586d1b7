"""However a case came about, it is counted in the stratum that its ticket was drawn from."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.protocol import Sampling
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.counting import name_within
from peeraudit.domain.strata import StratumField
from peeraudit.domain.workflow import CaseState
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity
from peeraudit.models.intake import Report
from peeraudit.models.sampling import FrameEntry
from peeraudit.services import (
    blinding,
    blinding_changes,
    blinding_strata,
    draw_extensions,
    frames,
    masking,
    sampling,
    targeting,
)
from peeraudit.services import blinding_records as records
from peeraudit.services.statistics_counts import count_readings
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.campaigns import RULES, make_frozen, send_reports
from tests.factories.cases import make_report
from tests.factories.network import make_actor

FIELDS = (
    (),
    (StratumField.WEEK,),
    (StratumField.MODALITY, StratumField.REGION),
    (StratumField.MODALITY, StratumField.AUTHOR, StratumField.WEEK),
)


def rules_of(fields):
    """Return rules by which eight reports of all strata are drawn, some of each where there are."""
    return replace(RULES, sampling=Sampling(target=8, stratum_minimum=1, strata=fields))


@pytest.fixture
def places(session):
    made = [make_department(session), make_department(session)]
    send_reports(session, made, each=10)
    return made


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture(params=FIELDS, ids=lambda fields: "-".join(fields) or "none")
def campaign_id(request, places, lead):
    made = make_frozen(places, by=lead, rules=rules_of(request.param))
    with unit_of_work():
        sampling.draw_sample(made, by=lead)
    sweep()
    return made


def check(session, campaign_id):
    """Compare the sealed stratum of every random case with its line in the list."""
    session.expire_all()
    frame = frames.needed_frame(campaign_id)
    names = blinding_strata.names_of_strata(campaign_id)
    mine = Case.campaign_id == campaign_id, Case.channel == "random"
    found = Counter()
    for case in session.scalars(select(Case).where(*mine)):
        row = session.get_one(Identity, case.id)
        stratum, _ = blinding.entry_of_case(case.id, frame.id)
        assert records.open_link(row).stratum == stratum
        assert names[row.stratum_index] == name_within(stratum)
        found[stratum] += case.state is not CaseState.EXCLUDED
    sizes = frames.current_sizes_of(frame)
    assert {name: n for name, n in found.items() if n} == {n: m for n, m in sizes.items() if m}


class TestStrataOfCases:
    def test_of_the_draw(self, session, campaign_id, places):
        check(session, campaign_id)

        assert len(set(session.scalars(select(Identity.stratum_index)))) >= len(places)

    def test_of_an_extension(self, session, campaign_id, lead):
        with unit_of_work():
            draw_extensions.extend_draw(campaign_id, 15, reason="more are needed", by=lead)
        sweep()

        check(session, campaign_id)

    def test_of_a_replacement(self, session, campaign_id, places, lead):
        coordinator = make_actor(session, Role.COORDINATOR, places[0])
        replaced = 0
        for case_id in blinding.case_ids_of_department(campaign_id, places[0].id):
            stratum, _ = blinding.entry_of_case(case_id, frames.needed_frame(campaign_id).id)
            held = select(FrameEntry.id).where(FrameEntry.stratum == stratum)
            if (
                len(session.scalars(held).all())
                > frames.current_sizes_of(frames.needed_frame(campaign_id))[stratum]
            ):
                with unit_of_work():
                    masking.exclude_case(case_id, ExclusionReason.OBJECTION, by=coordinator)
                replaced += 1
                break
        sweep()

        check(session, campaign_id)
        assert replaced == 1

    def test_of_one_that_the_department_had_named(self, session, campaign_id, places, lead):
        coordinator = make_actor(session, Role.COORDINATOR, places[0])
        drawn = blinding.drawn_reports(session.scalars(select(Report.id)).all())
        left = select(Report).where(Report.department_id == places[0].id, Report.id.not_in(drawn))
        for report in session.scalars(left).all():
            with unit_of_work():
                targeting.name_report(
                    campaign_id, report.accession, TargetReason.SAFETY_EVENT, by=coordinator
                )
        named = select(Identity.stratum_index).join(Case, Case.id == Identity.case_id)
        assert set(session.scalars(named.where(Case.channel == "targeted"))) == {None}

        with unit_of_work():
            draw_extensions.extend_draw(campaign_id, 20, reason="all there is", by=lead)
        sweep()

        check(session, campaign_id)
        assert set(session.scalars(select(Case.channel))) == {"random"}

    def test_another_version_and_another_author_leave_it_where_it_was(
        self, session, campaign_id, places
    ):
        case_id = blinding.case_ids_of_department(campaign_id, places[0].id)[0]
        before = records.links_of([case_id])[case_id]
        version = make_report(session, places[0])
        with unit_of_work():
            blinding_changes.put_in_place(case_id, version.id)

        after = records.links_of([case_id])[case_id]
        assert after.report_id == version.id
        assert after.stratum == before.stratum != ""

    def test_nothing_of_the_names_is_read_without_the_key(self, session, campaign_id):
        names = set(frames.current_sizes_of(frames.needed_frame(campaign_id)))
        rows = session.execute(select(Identity.stratum_index, Identity.sealed_link)).all()

        for index, sealed in rows:
            assert not any(name.encode() in sealed or name in index for name in names)


def test_with_the_usual_strata_a_case_bears_none(session, places, lead):
    made = make_frozen(places, by=lead)
    with unit_of_work():
        sampling.draw_sample(made, by=lead)

    assert set(session.scalars(select(Identity.stratum_index))) == {None}
    assert blinding_strata.names_of_strata(made) == {}
    counts = count_readings(made)
    assert not counts.is_finer
    assert "table" not in counts.to_json()
    assert CampaignCounts.from_json(counts.to_json()) == counts
