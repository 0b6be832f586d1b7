"""Lists that are divided by more than department and modality, from the rules to the draw."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.errors import InvalidInput, NotAllowed
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.domain.protocol import Sampling
from peeraudit.domain.sampling.draw_proof import verify_proof
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.strata import StratumField, split_stratum, week_of
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.sampling import DrawReplacement, Frame, FrameEntry
from peeraudit.services import boards, campaigns, draw_extensions, frames, replacements, sampling
from tests.factories.accounts import make_department
from tests.factories.campaigns import RULES, make_draft, make_frozen, make_locked
from tests.factories.cases import make_report
from tests.factories.network import make_actor

MODALITY, REGION, URGENCY, AUTHOR, WEEK = StratumField
REGIONS = ("chest", "brain")
AUTHORS = (Person("RPPS-1", "LENOIR", "Marie"), Person("RPPS-2", "ROUX", "Paul"))
FIRST = RULES.scope.period_start


@pytest.fixture(autouse=True)
def period_is_over():
    """Let the period of the rules be over, whenever the tests run."""
    with clock.shifted(datetime(2026, 12, 1, tzinfo=UTC) - clock.now()):
        yield


@pytest.fixture
def places(session):
    """Return two departments with sixteen reports each: two authors, regions and weeks."""
    made = [make_department(session), make_department(session)]
    for place in made:
        for number in range(16):
            report = make_report(session, place, author=AUTHORS[number % 2])
            report.region = REGIONS[number // 2 % 2]
            report.performed_on = FIRST + timedelta(days=7 * (number // 4 % 2))
    session.commit()
    return made


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def rules_of(*fields, target=16, minimum=1, **more):
    return replace(RULES, sampling=Sampling(target, minimum, strata=fields, **more))


def frozen(places, lead, *fields, **rules):
    return make_frozen(places, by=lead, rules=rules_of(*fields, **rules))


def drawn(places, lead, *fields, **rules):
    campaign_id = frozen(places, lead, *fields, **rules)
    with unit_of_work():
        sampling.draw_sample(campaign_id, by=lead)
    return campaign_id


def entries_of(session, campaign_id):
    frame = select(Frame.id).where(Frame.campaign_id == campaign_id).scalar_subquery()
    rows = session.execute(
        select(FrameEntry.stratum, Report)
        .join(Report, Report.id == FrameEntry.report_id)
        .where(FrameEntry.frame_id == frame, FrameEntry.excluded_reason == "")
    )
    return rows.all()


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (REGION,),
        (MODALITY, REGION),
        (MODALITY, REGION, WEEK),
        (URGENCY, WEEK),
        tuple(StratumField),
    ],
)
def test_every_eligible_report_is_in_the_one_stratum_that_its_facts_name(
    session, places, lead, fields
):
    campaign_id = frozen(places, lead, *fields, target=32)

    entries = entries_of(session, campaign_id)

    assert len(entries) == 32
    codes = {place.id: place.code for place in places}
    for name, report in entries:
        known = split_stratum(name, fields)
        assert known.department == codes[report.department_id]
        facts = {
            MODALITY: report.modality,
            REGION: report.region,
            URGENCY: report.urgency,
            WEEK: week_of(report.performed_on),
        }
        assert {f: v for f, v in known.values.items() if f is not AUTHOR} == {
            f: facts[f] for f in fields if f is not AUTHOR
        }
    frame = session.scalars(select(Frame)).one()
    held = Counter(name for name, _ in entries)
    assert {name: part["frame"] for name, part in json.loads(frame.allocation).items()} == held


@pytest.mark.parametrize("fields", [(MODALITY, REGION, WEEK), (MODALITY, AUTHOR), ()])
def test_what_is_drawn_extended_and_replaced_is_proven(session, places, lead, fields):
    campaign_id = drawn(places, lead, *fields)
    case = session.scalars(select(Case).order_by(Case.id)).first()
    with unit_of_work():
        case.excluded_reason = ExclusionReason.NOT_A_REPORT.value
        assert replacements.replace_case(case, case.excluded_reason, by=lead)
    with unit_of_work():
        draw_extensions.extend_draw(campaign_id, 24, reason="more reviewers take part", by=lead)

    proof = sampling.prove_draw(campaign_id, by=lead)

    assert verify_proof(json.loads(json.dumps(proof))) == []
    swap = session.scalars(select(DrawReplacement)).one()
    strata = {key: name for name, key in proof["frame"]}
    assert strata[swap.removed_key] == strata[swap.added_key] == swap.stratum


def test_the_page_folds_to_department_and_modality_and_tells_the_finer_ones_below(places, lead):
    campaign_id = frozen(places, lead, MODALITY, REGION, AUTHOR)

    frame = frames.show_frame(campaign_id, by=lead)

    assert [(one.department, one.modality, one.frame_size, one.sample) for one in frame.strata] == [
        (place.code, "CT", 16, 8) for place in sorted(places, key=lambda place: place.code)
    ]
    assert {(one.region, one.frame_size, one.sample) for one in frame.finer} == {
        ("brain", 8, 4),
        ("chest", 8, 4),
    }
    assert frame.count == 8
    assert dict(frame.authors) == {place.code: 2 for place in places}


class TestAuthors:
    def test_each_has_the_minimum_or_all_that_there_is(self, session, places, lead):
        rare = make_report(session, places[0], author=Person("RPPS-3", "GALL", "Anne"))
        campaign_id = drawn(places, lead, MODALITY, AUTHOR, minimum=0, author_minimum=5, target=21)

        sizes = frames.current_sizes_of(frames.needed_frame(campaign_id))

        assert sorted(sizes.values()) == [1, 5, 5, 5, 5]
        [alone] = [name for name, size in sizes.items() if size == 1]
        assert (
            alone == {report.id: name for name, report in entries_of(session, campaign_id)}[rare.id]
        )

    def test_what_the_minimums_ask_for_is_told_before_the_lock(self, places, lead):
        rules = rules_of(MODALITY, AUTHOR, minimum=0, author_minimum=5, target=19)

        with pytest.raises(InvalidInput, match="ask for 20 reports"):
            make_locked(places, by=lead, rules=rules)

    def test_no_name_and_no_id_is_in_the_list_and_two_lists_cannot_be_joined(
        self, session, places, lead
    ):
        first, second = (frozen(places, lead, AUTHOR) for _ in range(2))

        marks = [
            {split_stratum(name, (AUTHOR,)).values[AUTHOR] for name, _ in entries_of(session, one)}
            for one in (first, second)
        ]

        assert [len(one) for one in marks] == [4, 4]
        assert not marks[0] & marks[1]
        assert all(len(mark) == 12 and int(mark, 16) >= 0 for mark in marks[0] | marks[1])

    @pytest.mark.parametrize("hand_out", [frames.list_frame, sampling.prove_draw])
    def test_colleagues_do_not_get_the_lines(self, session, places, lead, hand_out):
        campaign_id = drawn(places, lead, AUTHOR)
        colleague = make_actor(session, Role.QUALITY_LEAD, places[0])

        assert hand_out(campaign_id, by=lead)
        with pytest.raises(NotAllowed, match="whole network"):
            hand_out(campaign_id, by=colleague)

    @pytest.mark.parametrize("fields", [(AUTHOR,), (MODALITY,)])
    def test_those_without_a_report_are_counted_and_not_named(self, session, places, lead, fields):
        late = make_report(session, places[0], author=Person("RPPS-3", "GALL", "Anne"))
        late.performed_on = FIRST - timedelta(days=1)
        session.commit()

        frame = frames.show_frame(make_draft(places, by=lead, rules=rules_of(*fields)), by=lead)

        [said] = [str(one.sentence) for one in frame.findings if "Authors" in str(one.sentence)]
        assert said.startswith(f"Authors of {places[0].code} without an eligible report")
        assert "period: 1 of 3." in said
        assert "GALL" not in said

    def test_a_replacement_is_told_without_its_author(self, session, places, lead):
        campaign_id = drawn(places, lead, MODALITY, AUTHOR)
        case = session.scalars(select(Case).order_by(Case.id)).first()
        with unit_of_work():
            case.excluded_reason = ExclusionReason.NOT_A_REPORT.value
            replacements.replace_case(case, case.excluded_reason, by=lead)

        [(stratum, _)] = sampling.show_draw(campaign_id, by=lead).replaced

        assert stratum in {f"{place.code}:CT" for place in places}


class TestFindings:
    def said(self, places, lead, rules):
        frame = frames.show_frame(make_draft(places, by=lead, rules=rules), by=lead)
        return [str(one.sentence) for one in frame.findings]

    def test_small_strata_are_counted_in_one_sentence(self, places, lead):
        found = self.said(places, lead, rules_of(MODALITY, REGION, WEEK, minimum=5, target=32))

        assert [one for one in found if "fewer reports than the minimum" in one] == [
            "Strata with fewer reports than the minimum (5), of which all will be drawn: 8 of 8."
        ]

    def test_strata_that_are_too_fine_for_the_sample_are_told(self, places, lead):
        found = self.said(places, lead, rules_of(REGION, WEEK, minimum=0, target=6))

        assert any("nothing is drawn: 2 of 8, with 8 reports" in one for one in found)
        assert any("a single report is drawn: 6 of 8" in one for one in found)

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ((MODALITY, WEEK), (MODALITY, AUTHOR), True),
            ((MODALITY,), (REGION,), True),
            ((WEEK,), (MODALITY,), True),
        ],
    )
    def test_periods_are_compared_though_they_are_divided_otherwise(
        self, session, places, lead, before, after, told
    ):
        for place in places:
            for _ in range(35):
                make_report(session, place)
        frozen(places, lead, *before, target=60)
        first = RULES.scope.period_end + timedelta(days=1)
        later = replace(RULES.scope, period_start=first, period_end=first + timedelta(days=30))
        for place, count in ((places[0], 6), (places[1], 50)):
            for _ in range(count):
                make_report(session, place).performed_on = first
        session.commit()

        found = self.said(places, lead, replace(rules_of(*after), scope=later))

        [said] = [one for one in found if "last period" in one]
        assert said.startswith(places[0].code)
        assert "holds 6 reports" in said


class TestForetell:
    def test_the_planner_counts_what_the_list_will_hold(self, session, places, lead):
        patient = Patient(identifiers=("IPP-1",))
        for _ in range(5):
            make_report(session, places[0], patient=patient)
        ids = [place.id for place in places]
        rules = rules_of(MODALITY, WEEK, minimum=0)
        once = rules_of(MODALITY, WEEK, minimum=0, one_per_patient=True)

        told = [boards.foretell(one, ids, WhatIf(), by=lead) for one in (rules, once)]

        # The made reports have no patient's number, so that each is of another one.
        assert [one.frame_size for one in told] == [37, 33]
        frame = frames.show_frame(make_draft(places, by=lead, rules=once), by=lead)
        assert frame.frame_size == 33

    @pytest.mark.parametrize("fields", [(), (REGION, WEEK), (MODALITY, REGION), (AUTHOR,)])
    def test_it_foretells_with_any_strata(self, session, places, lead, fields):
        ids = [place.id for place in places]

        told = boards.foretell(rules_of(*fields), ids, WhatIf(), by=lead)

        assert (told.frame_size, told.cases) == (32, 16)

    def test_before_a_period_is_over_its_weeks_to_come_are_counted(self, places, lead):
        # Two departments with two regions, and five weeks of which two have reports so far.
        rules = rules_of(MODALITY, REGION, WEEK, minimum=1, target=19)
        within = timedelta(days=(RULES.scope.period_end - clock.today()).days)

        with clock.shifted(within), pytest.raises(InvalidInput, match=r"20 strata .* 20 reports"):
            make_locked(places, by=lead, rules=rules)
        assert make_locked(places, by=lead, rules=rules)

    def test_the_lock_needs_what_the_planner_needs(self, places, lead):
        rules = rules_of(MODALITY, REGION, WEEK, minimum=4, target=31)

        with pytest.raises(InvalidInput, match="ask for 32 reports"):
            make_locked(places, by=lead, rules=rules)
        with pytest.raises(InvalidInput, match="ask for 32 reports"):
            boards.foretell(rules, [place.id for place in places], WhatIf(), by=lead)


def test_a_campaign_shows_its_strata_in_the_rules_that_are_locked(session, places, lead):
    campaign_id = make_locked(places, by=lead, rules=rules_of(WEEK, MODALITY))

    protocol = campaigns.show_campaign(campaign_id, by=lead).protocol

    assert protocol.sampling.strata == (MODALITY, WEEK)
