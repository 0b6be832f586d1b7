import pytest

from peeraudit.domain.intake.refusals import without_quotes


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"value": "Ann O’Neil 31"}, {"value": "Aaa A’Aaaa 99"}),
        (
            {"value": "31/13/2026", "name": "performed"},
            {"value": "99/99/9999", "name": "performed"},
        ),
        ({"value": "É. Ünal ²"}, {"value": "A. Aaaa 9"}),
        ({"type": "ADT^A01"}, {"type": "ADT^A01"}),
        ({"type": "ADT^A01^ADT_A01"}, {"type": "ADT^A01^ADT_A01"}),
        ({"type": "DUPONT^JEAN"}, {"type": "AAAAAA^AAAA"}),
        ({"types": "application/pdf, Ann"}, {"types": "application/pdf, Aaa"}),
        ({"found": 3, "wanted": 4}, {"found": 3, "wanted": 4}),
        ({}, {}),
    ],
)
def test_what_was_sent_is_told_by_its_form_alone(sent, kept):
    assert without_quotes(sent) == kept
