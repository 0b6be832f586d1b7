"""What must be known of a department and of a reviewer, and in which words are fields told?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peeraudit.domain.assignment.plan import ANY
from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, Msgid
from peeraudit.domain.intake.vocabulary import MODALITIES, REGIONS

# The code is part of a stratum's name, whose characters the draw allows; the colon parts them.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", re.ASCII)
FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}", re.ASCII)
CAPACITY_MAXIMUM = 2000
NAME_MAXIMUM = 120
CITY_MAXIMUM = 80
VIEWER_MAXIMUM = 300
LANGUAGES = ("fr", "en")

MODALITY_LABELS: Mapping[str, Msgid] = {
    "CT": Msgid(N_("CT")),
    "MR": Msgid(N_("MRI")),
    "US": Msgid(N_("Ultrasound")),
    "CR": Msgid(N_("Radiography")),
    "MG": Msgid(N_("Mammography")),
    "NM": Msgid(N_("Scintigraphy")),
    "PT": Msgid(N_("PET")),
    "XA": Msgid(N_("Angiography")),
    "RF": Msgid(N_("Fluoroscopy")),
    "OT": Msgid(N_("Other modality")),
    ANY: Msgid(N_("All modalities")),
}

REGION_LABELS: Mapping[str, Msgid] = {
    "brain": Msgid(N_("Brain")),
    "head_neck": Msgid(N_("Head and neck")),
    "chest": Msgid(N_("Chest")),
    "abdomen": Msgid(N_("Abdomen")),
    "pelvis": Msgid(N_("Pelvis")),
    "spine": Msgid(N_("Spine")),
    "musculoskeletal": Msgid(N_("Bones and joints")),
    "breast": Msgid(N_("Breast")),
    "vascular": Msgid(N_("Vessels")),
    "cardiac": Msgid(N_("Heart")),
    "whole_body": Msgid(N_("Whole body")),
    "other": Msgid(N_("Other region")),
    ANY: Msgid(N_("All regions")),
}


@dataclass(frozen=True, slots=True)
class DepartmentCard:
    """What is known of a department.

    Attributes:
        code: short name, part of the strata's names.
        name: full name.
        city: where it is; may be empty.
        finess: its French establishment number; may be empty.
        language: ``fr`` or ``en``, of its reports.
        viewer_url: address of its image viewer with ``{accession}``; may be empty.
        active: it takes part in new campaigns.
    """

    code: str
    name: str
    city: str = ""
    finess: str = ""
    language: str = "fr"
    viewer_url: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ReviewerCard:
    """How much and what a reviewer reads.

    Attributes:
        capacity: most cases in one campaign, in cases.
        accepting: gets new cases at all.
        adjudicates: may settle cases on which reviewers differ.
        specialities: (modality, region) pairs; ``*`` stands for all.
        reads_children: gets examinations of patients under 18 too.
    """

    capacity: int = 60
    accepting: bool = True
    adjudicates: bool = False
    specialities: tuple[tuple[str, str], ...] = ()
    reads_children: bool = True


def check_department(card: DepartmentCard) -> None:
    """Refuse a department that could not be used.

    Raises:
        InvalidFields: what is wrong, by field.
    """
    wrong = dict(_of_department(card))
    if wrong:
        raise InvalidFields(wrong)


def check_reviewer(card: ReviewerCard) -> None:
    """Refuse a capacity or a speciality that does not exist.

    Raises:
        InvalidFields: what is wrong, by field.
    """
    wrong: dict[str, InvalidInput] = {}
    if not 0 <= card.capacity <= CAPACITY_MAXIMUM:
        wrong["capacity"] = InvalidInput(
            N_("The capacity must lie between 0 and %(most)d cases."), most=CAPACITY_MAXIMUM
        )
    for modality, region in card.specialities:
        if modality not in {*MODALITIES, ANY} or region not in {*REGIONS, ANY}:
            wrong["specialities"] = InvalidInput(
                N_("There is no speciality “%(modality)s %(region)s”."),
                modality=modality,
                region=region,
            )
    if wrong:
        raise InvalidFields(wrong)


def tidy_specialities(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs sorted, once each, without those that a wider one covers already."""
    wide = set(pairs)

    def is_covered(modality: str, region: str) -> bool:
        wider = {(ANY, region), (modality, ANY), (ANY, ANY)} - {(modality, region)}
        return not wider.isdisjoint(wide)

    return tuple(sorted(pair for pair in wide if not is_covered(*pair)))


def _of_department(card: DepartmentCard) -> Iterator[tuple[str, InvalidInput]]:
    if not CODE.fullmatch(card.code):
        yield (
            "code",
            InvalidInput(
                N_(
                    "A code has 1 to 20 unaccented letters, digits, dots, hyphens or underscores,"
                    " such as CHU-NORD."
                )
            ),
        )
    if not 1 <= len(card.name) <= NAME_MAXIMUM:
        yield (
            "name",
            InvalidInput(
                N_("Give a name of at most %(most)d characters."),
                most=NAME_MAXIMUM,
            ),
        )
    if len(card.city) > CITY_MAXIMUM:
        sentence = N_("A city has at most %(most)d characters.")
        yield "city", InvalidInput(sentence, most=CITY_MAXIMUM)
    if card.finess and not FINESS.fullmatch(card.finess):
        yield "finess", InvalidInput(N_("A FINESS number has nine digits, such as 750100018."))
    if card.language not in LANGUAGES:
        yield "language", InvalidInput(N_("Choose French or English."))
    if card.viewer_url and not _is_viewer(card.viewer_url):
        yield (
            "viewer_url",
            InvalidInput(
                N_(
                    "The viewer's address begins with https:// and holds %(mark)s where the"
                    " examination's number goes."
                ),
                mark="{accession}",
            ),
        )


def _is_viewer(address: str) -> bool:
    starts_well = address.startswith(("https://", "http://"))
    return starts_well and "{accession}" in address and len(address) <= VIEWER_MAXIMUM
