import json
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters.clock import now, today
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.assignment.editing import EditedReview
from peeraudit.domain.assignment.plan import plan_seed
from peeraudit.domain.errors import Conflicting, InvalidInput, NotAllowed
from peeraudit.domain.jobs import JobState
from peeraudit.domain.protocol import AssignmentRules
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.messages import Message
from peeraudit.models.network import Absence, Conflict, Reviewer
from peeraudit.services import assignment, assignment_preview, blinding, jobs, plan_making
from peeraudit.services.assignment import EditRefused, PlanBroken
from peeraudit.services.duties import run_job
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.readings import (
    SEED,
    make_author_account,
    make_cases,
    make_drawn_campaign,
    make_network,
    make_reviewer,
    plan,
    plan_and_publish,
    protocol_of,
)


@pytest.fixture
def campaign(session, network):
    campaign = make_drawn_campaign(session, network[0])
    for number, place in enumerate(network[0]):
        make_cases(session, campaign, place, 2, is_double_read=number == 0)
    return campaign


@pytest.fixture(autouse=True)
def noise(session):
    """Another campaign with a case and a reviewer that must not be touched."""
    place = make_department(session)
    make_reviewer(session, place)
    other = make_drawn_campaign(session, [place])
    return make_cases(session, other, place, 1)[0]


def rows(session, campaign):
    session.expire_all()
    return session.scalars(select(Assignment).where(Assignment.campaign_id == campaign.id)).all()


def entries(session, plan_id):
    return json.loads(session.get(Plan, plan_id).entries)


class TestPlan:
    def test_it_gives_every_case_its_readings_and_shows_them_to_nobody(self, session, campaign, by):
        view = plan(campaign, by)

        assert (view.cases, view.readings, view.double_reads, view.wanted) == (6, 8, 2, 8)
        assert view.state == "draft"
        assert view.missing == 0
        assert view.breaches == ()
        assert sum(load.planned for load in view.loads) == 8
        assert sum(sum(line) for line in view.flows) == 8
        assert all(view.flows[i][i] == 0 for i in range(3))
        assert rows(session, campaign) == []
        assert session.scalars(select(Message)).all() == []

    def test_its_seed_follows_from_the_draw_and_its_number(self, campaign, by):
        first, second = plan(campaign, by), plan(campaign, by)

        assert first.seed == plan_seed(SEED, 1)
        assert (second.number, second.seed) == (2, plan_seed(SEED, 2))

    def test_a_new_plan_takes_the_place_of_an_earlier_draft(self, session, campaign, by):
        first, second = plan(campaign, by), plan(campaign, by)

        assert session.get(Plan, first.id).state == "superseded"
        assert session.get(Plan, second.id).state == "draft"

    def test_a_killed_run_leaves_nothing_and_the_next_makes_the_same_plan(
        self, session, campaign, by
    ):
        reference = entries(session, plan(campaign, by).id)
        session.query(Plan).delete()
        session.commit()
        with unit_of_work():
            job_id = assignment.order_plan(campaign.id, by=by)
        for bites in (1, 2, 4, 6):
            with unit_of_work():
                jobs.begin(job_id)
            steps = plan_making.compute_plan(job_id)
            for _ in range(bites):
                with unit_of_work():
                    next(steps)
            steps.close()
            assert session.scalars(select(Plan)).all() == []

        sweep()
        sweep()

        kept = session.scalars(select(Plan)).one()
        assert json.loads(kept.entries) == reference
        assert jobs.view(job_id).state is JobState.SUCCEEDED

    def test_it_stops_between_any_two_phases_and_keeps_nothing(self, session, campaign, by):
        told = []
        while True:
            with unit_of_work():
                job_id = assignment.order_plan(campaign.id, by=by)

            def compute(job):
                for number, step in enumerate(plan_making.compute_plan(job)):
                    if number == len(told):
                        told.append(jobs.view(job).cursor)
                        # Somebody looks at the page and asks it to stop, between two bites.
                        yield step
                        jobs.cancel(job)
                    yield step

            run_job(job_id, compute)
            if jobs.view(job_id).state is JobState.SUCCEEDED:
                break
            assert jobs.view(job_id).state is JobState.CANCELLED
            assert session.scalars(select(Plan)).all() == []

        assert told[:3] == ["eligible", "solving", "placing"]
        assert told[-3:-1] == ["explaining", "keeping"]
        assert session.scalars(select(Plan)).one().state == "draft"

    def test_what_cannot_be_placed_is_listed_with_its_reason(self, session, by):
        places, people = make_network(session, departments=2, reviewers=1, capacity=1)
        campaign = make_drawn_campaign(session, places)
        codes = {case.code for case in make_cases(session, campaign, places[0], 3)}

        view = plan(campaign, by)

        assert (view.readings, view.missing) == (1, 2)
        assert {one.code for one in view.unplaced} < codes
        assert all(str(one.reason) for one in view.unplaced)
        assert len(view.shortages) == 1
        del people

    def test_only_those_who_are_there_get_cases(self, session, network, campaign, by):
        away, stopped, closed = network[1][:3]
        day = today()
        session.add(
            Absence(
                id=uuid4(), reviewer_id=away.id, first_day=day, last_day=day + timedelta(days=1)
            )
        )
        stopped.accepting = False
        session.get(Account, closed.account_id).active = False
        session.commit()

        view = plan(campaign, by)

        assert {load.reviewer_id for load in view.loads} == {r.id for r in network[1][3:]}

    def test_nothing_to_plan_is_said_at_once(self, session, network, by):
        campaign = make_drawn_campaign(session, network[0])
        make_cases(session, campaign, network[0][0], 1, state=CaseState.DEIDENTIFIED)

        with pytest.raises(InvalidInput, match="No case waits"), unit_of_work():
            assignment.order_plan(campaign.id, by=by)

    def test_two_plans_at_once_are_refused(self, campaign, by):
        with unit_of_work():
            assignment.order_plan(campaign.id, by=by)

        with pytest.raises(Conflicting), unit_of_work():
            assignment.order_plan(campaign.id, by=by)

    @pytest.mark.parametrize("state", [CampaignState.LOCKED, CampaignState.FROZEN])
    def test_a_campaign_that_takes_no_assignment_is_refused(self, session, network, by, state):
        campaign = make_drawn_campaign(session, network[0], state=state)

        with pytest.raises(InvalidInput), unit_of_work():
            assignment.order_plan(campaign.id, by=by)

    def test_a_reviewer_may_not(self, network, campaign):
        reviewer = network[1][0]
        actor = Actor(reviewer.account_id, Role.REVIEWER, reviewer.department_id)

        with pytest.raises(NotAllowed), unit_of_work():
            assignment.order_plan(campaign.id, by=actor)
        with pytest.raises(NotAllowed):
            assignment.show_plan(campaign.id, by=actor)


