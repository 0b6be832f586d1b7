"""Who works in an invented network of departments?"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.accounts import Role
from peeraudit.domain.specimens.dice import Dice
from peeraudit.domain.specimens.names import SITES_EN, SITES_FR, landline, person

_BODY: Final = ("abdomen", "pelvis", "chest", "whole_body", "vascular")
_BONES: Final = ("musculoskeletal", "spine")
_PROFILES: Final[tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]] = (
    (
        "neuroradiology",
        (
            ("CT", ("brain", "head_neck", "spine", "vascular")),
            ("MR", ("brain", "head_neck", "spine")),
            ("US", ("head_neck", "vascular")),
        ),
    ),
    (
        "body",
        (
            ("CT", _BODY),
            ("MR", ("abdomen", "pelvis", "breast")),
            ("US", ("abdomen", "pelvis", "breast")),
            ("MG", ("breast",)),
        ),
    ),
    (
        "musculoskeletal",
        (("MR", _BONES), ("CR", _BONES), ("CT", _BONES), ("US", ("musculoskeletal",))),
    ),
    (
        "chest",
        (
            ("CT", ("chest", "vascular", "whole_body")),
            ("CR", ("chest", "abdomen")),
            ("US", ("vascular",)),
        ),
    ),
    (
        "breast",
        (
            ("MG", ("breast",)),
            ("US", ("breast", "pelvis", "head_neck")),
            ("MR", ("breast", "pelvis")),
        ),
    ),
    (
        "general",
        (
            ("CT", ("brain", "head_neck", "spine", *_BODY)),
            ("CR", ("chest", "abdomen", *_BONES)),
            ("US", ("abdomen", "pelvis", "head_neck", "vascular", "musculoskeletal")),
            ("MR", (*_BONES, "abdomen", "brain")),
        ),
    ),
)
_OFFICES: Final = (
    Role.COORDINATOR,
    Role.QUALITY_LEAD,
    Role.SAFETY_OFFICER,
    Role.MEETING_CHAIR,
)
_NETWORK_OFFICES: Final = (
    Role.NETWORK_LEAD,
    Role.ADMINISTRATOR,
    Role.DATA_PROTECTION_OFFICER,
    Role.EXTERNAL_AUDITOR,
)
_REASONS: Final = (
    "Remplacements réguliers dans ce service.",
    "Conjoint salarié de ce service.",
    "Ancien chef de ce service.",
    "Cabinet commun jusqu'à l'an dernier.",
)


@dataclass(frozen=True, slots=True)
class SpecimenDepartment:
    """One invented imaging department; ``finess`` is nine digits that no site bears."""

    code: str
    name: str
    city: str
    finess: str
    language: str
    phone: str
    difficulty: float


@dataclass(frozen=True, slots=True)
class SpecimenAuthor:
    """One radiologist who signs reports; ``specialities`` are (modality, region) pairs."""

    key: str
    family: str
    given: str
    sex: str
    rpps: str
    department_code: str
    email: str
    profile: str
    specialities: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SpecimenConflict:
    """A department whose reports a reviewer must not score, and why."""

    department_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SpecimenReviewer:
    """One reviewer.

    Args:
        author: the same person as an author of the home department.
        capacity: cases of one campaign.
        severity: shift of the log-odds of calling a discrepancy; about N(0, 0.5).
        conflicts: departments to keep away from, beyond the home department.
        adjudicates: whether the person also settles cases.
    """

    author: SpecimenAuthor
    capacity: int
    severity: float
    conflicts: tuple[SpecimenConflict, ...]
    adjudicates: bool


@dataclass(frozen=True, slots=True)
class SpecimenAccount:
    """One person who signs in; an empty department code means a role in the whole network."""

    email: str
    family: str
    given: str
    language: str
    roles: tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class SpecimenNetwork:
    """A whole invented network; ``authors`` holds the reviewers' own entries too."""

    seed: str
    departments: tuple[SpecimenDepartment, ...]
    authors: tuple[SpecimenAuthor, ...]
    reviewers: tuple[SpecimenReviewer, ...]
    accounts: tuple[SpecimenAccount, ...]

    def department(self, code: str) -> SpecimenDepartment:
        """Return the department of that code."""
        return next(d for d in self.departments if d.code == code)

    def authors_of(self, department_code: str) -> tuple[SpecimenAuthor, ...]:
        """Return the authors of one department."""
        return tuple(a for a in self.authors if a.department_code == department_code)


def _plain(text: str) -> str:
    marks = unicodedata.normalize("NFKD", text)
    return "".join(c for c in marks.lower() if c.isascii() and (c.isalnum() or c == "-"))


