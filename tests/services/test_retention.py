"""What is destroyed when its time is over, what stays to the byte, and what is held back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Conflicting, InvalidInput, NotAllowed
from peeraudit.domain.jobs import JobState
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.domain.recognition import Recognition
from peeraudit.domain.retention import Hold
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import (
    Identity,
    RecognitionRow,
    ReportIdentity,
    SeenIdentifier,
)
from peeraudit.models.intake import Report
from peeraudit.models.messages import Message
from peeraudit.models.sampling import Frame
from peeraudit.models.scoring import Review
from peeraudit.models.summaries import Snapshot, Summary
from peeraudit.models.trail import TrailEntry
from peeraudit.services import (
    blinding,
    blinding_keys,
    blinding_recognition,
    blinding_seen,
    blinding_unsealing,
    boards,
    duties,
    feedback,
    jobs,
    retention,
    statistics,
    statistics_export,
)
from peeraudit.services import blinding_records as records
from tests.factories.accounts import make_account, make_department
from tests.factories.audits import Read
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.network import make_actor
from tests.factories.retention import later, make_ended, purge, states


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def officer(session):
    return make_actor(session, Role.DATA_PROTECTION_OFFICER)


@pytest.fixture
def ended(session, lead):
    return make_ended(session, lead)


def rows(session, table):
    return session.scalar(select(func.count()).select_from(table))


def everything_told(session, campaign, lead):
    """Return all numbers that anybody can read of a campaign."""
    with unit_of_work():
        exported = statistics_export.export_snapshot(campaign.code)
    verdicts = statistics.verify_snapshots(campaign.code)
    board = boards.show_board(campaign.id, by=lead)
    return (
        exported,
        session.execute(select(Snapshot.data, Snapshot.results, Snapshot.data_sha256)).all(),
        session.execute(select(Summary.number, Summary.content)).all(),
        verdicts,
        [verdict.holds for verdict in verdicts],
        statistics.show_snapshot(campaign.id, 1, by=lead),
        (board.cases, board.steps, board.departments),
        blinding_recognition.count_campaign(campaign.id),
    )


class TestPurge:
    def test_nothing_that_identifies_anybody_is_left(self, session, ended):
        numbers = [report.accession for report in ended.reports]

        with later():
            job = purge()

        assert job.state is JobState.SUCCEEDED, job.error
        assert job.result == {"cases": 34, "reports": 34}
        assert states(session, ended.campaign) == {CaseState.PURGED}
        assert rows(session, Identity) == rows(session, ReportIdentity) == 0
        assert not set(numbers) & set(session.scalars(select(Report.accession)))
        kept = session.scalars(select(Report)).all()
        assert {(r.report_key, r.content_hash, r.exam, r.has_text) for r in kept} == {
            ("", "", "", False)
        }
        cases = session.scalars(select(Case)).all()
        assert {(c.masked_text, c.exam, c.shown_date) for c in cases} == {("", "", "")}
        assert session.scalars(select(Frame.pseudonym_key)).all() == [""]

    def test_every_number_is_the_same_before_and_after(self, session, ended, lead):
        before = everything_told(session, ended.campaign, lead)
        counted = rows(session, Review), rows(session, Outcome)

        with later():
            purge()

        assert everything_told(session, ended.campaign, lead) == before
        assert all(before[4])
        assert (rows(session, Review), rows(session, Outcome)) == counted

    def test_guesses_are_destroyed_and_stay_counted(self, session, ended, lead):
        assignments = session.scalars(select(Assignment).order_by(Assignment.id)).all()
        places = [place.id for place in ended.audit.departments]
        for number, assignment in enumerate(assignments[:6]):
            row = RecognitionRow(
                assignment_id=assignment.id,
                recognition=Recognition.GUESS,
                about="department",
                answered_at=clock.now(),
            )
            blinding_recognition.seal_guess(row, places[number % 2], "Dr Auteur 1")
            session.add(row)
        blinding_seen.keep_words(ended.audit.cases[0].id, assignments[0].id, "Mme Lenoir")
        session.commit()
        before = blinding_recognition.count_campaign(ended.campaign.id)

        with later():
            purge()

        assert sum(arm.right + arm.wrong for arm in before.arms) == 6
        assert blinding_recognition.count_campaign(ended.campaign.id) == before
        assert set(session.scalars(select(RecognitionRow.sealed_guess))) == {None}
        assert rows(session, SeenIdentifier) == 0

    def test_an_excluded_case_ends_too_and_still_counts_as_excluded(self, session, lead):
        reads = [Read(6), Read(2, state=CaseState.EXCLUDED)]
        made = make_ended(session, lead, reads=reads, departments=1)
        session.execute(
            update(Case)
            .where(Case.state == CaseState.EXCLUDED)
            .values(excluded_reason="out_of_scope")
        )
        session.commit()
        before = boards.show_board(made.campaign.id, by=lead).steps

        with later():
            purge()

        assert states(session, made.campaign) == {CaseState.PURGED}
        assert boards.show_board(made.campaign.id, by=lead).steps == before
        assert all(verdict.holds for verdict in statistics.verify_snapshots(made.campaign.code))

    def test_what_the_freeze_left_out_ends_too(self, session, lead):
        reads = [Read(6), Read(1, "2b", outcome=None, state=CaseState.SECOND_REVIEW)]
        made = make_ended(session, lead, reads=reads, departments=1)

        with later():
            purge()

        assert states(session, made.campaign) == {CaseState.PURGED}
        assert all(verdict.holds for verdict in statistics.verify_snapshots(made.campaign.code))

    def test_twice_is_once(self, session, ended):
        with later():
            purge()
            entries = rows(session, TrailEntry)

            with pytest.raises(InvalidInput, match="Nothing is due"):
                purge()

        assert rows(session, TrailEntry) == entries

    def test_a_killed_run_goes_on_and_counts_everything_once(self, session, ended, monkeypatch):
        monkeypatch.setattr(retention, "CASES_PER_BITE", 5)
        with later():
            with unit_of_work():
                job_id = retention.order_purge(by=None)
            with unit_of_work():
                jobs.begin(job_id)
            steps = retention.purge_identities(job_id)
            for _ in range(2):
                with unit_of_work():
                    next(steps)
            steps.close()
            assert rows(session, Identity) == 24

            duties.run_job(job_id, retention.purge_identities)

        assert jobs.view(job_id).result == {"cases": 34, "reports": 34}
        assert rows(session, Identity) == 0

    def test_a_second_run_waits_for_the_first(self, ended):
        with later():
            with unit_of_work():
                retention.order_purge(by=None)

            with pytest.raises(Conflicting), unit_of_work():
                retention.order_purge(by=None)

    def test_the_trail_tells_it_in_numbers(self, session, ended, officer):
        with later():
            purge(officer)

        acts = session.scalars(
            select(TrailEntry)
            .where(TrailEntry.act.in_(("order_purge", "purge_reports")))
            .order_by(TrailEntry.id)
        ).all()
        assert [(e.act, e.actor_id, e.details) for e in acts] == [
            ("order_purge", officer.account_id, '{"cases": 34, "reports": 0}'),
            ("purge_reports", None, '{"count": 34}'),
        ]
        moved = session.scalars(select(TrailEntry.details).where(TrailEntry.act == "purge_case"))
        assert set(moved) == {'{"from": "closed", "to": "purged"}'}

    def test_only_the_officer_orders_it(self, ended, lead):
        with later(), pytest.raises(NotAllowed), unit_of_work():
            retention.order_purge(by=lead)

    def test_the_clock_orders_it_and_tells_the_departments_ahead(self, session, ended):
        coordinator = make_actor(session, Role.COORDINATOR, ended.audit.departments[0])
        with later(timedelta(days=175)):
            for _ in range(2):
                with unit_of_work():
                    retention.run_retention()
        told = session.scalars(select(Message).where(Message.kind == "identities_to_end")).all()
        assert [message.account_id for message in told] == [coordinator.account_id]
        assert states(session, ended.campaign) == {CaseState.CLOSED}

        with later():
            with unit_of_work():
                retention.run_retention()
            assert retention.latest_purge().total == 68

    def test_keys_are_rotated_afterwards_as_before(self, app, session, lead, monkeypatch):
        old, new = b"\7" * KEY_BYTES, b"\10" * KEY_BYTES
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old}))
        made = make_ended(session, lead, departments=1)
        before = everything_told(session, made.campaign, lead)
        with later():
            purge()
            monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old, 2: new}))
            with unit_of_work():
                job_id = blinding_keys.order_rotation()
            duties.run_job(job_id, blinding_keys.rotate_keys)

        assert jobs.view(job_id).state is JobState.SUCCEEDED
        blinding_keys.check_unused(1)
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({2: new}))
        assert everything_told(session, made.campaign, lead) == before


class TestHolds:
    def hold(self, officer):
        found = retention.show_retention(by=officer).campaigns[0]
        return dict(found.holds), found.due

    def test_before_the_end_nothing_is_due(self, session, ended, officer):
        with later(timedelta(days=180)):
            [found] = retention.show_retention(by=officer).campaigns

        assert (found.kept, found.due, found.purged) == (34, 0, 0)
        assert found.ends_at is not None

    def test_a_campaign_that_is_not_closed_has_no_end(self, session, officer):
        place = make_department(session)
        make_case(session, make_campaign(session, [place]), make_report(session, place))

        with later(timedelta(days=5000)):
            [found] = retention.show_retention(by=officer).campaigns

        assert (found.ends_at, found.due) == (None, 0)

    def test_a_case_marked_as_urgent_waits_and_the_others_do_not(self, session, lead, officer):
        made = make_ended(session, lead, reads=[Read(3)], departments=1)
        first = made.audit.cases[0]
        review = session.scalars(select(Review).where(Review.case_id == first.id)).one()
        values = {c.name: getattr(review, c.name) for c in Review.__table__.columns}
        values |= {"id": first.id, "version": 2, "reason": "seen late", "urgent": True}
        session.add(Review(**values | {"submitted_at": clock.now()}))
        session.commit()

        with later():
            assert self.hold(officer) == ({Hold.ALERT: 1}, 2)
            purge()

        assert states(session, made.campaign) == {CaseState.CLOSED, CaseState.PURGED}
        assert list(session.scalars(select(Identity.case_id))) == [first.id]
        with later(timedelta(days=400)):
            purge()
        assert rows(session, Identity) == 0

    def test_a_case_whose_identity_is_asked_for_waits(self, session, ended, officer):
        place = ended.audit.departments[0]
        asking = make_actor(session, Role.SAFETY_OFFICER, place)
        with later():
            with unit_of_work():
                blinding_unsealing.ask(ended.audit.cases[0].code, "patient not called", by=asking)

            assert self.hold(officer) == ({Hold.UNSEALING: 1}, 33)

    def test_a_case_whose_author_may_still_reply_waits(self, session, ended, officer):
        case = ended.audit.cases[0]
        session.execute(update(Outcome).where(Outcome.case_id == case.id).values(final_at=None))
        session.commit()

        with later():
            assert self.hold(officer) == ({Hold.OUTCOME: 1}, 33)


class TestReports:
    def wait(self, session, *reports):
        for report in reports:
            report.received_at = clock.now()
        session.commit()

    def test_one_that_nobody_drew_ends_a_year_after_it_came(self, session, officer):
        place = make_department(session)
        self.wait(session, make_report(session, place), make_report(session, place))
        with later(timedelta(days=360)):
            assert retention.show_retention(by=officer).reports.due == 0

        with later(timedelta(days=370)):
            found = retention.show_retention(by=officer).reports
            assert (found.kept, found.due, found.held) == (2, 2, 0)
            job = purge()

        assert job.result == {"cases": 0, "reports": 2}
        assert rows(session, ReportIdentity) == 0

    def test_one_that_a_campaign_may_still_draw_waits_for_it(self, session, officer):
        place = make_department(session)
        self.wait(session, make_report(session, place))
        make_campaign(session, [place], state=CampaignState.LOCKED)

        with later(timedelta(days=370)):
            found = retention.show_retention(by=officer).reports

        assert (found.kept, found.due, found.held) == (1, 0, 1)

    def test_all_versions_of_an_examination_end_together(self, session, officer):
        place = make_department(session)
        old, new = make_report(session, place), make_report(session, place)
        self.wait(session, old, new)
        old.is_current = False
        session.flush()
        new.accession, new.version = old.accession, 2
        old.received_at = clock.now() - timedelta(days=100)
        session.commit()

        with later(timedelta(days=300)):
            assert retention.show_retention(by=officer).reports.due == 0
        with later(timedelta(days=370)):
            assert purge().result == {"cases": 0, "reports": 2}

    def test_one_behind_a_case_lives_as_long_as_the_case(self, session, officer):
        place = make_department(session)
        report = make_report(session, place)
        self.wait(session, report)
        make_case(session, make_campaign(session, [place]), report)

        with later(timedelta(days=5000)):
            found = retention.show_retention(by=officer).reports

        assert (found.kept, found.due) == (0, 0)

    def test_one_drawn_in_two_campaigns_lives_as_long_as_the_later(self, session, ended):
        shared = ended.reports[0]
        running = make_campaign(session, [ended.audit.departments[0]])
        case = make_case(session, running, shared)

        with later():
            purge()

        assert list(session.scalars(select(Identity.case_id))) == [case.id]
        assert list(session.scalars(select(ReportIdentity.report_id))) == [shared.id]
        assert blinding.department_of(case.id) == shared.department_id


class TestPeople:
    def test_the_author_no_longer_finds_the_feedback(self, session, ended, password_hash):
        place = ended.audit.departments[0]
        author = records.find_author(place.id, "A0")
        account = make_account(session, password_hash, Role.AUTHOR, place.id)
        author.account_id = account.id
        session.commit()
        actor = Actor(account.id, Role.AUTHOR, place.id)
        lines = feedback.list_outcomes(by=actor).others
        assert lines
        session.add(
            Message(
                account_id=account.id, kind="outcome_final", effect_key="x",
                path=f"/feedback/{lines[0].id}", created_at=clock.now(),
            )
        )  # fmt: skip
        session.commit()

        with later():
            purge()

        assert feedback.list_outcomes(by=actor).others == ()
        assert session.scalars(select(Message).where(Message.path.like("/feedback/%"))).all() == []
        assert records.names_of_authors([author.id])

    def test_no_purged_case_gets_an_identity_again(self, session, ended):
        with later():
            purge()
        place = ended.audit.departments[0]
        fresh = make_report(session, place)

        blinding.seal_identity(ended.audit.cases[0].id, fresh.id)

        with pytest.raises(DatabaseError, match="a purged case gets no identity"):
            session.flush()
