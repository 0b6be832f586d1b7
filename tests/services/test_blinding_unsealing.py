from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Conflicting, IllegalMove, InvalidInput, NotAllowed, NotFound
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.domain.unsealing import DECIDE_WITHIN, OPEN_WITHIN, SHOWN_FOR, UnsealingState
from peeraudit.models.assignments import Assignment
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer
from peeraudit.models.trail import TrailEntry
from peeraudit.models.unsealing import Unsealing
from peeraudit.services import blinding_unsealing as unsealing
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor

WHY = "A bleeding was missed, the ward must know today."
PATIENT = Patient(
    identifiers=("IPP-7",),
    names=(Person(last="Quarantedouze", first="Zoé"),),
    birth_date=date(1990, 4, 7),
    phones=("01 23 45 67 89",),
)


@pytest.fixture(autouse=True)
def noise(session):
    place = make_department(session)
    make_case(session, make_campaign(session, [place]), make_report(session, place))


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def case(session, place):
    report = make_report(
        session,
        place,
        patient=PATIENT,
        author=Person("A1", "Bellecombe", "Ada"),
        clinicians=(Person("", "Solveig", "Kim"),),
    )
    return make_case(session, make_campaign(session, [place]), report)


@pytest.fixture
def officer(session, place):
    return make_actor(session, Role.SAFETY_OFFICER, place)


@pytest.fixture
def second(session):
    return make_actor(session, Role.DATA_PROTECTION_OFFICER)


def asked(case, by, reason=WHY):
    with unit_of_work():
        return unsealing.ask(case.code, reason, by=by)


def decided(request_id, by, *, grant=True, reason=""):
    with unit_of_work():
        unsealing.decide(request_id, grant=grant, reason=reason, by=by)


def opened(request_id, by):
    with unit_of_work():
        unsealing.open_identity(request_id, by=by)


class TestTheWholeWay:
    def test_two_people_and_a_reason_show_it_once_for_a_while(
        self, session, at, case, officer, second
    ):
        at(MOMENT)
        request_id = asked(case, officer)
        decided(request_id, second)
        assert unsealing.show_identity(request_id, by=officer) is None

        opened(request_id, officer)
        shown = unsealing.show_identity(request_id, by=officer)

        assert shown.patients == ("Zoé Quarantedouze",)
        assert shown.birth_dates == (date(1990, 4, 7),)
        assert set(shown.clinicians) == {"Ada Bellecombe", "Kim Solveig"}
        assert shown.phones == ("01 23 45 67 89",)
        assert "IPP-7" in shown.identifiers
        assert unsealing.show_identity(request_id, by=second) is None

        at(MOMENT + SHOWN_FOR)
        assert unsealing.show_identity(request_id, by=officer) is None
        assert unsealing.show_request(request_id, by=officer).state is UnsealingState.CLOSED
        with pytest.raises(IllegalMove, match="shown once"):
            opened(request_id, officer)
        acts = session.scalars(
            select(TrailEntry.act).where(TrailEntry.object_id == case.id).order_by(TrailEntry.id)
        ).all()
        assert acts == ["ask_unsealing", "grant_unsealing", "unseal_identity"]

    def test_a_refusal_needs_a_reason_and_shows_nothing(self, case, officer, second):
        request_id = asked(case, officer)
        with pytest.raises(InvalidInput):
            decided(request_id, second, grant=False)

        decided(request_id, second, grant=False, reason="Ask the coordinator first.")

        view = unsealing.show_request(request_id, by=officer)
        assert (view.state, view.decision_reason) == (
            UnsealingState.REFUSED,
            "Ask the coordinator first.",
        )
        with pytest.raises(IllegalMove):
            opened(request_id, officer)

    def test_the_time_to_decide_and_to_open_runs_out(self, at, case, officer, second):
        at(MOMENT)
        first = asked(case, officer)
        at(MOMENT + DECIDE_WITHIN)
        with pytest.raises(IllegalMove, match="asked for anew"):
            decided(first, second)

        again = asked(case, officer)
        decided(again, second)
        at(MOMENT + DECIDE_WITHIN + OPEN_WITHIN)
        with pytest.raises(IllegalMove, match="asked for anew"):
            opened(again, officer)

    def test_the_second_person_is_told_and_who_asked_is_told_the_answer(
        self, session, case, place, officer, second
    ):
        colleague = make_actor(session, Role.SAFETY_OFFICER, place)
        request_id = asked(case, officer)
        decided(request_id, colleague)

        told = {
            (m.account_id, m.kind)
            for m in session.scalars(select(Message).where(Message.path.contains(str(request_id))))
        }

        assert told == {
            (second.account_id, "unsealing_asked_of_officer"),
            (colleague.account_id, "unsealing_asked"),
            (officer.account_id, "unsealing_granted"),
        }


