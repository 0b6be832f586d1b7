"""Which known column does a table's heading name?"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_SYNONYMS: Final[dict[str, str]] = {
    "report_id": "report id, id compte rendu, numero compte rendu, num cr, id cr, message id,"
    " control id, msh10, identifiant compte rendu",
    "accession": "accession number, accession no, accession n, numero accession, num accession,"
    " no accession, n accession, numero examen, num examen, no examen, n examen, accessionnumber,"
    " identifiant examen, id examen, acc",
    "patient_id": "ipp, nip, mrn, patient identifier, identifiant patient, id patient,"
    " numero patient, patientid",
    "patient_last": "patient last name, nom patient, nom du patient, patient family, nom,"
    " patient surname, nom de naissance",
    "patient_first": "patient first name, prenom patient, prenom du patient, prenom, patient given",
    "patient_name": "patient, nom complet patient, patient full name",
    "birth_date": "date of birth, dob, birthdate, date naissance, date de naissance, ddn,"
    " naissance, patient birth date",
    "sex": "sexe, gender, patient sex",
    "exam_code": "code examen, code acte, ccam, procedure code, study code",
    "exam_name": "exam, examination, examen, nom examen, libelle examen, libelle acte, libelle,"
    " acte, study, study description, procedure, type examen, exam description",
    "modality": "modalite, mod, modality code",
    "region": "body region, region anatomique, body part, zone anatomique, anatomie, organe",
    "observed": "performed, performed on, exam date, date examen, date de l examen, study date,"
    " date realisation, examination date, date acte, observation date, date",
    "reported": "reported at, report date, signed, signed at, date compte rendu, date cr,"
    " date validation, date de validation, date signature, validated at, date du compte rendu",
    "status": "statut, etat, report status, statut compte rendu, etat compte rendu",
    "author_id": "radiologist id, rpps, id radiologue, code radiologue, id auteur,"
    " radiologue id, signataire id",
    "author_last": "radiologist last, radiologist last name, nom radiologue, nom auteur,"
    " radiologue nom, nom du radiologue",
    "author_first": "radiologist first, radiologist first name, prenom radiologue,"
    " prenom auteur, radiologue prenom, prenom du radiologue",
    "author_name": "radiologist, radiologue, author, auteur, signataire, reader, lecteur,"
    " interpreting physician, medecin radiologue, valideur",
    "referrer": "referring physician, ordering physician, requester, prescripteur, demandeur,"
    " medecin prescripteur, medecin demandeur, requesting physician, ordering provider",
    "phone": "telephone, tel, patient phone, telephone patient",
    "address": "adresse, patient address, adresse patient",
    "urgency": "urgence, priority, priorite, urgent",
    "language": "langue, lang",
    "facility": "site, hospital, hopital, etablissement, department, service, centre, unite,"
    " institution",
    "report_text": "text, texte, report, compte rendu, compterendu, cr, texte compte rendu,"
    " texte du compte rendu, report body, contenu, body, rapport, narrative, resultat",
}


_ARTICLES: Final = frozenset({"d", "de", "du", "des", "l", "la", "le", "of", "the"})


def _key(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading.replace("°", " ")).encode("ascii", "ignore")
    words = re.sub(r"[^a-z0-9]+", " ", plain.decode().lower()).split()
    return " ".join(word for word in words if word not in _ARTICLES)


_COLUMNS: Final[dict[str, str]] = {
    _key(name): column
    for column, names in _SYNONYMS.items()
    for name in (column.replace("_", " "), *names.split(","))
}


def name_columns(headings: Sequence[str]) -> list[str]:
    """Return the known column of each heading, empty for one that is not known.

    A column that is named twice counts once, the first time.

    Args:
        headings: the cells of the first line.
    """
    named: list[str] = []
    for heading in headings:
        column = _COLUMNS.get(_key(heading), "")
        named.append(column if column not in named else "")
    return named