class TestPublish:
    def test_it_offers_every_reading_once(self, session, campaign, by, noise):
        count = plan_and_publish(campaign, by)

        offered = rows(session, campaign)
        assert count == len(offered) == 8
        first, second = AssignmentState.OFFERED, AssignmentState.PLANNED
        assert Counter((row.origin, row.state) for row in offered) == {
            ("plan", first): 6,
            ("random", second): 2,
        }
        due = {(row.due_at - row.offered_at) for row in offered if row.state is first}
        assert due == {timedelta(days=14)}
        assert session.get(Campaign, campaign.id).state is CampaignState.RUNNING
        states = session.scalars(select(Case.state).where(Case.campaign_id == campaign.id))
        assert set(states) == {CaseState.ASSIGNED}
        assert session.get(Case, noise.id).state is CaseState.ELIGIBLE
        assert all(Sentence.from_json(row.reason) for row in offered)

    def test_each_reviewer_is_told_once(self, session, campaign, by):
        plan_and_publish(campaign, by)

        told = session.scalars(select(Message)).all()
        given = [r for r in rows(session, campaign) if r.state is AssignmentState.OFFERED]
        counts = Counter(row.reviewer_id for row in given)
        people = {session.get(Reviewer, one).account_id: n for one, n in counts.items()}
        assert {m.account_id: json.loads(m.params)["count"] for m in told} == people

    def test_a_second_click_changes_nothing(self, session, campaign, by):
        view = plan(campaign, by)

        with unit_of_work():
            first = assignment.publish_plan(view.id, by=by)
        with unit_of_work():
            second = assignment.publish_plan(view.id, by=by)

        assert first == second == len(rows(session, campaign))

    def test_a_superseded_plan_is_refused(self, session, campaign, by):
        old = plan(campaign, by)
        plan(campaign, by)

        with pytest.raises(Conflicting, match="newer"), unit_of_work():
            assignment.publish_plan(old.id, by=by)
        assert rows(session, campaign) == []

    def test_a_conflict_declared_meanwhile_stops_it(self, session, network, campaign, by):
        view = plan(campaign, by)
        case_id, _, reviewer_id, *_ = entries(session, view.id)[0]
        place = next(
            p.department_id
            for p in blinding.places_of_cases(campaign.id)
            if p.case_id == UUID(case_id)
        )
        session.add(
            Conflict(
                id=uuid4(), reviewer_id=UUID(reviewer_id), department_id=place, declared_at=now()
            )
        )
        session.commit()

        with pytest.raises(PlanBroken) as refused, unit_of_work():
            assignment.publish_plan(view.id, by=by)
        assert "conflict" in str(refused.value.breaches[0])
        assert assignment.show_plan(campaign.id, by=by).breaches == refused.value.breaches
        assert rows(session, campaign) == []

    def test_an_absence_declared_meanwhile_stops_it(self, session, campaign, by):
        view = plan(campaign, by)
        away = UUID(entries(session, view.id)[0][2])
        day = today()
        session.add(
            Absence(id=uuid4(), reviewer_id=away, first_day=day, last_day=day + timedelta(days=1))
        )
        session.commit()

        with pytest.raises(PlanBroken, match="Plan again"), unit_of_work():
            assignment.publish_plan(view.id, by=by)

    def test_a_capacity_lowered_meanwhile_stops_it(self, session, campaign, by):
        view = plan(campaign, by)
        session.get(Reviewer, UUID(entries(session, view.id)[0][2])).capacity = 0
        session.commit()

        with pytest.raises(PlanBroken), unit_of_work():
            assignment.publish_plan(view.id, by=by)

    def test_a_case_taken_back_meanwhile_stops_it(self, session, campaign, by):
        view = plan(campaign, by)
        session.get(Case, UUID(entries(session, view.id)[0][0])).state = CaseState.QUARANTINED
        session.commit()

        with pytest.raises(PlanBroken), unit_of_work():
            assignment.publish_plan(view.id, by=by)

    def test_later_cases_get_a_further_plan_within_what_room_is_left(
        self, session, network, campaign, by
    ):
        plan_and_publish(campaign, by)
        before = {row.id for row in rows(session, campaign)}
        make_cases(session, campaign, network[0][1], 3)

        count = plan_and_publish(campaign, by)

        fresh = [row for row in rows(session, campaign) if row.id not in before]
        assert count == len(fresh) == 3
        states = Counter(session.scalars(select(Plan.state)))
        assert states == {"published": 1, "superseded": 1}

    def test_a_plan_that_gives_out_nothing_says_so(self, session, by):
        place = make_department(session)
        campaign = make_drawn_campaign(session, [place])
        make_cases(session, campaign, place, 1)
        view = plan(campaign, by)

        with pytest.raises(InvalidInput, match="no reading"), unit_of_work():
            assignment.publish_plan(view.id, by=by)


