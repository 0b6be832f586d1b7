"""Cases on their way to an outcome, for tests."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS, ScoreSheet
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import adjudication, blinding, scoring
from peeraudit.services.adjudication import Decision
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_case, make_report
from tests.factories.moments import MOMENT
from tests.factories.readings import make_drawn_campaign, make_reviewer, reviewer_actor

MASKED = "INDICATION : toux.\nRÉSULTATS : foyer du lobe moyen vu avec ⟦clinician⟧.\n"
WORDS = "Un nodule du lobe supérieur droit n'est pas décrit."
AUTHOR_KEY = "RPPS-1"


@dataclass
class Stage:
    """A network of three departments in which one case at a time is settled."""

    session: Any
    campaign: Any
    home: Any
    readers: list[Any]
    adjudicators: list[Any]
    author: Actor | None

    def case(self, *, both=False, **values):
        """Return a case of the author's that its first reader has, or both where designated."""
        report = make_report(self.session, self.home, author=Person(AUTHOR_KEY, "LENOIR", "Marie"))
        case = make_case(
            self.session,
            self.campaign,
            report,
            state=CaseState.ASSIGNED,
            masked_text=MASKED,
            is_double_read=both,
            **values,
        )
        for turn, reader in ((Turn.FIRST, 0), (Turn.SECOND, 1))[: 1 + both]:
            self.assign(case, self.readers[reader], turn)
        return case

    def assign(self, case, reader, turn):
        """Give a turn of a case to a reader."""
        self.session.add(
            Assignment(
                id=uuid4(),
                campaign_id=case.campaign_id,
                case_id=case.id,
                reviewer_id=reader.id,
                turn=turn,
                state=AssignmentState.OFFERED,
                due_at=MOMENT + timedelta(days=14),
                offered_at=MOMENT,
            )
        )
        self.session.commit()

    def score(self, case, score, *, words=WORDS, error_type="missed_finding", settle=True):
        """Let whoever has the case next score it, then let the worker do what follows."""
        row = self.waiting(case, (Turn.FIRST, Turn.SECOND))[0]
        reader = self.session.get_one(Reviewer, row.reviewer_id)
        bad = score != "1"
        sheet = ScoreSheet(score, error_type if bad else None, words if bad else "", seconds=60)
        with unit_of_work():
            scoring.submit_review(row.id, sheet, by=reviewer_actor(reader))
        if settle:
            sweep()

    def waiting(self, case, turns=(Turn.ADJUDICATOR,)):
        """Return the assignments of a case that somebody has still to do."""
        return self.session.scalars(
            select(Assignment)
            .where(
                Assignment.case_id == case.id,
                Assignment.turn.in_(turns),
                Assignment.state.in_(OPEN_ASSIGNMENTS),
            )
            .order_by(Assignment.turn, Assignment.due_at)
            .execution_options(populate_existing=True)
        ).all()

    def disputed(self, *, scores=("2b", "3a")):
        """Return a case on which two readers differ."""
        case = self.case(both=True)
        for score in scores:
            self.score(case, score)
        return case

    def adjudicator(self, case):
        """Return who has a case to settle, as an actor, and the assignment's id."""
        [row] = self.waiting(case)
        account_id = self.session.get_one(Reviewer, row.reviewer_id).account_id
        return Actor(account_id, Role.ADJUDICATOR), row.id

    def decide(self, case, score="3a", *, words="Décidé après relecture des deux avis."):
        """Let the adjudicator settle a case."""
        by, assignment_id = self.adjudicator(case)
        bad = score != "1"
        decision = Decision(score, "missed_finding" if bad else "", words if bad else "")
        with unit_of_work():
            return adjudication.settle_case(assignment_id, decision, by=by)

    def state(self, case):
        """Return where a case stands now."""
        return self.session.scalars(select(Case.state).where(Case.id == case.id)).one()

    def outcome(self, case):
        """Return the outcome of a case as it is now; None without one."""
        return self.session.scalar(
            select(Outcome)
            .where(Outcome.case_id == case.id)
            .execution_options(populate_existing=True)
        )


def make_stage(session, *, adjudicators=2, author=True, seconds=1, protocol=None):
    """Return a running campaign with readers, adjudicators and an author who can sign in."""
    home, other, third = (make_department(session) for _ in range(3))
    campaign = make_drawn_campaign(
        session, [home, other, third], state=CampaignState.RUNNING, protocol=protocol
    )
    readers = [make_reviewer(session, other)]
    readers += [make_reviewer(session, third) for _ in range(seconds)]
    settlers = [make_adjudicator(session, other) for _ in range(adjudicators)]
    actor = make_author(session, home) if author else None
    return Stage(session, campaign, home, readers, settlers, actor)


def make_adjudicator(session, department, **values):
    """Return a person who settles cases and reads none."""
    person = make_reviewer(
        session, department, capacity=0, specialities=(), adjudicates=True, **values
    )
    session.add(RoleGrant(id=uuid4(), account_id=person.account_id, role=Role.ADJUDICATOR))
    session.commit()
    return person


def make_author(session, department, key=AUTHOR_KEY):
    """Return an author who can sign in, as an actor."""
    account = make_account(session, "-", Role.AUTHOR, department.id)
    blinding.link_author(department.id, key, account.id)
    session.commit()
    return Actor(account.id, Role.AUTHOR, department.id)


def enter(client, session, password_hash, actor):
    """Sign a person of the stage in, under one role alone."""
    account = session.get_one(Account, actor.account_id)
    account.password_hash = password_hash
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.account_id == account.id)):
        if grant.role is not actor.role:
            session.delete(grant)
    session.commit()
    answer = client.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


PASSWORD = "a fine long password"
