import base64
import json
from pathlib import Path
from typing import Any

import pytest

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.fhir import Source, read_fhir, read_fhir_files
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.intake.reports import Accepted, Item, Refused

TEXT = "INDICATION : douleur.\nRÉSULTATS : foie normal.\nCONCLUSION : pas d’anomalie."
CATEGORY = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}


def form(data: bytes | str, kind: str = "text/plain; charset=utf-8") -> dict[str, str]:
    content = data if isinstance(data, bytes) else data.encode()
    return {"contentType": kind, "data": base64.b64encode(content).decode()}


def report(number: int = 1, **changes: Any) -> dict[str, Any]:
    accession = {"type": {"coding": [{"code": "ACSN"}]}, "value": f"A{number}"}
    whole = {
        "resourceType": "DiagnosticReport",
        "id": f"r{number}",
        "identifier": [accession, {"system": "urn:ris", "value": f"CR{number}"}],
        "status": "final",
        "category": [CATEGORY],
        "code": {"text": "Scanner abdominal"},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-03-31T14:25:00+02:00",
        "issued": "2026-03-31T15:00:00+02:00",
        "resultsInterpreter": [{"reference": "PractitionerRole/role1"}],
        "presentedForm": [form(TEXT)],
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"value": "IPP77"},
        {"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "2790351215189"},
    ],
    "name": [
        {"use": "official", "family": "DUMONT", "given": ["Hélène", "Marie"]},
        {"use": "maiden", "family": "LEFÈVRE", "given": ["Hélène"]},
    ],
    "birthDate": "1941-03-02",
    "gender": "female",
    "telecom": [{"system": "phone", "value": "tel:0326781234"}],
    "address": [{"line": ["1 rue X"], "city": "Reims", "postalCode": "51100"}],
    "contact": [{"name": {"family": "PETIT", "given": ["Luc"]}, "telecom": [{"value": "0611"}]}],
    "generalPractitioner": [{"reference": "Practitioner/gp"}],
}
OTHERS = [
    PATIENT,
    {"resourceType": "Practitioner", "id": "d1", "identifier": [{"value": "10003456789"}],
     "name": [{"family": "DURAND", "given": ["Paul"], "prefix": ["Dr"]}]},
    {"resourceType": "Practitioner", "id": "gp", "name": [{"text": "Dr ROY Ana"}]},
    {"resourceType": "PractitionerRole", "id": "role1",
     "practitioner": {"reference": "Practitioner/d1"},
     "organization": {"reference": "Organization/o1"}},
    {"resourceType": "Organization", "id": "o1", "name": "Clinique du Lac", "alias": ["Le Lac"]},
    {"resourceType": "ServiceRequest", "id": "s1", "priority": "stat",
     "identifier": [{"type": {"coding": [{"code": "PLAC"}]}, "value": "PL9"}],
     "requester": {"display": "Dr Luc BLANC"}},
    {"resourceType": "ImagingStudy", "id": "i1", "started": "2026-03-30T10:00:00Z",
     "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"},
                    {"type": {"coding": [{"code": "ACSN"}]}, "value": "A-STUDY"}],
     "modality": [{"code": "SR"}, {"code": "CT"}],
     "series": [{"bodySite": {"display": "Abdomen"}}]},
]  # fmt: skip


def bundle(*resources: Any, kind: str = "collection") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}


def saved(tmp_path: Path, content: Any, name: str = "feed.json") -> Path:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def read(tmp_path: Path, content: Any) -> list[Item]:
    return list(read_fhir(saved(tmp_path, content), "feed.json"))


def only(items: list[Item]) -> Accepted:
    (item,) = items
    assert isinstance(item, Accepted), item
    return item


def told(items: list[Item]) -> list[str]:
    return [i.report.accession if isinstance(i, Accepted) else i.code for i in items]


