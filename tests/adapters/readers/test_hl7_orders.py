import base64
from datetime import date
from pathlib import Path

import pytest

from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.domain.intake.reports import Accepted, IncomingReport, Item, Person, Refused

PROSE = "Foie normal. Pas de lésion focale."
MORE = "Rate, pancréas et reins sans anomalie visible."
PID = "PID|1||77^^^H^MR||DUMONT^Hélène^Marie~MARTIN^Hélène|PETIT^Rose|19410302|F"
OBR = "OBR|1|P1|A1|ECH^Échographie|||20260331" + "|" * 17 + "US|"
TXA = "TXA|1|DI|TX|20260331||||||||DOC1||P7|A7||"


def message(*segments: str, kind: str = "ORU^R01") -> bytes:
    header = f"MSH|^~\\&|RIS|HOP|APP|NET|20260331142500||{kind}|M1|P|2.5.1||||||UNICODE UTF-8"
    return ("\r".join((header, *segments)) + "\r").encode()


def obx(value: str, kind: str = "TX", name: str = "CR", status: str = "F") -> str:
    return f"OBX|1|{kind}|{name}||{value}||||||{status}"


def packed(data: bytes | str) -> str:
    content = data.encode() if isinstance(data, str) else data
    return base64.b64encode(content).decode()


def read(tmp_path: Path, content: bytes) -> list[Item]:
    path = tmp_path / "feed.hl7"
    path.write_bytes(content)
    return list(read_hl7v2(path, "feed.hl7"))


def report(tmp_path: Path, *segments: str, kind: str = "ORU^R01") -> IncomingReport:
    (item,) = read(tmp_path, message(*segments, kind=kind))
    assert isinstance(item, Accepted), item
    return item.report


def refusal(tmp_path: Path, *segments: str, kind: str = "ORU^R01") -> tuple[str, str, str]:
    (item,) = read(tmp_path, message(*segments, kind=kind))
    assert isinstance(item, Refused)
    return item.code, item.position.segment, item.position.field


class TestText:
    def test_values_stand_among_the_prose_with_their_names(self, tmp_path: Path) -> None:
        found = report(
            tmp_path, PID, f"{OBR}F", obx("Sein droit~Pas de masse."),
            obx("2^Bénin^BIRADS", "CE", "BR^BI-RADS"), obx("12.5", "NM", "S^Taille") ,
            obx(">^100", "SN", "D^Dose"), obx("Fin.", "FT"),
        )  # fmt: skip

        assert found.text.splitlines() == [
            "Sein droit", "Pas de masse.", "BI-RADS: Bénin", "Taille: 12.5", "Dose: > 100", "Fin.",
        ]  # fmt: skip

    def test_values_alone_make_no_report(self, tmp_path: Path) -> None:
        lines = (PID, f"{OBR}F", obx("5.4", "NM"), obx("N^Négatif", "CWE"))

        assert refusal(tmp_path, *lines) == ("no_text", "OBX", "5")

    def test_a_segment_goes_on_in_the_next_and_in_repetitions(self, tmp_path: Path) -> None:
        lines = (f"{OBR}F", "OBX|1|FT|CR||Foie ", "ADD|normal.~Rate", "ADD| normale.||||||F")

        assert report(tmp_path, *lines).text == "Foie normal.\nRate normale."

    def test_a_withdrawn_line_is_left_out(self, tmp_path: Path) -> None:
        lines = (f"{OBR}F", obx("Erreur de côté.", status="D"), obx(PROSE))

        assert report(tmp_path, *lines).text == PROSE

    @pytest.mark.parametrize(
        "value",
        [
            f"^TEXT^^Base64^{packed(PROSE)}",
            f"^TEXT^^Base64^{packed(PROSE)[:20]}\\.br\\{packed(PROSE)[20:]}",
            f"^TEXT^^base64^{packed(PROSE.encode('latin-1')).rstrip('=')}",
            f"^TEXT^^Hex^{PROSE.encode().hex()}",
            f"^text^plain^A^{PROSE}",
            packed(PROSE),
            f"^text^html^A^<html><body><p>{PROSE}</p><script>x()</script></body></html>",
            f"^text^html^Base64^{packed(f'<div>{PROSE}</div>')}",
            "^TEXT^RTF^Base64^" + packed(r"{\rtf1\ansi Foie normal. Pas de l\'e9sion focale.\par}"),
            "^multipart^x^Base64^" + packed(
                "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
                f"Content-Type: text/plain; charset=utf-8\n\n{PROSE}\n--b--\n"
            ),
        ],
    )  # fmt: skip
    def test_a_document_is_opened(self, tmp_path: Path, value: str) -> None:
        assert report(tmp_path, f"{OBR}F", obx(value, "ED")).text == PROSE

    def test_rtf_in_a_text_field_is_read(self, tmp_path: Path) -> None:
        rtf = r"{\rtf1\ansi Foie normal.\par Pas de l\'e9sion focale.\par}"
        escaped = rtf.replace("\\", "\\E\\")

        for value in (rtf, escaped):
            found = report(tmp_path, f"{OBR}F", obx(value, "FT"))
            assert found.text == "Foie normal.\nPas de lésion focale."

    def test_a_document_that_repeats_the_prose_adds_nothing(self, tmp_path: Path) -> None:
        fuller = f"^TEXT^^Base64^{packed(f'{PROSE} {MORE}')}"
        other = f"^TEXT^^Base64^{packed('Addendum: kyste rénal simple à gauche')}"

        def beside(document: str) -> str:
            return report(tmp_path, f"{OBR}F", obx(PROSE), obx(document, "ED")).text

        assert beside(f"^TEXT^^Base64^{packed(PROSE)}") == PROSE
        assert beside(fuller) == f"{PROSE} {MORE}"
        assert beside(other) == f"{PROSE}\nAddendum: kyste rénal simple à gauche"

    def test_a_document_without_text_is_told_with_its_kind(self, tmp_path: Path) -> None:
        order = f"{OBR}F"
        scan = f"^Application^PDF^Base64^{packed(b'%PDF-1.4 nothing')}"

        assert refusal(tmp_path, order, obx(scan, "ED")) == (
            "unreadable_attachment",
            "OBX",
            "5",
        )
        assert refusal(tmp_path, order, obx("http://x", "RP"))[0] == "only_attachments"

    def test_notes_are_the_report_where_there_is_no_result(self, tmp_path: Path) -> None:
        assert report(tmp_path, f"{OBR}F", f"NTE|1||{PROSE}").text == PROSE


