"""Numbers in the shapes of other hospitals vanish behind what names them; measures stay."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask


def masked(text: str, language: str) -> str:
    return mask(text, KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("text", "gone", "language"),
    [
        pytest.param("MRN: QGN 041242, seen", "QGN 041242", "en", id="letters-apart"),
        pytest.param("MRN: VD.2021.77368", "VD.2021.77368", "en", id="points"),
        pytest.param("Insurance: BCBS XWQ812B44817", "XWQ812B44817", "en", id="behind-insurer"),
        pytest.param("SSN: xxx-xx-3814", "3814", "en", id="last-four"),
        pytest.param("EMR: 76339187/62", "76339187/62", "en", id="slash"),
        pytest.param("MedRec# dhyh7795", "dhyh7795", "en", id="small-letters"),
        pytest.param("S/N QX612-7791287", "QX612-7791287", "en", id="serial-with-slash"),
        pytest.param("Device SN 77120-B4.", "77120-B4", "en", id="serial"),
        pytest.param("Lot 5541B, exp later", "5541B", "en", id="lot"),
        pytest.param("Hosp No: J 447120", "J 447120", "en", id="hospital-number"),
        pytest.param("hospital number K 3 1 0 5 2 7", "3 1 0 5", "en", id="spelt"),
        pytest.param("Iyer | 20-41-73-5 | Ref", "20-41-73-5", "en", id="hyphens"),
        pytest.param("NAM: GAGR 7154 2209 Dossier", "GAGR 7154 2209", "fr", id="groups"),
        pytest.param("l’IPP étant le 937605.", "937605", "fr", id="being"),
        pytest.param(
            "numéro d’identifiant d’hospitalisation est 1298 3935.", "1298 3935", "fr", id="is"
        ),
        pytest.param("Dr Li, radiologist, IMC 251 377", "251 377", "en", id="register"),
        pytest.param("Medicare 2KH4-RE5-MK73.", "2KH4-RE5-MK73", "en", id="medicare"),
        pytest.param("HRN 40-21-87 seen", "40-21-87", "en", id="health-record"),
        pytest.param("Paged at x4-2281.", "4-2281", "en", id="short-extension"),
        pytest.param("H | 3702 7932 | 12", "3702 7932", "fr", id="cell"),
        pytest.param("Called to RN at 555-0182 by K.", "555-0182", "en", id="of-the-town"),
        pytest.param("Tél.: 450 661-2000, poste 3377", "3377", "fr", id="extension"),
        pytest.param("Dr Penhouet (02) 80 58 76 86 x", "80 58 76 86", "fr", id="area"),
        pytest.param("13090 Aix-en-Provence Cedex 2", "Cedex 2", "fr", id="cedex"),
        pytest.param("Unit 4/88 Ballan Rd, Footley VIC 3011", "Unit 4/88", "en", id="unit"),
        pytest.param("Avenue Longue 10, 1310 La Hulpe", "1310", "fr", id="belgian"),
        pytest.param("Crêt 2, CH-1820 Montreux", "1820 Montreux", "fr", id="swiss"),
    ],
)
def test_numbers_of_any_shape_vanish(text: str, gone: str, language: str) -> None:
    assert gone not in masked(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "EXAM: BP 138/110, HR 92. Lot of stool. SN 2 cm. Sn normal.",
        "Series 4 images 112-118, T1 SE 600/15, b1000, 512x512, 120 kV 200 mA.",
        "ADC b50-800-1400, perfusion.",
        "C4-C5, T12-L1, segment 4a, level IIb, T2N0M0, G2P1A0, L4-5.",
        "Omnipaque 350 100 ml, Isovue-370, Tc-99m 740 MBq, I-131, stent 3.5x18.",
        "IMC 24,5. Plan: MRI in 3 months. Unit 3, order 12.",
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_measures_stay(text: str, language: str) -> None:
    assert masked(text, language) == text
