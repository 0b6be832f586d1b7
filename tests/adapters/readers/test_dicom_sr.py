import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmwrite
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from peeraudit.adapters.readers import dicom_files, dicom_sr
from peeraudit.adapters.readers.dicom_files import open_dicom
from peeraudit.adapters.readers.dicom_people import clinicians_of, patient_of
from peeraudit.adapters.readers.dicom_sr import read_dicom_sr
from peeraudit.domain.errors import InvalidInput
from peeraudit.domain.intake.reports import Accepted, IncomingReport, Item, Person, Refused
from tests.adapters.readers.structured_reports import as_bytes, coded, document, item

FOUND = "Pas d'épanchement pleural."
ONE = [item("TEXT", "Résultats", FOUND)]


def read(tmp_path: Path, content: bytes, name: str = "a.dcm") -> list[Item]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_dicom_sr(path, name))


def report(tmp_path: Path, dataset: Dataset) -> IncomingReport:
    (found,) = read(tmp_path, as_bytes(dataset))
    assert isinstance(found, Accepted), found
    return found.report


def told(items: list[Item]) -> list[str]:
    return [i.report.accession if isinstance(i, Accepted) else i.code for i in items]


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


class TestText:
    def test_headings_come_from_concept_names(self, tmp_path: Path) -> None:
        findings = [
            item("TEXT", "Finding", "Nodule du lobe supérieur."),
            item("TEXT", "Finding", "Pas d'épanchement."),
            item("NUM", "Diamètre", ("12", "mm")),
            item("CODE", "BI-RADS", "Bénin"),
        ]
        found = report(
            tmp_path,
            document(
                [
                    item("TEXT", "Indication", "Toux."),
                    item("CONTAINER", "Findings", findings),
                    item(
                        "CONTAINER", "Conclusion", [item("TEXT", "Conclusion", "Nodule à revoir.")]
                    ),
                    item("CONTAINER", "Image Library", []),
                ]
            ),
        )

        assert found.text == (
            "Indication:\nToux.\n\n"
            "Findings:\nNodule du lobe supérieur.\nPas d'épanchement.\nDiamètre: 12 mm\n"
            "BI-RADS: Bénin\n\n"
            "Conclusion:\nNodule à revoir."
        )

    def test_running_text_stays_in_one_line(self, tmp_path: Path) -> None:
        parts = [item("TEXT", "Part", "Nodule de"), item("NUM", "Size", ("12", "mm"))]
        running = item("CONTAINER", "Résultats", [*parts, item("TEXT", "Part", "à droite.")])
        running.ContinuityOfContent = "CONTINUOUS"

        assert report(tmp_path, document([running])).text == "Résultats:\nNodule de 12 mm à droite."

    def test_context_is_no_part_of_the_text(self, tmp_path: Path) -> None:
        context = [
            item("PNAME", "Person Observer Name", "LEROY^Max", "HAS OBS CONTEXT"),
            item("TEXT", "Observer Organization Name", "Clinique du Lac", "HAS OBS CONTEXT"),
            item("CODE", "Language of Content Item", "French", "HAS CONCEPT MOD"),
        ]
        found = report(tmp_path, document([*context, *ONE]))

        assert found.text == f"Résultats:\n{FOUND}"
        assert found.author == Person("", "LEROY", "Max")
        assert found.places == ("Clinique du Lac",)
        assert found.language == "fr"

    @pytest.mark.parametrize(
        ("declared", "encoding"),
        [
            ("ISO_IR 192", "utf-8"), ("ISO_IR 100", "latin-1"), (None, "utf-8"),
            (None, "latin-1"), ("ISO_IR 100", "utf-8"), ("ISO_IR 192", "latin-1"),
            ("ISO_IR 6", "latin-1"), ("ISO_IR 6", "utf-8"),
        ],
    )  # fmt: skip
    def test_accents_survive_what_is_declared(
        self, tmp_path: Path, declared: str | None, encoding: str
    ) -> None:
        dataset = document([item("TEXT", "Résultats", "Hélène opérée")])
        written = "ISO_IR 192" if encoding == "utf-8" else "ISO_IR 100"
        dataset.SpecificCharacterSet = written
        label = (declared or "").encode().ljust(10)
        content = as_bytes(dataset).replace(written.encode(), label)

        (found,) = read(tmp_path, content)

        assert isinstance(found, Accepted)
        assert found.report.text == "Résultats:\nHélène opérée"
        assert found.report.patient.names[0].first == "Hélène"


