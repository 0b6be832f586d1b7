"""Days and years that are written in rarer ways vanish; what only looks like them stays."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask


def masked(text: str, language: str) -> str:
    return mask(text, KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # A year by itself, beside an operation, a disease or an examination.
        pytest.param("Thyroïdectomie {2015}, césarienne {1997}.", "fr", id="operations"),
        pytest.param("ATCD : prothèse de genou G {2013}, AVC ({2018}).", "fr", id="history"),
        pytest.param("Scanner {2022} : nodule de 5 mm.", "fr", id="scanner"),
        pytest.param("Dernière mammographie : {2023}.", "fr", id="label"),
        pytest.param("Par rapport à {2017}, stabilité.", "fr", id="compared"),
        pytest.param("Traitée de {2014 à 2016} par tamoxifène.", "fr", id="from-to"),
        pytest.param("Chimiothérapie {2018-2019}.", "fr", id="two-years"),
        pytest.param("Le scanner {2016} est relu.", "fr", id="subject"),
        pytest.param("Comparison: MRI {2020}.", "en", id="comparison"),
        pytest.param("The {2018} MRI was reviewed.", "en", id="before-exam"),
        pytest.param("s/p CABG {2008}, Hx of TIA {2014} and CVA {2019}.", "en", id="abbreviated"),
        pytest.param("Stable since at least {2015}.", "en", id="at-least"),
        pytest.param("Between {2011} and {2013}.", "en", id="between"),
        pytest.param("s/p Whipple {2015}, DVT in {'18}.", "en", id="operation-with-a-name"),
        pytest.param("Compared with the study of {5/4}.", "en", id="study-of"),
        pytest.param("Zed (b. {1969}), films of '{97 & 2003}.", "en", id="born-and-films"),
        # Quarters, holidays, months and days of the month.
        pytest.param("Revue au {T2 2022} puis au {3e trimestre 2023}.", "fr", id="trimester"),
        pytest.param("Visited on {Q3 2019}, {first quarter of 2021}.", "en", id="quarter"),
        pytest.param("Fell on {Labor Day}, seen on {Boxing Day 2021}.", "en", id="holidays"),
        pytest.param("Burn on the {Fourth of July}.", "en", id="fourth"),
        pytest.param("Chute le jour de {Noël}, revue la veille de {Pâques}.", "fr", id="noel"),
        pytest.param("Malaise le {1er de l'an}.", "fr", id="new-year"),
        pytest.param("Signed this {5th day of May, 2022}.", "en", id="nth-day-of"),
        pytest.param("Seen {wed 14}, again {Tue 20}.", "en", id="short-weekday"),
        pytest.param("Contrôle le {jeu. 6}.", "fr", id="short-weekday-fr"),
        pytest.param("Vu le {14 courant}.", "fr", id="of-this-month"),
        pytest.param("On the {9th}, repeat CT.", "en", id="on-the-nth"),
        pytest.param("Contrôle {octobre prochain}.", "fr", id="next-month"),
        pytest.param("New since the {March} study.", "en", id="month-before-exam"),
        pytest.param("Séances de {03/2022 à 05/2022}.", "fr", id="months"),
        pytest.param("Contrôles aux {3/2, 6/2 et 9/2/24}.", "fr", id="list-of-days"),
        pytest.param("Exérèse en {04/19}.", "fr", id="month-and-year"),
        pytest.param("Compared with {8.23.2019}.", "en", id="points"),
        pytest.param("Stable since {Feb '21}.", "en", id="apostrophe"),
        pytest.param("Dictated {07APR2023 0915}.", "en", id="glued"),
        pytest.param("Exam date {9/4}", "en", id="label-without-colon"),
        pytest.param("2580459019385 {17.10.1949}", "fr", id="behind-a-number-of-13-digits"),
        pytest.param("Taken on {10/24 2:15p}, can she have the {16th} instead?", "en", id="p"),
    ],
)
def test_rare_days_vanish(text: str, language: str) -> None:
    plain = text.replace("{", "").replace("}", "")
    left = masked(plain, language)
    gone = [part.partition("}")[0] for part in text.split("{")[1:]]

    assert not [part for part in gone if part in left], left
    assert left.count("⟦date⟧") <= len(gone) + 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("CABG x3, 5'09\" tall, score de Bosniak 2019.", "en"),
        ("Selon les recommandations ESUR 2018, critères de Fleischner 2017.", "fr"),
        ("Classification OMS 2021, critères McDonald 2017, Bosniak 2019.", "fr"),
        ("AJCC 8e édition (2017), protocole de Marall 2006.", "fr"),
        ("According to the updated 2023 guidelines, RECIST 1.1 (2009).", "en"),
        ("WHO 2016 grade II, LI-RADS 2018 category 4, the IMPACT trial 2022.", "en"),
        ("Images 2012 à 2020 de la série 4, image 2014, DLP 2019.", "fr"),
        ("Volume 2010 mm3, PDL 2015 mGy.cm, 2000 UI, CPK à 1953 UI/L.", "fr"),
        ("DLP: 2018. Series 2, image 2018. CT 2021 HU. TR 2000.", "en"),
        ("Lésion à 10h30 du sein droit, images à 24 h, à 2h du mamelon.", "fr"),
        ("Mass at 12:00, at the 10:30 position, 4 cm FN.", "en"),
        # When an urgent finding was told matters to whoever reads the case, and leads to nobody.
        ("Called to the ward at 9:20, at 3 pm, at 14:05.", "en"),
        ("Appelé à 14h05.", "fr"),
        ("Fall from height, spring ligament, summer rash.", "en"),
        ("Sat 92%, on the 7th rib, on the 7th, 8th and 9th ribs, T3 and S1, Q4.", "en"),
        ("Grade 3/4, strength 4/5, 3/4 of the way, L4/L5, ratio 2:1.", "en"),
        ("Jeu 2 mm, 12 coupes, dim. 4 cm, labor 3 hours.", "fr"),
    ],
)
def test_what_only_looks_like_a_day_stays(text: str, language: str) -> None:
    assert masked(text, language) == text
