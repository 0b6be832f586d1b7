import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.intake.sections import split_sections
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports


def kinds(text: str, language: str = "") -> list[str]:
    return [section.kind for section in split_sections(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Indication : douleur.\nTECHNIQUE\nHélice\nRésultats :\nFoie.\nConclusion : RAS",
         ["indication", "technique", "findings", "conclusion"]),
        ("ATCD : HTA\nTech. : TDM\nRés. : RAS.\nCcl. : normal",
         ["indication", "technique", "findings", "conclusion"]),
        ("EXAM:  ,CT face.,FINDINGS: , CT was performed.,IMPRESSION:,1. Mucosa",
         ["other", "findings", "conclusion"]),
        ("Foie normal.CONCLUSION : RAS", ["other", "conclusion"]),
        ("JOE\n\nEXAMINATION:\nBrain MRI\n\nCOMPARISON: none\nFINDINGS:\nNo\nIMPRESSION:\nNo",
         ["other", "other", "comparison", "findings", "conclusion"]),
        ("Motif de l’examen : chute.\nExamens antérieurs : aucun.\nAu total : fracture.",
         ["indication", "comparison", "conclusion"]),
        ("Foie normal, sans conclusion hâtive.", ["other"]),
        ("", []),
    ],
)  # fmt: skip
def test_parts_are_found(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@given(
    st.lists(
        st.sampled_from(
            ["FINDINGS:", "Conclusion :", "\n", " foie ", ".", "Tech. : ", "⟦date⟧ ", ","]
        )
        | st.text(alphabet="abcé ,.:\n", max_size=10),
        max_size=20,
    ).map("".join)
)
def test_no_word_is_lost(text: str) -> None:
    letters = re.sub(r"\W", "", text)
    kept = " ".join(f"{section.heading} {section.body}" for section in split_sections(text))
    assert re.sub(r"\W", "", kept) == letters


HEADS = {
    "fr": {
        "indication": ("Indication", "Motif de l’examen", "Renseignements cliniques", "ATCD"),
        "technique": ("Technique", "Protocole", "Tech.", "Technique d'examen", "Réalisation"),
        "comparison": ("Comparaison", "Antériorités", "Examen antérieur", "Examens précédents"),
        "findings": ("Résultats", "Résultat", "Description", "Rés.", "Interprétation", "Analyse"),
        "conclusion": ("Conclusion", "Au total", "CCL", "Synthèse", "En résumé"),
    },
    "en": {
        "indication": ("Indication", "Clinical history", "Reason for exam", "History"),
        "technique": ("Technique", "Procedure", "Protocol"),
        "comparison": ("Comparison", "Prior studies", "Comparison study"),
        "findings": ("Findings", "Report", "Description", "Observations"),
        "conclusion": ("Impression", "Conclusion", "Opinion", "Summary"),
    },
}  # fmt: skip
BODIES = {
    "fr": (
        "Douleur abdominale depuis 3 jours.", "Hélice sans puis avec injection.",
        "Scanner du 12/03/2024.", "Foie de taille normale.\nPas d'épanchement : RAS.",
        "1. Pas d'anomalie.\n2. Contrôle inutile.",
    ),
    "en": (
        "Abdominal pain for 3 days.", "Helical CT before and after contrast.",
        "CT of 12 March 2024.", "Normal liver.\nNo effusion - normal bowel.",
        "1. No abnormality.\n2. No follow-up.",
    ),
}  # fmt: skip
STYLES = {
    "own line": "{n}\n{b}\n",
    "capitals": "{N}\n{b}\n\n",
    "colon": "{n} : {b}\n",
    "capitals and colon": "{N}: {b}\n",
    "dash": "{n} - {b}\n",
    "stop and dash": "{n}. — {b}\n",
    "numbered": "{i}. {n} : {b}\n",
    "numbered line": "{i}) {N}\n{b}\n",
    "Roman": "{r} - {N} :\n{b}\n",
    "marked": "**{n}:** {b}\n\n",
    "Markdown": "## {n}\n\n{b}\n\n",
    "underlined": "{N}\n======\n{b}\n",
    "bullet": "- {n} : {b}\n",
    "no-break space": "{n}\u00a0:\u202f{b}\n",
    "one paragraph": "{n} : {b} ",
    "run together": "{N}: ,{b},",
}
ROMAN = ("I", "II", "III", "IV", "V")


def written(language: str, style: str, choice: int) -> tuple[str, list[tuple[str, str]]]:
    """A report in a style of headings, and the parts that it must give."""
    parts, text = [], ""
    for number, (kind, heads) in enumerate(HEADS[language].items()):
        body = BODIES[language][number]
        head = heads[choice % len(heads)]
        text += STYLES[style].format(n=head, N=head.upper(), b=body, i=number + 1, r=ROMAN[number])
        parts.append((kind, body))
    return text, parts


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("choice", range(6))
def test_parts_are_found_in_every_style(language: str, style: str, choice: int) -> None:
    text, parts = written(language, style, choice)

    found = [(section.kind, section.body) for section in split_sections(text, language)]

    assert [kind for kind, _ in found] == [kind for kind, _ in parts]
    bare = [(kind, re.sub(r"\W+", " ", body).strip()) for kind, body in parts]
    assert [(kind, re.sub(r"\W+", " ", body).strip()) for kind, body in found] == bare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TECHNIQUE AND FINDINGS: Normal liver.\nIMPRESSION: Normal.", ["findings", "conclusion"]),
        ("Indication / Clinical history : toux.\nRésultats (Findings) : RAS.\nConclusion/CCL : 0.",
         ["indication", "findings", "conclusion"]),
        ("FINDINGS:\nNormal.\nIMPRESSION:\nNormal.\nDictated By: Joe Smith, M.D. on Jul 15",
         ["findings", "conclusion", "other"]),
        ("Conclusion : RAS.\nCompte rendu validé par : Dr DURAND", ["conclusion", "other"]),
        (f"EXAM\nCT abdomen\n\n{'The liver is normal. ' * 5}\n\nIMPRESSION: normal.",
         ["other", "findings", "conclusion"]),
        ("EXAM\nCT abdomen\n\nIMPRESSION: normal.", ["other", "conclusion"]),
        ("The impression: normal. An observation at 14:30 and a report at 15:00.", ["other"]),
        ("Bilan - conclusion attendue. Résultat à 3:1.", ["other"]),
    ],
)  # fmt: skip
def test_heads_that_stand_together_or_end_a_report(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_every_invented_report_has_its_five_parts() -> None:
    reports = list(specimen_reports(specimen_network("sections"), 200))
    lacking = [
        report.accession
        for report in reports
        if {section.kind for section in split_sections(report.text, report.language)}
        < {"indication", "technique", "comparison", "findings", "conclusion"}
    ]

    assert lacking == []


def test_time_grows_no_faster_than_the_text() -> None:
    for piece in ("INDICATION / ", "a et and & ", "1. ", "Technique of ", ": ", "((((", "compte "):
        # Of this process alone: others may keep the machine busy meanwhile.
        begun = process_time()
        split_sections((piece * 60_000)[:60_000])
        assert process_time() - begun < 5