def test_a_report_tells_all_that_its_resources_know(tmp_path: Path) -> None:
    whole = report(
        basedOn=[{"reference": "ServiceRequest/s1"}], imagingStudy={"reference": "ImagingStudy/i1"}
    )

    found = only(read(tmp_path, bundle(whole, *OTHERS))).report

    assert (found.report_id, found.accession, found.status) == ("CR1", "A1", "final")
    assert (found.modality, found.region, found.urgency) == ("CT", "abdomen", "stat")
    assert str(found.performed_on) == "2026-03-31"
    assert found.text == TEXT
    assert found.author is not None
    assert (found.author.identifier, found.author.last, found.author.first) == (
        "10003456789", "DURAND", "Paul",
    )  # fmt: skip
    assert {person.last for person in found.clinicians} == {"DURAND", "ROY", "BLANC"}
    assert set(found.places) == {"Clinique du Lac", "Le Lac"}
    patient = found.patient
    assert [person.last for person in patient.names] == ["DUMONT", "LEFÈVRE"]
    assert patient.names[0].middle == "Marie"
    assert patient.identifiers == ("IPP77", "2790351215189", "p1")
    assert (str(patient.birth_date), patient.sex) == ("1941-03-02", "F")
    assert patient.phones == ("0326781234", "0611")
    assert set(patient.addresses) == {"1 rue X", "Reims", "51100"}
    assert [person.last for person in patient.relatives] == ["PETIT"]
    assert {"A1", "CR1", "PL9", "A-STUDY", "IPP77", "urn:oid:1.2.3"} <= set(found.identifiers)
    assert "modality" not in found.derived


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "document", "batch"])
def test_every_kind_of_bundle_is_read(tmp_path: Path, kind: str) -> None:
    items = read(tmp_path, bundle(report(1), bundle(report(2), PATIENT, kind=kind), kind=kind))

    assert told(items) == ["A1", "A2"]
    assert [item.position.locator for item in items] == ["entry 1", "entry 2"]


def test_contained_resources_are_found(tmp_path: Path) -> None:
    inside = {
        "contained": [
            {"resourceType": "Patient", "id": "x", "name": [{"family": "NOIR"}]},
            {"resourceType": "Practitioner", "id": "#y", "name": {"family": "VERT"}},
        ],
        "subject": {"reference": "#x"},
        "resultsInterpreter": {"reference": "#y"},
    }

    found = only(read(tmp_path, report(**inside))).report

    assert found.patient.names[0].last == "NOIR"
    assert found.author is not None
    assert found.author.last == "VERT"


def test_lines_refer_to_each_other_in_any_order_and_file(tmp_path: Path) -> None:
    reports = saved(tmp_path, "\n".join(map(json.dumps, [report(1), report(2)])), "r.ndjson")
    others = saved(tmp_path, "\n".join(map(json.dumps, OTHERS)), "o.ndjson")

    items = list(read_fhir_files([Source(reports, "r.ndjson"), Source(others, "o.ndjson")]))

    assert [item.position.locator for item in items] == ["line 1", "line 2"]
    for item in items:
        assert isinstance(item, Accepted)
        assert item.report.patient.names[0].last == "DUMONT"


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ({"reference": "urn:uuid:1"}, {"fullUrl": "urn:uuid:1"}),
        (
            {"reference": "https://x.org/fhir/Patient/9"},
            {"fullUrl": "https://x.org/fhir/Patient/9"},
        ),
        ({"reference": "Patient/9/_history/2"}, {"fullUrl": "https://x.org/fhir/Patient/9"}),
        ({"reference": "https://x.org/fhir/Patient/p1"}, {}),
        ({"identifier": {"value": "IPP77"}, "type": "Patient"}, {}),
        ({"identifier": {"value": "IPP77"}}, {}),
        ({"reference": "Patient?identifier=|IPP77"}, {}),
    ],
)
def test_references_of_every_form_are_followed(
    tmp_path: Path, reference: dict[str, Any], entry: dict[str, Any]
) -> None:
    content = bundle(report(subject=reference))
    content["entry"].append({**entry, "resource": PATIENT})

    assert only(read(tmp_path, content)).report.patient.names[0].last == "DUMONT"


def test_the_same_number_in_two_bundles_is_two_people(tmp_path: Path) -> None:
    people = [PATIENT | {"name": [{"family": name}]} for name in ("NOIR", "VERT")]
    content = [bundle(report(n), person) for n, person in enumerate(people)]

    names = [
        i.report.patient.names[0].last for i in read(tmp_path, content) if isinstance(i, Accepted)
    ]

    assert names == ["NOIR", "VERT"]


def test_who_did_not_come_along_is_known_by_what_is_shown(tmp_path: Path) -> None:
    shown = {
        "subject": {"reference": "Patient/p9", "display": "Hélène DUMONT"},
        "resultsInterpreter": None,
        "performer": [
            {"reference": "Organization/o", "display": "Clinique du Lac"},
            {"reference": "Practitioner/7", "display": "Sean Stover, MD, FRCR"},
        ],
    }

    found = only(read(tmp_path, report(**shown))).report

    assert found.patient.names[0].last == "DUMONT"
    assert "p9" in found.patient.identifiers
    assert found.author is not None
    assert (found.author.last, found.author.first) == ("Stover", "Sean")
    assert found.places == ("Clinique du Lac",)


