import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import RevealReason
from peeraudit.domain.blinding.day_shift import SHIFTS
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.domain.protocol import BlindingMode, DateBlinding, Protocol, Scope, TextDates
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.cases import Case
from peeraudit.models.identities import ShiftKey
from peeraudit.services import (
    blinding_days,
    blinding_keys,
    checking,
    duties,
    masking,
    teaching,
)
from peeraudit.services.masking import Correction
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.masking import mask_all

FIRST = date(2026, 10, 1)
SHIFTED = BlindingMode(dates=DateBlinding.HIDDEN, text_dates=TextDates.SHIFTED)
RULES = Protocol(
    title="Dates",
    scope=Scope(("CT",), FIRST, FIRST + timedelta(days=30)),
    blinding=SHIFTED,
)
TEXT = "Comparé au scanner du 12/05/2023 et à l'IRM du 20/06/2023. Né le 03/02/1951. Foie normal."
ZOE = Patient(("IPP-4711",), (Person("", "Bellecombe", "Zoé"),), birth_date=date(1951, 2, 3))


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def by(session, password_hash, department):
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


def campaign_of(session, departments, protocol=RULES):
    return make_campaign(session, departments, state=CampaignState.DRAWN, protocol=protocol)


def drawn(session, campaign, department, patient=ZOE, text=TEXT):
    return make_case(
        session, campaign, make_report(session, department, text=text, patient=patient)
    ).id


def days_of(session, case_id):
    """Return the days that a reader sees, as days since the true first one."""
    text = session.get_one(Case, case_id).masked_text
    found = re.findall(r"⟦date=(\d\d)/(\d\d)/(\d{4})⟧", text)
    return [(date(int(y), int(m), int(d)) - date(2023, 5, 12)).days for d, m, y in found]


def test_reports_of_a_patient_move_alike_in_a_campaign_and_otherwise_in_another(
    session, department
):
    campaigns = [campaign_of(session, [department]) for _ in range(4)]
    cases = [[drawn(session, one, department) for _ in range(2)] for one in campaigns]
    for campaign in campaigns:
        mask_all(session, campaign)

    moved = [[days_of(session, case_id) for case_id in pair] for pair in cases]

    assert all(one == other for one, other in moved)
    assert all(days[1] - days[0] == 39 for pair in moved for days in pair)
    assert len({pair[0][0] for pair in moved}) > 1
    assert all(pair[0][0] in SHIFTS for pair in moved)


def test_another_patient_and_another_department_move_otherwise(session, department):
    other = make_department(session)
    campaign = campaign_of(session, [department, other])
    patients = [Patient((f"P-{number}",)) for number in range(30)]
    cases = [drawn(session, campaign, department, one) for one in patients]
    elsewhere = [drawn(session, campaign, other, one) for one in patients]

    shifts = blinding_days.shifts_of_cases([*cases, *elsewhere])

    # Of 60 shifts drawn from 658, more than a dozen alike would be no chance.
    assert len({one.days for one in shifts.values()}) > 48
    assert [shifts[c].days for c in cases] != [shifts[c].days for c in elsewhere]
    assert session.scalar(select(func.count()).select_from(ShiftKey)) == 1


def test_births_stay_masked_and_no_true_day_is_left(session, department):
    campaign = campaign_of(session, [department])
    case_id = drawn(session, campaign, department)
    mask_all(session, campaign)

    case = session.get_one(Case, case_id)
    assert case.state is CaseState.DEIDENTIFIED
    assert "Né le ⟦date⟧." in case.masked_text
    assert not re.search(r"12/05/2023|20/06/2023|1951", case.masked_text)


def test_masked_dates_stay_what_they_were(session, department):
    campaign = campaign_of(
        session, [department], Protocol(title="x", scope=RULES.scope, blinding=BlindingMode())
    )
    case_id = drawn(session, campaign, department)
    mask_all(session, campaign)

    assert "⟦date=" not in session.get_one(Case, case_id).masked_text
    assert session.get(ShiftKey, campaign.id) is None


def test_the_coordinator_sees_both_days_and_corrects_them(session, department, by):
    campaign = campaign_of(session, [department])
    case_id = drawn(session, campaign, department)
    mask_all(session, campaign)
    seen = checking.show_case(case_id, by=by)
    moved = next(mask for mask in seen.masks if mask.words == "12/05/2023")
    assert ("shifted", moved.shown) in seen.masked
    assert any(p.words == "12/05/2023" and p.shown == moved.shown for p in seen.original)

    with unit_of_work():
        masking.correct_masks(case_id, Correction(hide="12/05/2023", kind="date"), by=by)
    hidden = checking.show_case(case_id, by=by)
    with unit_of_work():
        change = Correction(show_from=moved.start, reason=RevealReason.MEASURE)
        masking.correct_masks(case_id, change, by=by)
    open_again = checking.show_case(case_id, by=by)

    assert "".join(w for _, w in hidden.masked).startswith("Comparé au scanner du ⟦date⟧ et")
    assert len([1 for kind, _ in hidden.masked if kind == "shifted"]) == 1
    assert "12/05/2023" in "".join(w for _, w in open_again.masked)
    assert len([1 for kind, _ in open_again.masked if kind == "shifted"]) == 1


def test_taught_words_leave_moved_days_as_they_are(session, department, by):
    campaign = campaign_of(session, [department])
    case_id = drawn(session, campaign, department)
    mask_all(session, campaign)
    before = days_of(session, case_id)

    with unit_of_work():
        teaching.teach("foie", "other", by=by)
    sweep()
    session.expire_all()

    assert "⟦other⟧ normal" in session.get_one(Case, case_id).masked_text
    assert days_of(session, case_id) == before


def test_a_change_of_keys_moves_no_day(session, app, monkeypatch, department):
    old, new = b"\7" * KEY_BYTES, b"\10" * KEY_BYTES
    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old}))
    campaign = campaign_of(session, [department])
    case_id = drawn(session, campaign, department)
    before = blinding_days.shifts_of_cases([case_id])
    session.commit()
    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old, 2: new}))
    with unit_of_work():
        job_id = blinding_keys.order_rotation()
    duties.run_job(job_id, blinding_keys.rotate_keys)

    monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({2: new}))

    session.expire_all()
    assert blinding_days.shifts_of_cases([case_id]) == before
    assert blinding_keys.count_uses()[2]["shift"] == 1