class TestWhoMayNot:
    def test_nobody_grants_an_own_request(self, case, officer):
        request_id = asked(case, officer)

        with pytest.raises(NotAllowed, match="somebody else"):
            decided(request_id, officer)

    def test_not_under_another_role_either(self, case, officer):
        request_id = asked(case, officer)
        hat = Actor(officer.account_id, Role.DATA_PROTECTION_OFFICER)

        with pytest.raises(NotAllowed):
            decided(request_id, hat)

    def test_the_database_refuses_one_person_for_both(self, session, case, officer):
        request_id = asked(case, officer)
        alone = update(Unsealing).where(Unsealing.id == request_id)

        with pytest.raises(IntegrityError):
            session.execute(
                alone.values(granted=True, decided_at=MOMENT, decided_by=officer.account_id)
            )
        session.rollback()

    def test_the_database_refuses_to_open_what_nobody_granted(self, session, case, officer, second):
        request_id = asked(case, officer)
        refused = {"granted": False, "decided_at": MOMENT, "decided_by": second.account_id}
        change = update(Unsealing).where(Unsealing.id == request_id)

        with pytest.raises(IntegrityError):
            session.execute(change.values(opened_at=MOMENT, **refused))
        session.rollback()

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.SAFETY_OFFICER])
    def test_no_other_role_asks(self, session, case, place, role):
        with pytest.raises(NotAllowed):
            unsealing.ask(case.code, WHY, by=Actor(case.id, role, place.id))

    def test_another_department_neither_asks_nor_sees(self, session, case, officer):
        other = make_actor(session, Role.SAFETY_OFFICER, make_department(session))
        request_id = asked(case, officer)

        with pytest.raises(NotFound):
            asked(case, other)
        with pytest.raises(NotFound):
            unsealing.show_request(request_id, by=other)
        assert unsealing.list_requests(by=other) == []

    def test_whoever_reads_the_case_never_learns_whose_it_is(self, session, case, place, officer):
        reviewer = Reviewer(account_id=officer.account_id, department_id=place.id)
        session.add(reviewer)
        session.flush()
        session.add(
            Assignment(
                campaign_id=case.campaign_id,
                case_id=case.id,
                reviewer_id=reviewer.id,
                turn="first",
                state="offered",
                origin="plan",
                due_at=MOMENT,
            )
        )
        session.commit()

        with pytest.raises(NotAllowed, match="given this case to read"):
            asked(case, officer)

    def test_one_request_at_a_time(self, case, officer):
        asked(case, officer)

        with pytest.raises(Conflicting):
            asked(case, officer)

    def test_a_reason_is_needed(self, case, officer):
        with pytest.raises(InvalidInput, match="reason"):
            asked(case, officer, reason="urgent")

    def test_a_case_that_is_not_there_is_not_told_from_anothers(self, case, officer):
        with pytest.raises(NotFound, match="sent no case"):
            unsealing.ask("NOSUCH", WHY, by=officer)

    def test_the_grant_is_not_for_ever(self, at, case, officer, second):
        at(MOMENT)
        request_id = asked(case, officer)
        decided(request_id, second)
        at(MOMENT + timedelta(days=2))

        assert unsealing.show_request(request_id, by=officer).state is UnsealingState.EXPIRED