class TestOrders:
    def test_orders_of_one_examination_make_one_report(self, tmp_path: Path) -> None:
        second = OBR.replace("ECH^Échographie", "DOP^Doppler")
        found = report(tmp_path, f"{OBR}F", obx("Foie normal."), f"{second}F", obx("Flux normal."))

        assert found.text == "Foie normal.\nFlux normal."
        assert found.exam == "Échographie / Doppler"

    def test_orders_of_two_examinations_make_two(self, tmp_path: Path) -> None:
        second = OBR.replace("A1", "A2")
        content = message(f"{OBR}F", obx("Foie normal."), f"{second}P", obx("Flux normal."))

        reports = [i.report for i in read(tmp_path, content) if isinstance(i, Accepted)]

        assert [(r.accession, r.report_id) for r in reports] == [("A1", "M1"), ("A2", "M1#2")]
        assert [r.status for r in reports] == ["final", "preliminary"]

    @pytest.mark.parametrize(
        ("order", "results", "status"),
        [
            ("F", "F", "final"), ("P", "F", "preliminary"), ("C", "C", "corrected"),
            ("X", "F", "cancelled"), ("R", "F", "preliminary"), ("A", "F", "preliminary"),
            ("", "F", "final"), ("", "P", "preliminary"), ("", "C", "corrected"),
            ("", "U", "final"), ("", "R", "preliminary"), ("Final", "Final", "final"),
        ],
    )  # fmt: skip
    def test_the_status_is_the_orders_or_its_results(
        self, tmp_path: Path, order: str, results: str, status: str
    ) -> None:
        assert report(tmp_path, f"{OBR}{order}", obx(PROSE, status=results)).status == status

    def test_results_marked_as_addendum_make_one(self, tmp_path: Path) -> None:
        assert report(tmp_path, f"{OBR}C", obx(PROSE, name="24&ADT")).status == "addendum"

    def test_all_results_withdrawn_withdraw_the_report(self, tmp_path: Path) -> None:
        assert report(tmp_path, OBR, obx(PROSE, status="X")).status == "cancelled"


class TestPriority:
    @pytest.mark.parametrize(
        ("timing", "urgency"),
        [
            (["TQ1|1||||||||S^Stat^HL70485"], "stat"),
            (["TQ1|1||||||||R"], "routine"),
            # Whose priority it is cannot be told.
            (["TQ1|1||||||||S", "TQ1|2||||||||R"], ""),
        ],
    )
    def test_it_stands_with_the_timing_of_newer_messages(
        self, tmp_path: Path, timing: list[str], urgency: str
    ) -> None:
        found = report(tmp_path, PID, f"{OBR}F", *timing, obx(PROSE))

        assert found.urgency == urgency


