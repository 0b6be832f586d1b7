from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.domain.snapshot_files import recompute
from peeraudit.domain.told_files import recompute_told
from peeraudit.services import summaries
from tests.factories.audits import make_audit
from tests.factories.network import make_actor
from tests.services.test_snapshot_exports import PURPOSE, STRATA
from tests.services.test_summaries import publish


@pytest.fixture
def audit(session):
    audit = make_audit(session, STRATA)
    publish(audit, make_actor(session, Role.NETWORK_LEAD))
    return audit


def url(audit, what=""):
    return f"/campaigns/{audit.campaign.id}/export{what}"


def files_of(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class TestShowExport:
    def test_a_quality_lead_is_offered_the_own_numbers_and_no_reviews(self, client, audit, sign_in):
        sign_in(Role.QUALITY_LEAD, audit.departments[0].id)

        page = unescape(client.get(url(audit)).text)

        assert "Télécharger les chiffres" in page
        assert "Télécharger les relectures" not in page
        assert "À partir de" not in page
        assert "10 comptes rendus de 3 auteurs" in page.replace("\N{NO-BREAK SPACE}", " ")

    def test_a_network_lead_is_offered_the_reviews_with_a_warning(self, client, audit, sign_in):
        sign_in(Role.NETWORK_LEAD)

        page = unescape(client.get(url(audit)).text)

        assert "Télécharger les relectures" in page
        assert "Aucun petit effectif n’est masqué" in page

    def test_before_the_numbers_are_published_it_says_so(self, client, session, sign_in):
        audit = make_audit(session, STRATA)
        sign_in(Role.EXTERNAL_AUDITOR)

        page = unescape(client.get(url(audit)).text)

        assert "Rien à emporter pour l’instant" in page

    def test_summary_and_campaign_lead_there(self, client, session, audit, sign_in):
        sign_in(Role.QUALITY_LEAD, audit.departments[0].id)
        actor = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
        [line] = summaries.list_summaries(by=actor)

        for page in (f"/summaries/{line.id}", f"/campaigns/{audit.campaign.id}"):
            assert f'href="{url(audit)}"' in client.get(page).text


class TestDownloads:
    def test_the_numbers_come_with_all_that_computing_them_again_needs(
        self, client, audit, sign_in
    ):
        sign_in(Role.QUALITY_LEAD, audit.departments[0].id)

        files = files_of(client.post(url(audit, "/numbers")))

        assert set(files) == {"numbers.csv", "told.json", "result.json", "README.txt"}
        again = recompute_told(files["numbers.csv"], files["told.json"])
        assert again.result == files["result.json"]
        assert "statistics compute numbers.csv --protocol told.json" in files["README.txt"]

    def test_the_reviews_come_once_it_is_said_what_for(self, client, audit, sign_in):
        sign_in(Role.NETWORK_LEAD)

        files = files_of(client.post(url(audit, "/reviews"), data={"purpose": PURPOSE}))

        again = recompute(files["reviews.csv"], files["protocol.json"])
        assert again.results == files["result.json"]

    @pytest.mark.parametrize("purpose", ["", "bref"])
    def test_a_purpose_that_is_none_is_refused_beside_its_field(
        self, client, audit, sign_in, purpose
    ):
        sign_in(Role.NETWORK_LEAD)

        answer = client.post(url(audit, "/reviews"), data={"purpose": purpose})

        assert answer.status_code == 422
        assert 'id="purpose-error"' in answer.text
        assert f'value="{purpose}"' in answer.text
