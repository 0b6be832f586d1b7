"""Where do the names and numbers of people stand in a report, and which of them are there?"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.names import mobile, person
from peeraudit.domain.specimens.network import SpecimenAuthor, SpecimenDepartment

_MONTHS: Final = (
    "January February March April May June July August September October November December"
)


@dataclass(frozen=True, slots=True)
class SpecimenPatient:
    """One invented patient; ``ipp`` is the permanent number in the department."""

    family: str
    given: str
    birth_date: date
    sex: str
    ipp: str
    phone: str


@dataclass(frozen=True, slots=True)
class SpecimenClinician:
    """A doctor whom the report names: the one who asked, or one who was called."""

    family: str
    given: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that surrounds the sections of one report.

    Args:
        department: where the report was written; it decides the layout.
        patient: whom it is about.
        author: who signed it.
        referrer: who asked for it.
        accession: number of the examination.
        exam: its name.
        performed_on: its day.
        signed_on: the day of the signature.
        age: of the patient, in years.
    """

    department: SpecimenDepartment
    patient: SpecimenPatient
    author: SpecimenAuthor
    referrer: SpecimenClinician
    accession: str
    exam: str
    performed_on: date
    signed_on: date
    age: int


def written_day(day: date, language: str) -> str:
    """Return a day as reports write it: 14/02/2026, or 14 February 2026."""
    if language == "fr":
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def clinician(dice: Dice, language: str) -> SpecimenClinician:
    """Return a new doctor."""
    family, given, _ = person(dice, language)
    return SpecimenClinician(family, given, f"1098{dice.digits(7)}")


def _title(sheet: Sheet) -> str:
    if sheet.department.language == "en":
        return "Ms" if sheet.patient.sex == "F" else "Mr"
    if sheet.age < 15:
        return "L'enfant"
    return "Mme" if sheet.patient.sex == "F" else "M."


def _french_head(sheet: Sheet, dice: Dice, layout: int) -> str:
    patient, site = sheet.patient, sheet.department
    day = written_day(sheet.performed_on, "fr")
    born = "née" if patient.sex == "F" else "né"
    birth = written_day(patient.birth_date, "fr")
    asked = f"Dr {sheet.referrer.given} {sheet.referrer.family}"
    if layout == 0:
        contact = f"\nTél. patient : {patient.phone}" if dice.chance(0.25) else ""
        return (
            f"{site.name.upper()}\nService d'imagerie médicale - Tél. {site.phone}\n\n"
            f"Patient : {patient.family.upper()} {patient.given}   {born.capitalize()} le {birth}"
            f"   IPP : {patient.ipp}{contact}\nExamen n° {sheet.accession} du {day}\n"
            f"Médecin demandeur : {asked}\n\n{sheet.exam.upper()}"
        )
    if layout == 1:
        return (
            f"{site.name} - {site.city}\nSecrétariat : {site.phone}\n\n{site.city}, le {day}\n\n"
            f"{dice.pick(('Cher confrère,', 'Chère consœur, cher confrère,'))}\n"
            f"Concerne : {_title(sheet)} {patient.given} {patient.family.upper()}, {born} le "
            f"{birth} (IPP {patient.ipp})\nÀ l'attention du {asked}\n\n{sheet.exam}"
        )
    return (
        f"{sheet.exam} du {day}\n{_title(sheet)} {patient.family.upper()} {patient.given}, "
        f"{sheet.age} ans, DDN {birth}\nDemande : Dr {sheet.referrer.family}   "
        f"Accession {sheet.accession}"
    )


def _english_head(sheet: Sheet, layout: int) -> str:
    patient, site = sheet.patient, sheet.department
    day, birth = (written_day(d, "en") for d in (sheet.performed_on, patient.birth_date))
    if layout == 0:
        return (
            f"{site.name} - Department of Radiology\nTel {site.phone}\n\nPatient: "
            f"{patient.family.upper()}, {patient.given}   DOB: {birth}   MRN: {patient.ipp}\n"
            f"Accession: {sheet.accession}   Date: {day}\nReferred by: Dr {sheet.referrer.given} "
            f"{sheet.referrer.family}\n\n{sheet.exam.upper()}"
        )
    return (
        f"{sheet.exam}, {day}\nRe: {_title(sheet)} {patient.given} {patient.family}, DOB {birth}, "
        f"hospital number {patient.ipp}\nRequesting clinician: Dr {sheet.referrer.family}"
    )


def head(sheet: Sheet, dice: Dice) -> str:
    """Return what stands above the sections; a department keeps to one layout."""
    layout = int(sheet.department.finess[2:5])
    if sheet.department.language == "en":
        return _english_head(sheet, layout // 4 % 2 if dice.chance(0.9) else 1)
    return _french_head(sheet, dice, layout % 4 % 3)


def call(sheet: Sheet, dice: Dice, called: SpecimenClinician) -> str:
    """Return the sentence that says who was told the result by telephone, and when."""
    number, hour, minute = (
        mobile(dice, sheet.department.language),
        dice.between(8, 22),
        dice.below(60),
    )
    if sheet.department.language == "en":
        return (
            f"Result telephoned to Dr {called.given} {called.family} ({number}) at "
            f"{hour:02d}:{minute:02d}."
        )
    return (
        f"Résultat transmis par téléphone au Dr {called.given} {called.family} ({number}) à "
        f"{hour}h{minute:02d}."
    )


def mention(sheet: Sheet, dice: Dice) -> str:
    """Return a name of the patient as an author drops it into a sentence."""
    name = dice.pick((sheet.patient.family.upper(), sheet.patient.family))
    return f"{_title(sheet)} {name}"


def signature(sheet: Sheet, dice: Dice) -> str:
    """Return how the report ends."""
    author, day = sheet.author, written_day(sheet.signed_on, sheet.department.language)
    full = f"{author.given} {author.family}"
    if sheet.department.language == "en":
        return dice.pick(
            (
                f"Electronically signed by Dr {full} on {day}",
                f"Reported and verified by {full}, Consultant Radiologist, {day}",
                f"Dr {author.given[0]}. {author.family}, Consultant Radiologist",
            )
        )
    return dice.pick(
        (
            f"Compte rendu validé par le Dr {full} le {day}",
            f"Validé électroniquement par {author.family.upper()} {author.given} le {day}",
            f"Bien confraternellement,\nDr {author.given} {author.family.upper()}",
            f"Dr {author.given[0]}. {author.family.upper()}\n(RPPS {author.rpps})",
        )
    )


def _stands(word: str, text: str) -> bool:
    start = text.find(word)
    while start >= 0:
        around = text[start - 1 : start] + text[start + len(word) : start + len(word) + 1]
        if not any(letter.isalnum() for letter in around):
            return True
        start = text.find(word, start + 1)
    return False


def standing(sheet: Sheet, others: tuple[SpecimenClinician, ...], text: str) -> tuple[str, ...]:
    """Return every identifier of a person or a place that stands in ``text``, as it stands.

    Days of examinations are no identifiers here; the day of birth is.
    """
    site, patient = sheet.department, sheet.patient
    people = [(patient.family, patient.given), (sheet.author.family, sheet.author.given)]
    people += [(other.family, other.given) for other in others]
    names = [name for family, given in people for name in (family, family.upper(), given)]
    numbers = [patient.ipp, patient.phone, sheet.accession, site.phone, sheet.author.rpps]
    birth = written_day(patient.birth_date, site.language)
    places = [site.name, site.name.upper(), site.city]
    wanted = dict.fromkeys([*names, *numbers, birth, *places])
    return tuple(word for word in wanted if _stands(word, text))