class TestDates:
    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("2026033123", date(2026, 3, 31)),
            ("2026033123-0500", date(2026, 3, 31)),
            ("202603", date(2026, 3, 31)),
            ("202602", date(2026, 2, 1)),
        ],
    )
    def test_a_time_may_end_with_its_hour_or_its_month(
        self, tmp_path: Path, written: str, day: date
    ) -> None:
        found = report(tmp_path, PID, OBR.replace("20260331", written) + "F", obx(PROSE))

        assert found.performed_on == day


class TestRefusals:
    def test_each_names_its_segment_and_field(self, tmp_path: Path) -> None:
        no_number = OBR.replace("|P1|A1|", "|||")
        bad_day = OBR.replace("20260331", "unknown")

        assert refusal(tmp_path, f"{no_number}F", obx(PROSE)) == ("missing_accession", "OBR", "3")
        assert refusal(tmp_path, f"{OBR}Q", obx(PROSE)) == ("unknown_status", "OBR", "25")
        assert refusal(tmp_path, f"{bad_day}F", obx(PROSE)) == ("unreadable_date", "OBR", "7")
        assert refusal(tmp_path, kind="ADT^A01") == ("not_a_report", "MSH", "9")
        assert refusal(tmp_path, f"{OBR}F", obx(PROSE), "DSC|1") == ("divided_message", "DSC", "1")
        assert refusal(tmp_path, "OBX" + "|" * 2000) == ("too_many_fields", "OBX", "1001")

    def test_the_second_order_is_told_from_the_first(self, tmp_path: Path) -> None:
        second = OBR.replace("A1", "A2")
        content = message(f"{OBR}F", obx(PROSE), f"{second}Q", obx(PROSE))

        _, item = read(tmp_path, content)

        assert item.position.locator == "message 1, OBR[2]-25"


class TestDocuments:
    @pytest.mark.parametrize(
        ("event", "completion", "availability", "status"),
        [
            ("T02", "AU", "AV", "final"), ("T02", "LA", "", "final"),
            ("T02", "IP", "", "preliminary"), ("T02", "DI", "AV", "preliminary"),
            ("T02", "PA", "", "preliminary"),
            ("T06", "AU", "", "addendum"), ("T08", "AU", "", "corrected"),
            ("T10", "LA", "", "corrected"), ("T02", "AU", "CA", "cancelled"),
            ("T02", "AU", "OB", "cancelled"), ("T11", "", "", "cancelled"),
            ("T02", "", "", "final"),
        ],
    )  # fmt: skip
    def test_status_follows_event_completion_and_availability(
        self, tmp_path: Path, event: str, completion: str, availability: str, status: str
    ) -> None:
        lines = (PID, f"{TXA}{completion}||{availability}", obx(PROSE))
        found = report(tmp_path, *lines, kind=f"MDM^{event}")

        assert (found.accession, found.status, found.text) == ("A7", status, PROSE)

    def test_its_signer_is_the_author(self, tmp_path: Path) -> None:
        txa = "TXA|1|DI|TX|20260331|5^CINQ^A||||9^NEUF^B|10^DIX^C||DOC1||P7|A7||AU|||||22^SIGNE^D"
        found = report(tmp_path, txa, obx(PROSE), kind="MDM^T02")

        assert found.author == Person("22", "SIGNE", "D")
        assert {p.last for p in found.clinicians} == {"CINQ", "NEUF", "DIX", "SIGNE"}
        assert {"DOC1", "A7"} <= set(found.identifiers)

    def test_without_an_order_its_own_number_stands(self, tmp_path: Path) -> None:
        txa = "TXA|1|DI|TX|20260331||||||||DOC1|||||AU"

        assert report(tmp_path, txa, obx(PROSE), kind="MDM^T02").accession == "DOC1"

    def test_a_withdrawal_needs_no_text(self, tmp_path: Path) -> None:
        assert report(tmp_path, TXA, kind="MDM^T11").status == "cancelled"

    def test_a_notice_is_told_from_a_document(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, TXA, kind="MDM^T01") == ("notice_only", "MSH", "9")
        assert refusal(tmp_path, TXA, obx(""), kind="MDM^T02") == ("no_text", "OBX", "5")