class TestEdit:
    def edited(self, session, view):
        return [
            EditedReview(line, case, Turn(turn), reviewer)
            for line, (case, turn, reviewer, *_) in enumerate(entries(session, view.id), start=2)
        ]

    def test_an_edited_plan_is_a_new_draft(self, session, campaign, by):
        view = plan(campaign, by)
        reviews = self.edited(session, view)[1:]

        with unit_of_work():
            new_id = assignment.replace_entries(view.id, reviews, by=by)

        shown = assignment.show_plan(campaign.id, by=by)
        assert (shown.id, shown.number, shown.edited_from) == (new_id, 2, 1)
        assert (shown.readings, shown.missing) == (7, 1)
        assert session.get(Plan, view.id).state == "superseded"

    def test_what_a_person_chose_says_so_and_the_rest_keeps_its_reason(
        self, session, network, campaign, by
    ):
        view = plan(campaign, by)
        reviews = self.edited(session, view)
        one = next(r for r in reviews if self.others(session, network, campaign, reviews, r))
        chosen = self.others(session, network, campaign, reviews, one)[0]
        place = reviews.index(one)
        reviews[place] = EditedReview(one.line, one.case, one.turn, chosen)

        with unit_of_work():
            new_id = assignment.replace_entries(view.id, reviews, by=by)

        said = {(e[0], e[2]): e[3] for e in entries(session, new_id)}
        assert said[one.case, chosen] == "Chosen by hand."
        assert Counter(said.values())["Chosen by hand."] == 1
        with unit_of_work():
            assignment.publish_plan(new_id, by=by)
        by_hand = [row for row in rows(session, campaign) if row.origin == "replacement"]
        assert [str(row.reviewer_id) for row in by_hand] == [chosen]

    def others(self, session, network, campaign, reviews, one):
        """Who else could do one reading."""
        home = {p.case_id: p.department_id for p in blinding.places_of_cases(campaign.id)}
        readers = {r.reviewer for r in reviews if r.case == one.case}
        taken = {session.get(Reviewer, UUID(r)).department_id for r in readers - {one.reviewer}}
        barred = taken | {home[UUID(one.case)]}
        return [
            str(p.id)
            for p in network[1]
            if p.department_id not in barred and str(p.id) not in readers
        ]

    def test_each_wrong_line_is_told_with_its_reason(self, session, network, campaign, by):
        view = plan(campaign, by)
        reviews = self.edited(session, view)
        first = reviews[0]
        home = {p.case_id: p.department_id for p in blinding.places_of_cases(campaign.id)}
        own = next(p for p in network[1] if p.department_id == home[UUID(first.case)])
        wrong = [
            EditedReview(20, first.case, first.turn, first.reviewer),
            EditedReview(21, str(uuid4()), Turn.FIRST, first.reviewer),
            EditedReview(22, first.case, Turn.FIRST, str(uuid4())),
            EditedReview(23, first.case, Turn.FIRST, str(own.id)),
        ]

        with pytest.raises(EditRefused) as refused, unit_of_work():
            assignment.replace_entries(view.id, [*reviews, *wrong], by=by)

        said = {p.line: str(p.reason) for p in refused.value.problems}
        assert said[20] == "Line 2 gives out this reading already."
        assert "does not wait" in said[21]
        assert "away" in said[22]
        # The own department reads as a conflict does: the line must not tell whose case it is.
        assert "conflict" in said[23]
        assert "department" in said[23]
        assert session.get(Plan, view.id).state == "draft"

    def test_room_and_departments_are_held_to(self, session, by):
        places, people = make_network(session, departments=2, reviewers=2, capacity=1)
        campaign = make_drawn_campaign(session, places)
        one, other = make_cases(session, campaign, places[0], 2, is_double_read=True)
        view = plan(campaign, by)
        mine = [p for p in people if p.department_id == places[1].id]
        lines = [
            EditedReview(2, str(one.id), Turn.FIRST, str(mine[0].id)),
            EditedReview(3, str(one.id), Turn.SECOND, str(mine[1].id)),
            EditedReview(4, str(other.id), Turn.FIRST, str(mine[0].id)),
        ]

        with pytest.raises(EditRefused) as refused, unit_of_work():
            assignment.replace_entries(view.id, lines, by=by)

        said = [(p.line, str(p.reason)) for p in refused.value.problems]
        assert said == [
            (3, "The two reviewers of a case come from two departments: see line 2."),
            (4, "This reviewer has room for 1 readings."),
        ]

    def test_a_published_plan_is_not_edited(self, session, campaign, by):
        view = plan(campaign, by)
        with unit_of_work():
            assignment.publish_plan(view.id, by=by)

        with pytest.raises(Conflicting), unit_of_work():
            assignment.replace_entries(view.id, self.edited(session, view), by=by)