def _departments(seed: str, count: int) -> tuple[SpecimenDepartment, ...]:
    dice = Dice(f"{seed}/departments")
    french = dice.shuffled(SITES_FR)
    english = dice.shuffled(SITES_EN)
    made = []
    for number in range(count):
        is_english = number % 4 == 3
        pool = english if is_english else french
        place = number // 4 if is_english else number - number // 4
        code, name, city = pool[place % len(pool)]
        turn = place // len(pool)
        suffix = f" {turn + 1}" if turn else ""
        made.append(
            SpecimenDepartment(
                f"{code}{turn + 1}" if turn else code,
                f"{name}{suffix}",
                city,
                f"99{number:03d}{dice.digits(4)}",
                "en" if is_english else "fr",
                landline(dice, "en" if is_english else "fr"),
                (0.85, 1.25, 0.95, 1.05)[number % 4],
            )
        )
    return tuple(made)


class _Register:
    """Gives each person another name and another e-mail address."""

    def __init__(self, seed: str) -> None:
        self._dice = Dice(f"{seed}/people")
        self._taken: set[str] = set()

    def new(self, language: str) -> tuple[str, str, str, str]:
        """Return family name, given name, sex, and the part of the address before the @."""
        family, given, sex = person(self._dice, language)
        for _ in range(200):
            if family not in self._taken:
                break
            family, given, sex = person(self._dice, language)
        mailbox = f"{_plain(given)}.{_plain(family)}"
        if family in self._taken:
            mailbox += str(len(self._taken))
        self._taken.add(family)
        return family, given, sex, mailbox


def _pairs(profile: int) -> tuple[tuple[str, str], ...]:
    kinds = _PROFILES[profile][1]
    return tuple(sorted({(modality, region) for modality, rs in kinds for region in rs}))


def _authors(
    register: _Register, departments: tuple[SpecimenDepartment, ...], reviewers: int
) -> Iterator[SpecimenAuthor]:
    for number, home in enumerate(departments):
        own = reviewers // len(departments) + (number < reviewers % len(departments))
        for place in range(max(8, own + 2)):
            family, given, sex, mailbox = register.new(home.language)
            profile = (place + number) % len(_PROFILES)
            yield SpecimenAuthor(
                f"{home.code}-{place + 1:02d}",
                family,
                given,
                sex,
                f"1099{number:03d}{place + 1:04d}",
                home.code,
                f"{mailbox}@{home.code.lower()}.example",
                _PROFILES[profile][0],
                _pairs(profile),
            )


def _reviewer(
    dice: Dice, author: SpecimenAuthor, departments: tuple[SpecimenDepartment, ...]
) -> SpecimenReviewer:
    others = [d for d in departments if d.code != author.department_code]
    conflicts: tuple[SpecimenConflict, ...] = ()
    if others and dice.chance(0.2):
        conflicts = (SpecimenConflict(dice.pick(others).code, dice.pick(_REASONS)),)
    return SpecimenReviewer(
        author,
        dice.pick((60, 80, 80, 100, 120)),
        round(dice.normal() * 0.5, 3),
        conflicts,
        author.key.endswith(("-01", "-02")),
    )


def _accounts(
    register: _Register,
    departments: tuple[SpecimenDepartment, ...],
    authors: tuple[SpecimenAuthor, ...],
    reviewers: tuple[SpecimenReviewer, ...],
) -> Iterator[SpecimenAccount]:
    languages = {d.code: d.language for d in departments}
    reading = {r.author.key: r for r in reviewers}
    for office in _NETWORK_OFFICES:
        family, given, _, mailbox = register.new("fr")
        yield SpecimenAccount(
            f"{mailbox}@reseau-alvane.example", family, given, "fr", ((office, ""),)
        )
    for home in departments:
        for office in _OFFICES:
            family, given, _, mailbox = register.new(home.language)
            address = f"{mailbox}@{home.code.lower()}.example"
            yield SpecimenAccount(address, family, given, home.language, ((office, home.code),))
    for author in authors:
        code, reviewer = author.department_code, reading.get(author.key)
        roles = [(Role.AUTHOR, code)]
        if reviewer:
            roles.append((Role.REVIEWER, code))
        if reviewer and reviewer.adjudicates:
            roles.append((Role.ADJUDICATOR, code))
        yield SpecimenAccount(
            author.email, author.family, author.given, languages[code], tuple(roles)
        )


def specimen_network(seed: str, *, departments: int = 4, reviewers: int = 24) -> SpecimenNetwork:
    """Return an invented network: departments, radiologists, reviewers and accounts.

    Every fourth department is an English one. A department has at least eight authors; its first
    ones are also reviewers.

    Args:
        seed: the same seed gives the same network everywhere.
        departments: number of departments.
        reviewers: number of reviewers, spread evenly over the departments.

    Returns:
        The network.
    """
    sites = _departments(seed, departments)
    register = _Register(seed)
    authors = tuple(_authors(register, sites, reviewers))
    dice = Dice(f"{seed}/reviewers")
    chosen = []
    for number, site in enumerate(sites):
        own = reviewers // departments + (number < reviewers % departments)
        mine = [a for a in authors if a.department_code == site.code][:own]
        chosen += [_reviewer(dice, author, sites) for author in mine]
    staff = tuple(chosen)
    return SpecimenNetwork(
        seed, sites, authors, staff, tuple(_accounts(register, sites, authors, staff))
    )
