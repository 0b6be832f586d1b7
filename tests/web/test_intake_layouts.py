import re
from io import BytesIO

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.tasks.upkeep import sweep
from tests.services.test_intake_layouts import ODD

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