class TestConstraints:
    def test_the_database_refuses_a_second_reader_of_one_turn(self, session, campaign, by, network):
        plan_and_publish(campaign, by)
        row = rows(session, campaign)[0]
        readers = {r.reviewer_id for r in rows(session, campaign) if r.case_id == row.case_id}
        other = next(p for p in network[1] if p.id not in readers)

        session.add(copy_of(row, reviewer_id=other.id))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()

    def test_the_database_refuses_to_give_one_person_a_case_twice(self, session, campaign, by):
        plan_and_publish(campaign, by)
        row = rows(session, campaign)[0]
        row.state = AssignmentState.DECLINED
        session.flush()

        session.add(copy_of(row, state=AssignmentState.OFFERED))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def copy_of(row, **values):
    fields = {c.key: getattr(row, c.key) for c in Assignment.__table__.columns}
    return Assignment(**(fields | {"id": uuid4()} | values))


@st.composite
def networks(draw):
    """Departments, reviewers and cases, with conflicts and authors who review."""
    return {
        "departments": draw(st.integers(2, 4)),
        "reviewers": draw(
            st.lists(
                st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["CT", "*", "MR"])),
                min_size=1,
                max_size=7,
            )
        ),
        "cases": draw(
            st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=8)
        ),
        "conflicts": draw(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=4)),
        "authors": draw(st.sets(st.integers(0, 6), max_size=2)),
        "apart": draw(st.booleans()),
    }


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=networks())
def test_whatever_is_published_breaks_no_rule(session, by, drawn):
    places = [make_department(session) for _ in range(drawn["departments"])]
    pick = lambda i: places[i % len(places)]  # noqa: E731
    people = [
        make_reviewer(session, pick(d), capacity=room, specialities=[(modality, "*")])
        for d, room, modality in drawn["reviewers"]
    ]
    rules = AssignmentRules(distinct_departments=drawn["apart"])
    campaign = make_drawn_campaign(session, places, protocol=protocol_of(rules))
    for d, twice in drawn["cases"]:
        make_cases(session, campaign, pick(d), 1, is_double_read=twice)
    for i, d in drawn["conflicts"]:
        if i < len(people):
            declare(session, people[i], pick(d))
    for i in drawn["authors"] & set(range(drawn["departments"])):
        if i < len(people):
            make_author_account(session, pick(i), "RPPS-1", people[i].account_id)

    view = plan(campaign, by)
    if view.readings:
        with unit_of_work():
            assignment.publish_plan(view.id, by=by)

    check_rules(session, campaign, people, apart=drawn["apart"])
    assert len(rows(session, campaign)) + view.missing == view.wanted


