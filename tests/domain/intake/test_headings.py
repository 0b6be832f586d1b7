import pytest

from peeraudit.domain.intake.headings import FIELD_NAMES, FIELDS, field_of, name_columns
from peeraudit.domain.intake.people import split_name


def test_columns_are_known_in_both_languages() -> None:
    found = name_columns(
        ["Numéro d'examen?", "Accession Number", "accession", "Compte-rendu", "DDN"]
    )
    assert found == ["accession", "", "", "report_text", "birth_date"]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Dr DURAND Paul", ("DURAND", "Paul")),
        ("Durand, Paul", ("Durand", "Paul")),
        ("Paul Durand", ("Durand", "Paul")),
        ("Durand", ("Durand", "")),
        ("", ("", "")),
    ],
)
def test_a_name_in_one_cell(written: str, parts: tuple[str, str]) -> None:
    assert split_name(written) == parts


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("AccessionNumber", "accession"),
        ("Date de l'examen (jj/mm/aaaa)", "observed"),
        ("NUMÉRO D’EXAMEN", "accession"),
        ("Nom de naissance", "birth_name"),
        ("PatientID", "patient_id"),
        ("Médecin prescripteur", "clinician"),
        ("Texte du compte-rendu (complet)", "report_text"),
        ("Validé le", "reported"),
        ("Sous-total", ""),
        ("", ""),
    ],
)
def test_headings_are_known_in_their_many_forms(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_every_field_names_itself() -> None:
    assert all(field_of(name) == name for name in FIELD_NAMES)
    assert all(field.label for field in FIELDS)


def test_a_field_that_repeats_is_kept_each_time() -> None:
    assert name_columns(["Service", "Site", "Statut", "État"]) == [
        "facility",
        "facility",
        "status",
        "",
    ]