def test_everybody_and_everything_that_is_named_is_known(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        "EVN|R01|20260331|||C8^OPERATEUR^Op",
        (
            "PID|1|OLD1^^^X|77^^^H^MR~ABC999|ALT55|DUMONT^Hélène~MARTIN^Hélène|PETIT^Rose|19410302|F"
            "|ALIAS^Lena||1 rue X^^Reims^^51100||0326781234^PRN^PH^lena@mail.fr|||||ACC18|SSN19"
        ),
        "PD1|||CLINIQUE DU LAC^^1|44^MEDECIN^Traitant",
        "NK1|1|VOISIN^Paul|BRO|9 rue Y^^Épernay|0611223344",
        "PV1|1|I|SALLE3^12^B^HOP||||11^PETIT^Luc|12^ROY^Ana|13^CONS^C||||||||17^ADM^D||V1234567",
        "GT1|1|G123|GARANT^Guy||8 rue Z^^Troyes|0325000000",
        "IN1|1|PLAN" + "|" * 14 + "ASSURE^Ines" + "|" * 20 + "POL998877",
        "ROL|1|AD|AT|55^ROLE^R",
        "PRT|1|AD||PI^Interpreter|66^LECTEUR^Prt|||CENTRE SUD",
        (
            "ORC|RE|P1|A1|G9001||||||31^SAISI^E|32^VERIF^F|33^PRESCR^G||0326000001"
            "|||||34^ACT^H||CHU NORD"
        ),
        (
            "OBR|1|P1|A1|ECH^Échographie|||20260331|||41^COLL^I||||||42^DEM^J|||RP4455"
            "|||||US|F|||43^COPIE^K"
        ),
        "OBX|1|TX|CR||" + PROSE + "||||||F|||||51^RESP^L",
        "OBX|2|ST|113014^DICOM Study||1.2.840.113669.632.20.5403||||||F",
        "ZDS|1.2.276.0.7230010.3.1.4^^Application^DICOM",
    )  # fmt: skip

    assert found.author == Person("66", "LECTEUR", "Prt")
    assert {p.last for p in found.clinicians} == {
        "OPERATEUR", "MEDECIN", "PETIT", "ROY", "CONS", "ADM", "ROLE", "LECTEUR", "SAISI", "VERIF",
        "PRESCR", "ACT", "COLL", "DEM", "COPIE", "RESP",
    }  # fmt: skip
    patient = found.patient
    assert patient.identifiers[0] == "77"
    assert set(patient.identifiers) == {
        "77", "ABC999", "OLD1", "ALT55", "ACC18", "SSN19", "V1234567", "G123", "POL998877",
    }  # fmt: skip
    assert [n.last for n in patient.names] == ["DUMONT", "MARTIN", "ALIAS"]
    assert {n.last for n in patient.relatives} == {"PETIT", "VOISIN", "GARANT", "ASSURE"}
    assert {"0326781234", "lena@mail.fr", "0611223344", "0325000000"} <= set(patient.phones)
    assert {"1 rue X", "Reims", "51100", "9 rue Y", "Épernay", "Troyes"} <= set(patient.addresses)
    assert set(found.identifiers) >= {
        "A1", "G9001", "RP4455", "0326000001", "1.2.840.113669.632.20.5403", "77",
        "1.2.276.0.7230010.3.1.4",
    }  # fmt: skip
    assert set(found.places) >= {
        "SALLE3",
        "HOP",
        "NET",
        "CLINIQUE DU LAC",
        "CENTRE SUD",
        "CHU NORD",
    }


class TestNumberOfTheExamination:
    """OBR-18 holds the accession number by IHE, and anything else by HL7."""

    def order(self, placer: str = "", filler: str = "", site: str = "") -> str:
        return OBR.replace("|P1|A1|", f"|{placer}|{filler}|").replace(
            "|20260331" + "|" * 17, "|20260331" + "|" * 11 + site + "|" * 6
        )

    @pytest.mark.parametrize(
        ("placer", "filler", "site", "number"),
        [
            ("P1", "A1", "7795083283", "A1"),
            ("P1", "A1", "CHEST", "A1"),
            ("P1", "", "7795083283", "P1"),
            ("", "", "7795083283", "7795083283"),
            ("", "", "2026-00471", "2026-00471"),
        ],
    )
    def test_the_orders_own_numbers_come_first(
        self, tmp_path: Path, placer: str, filler: str, site: str, number: str
    ) -> None:
        found = report(tmp_path, PID, f"{self.order(placer, filler, site)}F", obx(PROSE))

        assert found.accession == number

    def test_the_number_of_the_study_comes_before_it(self, tmp_path: Path) -> None:
        segments = (PID, f"{self.order(site='7795083283')}F", obx(PROSE), "ZDS|1.2.276.0^^A^DICOM")

        assert report(tmp_path, *segments).accession == "1.2.276.0"

    @pytest.mark.parametrize("site", ["CHEST", "Placer 1", "CT1", "2026", "Salle 12345"])
    def test_a_word_or_a_room_is_no_number(self, tmp_path: Path, site: str) -> None:
        told = refusal(tmp_path, PID, f"{self.order(site=site)}F", obx(PROSE))

        assert told == ("missing_accession", "OBR", "3")

    def test_orders_that_share_it_are_one_report(self, tmp_path: Path) -> None:
        one = f"{self.order(site='7795083283')}F"

        found = report(tmp_path, PID, one, obx(PROSE), one, obx(MORE))

        assert found.text == f"{PROSE}\n{MORE}"