RTF = r"{\rtf1\ansi\ansicpg1252 Foie normal, r\'e9gulier.\par Rate normale.}"
HTML = (
    "<html><head><title>x</title></head><body><p>Foie &eacute;chog&egrave;ne</p>Rate</body></html>"
)


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        (
            [form("Foie normal.".encode("latin-1"), "text/plain; charset=ISO-8859-1")],
            ["Foie normal."],
        ),
        ([form("Échographie".encode("utf-16"), "text/plain; charset=utf-16")], ["Échographie"]),
        ([form(HTML, "text/html")], ["Foie échogène", "Rate"]),
        ([form(HTML, "application/octet-stream")], ["Foie échogène", "Rate"]),
        ([form(RTF, "application/rtf")], ["Foie normal, régulier.", "Rate normale."]),
        ([form(HTML, "text/html"), form("En clair.")], ["En clair."]),
        (
            [form("Première partie."), form("Seconde partie.")],
            ["Première partie.", "Seconde partie."],
        ),
        ([{"url": "Binary/b1", "contentType": "text/plain"}], ["Foie binaire."]),
        ([{"url": "data:text/plain;base64,Rm9pZSBub3JtYWw="}], ["Foie normal"]),
        ([{"contentType": "text/plain", "data": "Rm9p\nZSBub3J tYWw"}], ["Foie normal"]),
        ({"contentType": "text/plain", "data": "Rm9pZSBub3JtYWw="}, ["Foie normal"]),
    ],
)
def test_attached_texts_are_read(tmp_path: Path, forms: Any, words: list[str]) -> None:
    binary = {"resourceType": "Binary", "id": "b1", "data": form("Foie binaire.")["data"]}

    found = only(read(tmp_path, bundle(report(presentedForm=forms), binary))).report

    assert [word for word in words if word not in found.text] == []


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"text": {"div": "<div><p>Foie normal.</p></div>"}}, "Foie normal."),
        ({"text": {"div": "<div>Foie.</div>"}, "conclusion": "Normal."},
         "Foie.\n\nCONCLUSION:\nNormal."),
        ({"text": {"div": "<div>Foie. Conclusion : normal.</div>"}, "conclusion": "Normal"},
         "Foie. Conclusion : normal."),
        ({"text": {"div": "<div>Generated Narrative id: 7</div>"}, "conclusion": "Normal."},
         "Normal."),
        ({"text": {"div": "<div>&lol; <script>x</script>Foie"}}, "&lol; Foie"),
        ({"conclusion": "Foie normal."}, "Foie normal."),
        ({"conclusionCode": [{"text": "Fracture"}]}, "Fracture"),
        ({"result": [{"reference": "Observation/f"}]}, "FINDINGS:\nFoie normal."),
    ],
)  # fmt: skip
def test_a_report_without_attachment_has_its_narrative(
    tmp_path: Path, parts: dict[str, Any], text: str
) -> None:
    seen = {"resourceType": "Observation", "id": "f", "code": {"text": "Findings"},
            "valueString": "Foie normal."}  # fmt: skip

    found = only(read(tmp_path, bundle(report(presentedForm=None, **parts), seen))).report

    assert found.text == text


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"category": [{"coding": [{"code": "LAB"}]}]}, "not_imaging", "entry 1, category"),
        ({"category": None, "code": {"text": "Lipid panel"}}, "not_imaging", "entry 1, category"),
        ({"presentedForm": None}, "no_text", "entry 1, report_text"),
        ({"presentedForm": [{"url": "https://x.org/1.pdf"}]}, "text_elsewhere",
         "entry 1, presentedForm"),
        ({"presentedForm": [form(b"%PDF-1.7 nonsense", "application/pdf")]},
         "unreadable_attachment", "entry 1, presentedForm"),
        ({"presentedForm": [{"data": "###", "contentType": "text/plain"}]}, "unreadable_attachment",
         "entry 1, presentedForm"),
        ({"effectiveDateTime": None, "issued": None}, "missing_date", "entry 1, performed"),
        ({"effectiveDateTime": "2026-13-45"}, "unreadable_date", "entry 1, performed"),
        ({"status": "perhaps"}, "unknown_status", "entry 1, status"),
        ({"id": None, "identifier": None}, "missing_accession", "entry 1, accession"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_place(
    tmp_path: Path, changes: dict[str, Any], code: str, place: str
) -> None:
    refused, kept = read(tmp_path, bundle(report(1, **changes), report(2)))

    assert isinstance(refused, Refused)
    assert (refused.code, refused.position.locator) == (code, place)
    assert str(refused).endswith(".")
    assert "%(" not in str(refused)
    assert isinstance(kept, Accepted)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("registered", "preliminary"), ("partial", "preliminary"), ("preliminary", "preliminary"),
        ("final", "final"), ("amended", "corrected"), ("corrected", "corrected"),
        ("appended", "addendum"), ("cancelled", "cancelled"), ("entered-in-error", "cancelled"),
        ("unknown", "final"), ("FINAL", "final"),
    ],
)  # fmt: skip
def test_every_status_has_its_meaning(tmp_path: Path, given: str, status: str) -> None:
    assert only(read(tmp_path, report(status=given))).report.status == status


