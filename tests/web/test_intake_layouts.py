import re
from io import BytesIO

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.tasks.upkeep import sweep
from tests.services.test_intake_layouts import ODD
from tests.services.test_intake_workbooks import workbook

CHOICES = {
    "width": "3",
    "column-0": "accession",
    "column-1": "observed",
    "column-2": "report_text",
    "order-observed": "day_first",
    "header_row": "1",
    "delimiter": ";",
    "encoding": "utf-8",
}


@pytest.fixture
def waiting(client, sign_in):
    sign_in(Role.COORDINATOR)
    file = (BytesIO(ODD.encode()), "odd.csv")
    return client.post("/intake/", data={"format": "csv", "file": file}).location


def test_the_page_of_the_file_leads_to_its_columns(client, waiting):
    assert f"{waiting}/layout" in client.get(waiting).text


def test_the_list_says_that_somebody_must_look(client, waiting):
    assert "Vérifier les colonnes" in client.get("/intake/").text
    client.post(f"{waiting}/layout", data={**CHOICES, "confirm": "1"})

    assert "Vérifier les colonnes" not in client.get("/intake/").text


def test_the_guess_is_shown_with_the_first_rows(client, waiting):
    page = client.get(f"{waiting}/layout")

    assert "Foie normal." in page.text
    assert 'name="column-2"' in page.text


def test_showing_it_otherwise_keeps_the_choices_and_reads_nothing(client, waiting):
    page = client.post(f"{waiting}/layout", data={**CHOICES, "again": "1"})

    assert page.status_code == 200
    assert re.search(r'<option value="accession"\s+selected', page.text)


def test_confirmed_it_is_read(client, waiting):
    answer = client.post(f"{waiting}/layout", data={**CHOICES, "confirm": "1"})
    sweep()

    assert answer.location == waiting
    assert "<b>2</b>" in client.get(waiting).text


def test_a_needed_column_that_is_missing_is_named(client, waiting):
    answer = client.post(f"{waiting}/layout", data={**CHOICES, "column-0": "", "confirm": "1"})

    assert answer.status_code == 422
    assert "«\xa0Numéro d’examen\xa0»" in answer.text
    assert "Accession number" not in answer.text


def test_a_second_click_and_the_way_back_lead_to_the_file(client, waiting):
    client.post(f"{waiting}/layout", data={**CHOICES, "confirm": "1"})

    again = client.post(f"{waiting}/layout", data={**CHOICES, "confirm": "1"})
    back = client.get(f"{waiting}/layout")

    assert again.location == back.location == waiting
    assert "déjà fixée" in client.get(waiting).text


@pytest.mark.parametrize("separator", [",", "|"])
def test_columns_that_nobody_has_seen_are_not_confirmed(client, waiting, separator):
    data = {**CHOICES, "delimiter": separator, "confirm": "1"}

    answer = client.post(f"{waiting}/layout", data=data)

    assert answer.status_code == 422
    assert "autres colonnes" in answer.text
    # Nothing is settled: the right choices are still taken.
    assert client.post(f"{waiting}/layout", data={**CHOICES, "confirm": "1"}).location == waiting


def test_a_form_without_its_fields_confirms_nothing(client, waiting):
    assert client.post(f"{waiting}/layout", data={"confirm": "1"}).status_code == 422


def test_encodings_are_named_for_people(client, waiting):
    page = client.get(f"{waiting}/layout").text

    assert "Windows, Europe de l’Ouest (cp1252)" in page
    assert 'value="cp1252"' in page


