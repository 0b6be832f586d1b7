"""Which known field does a table's heading name?"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from peeraudit.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Field:
    """What one column of a table may hold.

    Attributes:
        name: the stable name, as it stands in a saved layout.
        label: what a page calls it.
        repeats: whether several columns may hold it.
        names: headings that mean it, in French and English, separated by commas.
    """

    name: str
    label: str
    names: str
    repeats: bool = False


FIELDS: Final = (
    Field(
        "report_id",
        N_("Report number"),
        "id compte rendu, numero compte rendu, num cr, id cr, message id, control id, msh10,"
        " identifiant compte rendu, no compte rendu, n compte rendu, n cr, report number,"
        " report no, report identifier, document id, id document",
    ),
    Field(
        "accession",
        N_("Accession number"),
        "accession number, accession no, accession n, numero accession, num accession,"
        " no accession, n accession, numero examen, num examen, no examen, n examen,"
        " accessionnumber, num exam, no exam, n exam, numero exam, identifiant examen,"
        " id examen, acc, acc no, acc number, acsn,"
        " exam id, exam number, exam no, study number, order number, numero demande,"
        " n demande, numero dossier examen, numero acte, n acte",
    ),
    Field(
        "patient_id",
        N_("Patient’s number"),
        "ipp, nip, mrn, patient identifier, identifiant patient, id patient,"
        " numero patient, n patient, num patient, patientid, patient number, medical record number,"
        " numero ipp, n ipp, patient no",
    ),
    Field(
        "patient_last",
        N_("Patient’s family name"),
        "patient last name, nom patient, patient family, nom, patient surname, last name,"
        " surname, family name, nom usage, nom usuel, nom famille, patient family name,"
        " patient lastname",
    ),
    Field(
        "patient_first",
        N_("Patient’s given name"),
        "patient first name, prenom patient, prenom, patient given, first name, given name,"
        " forename, prenoms, patient given name, patient firstname, prenom usuel",
    ),
    Field(
        "patient_name",
        N_("Patient’s whole name"),
        "patient, nom complet patient, patient full name, nom prenom patient, nom prenom,"
        " nom et prenom, nom et prenom patient, identite patient, patients name",
    ),
    Field(
        "birth_name",
        N_("Patient’s name at birth"),
        "nom naissance, nom jeune fille, maiden name, birth name, nom patronymique,"
        " nom naissance patient, previous name, autre nom",
        repeats=True,
    ),
    Field(
        "birth_date",
        N_("Date of birth"),
        "date birth, dob, birthdate, date naissance, ddn, naissance, patient birth date,"
        " date naissance patient, ne le, nee le, born, patient dob",
    ),
    Field("sex", N_("Sex"), "sexe, gender, patient sex, genre, sexe patient, civilite"),
    Field(
        "other_number",
        N_("Another number of the patient or the stay"),
        "nir, ins, numero securite sociale, n securite sociale, securite sociale, ssn, nss,"
        " matricule ins, matricule, nda, iep, numero sejour, n sejour, num sejour, sejour,"
        " visit number, visit id, encounter, encounter id, numero dossier, n dossier,"
        " num dossier, dossier, study uid, study instance uid, uid, numero venue, venue,"
        " nhs number, nhs no, episode",
        repeats=True,
    ),
    Field(
        "phone",
        N_("Phone or e-mail"),
        "telephone, tel, patient phone, telephone patient, portable, mobile, phone number,"
        " telephone portable, email, e mail, mail, courriel, fax",
        repeats=True,
    ),
    Field(
        "address",
        N_("Address"),
        "adresse, patient address, adresse patient, street, rue, ville, city, code postal,"
        " cp, zip, postcode, postal code, commune, lieu naissance, commune naissance",
        repeats=True,
    ),
    Field(
        "relative",
        N_("Relative or contact"),
        "next kin, personne a prevenir, personne confiance, contact, mother, mere, father,"
        " pere, conjoint, spouse",
        repeats=True,
    ),
    Field(
        "exam_code",
        N_("Examination’s code"),
        "code examen, code acte, ccam, procedure code, study code, code ccam, code procedure,"
        " exam code",
    ),
    Field(
        "exam_name",
        N_("Examination"),
        "exam, examination, examen, nom examen, libelle examen, libelle acte, libelle,"
        " acte, study, study description, procedure, type examen, exam description,"
        " intitule examen, nature examen, exam type, procedure name, procedure description,"
        " examen realise, designation",
    ),
    Field("modality", N_("Modality"), "modalite, mod, modality code, code modalite"),
    Field(
        "region",
        N_("Body region"),
        "body region, region anatomique, body part, zone anatomique, anatomie, organe, zone,"
        " body part examined, anatomy",
    ),
    Field("laterality", N_("Side"), "lateralite, cote, side, body side, laterality code, lat"),
    Field(
        "observed",
        N_("Date of the examination"),
        "performed, performed on, exam date, date examen, study date, date realisation,"
        " examination date, date acte, observation date, date, date heure examen, date time,"
        " exam datetime, study datetime, performed at, performed date, date realise,"
        " examen realise le, realise le, date procedure, procedure date, service date",
    ),
    Field(
        "reported",
        N_("Date of signing"),
        "reported at, report date, signed, signed at, date compte rendu, date cr,"
        " date validation, date signature, validated at, signed on, reported on, sign date,"
        " date signed, valide le, signe le, date heure validation, result date, finalized at,"
        " finalized date, verified at, verification date, date redaction, date report",
    ),
    Field(
        "status",
        N_("Status"),
        "statut, etat, report status, statut compte rendu, etat compte rendu, statut cr,"
        " result status, etat cr",
    ),
    Field(
        "author_id",
        N_("Author’s number"),
        "radiologist id, rpps, id radiologue, code radiologue, id auteur, radiologue id,"
        " signataire id, rpps radiologue, n rpps, numero rpps, author code, reader id,"
        " radiologist code, matricule radiologue",
    ),
    Field(
        "author_last",
        N_("Author’s family name"),
        "radiologist last, radiologist last name, nom radiologue, nom auteur, radiologue nom,"
        " author last name, nom signataire, nom medecin",
    ),
    Field(
        "author_first",
        N_("Author’s given name"),
        "radiologist first, radiologist first name, prenom radiologue, prenom auteur,"
        " radiologue prenom, author first name, prenom signataire, prenom medecin",
    ),
    Field(
        "author_name",
        N_("Author’s whole name"),
        "radiologist, radiologue, author, auteur, signataire, reader, lecteur,"
        " interpreting physician, medecin radiologue, valideur, signed by, valide par,"
        " reported by, radiologist name, reading physician, reporting radiologist,"
        " praticien, medecin, dictated by, interpreted by, signe par, radiologue signataire",
    ),
    Field(
        "clinician",
        N_("Another professional"),
        "referrer, referring physician, ordering physician, requester, prescripteur, demandeur,"
        " medecin prescripteur, medecin demandeur, requesting physician, ordering provider,"
        " referring doctor, medecin traitant, correspondant, medecin correspondant, technologist,"
        " manipulateur, manipulatrice, second reader, second lecteur, relecteur, interne,"
        " resident, secretaire, transcriptionist, typist, attending physician, operateur,"
        " operator, requested by, medecin referent, gp, family doctor, consultant",
        repeats=True,
    ),
    Field("urgency", N_("Urgency"), "urgence, priority, priorite, urgent, degre urgence"),
    Field("language", N_("Language"), "langue, lang, report language, langue compte rendu"),
    Field(
        "facility",
        N_("Place"),
        "site, hospital, hopital, etablissement, department, service, centre, unite,"
        " institution, ward, clinique, service demandeur, uf, unite fonctionnelle, location,"
        " lieu, pole, service prescripteur, unite demandeuse, salle, room, finess,"
        " referring department, hospital name",
        repeats=True,
    ),
    Field(
        "report_text",
        N_("Text of the report"),
        "text, texte, report, reports, compte rendu, compterendu, cr, texte compte rendu,"
        " report body, contenu, body, rapport, narrative, resultat, texte cr, full text,"
        " report content, texte integral, corps, contenu compte rendu, full report, comptes rendus,"
        " result text, texte rapport, texte resultat",
    ),
    Field(
        "indication_text",
        N_("Text: indication"),
        "indication, indications, motif, renseignements cliniques, clinical history, history,"
        " clinical information, clinical indication, motif examen, reason exam",
    ),
    Field("technique_text", N_("Text: technique"), "technique, techniques, protocole, protocol"),
    Field(
        "findings_text",
        N_("Text: findings"),
        "findings, resultats, description, constatations, analyse, interpretation",
    ),
    Field(
        "conclusion_text",
        N_("Text: conclusion"),
        "conclusion, conclusions, impression, impressions, synthese",
    ),
)
FIELD_NAMES: Final = frozenset(field.name for field in FIELDS)
REPEATING: Final = frozenset(field.name for field in FIELDS if field.repeats)
# The parts of a report in the order in which they are put together.
TEXT_PARTS: Final = ("indication_text", "technique_text", "findings_text", "conclusion_text")
DATES: Final = ("observed", "reported", "birth_date")


_ARTICLES: Final = frozenset({"d", "de", "du", "des", "l", "la", "le", "les", "of", "the", "s"})
_APART: Final = str.maketrans(dict.fromkeys("°’‘´`", " "))
# Words that may stand in a longer heading without changing what it names.
_WORDS: Final = (
    "jj mm aaaa yyyy dd hh ss min complet complete full ris pacs dicom hl7 brut raw libre free"
    " code obligatoire required optionnel optional format iso utc"
)
_PADDING: Final = frozenset(_WORDS.split())


def heading_key(heading: str) -> str:
    """Return ``heading`` without case, accents, punctuation and articles; may be empty."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", heading.translate(_APART))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore")
    words = re.sub(r"[^a-z0-9]+", " ", plain.decode().lower()).split()
    return " ".join(word for word in words if word not in _ARTICLES)


_BY_KEY: Final[dict[str, str]] = {
    heading_key(name): field.name
    for field in reversed(FIELDS)
    for name in (*field.names.split(","), field.name.replace("_", " "))
}


@lru_cache(maxsize=4096)
def field_of(heading: str) -> str:
    """Return the field that a heading names, empty when it is not known.

    A word that only tells the notation, as in ``Date (jj/mm/aaaa)``, is passed over.

    Args:
        heading: one cell of the heading row, as written.
    """
    key = heading_key(heading[:200])
    found = _BY_KEY.get(key) or _BY_KEY.get(key.replace(" ", ""))
    if found:
        return found
    return _BY_KEY.get(" ".join(word for word in key.split() if word not in _PADDING), "")


def name_columns(headings: Sequence[str]) -> list[str]:
    """Return the known field of each heading, empty for one that is not known.

    A field that is named twice counts once, the first time, unless it may be repeated.

    Args:
        headings: the cells of the heading row.
    """
    named: list[str] = []
    for heading in headings:
        column = field_of(heading)
        named.append(column if column in REPEATING or column not in named else "")
    return named
