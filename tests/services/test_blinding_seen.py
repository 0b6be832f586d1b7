import pytest
from sqlalchemy import select

from peeraudit.adapters.queue import Outbox
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.workflow import AssignmentState, CaseState, DeclineReason, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import SeenIdentifier
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.services import blinding_seen, checking, masking, readings, scoring
from peeraudit.services.masking import Correction
from peeraudit.services.reading_desk import NotReadable
from tests.factories.accounts import make_account
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    make_network,
    plan_and_publish,
    reviewer_actor,
)

MARKED = "Jean Durand"


class Stage:
    """A case that two read at once, the coordinator of its department, and both readers."""

    def __init__(self, session, password_hash):
        self.session = session
        places, _ = make_network(session)
        campaign = make_drawn_campaign(session, places)
        [self.case] = make_cases(
            session, campaign, places[0], 1,
            masked_text="INDICATION : toux chez Jean Durand.", spans="[]", is_double_read=True,
        )  # fmt: skip
        plan_and_publish(campaign, lead(session, password_hash))
        self.first = self._reading(Turn.FIRST)
        self.second = self._reading(Turn.SECOND)
        self.second.state = AssignmentState.OFFERED
        session.commit()
        account = make_account(session, password_hash, Role.COORDINATOR, places[0].id)
        self.coordinator = Actor(account.id, Role.COORDINATOR, places[0].id)

    def _reading(self, turn):
        mine = Assignment.case_id == self.case.id, Assignment.turn == turn
        return self.session.scalars(select(Assignment).where(*mine)).one()

    def reader(self, row):
        return reviewer_actor(self.session.get_one(Reviewer, row.reviewer_id))

    def pull(self, note=MARKED):
        with unit_of_work():
            readings.decline(
                self.first.id,
                DeclineReason.IDENTIFIER_SEEN,
                note=note,
                by=self.reader(self.first),
            )

    def state(self):
        return self.session.get_one(Case, self.case.id, populate_existing=True).state


@pytest.fixture
def stage(session, password_hash):
    return Stage(session, password_hash)


def test_it_leaves_every_reader_at_once_and_their_drafts_stay(session, stage):
    other = stage.reader(stage.second)
    with unit_of_work():
        scoring.save_draft(stage.second.id, ScoreSheet("2a", comment="à finir"), 0, by=other)

    stage.pull()

    assert stage.state() is CaseState.QUARANTINED
    for act in (scoring.show_sheet, scoring.check_readable, scoring.open_case):
        with pytest.raises(NotReadable):
            act(stage.second.id, by=other)
    with pytest.raises(NotReadable), unit_of_work():
        scoring.save_draft(stage.second.id, ScoreSheet("1"), 1, by=other)
    assert scoring.list_queue(by=other).cases == ()

    with unit_of_work():
        masking.correct_masks(
            stage.case.id, Correction(hide=MARKED, kind="patient"), by=stage.coordinator
        )
        masking.approve_case(stage.case.id, by=stage.coordinator)

    shown = scoring.show_sheet(stage.second.id, by=other)
    assert (shown.sheet.score, shown.sheet.comment) == ("2a", "à finir")
    assert "Durand" not in str(shown.sections)
    # Who saw it is no longer blind: somebody else has the other turn.
    turn = session.scalars(
        select(Assignment).where(
            Assignment.case_id == stage.case.id,
            Assignment.turn == Turn.FIRST,
            Assignment.state == AssignmentState.OFFERED,
        )
    ).one()
    assert turn.reviewer_id != stage.first.reviewer_id


def test_the_marked_words_reach_the_own_coordinator_alone(session, stage):
    stage.pull()

    assert checking.show_case(stage.case.id, by=stage.coordinator).seen == (MARKED,)
    row = session.scalars(select(SeenIdentifier)).one()
    assert b"Durand" not in row.sealed_words
    for model in (TrailEntry, Message, Outbox, Assignment):
        table = model.__table__
        assert not any("Durand" in str(row) for row in session.execute(select(*table.columns)))


def test_they_are_thrown_away_once_the_case_is_checked(session, stage):
    stage.pull()

    with unit_of_work():
        masking.approve_case(stage.case.id, by=stage.coordinator)

    assert session.scalars(select(SeenIdentifier)).all() == []
    assert checking.show_case(stage.case.id, by=stage.coordinator).seen == ()


@pytest.mark.parametrize("note", ["", "   \n"])
def test_nothing_needs_to_be_marked(session, stage, note):
    stage.pull(note)

    assert stage.state() is CaseState.QUARANTINED
    assert blinding_seen.words_seen(stage.case.id) == ()
