"""The words of anatomy stay, wherever a report writes them with a capital."""

import pytest

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.lists import read_list
from peeraudit.domain.blinding.masking import mask

ANATOMY = sorted(read_list("anatomy"))


def left_of(text: str, language: str) -> str:
    return mask(text, KnownIdentities(), language).text


@pytest.mark.parametrize(
    ("frame", "language"),
    [
        pytest.param("Résultats :\n{} de taille et de densité normales.", "fr", id="sentence"),
        pytest.param("- {} D normal.", "fr", id="side"),
        pytest.param("Aspect du {} droit.", "fr", id="within"),
        pytest.param("MRI of the {} Left", "en", id="title-case"),
        pytest.param("FINDINGS:\n{}: normal\nImpression: none.", "en", id="heading"),
    ],
)
def test_a_word_of_anatomy_stays(frame: str, language: str) -> None:
    texts = {frame.format(form) for word in ANATOMY for form in (word.title(), word.upper())}

    # A given name too: within a sentence it is hidden.
    texts = {text for text in texts if "Hilaire" not in text}
    assert not {text for text in texts if left_of(text, language) != text}


@pytest.mark.parametrize("line", ["FOIE : RAS", "RATE: RAS", "ULNA : SNA", "Rein : RAS"])
def test_an_organ_of_four_letters_is_nobodys_initials(line: str) -> None:
    assert left_of(f"Échographie.\n{line}\nPas de dilatation.", "fr").count(line) == 1


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Compte rendu\nJD : MK", "JD : MK"),
        ("Report\nJD:kl", "JD:kl"),
        ("Adressé par le Dr Hile.", "Hile"),
        ("Signé : Pons", "Pons"),
        ("Mme PONS Hila, 50 ans", "PONS"),
    ],
)
def test_who_bears_such_a_name_is_hidden_where_a_title_or_a_label_says_so(
    text: str, gone: str
) -> None:
    assert gone not in left_of(text, "fr")


@pytest.mark.parametrize(
    "examination",
    [
        "MR Enterography", "MR LIVER", "MR Prostate", "MR ABD WO", "MR Venogram", "MR Scanner",
        "MR BRAIN W W/O", "MR Safe", "MR Fetal", "MR Brachial Plexus", "CT BRAIN W WO",
        "MR Lower Extremity", "Diag Mamm Bilat", "MAM SCREEN BILAT TOMO", "MR Angio Neck",
    ],
)  # fmt: skip
def test_an_examination_is_nobody(examination: str) -> None:
    text = f"EXAM: {examination} without contrast.\nPrior {examination} showed no change."

    assert left_of(text, "en") == text


@pytest.mark.parametrize(
    "somebody",
    [
        "MR SMITH", "MR DE SOUZA", "MR ORR", "MR LE GALL", "MR BAKER JOHN", "MR COOK", "MR LI",
        "MR. FUSION", "MR Tolliver",
    ],
)  # fmt: skip
def test_a_man_in_capitals_is_somebody(somebody: str) -> None:
    left = left_of(f"Discussed with {somebody} today.", "en")

    assert somebody.rsplit(maxsplit=1)[-1] not in left


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Genou Dr Face et profil.", "fr", id="the-right-side"),
        pytest.param("DR Pelvis AP, no fracture.", "en", id="digital-radiography"),
        pytest.param("PR Prolongation on the ECG.", "en", id="interval"),
        pytest.param("Atrophie du M. Deltoïde.", "fr", id="muscle"),
        pytest.param("MRS Choline peak reduced; mRS Score 2.", "en", id="spectroscopy"),
        pytest.param("CC : Douleur", "fr", id="chief-complaint"),
        pytest.param("The nodule was called Benign.", "en", id="called"),
    ],
)
def test_what_only_looks_like_a_title_names_nobody(text: str, language: str) -> None:
    assert left_of(text, language) == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Vu avec le Dr Face-Martin.", "Martin"),
        ("Genou vu par le Dr Normand.", "Normand"),
        ("DR MARTIN, radiologue", "MARTIN"),
        ("PR LONG, chef de service", "LONG"),
        ("M. Boulanger, 54 ans", "Boulanger"),
        ("CC : Dr Texier", "Texier"),
        ("A baby called Rose.", "Rose"),
    ],
)
def test_a_title_before_a_name_is_one(text: str, gone: str) -> None:
    assert gone not in left_of(text, "fr")
