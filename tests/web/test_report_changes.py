import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.services import blinding_changes, intake, report_changes
from peeraudit.services.intake import NewUpload
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign
from tests.factories.network import make_actor
from tests.services.test_masking import masked_case

HOME = "/deidentification/changes/"
HEAD = "accession,report_id,patient_last,modality,performed,status,report_text\n"


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def case(session, department):
    campaign = make_campaign(session, [department], state=CampaignState.DRAWN)
    return masked_case(session, campaign, department)


@pytest.fixture
def change(session, case, department):
    report = session.query(Report).filter_by(department_id=department.id).one()
    own = make_actor(session, Role.COORDINATOR, department)
    row = (
        f"{report.accession},R-NEW,DURAND,CT,{report.performed_on},corrected,Foyer de M. DURAND.\n"
    )
    with unit_of_work():
        intake.receive(NewUpload(department.id, "later.csv"), [(HEAD + row).encode()], by=own)
    session.rollback()
    sweep()
    session.expire_all()
    return report_changes.list_changes(by=own)[0]


@pytest.fixture
def coordinator(sign_in, department):
    return sign_in(Role.COORDINATOR, department.id)


def test_the_change_is_shown_where_the_coordinator_works(client, coordinator, case, change):
    assert f"{HOME}" in client.get("/deidentification/").text
    assert str(change.id) in client.get(f"/deidentification/{case.id}").text
    page = client.get(f"{HOME}{change.id}").text
    assert "<ins>" in page
    assert "<del>" in page
    assert "En attente de votre décision" in client.get(HOME).text


def test_keeping_asks_for_a_reason(client, coordinator, change):
    refused = client.post(f"{HOME}{change.id}", data={"choice": "kept", "reason": ""})
    kept = client.post(f"{HOME}{change.id}", data={"choice": "kept", "reason": "same_meaning"})

    assert refused.status_code == 422
    assert kept.status_code == 302
    assert "La version tirée au sort a été gardée" in client.get(f"{HOME}{change.id}").text


def test_a_second_tab_that_says_the_same_is_welcome(client, coordinator, change):
    data = {"choice": "replaced", "reason": ""}

    answers = [client.post(f"{HOME}{change.id}", data=data).status_code for _ in range(2)]
    other = client.post(f"{HOME}{change.id}", data={"choice": "kept", "reason": "same_meaning"})

    assert answers == [302, 302]
    assert other.status_code == 422


def test_a_replaced_version_waits_for_the_check_anew(client, session, coordinator, case, change):
    client.post(f"{HOME}{change.id}", data={"choice": "replaced", "reason": ""})
    session.rollback()
    sweep()
    session.expire_all()

    assert session.get(Case, case.id).state in {CaseState.DEIDENTIFIED, CaseState.QUARANTINED}
    assert "Foyer de" in client.get(f"/deidentification/{case.id}").text
    assert blinding_changes.waiting_for(case.id) is None


def test_another_department_finds_nothing(client, session, sign_in, change):
    sign_in(Role.COORDINATOR, make_department(session).id)

    assert client.get(f"{HOME}{change.id}").status_code == 404
    assert change.case_code not in client.get(HOME).text