class TestDatesOfAColumnThatIsNamed:
    """The guess did not know it for a date, so nobody was asked how it is written."""

    def said(self, client, sign_in, days, **more):
        sign_in(Role.COORDINATOR)
        rows = "".join(f"A{n};{day};Foie normal.\n" for n, day in enumerate(days))
        file = (BytesIO(f"Dossier;Quand;Prose\n{rows}".encode()), "odd.csv")
        waiting = client.post("/intake/", data={"format": "csv", "file": file}).location
        form = {**CHOICES, "confirm": "1", "order-observed": "", **more}
        return waiting, client.post(f"{waiting}/layout", data=form)

    def test_it_is_asked_where_the_file_does_not_tell(self, client, sign_in):
        _, answer = self.said(client, sign_in, ["01/10/2026", "02/10/2026"])

        assert answer.status_code == 422
        assert 'name="order-observed"' in answer.text
        assert "le jour ou le mois" in answer.text

    @pytest.mark.parametrize("days", [["01/10/2026", "13/10/2026"], ["2026-10-01", "2026-10-02"]])
    def test_it_is_not_asked_where_the_file_tells(self, client, sign_in, days):
        waiting, answer = self.said(client, sign_in, days)
        sweep()

        assert answer.location == waiting
        assert "<b>2</b>" in client.get(waiting).text

    def test_answered_it_is_read(self, client, sign_in):
        said = {"order-observed": "month_first"}
        waiting, answer = self.said(client, sign_in, ["01/10/2026", "02/10/2026"], **said)

        assert answer.location == waiting


class TestSheetsOfSeveralKinds:
    SCANNER = (("accession", "performed", "report_text"), ("A1", "2026-10-01", "Foie normal."))
    ODD = (("Dossier", "Jour", "Prose"), ("C1", "2026-10-03", "Rate."), ("C2", "x", "Rein."))

    @pytest.fixture
    def book(self, client, sign_in):
        sign_in(Role.COORDINATOR)
        content = workbook(Scanner=self.SCANNER, Notes=[["Export"]], Divers=self.ODD)
        return client.post(
            "/intake/", data={"format": "", "file": (BytesIO(content), "book.xlsx")}
        ).location

    def said(self, client, book, **more):
        form = {
            "width": "3",
            "column-0": "accession",
            "column-1": "observed",
            "column-2": "report_text",
            "order-observed": "year_first",
            "header_row": "1",
            "table1-sheet": "Divers",
            "table1-width": "3",
            "table1-header_row": "1",
            "sheet-0": "read",
            "sheet-2": "read",
            "confirm": "1",
        }
        return client.post(f"{book}/layout", data=form | more)

    def test_the_page_shows_every_sheet(self, client, book):
        page = client.get(f"{book}/layout").text

        for words in ("Scanner", "Notes", "aucun tableau", "Tableau 2", 'name="table1-column-2"'):
            assert words in page

    def test_each_kind_is_described_and_read(self, client, book):
        answer = self.said(
            client, book,
            **{"table1-column-0": "accession", "table1-column-2": "report_text"},
            **{"table1-column-1": "observed", "table1-order-observed": "year_first"},
        )  # fmt: skip
        sweep()

        page = client.get(book).text
        assert answer.location == book
        assert "ligne 2, Scanner" in page
        assert "ligne 2, Divers" in page
        assert "rien à lire : Notes" in page.replace("\xa0", " ")

    def test_what_is_not_described_is_not_confirmed(self, client, book):
        answer = self.said(client, book)

        assert answer.status_code == 422
        assert "Aucune colonne" in answer.text

    def test_left_out_it_is_told_in_the_result(self, client, book):
        answer = self.said(client, book, **{"sheet-2": "left_out"})
        sweep()

        page = client.get(book).text
        assert answer.location == book
        assert "ligne 1, Divers" in page
        assert "laissée de côté" in page

    def test_one_sheet_at_least_is_read(self, client, book):
        left = {"sheet-0": "left_out", "sheet-2": "left_out"}

        assert self.said(client, book, **left).status_code == 422

    def test_another_row_of_headings_is_shown_first(self, client, book):
        changed = {"table1-header_row": "0", "table1-sheet": "Divers", "table1-width": "2"}

        page = self.said(client, book, **changed)

        assert page.status_code == 422
        assert "Colonne 1" in page.text


def test_known_columns_are_shown_before_the_reading_to_who_asks_for_it(client, waiting):
    client.post(f"{waiting}/layout", data={**CHOICES, "confirm": "1"})
    sweep()
    assert "Me montrer les colonnes" in client.get(waiting).text

    file = (BytesIO(ODD.encode()), "odd.csv")
    data = {"format": "csv", "look_first": "y", "file": file}
    again = client.post("/intake/", data=data).location

    assert "Vérifier les colonnes" in client.get(again).text
    page = client.get(f"{again}/layout").text
    assert "confirmées" in page
    assert re.search(r'<option value="report_text"\s+selected', page)