def declare(session, reviewer, department):
    known = select(func.count()).where(
        Conflict.reviewer_id == reviewer.id, Conflict.department_id == department.id
    )
    if not session.scalar(known):
        session.add(
            Conflict(
                id=uuid4(),
                reviewer_id=reviewer.id,
                department_id=department.id,
                declared_at=now(),
            )
        )
        session.commit()


def check_rules(session, campaign, people, *, apart):
    given_out = rows(session, campaign)
    home = {p.case_id: p.department_id for p in blinding.places_of_cases(campaign.id)}
    by_id = {p.id: p for p in people}
    forbidden = blinding.conflicting_pairs(list(home))
    for row in given_out:
        assert (row.case_id, row.reviewer_id) not in forbidden
        assert by_id[row.reviewer_id].department_id != home[row.case_id]
    loads = Counter(row.reviewer_id for row in given_out)
    assert all(load <= by_id[one].capacity for one, load in loads.items())
    pairs = [(row.case_id, row.reviewer_id) for row in given_out]
    assert len(set(pairs)) == len(pairs)
    if apart:
        homes = [(row.case_id, by_id[row.reviewer_id].department_id) for row in given_out]
        assert len(set(homes)) == len(homes)


class TestPreview:
    def test_it_counts_what_waits(self, session, network, campaign, by):
        make_cases(session, campaign, network[0][0], 2, state=CaseState.DEIDENTIFIED)

        waiting = assignment_preview.show_waiting(campaign.id, by=by)

        assert (waiting.cases, waiting.readings, waiting.unready) == (6, 8, 2)
        assert (waiting.readers, waiting.room) == (6, 360)

    def test_entries_name_reviewers_and_never_authors(self, campaign, by):
        view = plan(campaign, by)

        listed = assignment_preview.list_entries(view.id, by=by)

        assert len(listed) == 8
        assert [one.code for one in listed] == sorted(one.code for one in listed)
        assert all("@" in one.reviewer for one in listed)
        assert "LENOIR" not in repr(listed)
