"""Whatever happens to cases, the numbers of the moment are those of a fresh count of every row."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.errors import DomainError
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.statistics.counting import count, count_tallies
from peeraudit.domain.statistics.tallies import tally
from peeraudit.domain.strata import DEFAULT_FIELDS, name_stratum
from peeraudit.domain.workflow import CaseState, DeclineReason, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.network import Reviewer
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_strata, feedback, frames, masking, readings
from peeraudit.services.statistics_counts import ground_of
from peeraudit.services.statistics_tallies import tallies_of
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import make_review
from tests.factories.fine_audits import BY_REGION, FINER, rules_of
from tests.factories.network import make_actor
from tests.factories.plain_readings import plain_readings
from tests.factories.readings import reviewer_actor
from tests.factories.settling import make_stage

CASES = 3
SCORES = st.sampled_from(["1", "2a", "2b", "3a", "3b"])
ACTS = st.sampled_from(
    ["hand_in", "hand_in", "hand_in", "edit", "settle", "reconsider", "withdraw", "exclude"]
)
STEPS = st.lists(st.tuples(ACTS, st.integers(0, CASES - 1), SCORES), min_size=4, max_size=12)


class Play:
    """A stage on which people act in any order; what is not possible just then is left out."""

    def __init__(self, session, fields=DEFAULT_FIELDS):
        self.session = session
        self.stage = make_stage(session, seconds=3, protocol=rules_of(fields))
        self.cases = [self.stage.case(both=number == 0) for number in range(CASES)]
        if fields != DEFAULT_FIELDS:
            self.divide(fields)
        self.coordinator = make_actor(session, Role.COORDINATOR, self.stage.home)
        self.done = set()

    def divide(self, fields):
        """Let every case be drawn from a stratum of its own."""
        frame = frames.needed_frame(self.stage.campaign.id)
        names = [
            name_stratum(self.stage.home.code, [f"{field}-{number}" for field in fields])
            for number in range(CASES)
        ]
        frame.allocation = json.dumps({name: {"frame": 40, "sample": 1} for name in names})
        for case, name in zip(self.cases, names, strict=True):
            blinding_strata.put_in_stratum(case.id, name)
        self.session.commit()

    def act(self, name, place, score):
        # A refusal rolls back, as for a page: it must change no number either.
        with suppress(DomainError):
            if getattr(self, name)(self.cases[place], score):
                self.done.add(name)

    def hand_in(self, case, score):
        if not self.stage.waiting(case, (Turn.FIRST, Turn.SECOND)):
            return False
        self.stage.score(case, score)
        return True

    def edit(self, case, score):
        """Amend a review: the first submitted version stays the reading."""
        wanted = select(Review).where(Review.case_id == case.id).order_by(Review.version.desc())
        last = self.session.scalars(wanted).first()
        if last is None:
            return False
        reader = self.session.get_one(Reviewer, last.reviewer_id)
        given_to = self.session.get_one(Assignment, last.assignment_id)
        make_review(
            self.session, case, reader, last.turn, score,
            version=last.version + 1, assignment=given_to,
        )  # fmt: skip
        self.session.commit()
        return True

    def settle(self, case, score):
        if not self.stage.waiting(case):
            return False
        self.stage.decide(case, score)
        return True

    def reconsider(self, case, score):
        outcome = self.stage.outcome(case)
        if outcome is None:
            return False
        with unit_of_work():
            feedback.reply(
                outcome.id, "disagree", "Le nodule était connu.",
                asks_reconsideration=True, by=self.stage.author,
            )  # fmt: skip
        sweep()
        return True

    def withdraw(self, case, score):
        """Let whoever has the case give it back."""
        waiting = self.stage.waiting(case, (Turn.FIRST, Turn.SECOND))
        if not waiting:
            return False
        reader = self.session.get_one(Reviewer, waiting[0].reviewer_id)
        with unit_of_work():
            readings.decline(waiting[0].id, DeclineReason.RECOGNISED, by=reviewer_actor(reader))
        sweep()
        return True

    def exclude(self, case, score):
        """Let a reader see who it is, and the department take the case out."""
        waiting = self.stage.waiting(case, (Turn.FIRST, Turn.SECOND))
        if not waiting:
            return False
        reader = self.session.get_one(Reviewer, waiting[0].reviewer_id)
        with unit_of_work():
            readings.decline(
                waiting[0].id, DeclineReason.IDENTIFIER_SEEN, note="Durand",
                by=reviewer_actor(reader),
            )  # fmt: skip
        with unit_of_work():
            masking.exclude_case(case.id, ExclusionReason.CANNOT_BE_MASKED, by=self.coordinator)
        return True

    def check(self):
        campaign = self.stage.campaign
        rows = plain_readings(campaign.id)
        tallies = tallies_of(campaign.id, CR3_1)
        assert tallies == tally((one for _, one in rows), CR3_1.discrepant)
        strata = from_json(campaign.protocol).sampling.strata
        if strata != DEFAULT_FIELDS:
            ground = ground_of(campaign.id)
            again = count((one for _, one in rows), ground)
            assert count_tallies(tallies, ground).to_json() == again.to_json()
            assert sum(cell.scored for cell in again.cells) == len(rows)
        return len(rows)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS, fields=st.sampled_from([DEFAULT_FIELDS, *FINER]))
def test_any_sequence_of_acts_leaves_the_numbers_of_a_fresh_count(session, steps, fields):
    play = Play(session, fields)
    for step in steps:
        play.act(*step)
        play.check()


@pytest.mark.parametrize("fields", [DEFAULT_FIELDS, BY_REGION])
def test_every_act_is_played(session, fields):
    """Without this the sequences above might never do what they are named for."""
    play = Play(session, fields)
    story = [
        ("hand_in", 1, "2a"), ("edit", 1, "3b"), ("withdraw", 2, "1"), ("exclude", 2, "1"),
        ("hand_in", 0, "2b"), ("hand_in", 0, "3a"), ("settle", 0, "3a"), ("reconsider", 0, "1"),
    ]  # fmt: skip
    read = [(play.act(*step), play.check())[1] for step in story]

    assert play.done == {"hand_in", "edit", "settle", "reconsider", "withdraw", "exclude"}
    assert read[-1] == 2
    assert play.stage.state(play.cases[2]) is CaseState.EXCLUDED
