"""What the database itself refuses once an identity was destroyed."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters import clock
from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity, ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.models.summaries import SnapshotReviews
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.network import make_actor
from tests.factories.retention import make_ended

EMPTY = {
    "report_key": "", "content_hash": "", "exam": "", "region": "", "signed_at": None,
    "has_text": False,
}  # fmt: skip


@pytest.fixture
def case(session):
    place = make_department(session)
    return make_case(
        session, make_campaign(session, [place]), make_report(session, place), masked_text="x"
    )


@pytest.fixture
def report(session):
    return make_report(session, make_department(session))


def row_of(session, table):
    row = session.scalars(select(table)).one()
    return {column.name: getattr(row, column.name) for column in table.__table__.columns}


def purge_case(session, case):
    session.execute(delete(Identity))
    values = {"state": CaseState.PURGED, "masked_text": "", "exam": "", "shown_date": ""}
    session.execute(update(Case).where(Case.id == case.id).values(values))


def purge_report(session):
    session.execute(delete(ReportIdentity))
    session.execute(update(Report).values(purged_at=clock.now(), **EMPTY))


def test_a_case_is_not_purged_while_it_has_an_identity(session, case):
    case.masked_text = case.exam = ""
    session.flush()

    with pytest.raises(DatabaseError, match="a purged case has no identity"):
        session.execute(update(Case).values(state=CaseState.PURGED))


def test_a_purged_case_gets_no_identity_and_stays_purged(session, case):
    link = row_of(session, Identity)
    purge_case(session, case)

    with (
        pytest.raises(DatabaseError, match="a purged case gets no identity"),
        session.begin_nested(),
    ):
        session.add(Identity(**link))
    with pytest.raises(DatabaseError, match="stays purged"):
        session.execute(update(Case).values(state=CaseState.CLOSED))


@pytest.mark.parametrize("values", [{"masked_text": "x"}, {"exam": "x"}, {"spans": "[1]"}])
def test_a_purged_case_holds_no_text(session, case, values):
    purge_case(session, case)

    with pytest.raises(DatabaseError, match="purged_holds_nothing"):
        session.execute(update(Case).values(values))


def test_a_report_is_not_purged_while_it_has_an_identity(session, report):
    with pytest.raises(DatabaseError, match="a purged report has no identity"):
        session.execute(update(Report).values(purged_at=clock.now(), **EMPTY))


def test_a_purged_report_gets_no_identity_and_stays_purged(session, report):
    identity = row_of(session, ReportIdentity)
    purge_report(session)

    with (
        pytest.raises(DatabaseError, match="a purged report gets no identity"),
        session.begin_nested(),
    ):
        session.add(ReportIdentity(**identity))
    with pytest.raises(DatabaseError, match="stays purged"):
        session.execute(update(Report).values(purged_at=None))


@pytest.mark.parametrize("values", [{"has_text": True}, {"exam": "x"}, {"content_hash": "x"}])
def test_a_purged_report_holds_nothing(session, report, values):
    purge_report(session)

    with pytest.raises(DatabaseError, match="purged_holds_nothing"):
        session.execute(update(Report).values(values))


def test_a_campaign_is_closed_at_a_moment(session):
    campaign = make_campaign(session, state=CampaignState.REPORTED)

    with pytest.raises(DatabaseError, match="closed_when"):
        session.execute(
            update(Campaign).where(Campaign.id == campaign.id).values(state=CampaignState.CLOSED)
        )


@pytest.mark.parametrize(
    "statement", [update(SnapshotReviews).values(reviews=""), delete(SnapshotReviews)]
)
def test_the_readings_of_a_final_snapshot_never_change(session, monkeypatch, statement):
    monkeypatch.setattr("peeraudit.adapters.queue.wake", lambda task, duty_id: None)
    make_ended(session, make_actor(session, Role.NETWORK_LEAD), departments=1)

    with pytest.raises(DatabaseError, match="never change"):
        session.execute(statement)
