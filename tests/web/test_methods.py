from html import unescape

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.domain.methods.catalogue import METHODS
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.methods.glossary import TERMS
from peeraudit.domain.statistics.own_rules import OWN_RULES

PAGES = ("/methods/", "/methods/glossary", "/methods/codes")


def text_of(client, path, language="fr"):
    client.post("/accounts/preferences", data={"language": language, "next": "/"})
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_them(client, sign_in, role):
    sign_in(role)

    assert [client.get(path).status_code for path in PAGES] == [200, 200, 200]


class TestMethods:
    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_each_method_and_rule_has_its_address(self, client, sign_in, language):
        sign_in(Role.QUALITY_LEAD)

        page = text_of(client, "/methods/", language)

        for anchor in (*METHODS, *OWN_RULES):
            assert page.count(f'id="{anchor}"') == 1
        for one in METHODS.values():
            assert (one.question in page) == (language == "en")

    def test_nothing_is_left_in_the_other_language(self, client, sign_in):
        sign_in(Role.REVIEWER)

        page = text_of(client, "/methods/")

        assert "Il faut\N{NO-BREAK SPACE}: au moins" in page
        assert "Needed" not in page

    def test_a_source_leads_to_its_doi(self, client, sign_in):
        sign_in(Role.REVIEWER)

        page = text_of(client, "/methods/")

        assert 'href="https://doi.org/10.1093/jssam/smy019"' in page

    def test_the_filter_works_without_scripts_or_accents(self, client, sign_in):
        sign_in(Role.QUALITY_LEAD)

        page = text_of(client, "/methods/?q=severite reglement")
        found = text_of(client, "/methods/?q=SEVERITE")

        assert 'id="S4.03"' in found
        assert 'id="S7.01"' not in found
        assert "Aucune méthode ne contient ces mots" in page

    def test_what_is_looked_for_stays_in_the_field_and_does_no_harm(self, client, sign_in):
        sign_in(Role.QUALITY_LEAD)

        page = client.get('/methods/?q="><script>x').text

        assert "<script>x" not in page
        assert "&#34;&gt;&lt;script&gt;x" in page


class TestGlossary:
    def test_entries_stand_in_the_order_of_the_language(self, client, sign_in):
        sign_in(Role.AUTHOR)

        page = text_of(client, "/methods/glossary")
        places = [page.index(f'id="{key}"') for key in ("agreement", "frame", "effective-size")]

        assert all(f'id="{term.key}"' in page for term in TERMS)
        assert places == sorted(places)


class TestCodes:
    def test_each_code_has_its_address(self, client, sign_in):
        sign_in(Role.NETWORK_LEAD)

        page = text_of(client, "/methods/codes")

        assert all(f'id="{code}"' in page for code in CODES)

    def test_a_code_is_found_by_its_name(self, client, sign_in):
        sign_in(Role.NETWORK_LEAD)

        page = text_of(client, "/methods/codes?q=strata_collapsed")

        assert 'id="STRATA_COLLAPSED"' in page
        assert 'id="CENSUS"' not in page
