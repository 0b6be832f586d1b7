"""The lines of a document stay where somebody who reads it sees them."""

import pytest

from peeraudit.adapters.readers.cell_texts import text_of_cell
from peeraudit.adapters.readers.documents import read_document, text_of_html

CDA = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>'
    "<title>Résultats</title><text>{}</text></section></component></structuredBody></component>"
    "</ClinicalDocument>"
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Foie.</p><p>Rate.</p>", "Foie.\n\nRate."),
        ("<div>Foie.</div>\n<div>Rate.</div>", "Foie.\nRate."),
        ("<div>Foie.</div><div><br></div><div>Rate.</div>", "Foie.\n\nRate."),
        ("Foie.<br>Rate.<br/>Rein.<br />Fin.", "Foie.\nRate.\nRein.\nFin."),
        ("Foie.<br/><br/>Rate.", "Foie.\n\nRate."),
        ("<b>RÉSULTAT :</b><br/>Foie\n normal.", "RÉSULTAT :\nFoie normal."),
        ("<ul><li>Foie.</li><li>Rate.</li></ul>Fin.", "Foie.\nRate.\n\nFin."),
        (
            "<table><tr><th>kV</th><td>120</td></tr><tr><th>mAs</th><td>80</td></tr></table>",
            "kV 120\nmAs 80",
        ),
        ("<h2>Scanner</h2><p>Foie.</p>", "Scanner\n\nFoie."),
        ("<pre>Foie.\n  Rate.</pre>", "Foie.\nRate."),
    ],
)
def test_a_page_breaks_where_a_browser_does(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    ("narrative", "text"),
    [
        ("<paragraph>Foie.</paragraph><paragraph>Rate.</paragraph>", "Foie.\n\nRate."),
        ("<list><item>Foie.</item><item>Rate.</item></list>", "Foie.\nRate."),
        ("Foie.<br/>Rate.", "Foie.\nRate."),
        ("<table><tbody><tr><td>kV</td><td>120</td></tr><tr><td>mAs</td></tr></tbody></table>",
         "kV 120\nmAs"),
    ],
)  # fmt: skip
def test_a_clinical_document_breaks_as_its_elements_say(narrative: str, text: str) -> None:
    found = read_document(CDA.format(narrative).encode())

    assert (found.kind, found.text) == ("cda", f"Résultats:\n{text}")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r"{\rtf1\ansi Pas d\rquote h\'e9morragie.\par Normal.}", "Pas d’hémorragie.\nNormal."),
        ("<p>Foie &amp; rate.</p><p>Rein.</p>", "Foie & rate.\n\nRein."),
        (r"Foie.\nRate.\r\nRein.", "Foie.\nRate.\nRein."),
        # Another break stands there: then the two signs are what somebody wrote.
        ("C:\\notes\nRate.", "C:\\notes\nRate."),
        ("<5 mm, pas de nodule.", "<5 mm, pas de nodule."),
        ("{Foie} normal.", "{Foie} normal."),
    ],
)
def test_a_cell_is_read_as_what_it_holds(cell: str, text: str) -> None:
    assert text_of_cell(cell) == text