@pytest.mark.parametrize(
    ("days", "day", "is_derived"),
    [
        ({"effectiveDateTime": "2026-03", "issued": "2026-03-31T10:00:00Z"}, "2026-03-31", True),
        ({"effectiveDateTime": "2026-03", "issued": None}, "2026-03-01", True),
        ({"effectiveDateTime": "2026", "issued": None}, "2026-01-01", True),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-03-30"}},
            "2026-03-30",
            False,
        ),
        ({"effectiveDateTime": "2026-03-30"}, "2026-03-30", False),
    ],
)
def test_dates_of_every_precision_are_read(
    tmp_path: Path, days: dict[str, Any], day: str, is_derived: bool
) -> None:
    found = only(read(tmp_path, report(**days))).report

    assert str(found.performed_on) == day
    assert ("performed_on" in found.derived) is is_derived


def test_a_report_without_numbers_goes_by_its_address(tmp_path: Path) -> None:
    found = only(read(tmp_path, report(identifier=None))).report

    assert (found.accession, found.report_id) == ("r1", "r1")
    assert "accession" in found.derived


def test_the_accession_may_stand_with_the_study_or_the_order(tmp_path: Path) -> None:
    bare = report(identifier=None, imagingStudy=[{"reference": "ImagingStudy/i1"}])
    logical = {"type": {"coding": [{"code": "ACSN"}]}, "value": "A-LOGICAL"}
    other = report(2, identifier=None, basedOn=[{"identifier": logical}])

    assert told(read(tmp_path, bundle(bare, other, *OTHERS))) == ["A-STUDY", "A-LOGICAL"]


def test_a_file_of_other_resources_is_refused_as_a_whole(tmp_path: Path) -> None:
    (item,) = read(tmp_path, "\n".join(map(json.dumps, OTHERS)))

    assert isinstance(item, Refused)
    assert (item.code, item.position.locator) == ("no_reports", "the whole file")
    assert "ImagingStudy" in str(item)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_format_is_recognised(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(json.dumps(report(), ensure_ascii=False).encode(encoding))

    found, items = open_reports(path, "x")

    assert found == "fhir"
    assert only(list(items)).report.text == TEXT


def test_other_json_is_not_taken_for_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not known"):
        open_reports(saved(tmp_path, {"authors": [], "text": "x"}), "x.json")


def test_wild_shapes_never_crash(tmp_path: Path) -> None:
    wild = [None, 7, "x", [], {}, [[]], [None], {"coding": 3}, [{"reference": []}], True]
    names = [*report(), "basedOn", "imagingStudy", "encounter", "text", "conclusion", "contained",
             "conclusionCode", "result", "effectivePeriod", "language"]  # fmt: skip
    broken = [report(n, **{name: value}) for name in names if name != "resourceType"
              for n, value in enumerate(wild)]  # fmt: skip

    items = read(tmp_path, bundle(*broken))

    assert len(items) == len(broken)


@pytest.mark.parametrize("field", list(PATIENT))
def test_wild_patients_never_crash(tmp_path: Path, field: str) -> None:
    for value in (None, 7, "x", [], [{}], [None], {"value": {}}, [["x"]]):
        broken = PATIENT | ({field: value} if field != "resourceType" else {})
        assert len(read(tmp_path, bundle(report(), broken))) == 1
