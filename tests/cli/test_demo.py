"""The demonstration: an invented network whose audit was really carried out."""

import json

import pytest
from sqlalchemy import func, select

from peeraudit.adapters import queue
from peeraudit.adapters.queue import Outbox
from peeraudit.config import Mode
from peeraudit.domain.accounts import Role
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.strata import StratumField
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.launch.progress import MARK
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.identities import RecognitionRow
from peeraudit.models.intake import Report
from peeraudit.models.network import Department, Reviewer
from peeraudit.models.sampling import DrawExtension, TargetedCase
from peeraudit.models.summaries import Summary
from peeraudit.services import demo, retention


@pytest.fixture
def flask(app, session, monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    return app.test_cli_runner().invoke


def count(session, model, *conditions):
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def check_what_pages_need(session, year, in_vain):
    """What a page shows only where it happened: named cases, an extension, answers, a plan."""
    assert count(session, TargetedCase) > 1
    assert count(session, DrawExtension) == 1
    read = select(Assignment.id).where(Assignment.campaign_id == year.id)
    asked = RecognitionRow.assignment_id.in_(read)
    assert count(session, RecognitionRow, asked) > count(session, Case, Case.campaign_id == year.id)
    assert count(session, RecognitionRow, asked, RecognitionRow.recognition == "guess") > 0
    fine = from_json(year.protocol).sampling.strata
    assert fine == (StratumField.MODALITY, StratumField.URGENCY)
    assert count(session, Plan, Plan.campaign_id == in_vain.id, Plan.state == "draft") == 1


def test_a_whole_audit_is_played_once(app, flask, session):
    answer = flask(args=["demo", "fill", "--reports", "280"])

    assert answer.exit_code == 0, answer.output
    assert count(session, Department) == 5
    assert count(session, Reviewer) == 24
    assert count(session, Report) == 280 + 420
    year, pilot, done, half, in_vain, draft = session.scalars(
        select(Campaign).order_by(Campaign.created_at)
    ).all()
    assert [one.state for one in (year, pilot, done, half, in_vain, draft)] == [
        CampaignState.CLOSED, CampaignState.CLOSED, CampaignState.REPORTED,
        CampaignState.RUNNING, CampaignState.DRAWN, CampaignState.DRAFT,
    ]  # fmt: skip
    check_what_pages_need(session, year, in_vain)
    settled = {CaseState.FINAL, CaseState.EXCLUDED}
    assert count(session, Case, Case.campaign_id == done.id, Case.state.not_in(settled)) == 0
    open_cases = count(session, Case, Case.campaign_id == half.id, Case.state.not_in(settled))
    assert 0 < open_cases < count(session, Case, Case.campaign_id == half.id)
    assert count(session, Summary) == 5 + 5 + 5
    assert count(session, Outbox, Outbox.done_at.is_(None)) == 0

    again = flask(args=["demo", "fill"])
    assert "already" in again.output
    assert count(session, Department) == 5

    people = json.loads((app.config["STORAGE_DIR"].parent / "demo-accounts.json").read_text())
    assert {person["role"] for person in people["accounts"]} == {role.value for role in Role}
    assert len({p["password"] for p in people["accounts"]}) == len(
        {p["email"] for p in people["accounts"]}
    )
    entries = demo.entries()
    assert {entry.role for entry in entries} == set(Role)
    firsts = {person["role"]: person["name"] for person in reversed(people["accounts"])}
    assert {entry.role.value: entry.name for entry in entries} == firsts
    told = [line for line in answer.output.splitlines() if line.startswith(MARK)]
    assert "700 of 700 invented reports are read in" in told[3]
    # The pilot's identities wait for the data protection officer to destroy them.
    assert retention.show_retention(by=None).due_cases > 0
    assert len(told) > 6


def test_a_production_installation_takes_no_invented_data(app, flask, session, monkeypatch):
    monkeypatch.setitem(app.config, "MODE", Mode.PRODUCTION)
    answer = flask(args=["demo", "fill"])

    assert answer.exit_code == 1
    assert "production" in answer.output
    assert count(session, Department) == 0
