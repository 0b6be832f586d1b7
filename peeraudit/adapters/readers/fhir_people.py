"""Whom and what do the FHIR resources around a report name?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from peeraudit.adapters.readers.fhir_store import addresses_of
from peeraudit.adapters.readers.fhir_values import Resource, dicts, label, word, words
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.people import person_of
from peeraudit.domain.intake.reports import Patient, Person

Find = Callable[[Resource, str], Resource | None]
_PEOPLE: Final = frozenset({"Practitioner", "PractitionerRole", "RelatedPerson", "Patient"})
_SEX: Final = {"male": "M", "female": "F", "other": "O"}
_FARTHEST: Final = 3


def follow(reference: object, find: Find, expected: str = "") -> list[Resource]:
    """Return the resources to which an element of references leads, in order."""
    found = (find(one, expected) for one in dicts(reference))
    return [one for one in found if one is not None]


def identifiers(resource: Resource) -> list[str]:
    """Return the values of a resource's identifiers, and its own number on its server."""
    known = [word(one.get("value")) for one in dicts(resource.get("identifier"))]
    return [value for value in (*known, word(resource.get("id"))) if value]


def names(value: object) -> list[Person]:
    """Return the people that an element of HumanNames names; every use of a name counts."""
    found: list[Person] = []
    for name in dicts(value):
        family, given = " ".join(words(name.get("family"))), words(name.get("given"))
        if family or given:
            found.append(Person("", family, next(iter(given), ""), " ".join(given[1:])))
        elif word(name.get("text")):
            found.append(person_of(word(name["text"])))
    return list(dict.fromkeys(person for person in found if not person.is_empty))


def patient_of(resource: Resource) -> Patient:
    """Return all that a Patient resource tells."""
    contacts = dicts(resource.get("contact"))
    relatives = [person for contact in contacts for person in names(contact.get("name"))]
    relatives += [
        person_of(word(extension.get("valueString")))
        for extension in dicts(resource.get("extension"))
        if "mothersMaidenName" in word(extension.get("url"))
    ]
    return Patient(
        identifiers=tuple(dict.fromkeys(identifiers(resource))),
        names=tuple(names(resource.get("name"))),
        birth_date=parse_day(word(resource.get("birthDate"))),
        sex=_SEX.get(word(resource.get("gender")).lower(), ""),
        phones=tuple(_reached(resource, *contacts)),
        addresses=tuple(_addresses(resource, *contacts)),
        relatives=tuple(dict.fromkeys(person for person in relatives if not person.is_empty)),
    )


def _reached(*resources: Resource) -> Iterator[str]:
    for resource in resources:
        for telecom in dicts(resource.get("telecom")):
            value = word(telecom.get("value"))
            if value:
                yield value.removeprefix("tel:").removeprefix("mailto:")


def _addresses(*resources: Resource) -> Iterator[str]:
    for resource in resources:
        for address in dicts(resource.get("address")):
            parts = [*words(address.get("line")), word(address.get("city"))]
            parts += [word(address.get("postalCode")), word(address.get("district"))]
            yield from (part for part in parts or words(address.get("text")) if part)


@dataclass(slots=True)
class Named:
    """The people and places that a report's references lead to."""

    people: list[Person] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def add(self, other: "Named") -> None:
        """Take over what another part of the report names."""
        self.people += other.people
        self.places += other.places


def named(references: object, find: Find, expected: str = "Practitioner", depth: int = 0) -> Named:
    """Return whom an element of references names, by what they lead to or show.

    Args:
        references: one or several References.
        find: gives the target of a reference, when it came along.
        expected: the type of the target when the reference does not tell.
        depth: how many steps away from the report it stands.
    """
    found = Named()
    for reference in dicts(references):
        target = find(reference, expected)
        shown = word(reference.get("display"))
        kind = word(target.get("resourceType")) if target else _kind(reference, expected)
        if target is not None and depth < _FARTHEST:
            found.add(_of_target(target, shown, find, depth))
        elif kind in _PEOPLE and shown:
            found.people.append(person_of(shown, _number(reference)))
        elif shown:
            found.places.append(shown)
    return found


def _kind(reference: Resource, expected: str) -> str:
    literal = word(reference.get("reference"))
    kind = literal.rsplit("/", 2)[-2] if "/" in literal else ""
    return word(reference.get("type")) or kind or expected


def _number(reference: Resource) -> str:
    identifier = reference.get("identifier")
    value = word(identifier.get("value")) if isinstance(identifier, dict) else ""
    literal = next(iter(addresses_of(reference)), "")
    return value or (literal.rsplit("/", 1)[-1] if literal.startswith("Practitioner/") else "")


def _of_target(target: Resource, shown: str, find: Find, depth: int) -> Named:
    match word(target.get("resourceType")):
        case "PractitionerRole":
            found = named(target.get("practitioner"), find, "Practitioner", depth + 1)
            for part, kind in (("organization", "Organization"), ("location", "Location")):
                found.add(named(target.get(part), find, kind, depth + 1))
            return found
        case "CareTeam":
            members = [one.get("member") for one in dicts(target.get("participant"))]
            return named(members, find, "Practitioner", depth + 1)
        case "Organization" | "Location" | "HealthcareService":
            places = [word(target.get("name")), *words(target.get("alias")), shown]
            found = Named([], [place for place in places if place])
            found.add(named(target.get("partOf"), find, "Organization", depth + 1))
            return found
        case _:
            return Named(_people(target, shown))


def _people(target: Resource, shown: str) -> list[Person]:
    """Return a person under all names, the usual one with the number first."""
    number = next(iter(identifiers(target)), "")
    known = names(target.get("name")) or ([person_of(shown)] if shown else [])
    others = [person for person in known[1:] if not person.is_empty]
    return [
        Person(number, person.last, person.first, person.middle) for person in known[:1]
    ] + others


def shown_patient(reference: object) -> Patient:
    """Return what a reference to a patient tells when the patient did not come along."""
    found = dicts(reference)
    texts = [word(one.get("display")) for one in found]
    numbers = [
        word(one["identifier"].get("value"))
        for one in found
        if isinstance(one.get("identifier"), dict)
    ]
    numbers += [
        word(one.get("reference")).rsplit("/", 1)[-1].removeprefix("urn:uuid:") for one in found
    ]
    people = (person_of(text) for text in texts if text)
    return Patient(
        identifiers=tuple(number for number in numbers if number and not number.startswith("#")),
        names=tuple(person for person in people if not person.is_empty),
    )


def first_person(*groups: Sequence[Person]) -> Person | None:
    """Return the first person of the first group that names any."""
    return next((person for group in groups for person in group), None)


def concept_words(*concepts: object) -> str:
    """Return what some concepts are called, in one text."""
    return ", ".join(text for text in map(label, concepts) if text)
