from html import unescape

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.models.cases import Case
from peeraudit.models.messages import Message
from peeraudit.services import blinding, scoring
from tests.factories.accounts import make_account, make_department
from tests.factories.scoring import make_reading, make_reviewer

URGENT = ScoreSheet("3b", "missed_finding", "Pneumothorax compressif non décrit.", urgent=True)
PLAIN = ScoreSheet("3b", "missed_finding", "Un nodule de 9 mm n'est pas décrit.")


def score(session, password_hash, sheet):
    """Let a reviewer hand a sheet in; return the case."""
    reviewer, actor = make_reviewer(session, password_hash)
    reading = make_reading(session, reviewer)
    with unit_of_work():
        scoring.submit_review(reading.id, sheet, by=actor)
    return session.get_one(Case, reading.case_id)


def test_an_urgent_case_is_listed_by_its_code_alone(client, session, password_hash, sign_in):
    urgent = score(session, password_hash, URGENT)
    other = score(session, password_hash, PLAIN)
    sign_in(Role.SAFETY_OFFICER, blinding.department_of(urgent.id))

    page = unescape(client.get("/alerts/").text)

    assert urgent.code in page
    assert other.code not in page
    assert 'data-label="État"' in page
    for hidden in ("3b", "LENOIR", "DURAND", "Pneumothorax", "@"):
        assert hidden not in page.split("<main")[1].split("</main")[0]


def test_the_officer_of_another_department_sees_none(client, session, password_hash, sign_in):
    urgent = score(session, password_hash, URGENT)
    sign_in(Role.SAFETY_OFFICER, make_department(session).id)

    page = unescape(client.get("/alerts/").text)

    assert urgent.code not in page
    assert "Aucun cas urgent" in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REVIEWER, Role.NETWORK_LEAD])
def test_nobody_else_may_look(client, session, sign_in, role):
    sign_in(role)

    assert client.get("/alerts/").status_code == 403


def test_the_notice_says_what_to_do_and_leads_to_the_list(session, password_hash):
    reviewer, actor = make_reviewer(session, password_hash)
    reading = make_reading(session, reviewer)
    place = blinding.department_of(reading.case_id)
    officer = make_account(session, password_hash, Role.SAFETY_OFFICER, place)

    with unit_of_work():
        scoring.submit_review(reading.id, URGENT, by=actor)

    told = session.scalars(select(Message).where(Message.account_id == officer.id)).one()
    assert (told.kind, told.path) == (NoticeKind.CASE_URGENT_TO_OFFICER.value, "/alerts/")
