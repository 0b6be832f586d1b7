import json
from html import unescape

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.services import summaries
from tests.factories.audits import Read, make_audit
from tests.factories.network import make_actor
from tests.pdf import fonts_of, text_of
from tests.services.test_summaries import STRATA, publish

THIN = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})


@pytest.fixture
def audit(session):
    audit = make_audit(session, STRATA)
    publish(audit, make_actor(session, Role.NETWORK_LEAD))
    return audit


@pytest.fixture
def mine(session, audit, sign_in):
    """The id of the summary of the department whose quality lead has signed in."""
    sign_in(Role.QUALITY_LEAD, audit.departments[0].id)
    actor = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
    [line] = summaries.list_summaries(by=actor)
    return line.id


class TestListSummaries:
    def test_a_quality_lead_sees_those_of_the_department_alone(self, client, audit, mine):
        page = client.get("/summaries/").text

        code = audit.campaign.code
        assert f"{code}-{audit.departments[0].code}-1" in page
        assert audit.departments[1].code not in page

    def test_the_network_lead_sees_all(self, client, audit, sign_in):
        sign_in(Role.NETWORK_LEAD)

        page = client.get("/summaries/").text

        assert all(place.code in page for place in audit.departments)

    def test_before_the_first_it_says_what_will_be_here(self, client, session, sign_in):
        sign_in(Role.QUALITY_LEAD)

        assert "Aucune synthèse" in client.get("/summaries/").text


class TestShowSummary:
    def test_it_opens_with_three_statements_and_names_the_three_rates(self, client, mine):
        page = client.get(f"/summaries/{mine}").text

        parts = ("Ce qui a été trouvé", "Avec quelle certitude", "Que faire ensuite")
        places = [page.index(label) for label in parts]
        assert places == sorted(places)
        assert max(places) < page.index("Taux de première lecture par modalité")

    def test_another_departments_summary_is_not_found(self, client, session, audit, mine):
        other = make_actor(session, Role.QUALITY_LEAD, audit.departments[1])
        [theirs] = summaries.list_summaries(by=other)

        for ending in ("", ".pdf", ".json"):
            assert client.get(f"/summaries/{theirs.id}{ending}").status_code == 404

    def test_page_paper_and_json_hold_the_same_numbers(self, client, mine):
        page = " ".join(client.get(f"/summaries/{mine}").text.translate(THIN).split())
        paper = text_of(client.get(f"/summaries/{mine}.pdf").data, "-layout")
        kept = json.loads(client.get(f"/summaries/{mine}.json").data)

        rates = [kept["told"]["total"]["first_read"]] + [
            row["first_read"] for row in kept["told"]["modalities"]
        ]
        assert len(rates) == 3
        for rate in rates:
            shown = f"{rate['value'] * 100:.1f}".replace(".", ",") + " %"
            low, high = (f"{end * 100:.1f}".replace(".", ",") for end in rate["ci"])
            for text in (page, paper):
                assert shown in text
                assert f"{low}–{high} %" in text


class TestDownloadPdf:
    def test_it_is_an_accessible_pdf_in_the_language_of_the_page(self, client, mine):
        french = client.get(f"/summaries/{mine}.pdf")

        assert french.mimetype == "application/pdf"
        assert b"pdfuaid" in french.data
        assert b"/Lang (fr)" in french.data or b"/Lang(fr)" in french.data
        assert "Ce qui a été trouvé" in text_of(french.data, "-layout")

    def test_printing_again_changes_no_byte(self, client, mine):
        first, again = (client.get(f"/summaries/{mine}.pdf").data for _ in range(2))

        assert first == again

    def test_no_font_of_the_machine_is_needed(self, client, mine):
        lines = fonts_of(client.get(f"/summaries/{mine}.pdf").data)

        assert lines
        # Columns "emb" and "sub" of pdffonts.
        assert all(line.split()[-5] == "yes" for line in lines)


class TestAmongOthers:
    @pytest.fixture
    def many(self, session):
        sizes = [(60, 5), (90, 6), (140, 9), (100, 6), (150, 45), (110, 5)]
        strata = [{"CT": (5 * n, [Read(n - x), Read(x, "2b", "2b", "2b")])} for n, x in sizes]
        audit = make_audit(session, strata)
        publish(audit, make_actor(session, Role.NETWORK_LEAD))
        return audit

    @pytest.fixture
    def page(self, session, client, sign_in, many):
        def read(place):
            department = many.departments[place]
            sign_in(Role.QUALITY_LEAD, department.id)
            actor = make_actor(session, Role.QUALITY_LEAD, department)
            [line] = summaries.list_summaries(by=actor)
            return unescape(client.get(f"/summaries/{line.id}").text).translate(THIN)

        return read

    def test_one_that_stands_out_is_told_so_and_no_other_is_named(self, many, page):
        text = page(4)

        assert "(30,0 %) dépasse ce que le seul hasard" in text
        assert text.count('class="other"') == 5
        assert not [d for d in many.departments if d is not many.departments[4] and d.name in text]

    def test_one_within_chance_is_told_so(self, page):
        assert "reste dans ce que le seul hasard" in page(1)

    def test_the_lead_reads_all_of_them_by_name(self, client, sign_in, many):
        sign_in(Role.NETWORK_LEAD)

        text = client.get(f"/campaigns/{many.campaign.id}/statistics").text

        text = unescape(text)
        assert "1 sur 6 services" in text.translate(THIN)
        assert text.count('class="other"') == 5
        assert all(place.name in text for place in many.departments)

    def test_fewer_than_five_are_not_compared(self, client, mine):
        assert "à partir de cinq" in client.get(f"/summaries/{mine}").text


class TestOverTime:
    @pytest.fixture
    def yearly(self, session, sign_in):
        months = [f"2026-{month:02d}" for month in range(1, 13)]
        reads = [Read(140), Read(17, "2a"), Read(138), Read(17, "2b", "2b", "2b")]
        audit = make_audit(session, [{"CT": (900, reads)}], months=months, authors=5)
        publish(audit, make_actor(session, Role.NETWORK_LEAD))
        sign_in(Role.QUALITY_LEAD, audit.departments[0].id)
        actor = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
        [line] = summaries.list_summaries(by=actor)
        return line.id

    def test_the_department_sees_its_months_and_the_same_in_figures(self, client, yearly):
        page = unescape(client.get(f"/summaries/{yearly}").text)

        assert 'id="over-time"' in page
        assert "janv. 2026" in page
        assert page.count('data-label="Limites du hasard"') == 12

    def test_paper_has_it_too(self, client, yearly):
        text = text_of(client.get(f"/summaries/{yearly}.pdf").data).translate(THIN)

        assert "Au fil du temps" in text
        assert "déc. 2026" in text or "nov. 2026" in text

    def test_others_do_not(self, client, yearly, sign_in):
        sign_in(Role.NETWORK_LEAD)

        assert 'id="over-time"' not in client.get(f"/summaries/{yearly}").text

    def test_without_a_chart_the_reason_stands_there(self, client, mine):
        page = unescape(client.get(f"/summaries/{mine}").text)

        assert "Aucun graphique au fil du temps n’est montré" in page