class TestStatus:
    @pytest.mark.parametrize(
        ("elements", "status"),
        [
            ({}, "final"),
            ({"VerificationFlag": "UNVERIFIED"}, "preliminary"),
            ({"CompletionFlag": "PARTIAL"}, "preliminary"),
            ({"PreliminaryFlag": "PRELIMINARY"}, "preliminary"),
            ({"PredecessorDocumentsSequence": [Dataset()]}, "corrected"),
            ({"ConceptNameCodeSequence": [coded("Addendum")]}, "addendum"),
        ],
    )
    def test_flags_decide(self, tmp_path: Path, elements: dict[str, object], status: str) -> None:
        assert report(tmp_path, document(ONE, **elements)).status == status


class TestIdentity:
    def test_everybody_and_everything_is_known(self, tmp_path: Path) -> None:
        observer = Dataset()
        observer.VerifyingObserverName = "PETIT^Luc"
        observer.VerifyingOrganization = "CHU Nord"
        observer.VerificationDateTime = "20260402093000"
        observer.VerifyingObserverIdentificationCodeSequence = [coded("PETIT^Luc", "10100")]
        found = report(
            tmp_path,
            document(
                [item("PNAME", "Person Observer Name", "LEROY^Max", "HAS OBS CONTEXT"), *ONE],
                VerifyingObserverSequence=[observer],
                ReferringPhysicianName="ROY^Ana",
                PerformingPhysicianName="NOIR^Eve",
                PatientMotherBirthName="MARTIN^Rose",
                OtherPatientIDs="OLD77",
                PatientAddress="1 rue X 51100 Reims",
                PatientTelephoneNumbers="0326781234",
                InstitutionName="Clinique du Lac",
                PatientBirthDate="19410302",
                TimezoneOffsetFromUTC="+0200",
            ),
        )

        assert found.author == Person("10100", "PETIT", "Luc")
        assert {p.last for p in found.clinicians} == {"PETIT", "LEROY", "ROY", "NOIR"}
        assert found.patient.names[0] == Person("", "DUMONT", "Hélène", "Marie")
        assert found.patient.relatives == (Person("", "MARTIN", "Rose"),)
        assert found.patient.identifiers == ("77", "OLD77")
        assert found.patient.phones == ("0326781234",)
        assert set(found.identifiers) >= {"1.2.3.4", "1.2.3.4.5", "OLD77"}
        assert set(found.places) == {"Clinique du Lac", "CHU Nord"}
        assert str(found.signed_at) == "2026-04-02 09:30:00+00:00"
        assert (found.report_id, found.accession, found.modality) == ("1.2.3.4.5", "A1", "CT")

    def test_the_study_stands_for_a_missing_accession(self, tmp_path: Path) -> None:
        found = report(tmp_path, document(ONE, AccessionNumber=""))

        assert found.accession == "1.2.3.4"
        assert "accession" in found.derived

    def test_names_in_other_scripts_are_read(self, shared: Path) -> None:
        japanese = open_dicom((shared / "dicom/charset/chrH31.dcm").read_bytes())
        french = open_dicom((shared / "dicom/charset/chrFren.dcm").read_bytes())
        german = open_dicom((shared / "dicom/charset/chrGerm.dcm").read_bytes())

        assert [n.last for n in patient_of(japanese, str).names] == ["Yamada", "山田", "やまだ"]
        assert patient_of(french, str).names == (Person("", "Buc", "Jérôme"),)
        assert patient_of(german, str).names == (Person("", "Äneas", "Rüdiger"),)
        assert clinicians_of(japanese, str) == ()


class TestRefusals:
    def test_what_holds_no_report_is_told(self, tmp_path: Path) -> None:
        keys = document([], SOPClassUID="1.2.840.10008.5.1.4.1.1.88.59")
        image = document([], SOPClassUID="1.2.840.10008.5.1.4.1.1.2")
        empty = document([item("IMAGE", "Image")])

        assert told(read(tmp_path, as_bytes(keys))) == ["key_objects"]
        (refused,) = read(tmp_path, as_bytes(image))
        assert isinstance(refused, Refused)
        assert "CT Image Storage" in str(refused)
        assert told(read(tmp_path, as_bytes(empty))) == ["no_text"]
        assert told(read(tmp_path, b"no DICOM at all")) == ["not_dicom"]
        assert told(read(tmp_path, b"")) == ["not_dicom"]

    def test_large_and_swollen_files_are_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bomb = as_bytes(document([item("TEXT", "Résultats", "x" * 2_000_000)]), deflated=True)
        monkeypatch.setattr(dicom_files, "MAX_FILE", 1_000_000)
        monkeypatch.setattr(dicom_sr, "MAX_FILE", 1_000_000)

        assert len(bomb) < 10_000
        assert told(read(tmp_path, bomb)) == ["dicom_too_large"]
        assert told(read(tmp_path, bytes(1_000_001))) == ["dicom_too_large"]

    def test_a_deflated_report_is_read(self, tmp_path: Path) -> None:
        assert told(read(tmp_path, as_bytes(document(ONE), deflated=True))) == ["A1"]

    def test_endless_nesting_is_cut(self, tmp_path: Path) -> None:
        nested = item("TEXT", "Résultats", FOUND)
        for _ in range(80):
            nested = item("CONTAINER", "Niveau", [nested])

        assert told(read(tmp_path, as_bytes(document([nested])))) == ["no_text"]

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.data())
    def test_no_damage_crashes_the_reader(self, tmp_path: Path, data: st.DataObject) -> None:
        content = bytearray(as_bytes(document(ONE)))
        for _ in range(data.draw(st.integers(0, 8))):
            place = data.draw(st.integers(132, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
        found = read(tmp_path, bytes(content[: data.draw(st.integers(0, len(content)))]))
        assert len(found) == 1

    @given(st.binary(max_size=600))
    def test_no_bytes_crash_it(self, data: bytes) -> None:
        for content in (data, bytes(128) + b"DICM" + data):
            try:
                open_dicom(content)
            except (dicom_files.NotDicom, dicom_files.TooLarge):
                continue


class TestSeveral:
    def test_a_damaged_file_never_loses_its_neighbours(self, tmp_path: Path) -> None:
        first, second = as_bytes(document(ONE)), as_bytes(document(ONE, AccessionNumber="A2"))
        content = zipped(**{"a.dcm": first, "sub/b.txt": b"notes", "c.dcm": second})

        items = read(tmp_path, content, "all.zip")

        assert told(items) == ["A1", "not_dicom", "A2"]
        assert [i.position.locator for i in items] == [
            "message 1, a.dcm", "message 2, sub/b.txt", "message 3, c.dcm",
        ]  # fmt: skip

    def test_a_damaged_member_is_told(self, tmp_path: Path) -> None:
        content = bytearray(zipped(**{"a.dcm": as_bytes(document(ONE)), "b.dcm": b"x" * 100}))
        content[60:90] = bytes(30)

        assert told(read(tmp_path, bytes(content), "all.zip"))[0] == "damaged_member"

    def test_an_archive_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidInput, match="unpack"):
            read(tmp_path, zipped(**{"a.dcm": bytes(30_000_000)}), "bomb.zip")

    def test_a_folder_is_read_file_by_file(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub/b.dcm").write_bytes(as_bytes(document(ONE)))
        (tmp_path / "a.dcm").write_bytes(as_bytes(document(ONE, AccessionNumber="A2")))

        assert told(list(read_dicom_sr(tmp_path, "folder"))) == ["A2", "A1"]


class TestRealFiles:
    def test_every_file_is_accounted_for(self, shared: Path) -> None:
        counted: Counter[str] = Counter()
        for path in sorted((shared / "dicom").rglob("*.dcm")):
            items = list(read_dicom_sr(path, path.name))
            assert len(items) == 1
            counted.update(i.code if isinstance(i, Refused) else "accepted" for i in items)

        assert counted == {"accepted": 52, "not_a_structured_report": 9, "not_dicom": 1}

    def test_the_texts_of_dcmtk_are_those_of_its_own_dump(self, shared: Path) -> None:
        for path in sorted((shared / "dicom/dcmtk_sr").glob("*.dump.txt")):
            dump = path.read_text("latin-1")
            expected = re.findall(r'<contains TEXT:\(,,"[^"]*"\)="(.*)">', dump)
            names = re.findall(r'^1\.\d+  <contains (?:TEXT|CONTAINER):\(,,"([^"]*)"', dump, re.M)
            (found,) = read_dicom_sr(path.with_name(path.name.replace(".dump.txt", ".dcm")), "x")
            assert isinstance(found, Accepted)
            lines = found.report.text.split("\n")

            assert [line for text in expected for line in text.split("\\n")] == [
                line for line in lines if line and line.rstrip(":") not in names
            ]
            assert [line[:-1] for line in lines if line[:-1] in names] == names

    def test_the_reports_of_the_feed_say_what_its_messages_say(self, shared: Path) -> None:
        with (shared / "hl7v2/scout/reports_text.csv").open(newline="") as file:
            expected = {row["accession"]: row["text"] for row in csv.DictReader(file)}

        for path in sorted((shared / "dicom/scout_derived_sr").glob("*.dcm")):
            (found,) = read_dicom_sr(path, path.name)
            assert isinstance(found, Accepted)
            whole = " ".join(expected[found.report.accession].split())
            heads = {"Findings:", "Impressions:"}
            lines = [line for line in found.report.text.split("\n") if line not in heads]

            for part in " ".join(lines).split("  "):
                assert " ".join(part.split()) in whole


NESTED = [
    item("CONTAINER", "Résultats", [item("TEXT", "Poumons", FOUND)]),
    item("CONTAINER", "Conclusion", [item("TEXT", "Avis", "Contrôle à trois mois.")]),
]


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("without_end", [True, False])
def test_a_cut_file_never_loses_its_last_words_in_silence(
    tmp_path: Path,
    explicit: bool,
    without_end: bool,
) -> None:
    content = written(document(NESTED), explicit=explicit, without_end=without_end)
    (whole,) = read(tmp_path, content)

    cut = [read(tmp_path, content[:size]) for size in range(400, len(content), 7)]

    assert isinstance(whole, Accepted)
    assert {i.code if isinstance(i, Refused) else i.report.text for (i,) in cut} <= {
        "not_dicom", "missing_accession", "missing_date", "no_text", whole.report.text,
    }  # fmt: skip


def test_a_cut_deflated_file_is_damaged(tmp_path: Path) -> None:
    (found,) = read(tmp_path, as_bytes(document(NESTED), deflated=True)[:-40])

    assert told([found]) == ["not_dicom"]


def written(dataset: Dataset, *, explicit: bool, without_end: bool) -> bytes:
    """A file whose sequences and items tell their length, or end with a mark."""
    waiting = [dataset]
    while waiting:
        for element in waiting.pop():
            if element.VR == "SQ":
                element.is_undefined_length = without_end
                for inner in element.value:
                    inner.is_undefined_length_sequence_item = without_end
                    waiting.append(inner)
    as_bytes(dataset)
    dataset.file_meta.TransferSyntaxUID = (
        ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian
    )
    target = io.BytesIO()
    dcmwrite(target, dataset, enforce_file_format=True)
    return target.getvalue()
