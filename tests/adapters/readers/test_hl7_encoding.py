import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters.readers.hl7_encoding import decode

TEXT = "Hélène œdème 12 µm, cœur normal"


def message(text: str, charset: str = "") -> str:
    return f"MSH|^~\\&|A|B|C|D|20260331||ORU^R01|1|P|2.5||||||{charset}\rOBX|1|TX|||{text}"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("", "utf-8"),
        ("", "cp1252"),
        ("", "iso8859-15"),
        ("UNICODE UTF-8", "utf-8"),
        ("UNICODE", "utf-8"),
        ("8859/15", "iso8859-15"),
        ("ISO-8859-15", "iso8859-15"),
        ("WINDOWS-1252", "cp1252"),
        # Declared wrongly: the bytes decide.
        ("8859/1", "utf-8"),
        ("8859/1", "cp1252"),
        ("ASCII", "cp1252"),
        ("ASCII", "utf-8"),
        ("UNICODE UTF-8", "cp1252"),
        ("UNICODE UTF-8", "iso8859-15"),
        ("NONSENSE", "utf-8"),
    ],
)
def test_french_is_read_whatever_is_declared(charset: str, encoding: str) -> None:
    assert decode(message(TEXT, charset).encode(encoding)).endswith(TEXT)


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("8859/1", "latin-1", "Échographie à ½"),
        ("8859/2", "iso8859-2", "Wątroba powiększona"),
        ("8859/5", "iso8859-5", "Печень без изменений"),
        ("8859/7", "iso8859-7", "Ήπαρ φυσιολογικό"),
        ("WINDOWS-1250", "cp1250", "Játra bez ložisek"),
        ("GB 18030-2000", "gb18030", "肝脏正常"),
        ("KS X 1001", "euc_kr", "간 정상"),
    ],
)
def test_other_sets_of_table_0211_are_read(charset: str, encoding: str, text: str) -> None:
    assert decode(message(text, charset).encode(encoding)).endswith(text)


def test_a_stray_byte_spoils_only_itself() -> None:
    data = message("Hélène, à gauche, né à Épernay").encode() + b" caf\xe9"

    assert decode(data).endswith("Hélène, à gauche, né à Épernay café")


def test_sets_chosen_by_escapes_are_read() -> None:
    # HL7 chapter 2.7.2: \M2442\ chooses JIS X 0208, \C2842\ goes back to ASCII.
    kanji = "山田".encode("iso2022_jp")[3:-3].decode("ascii")
    latin = b"\\C2D41\\" + "é".encode("latin-1") + b"\\C2842\\"
    data = message(f"Yamada \\M2442\\{kanji}\\C2842\\ foie ", "ISO IR6~ISO IR87").encode() + latin

    assert decode(data + b"|F").endswith("Yamada 山田 foie é|F")


def test_raw_escapes_of_iso_2022_are_read() -> None:
    data = (
        message("", "ISO IR6~ISO IR87").encode() + "肝臓 normal".encode("iso2022_jp") + b"\rOBX|2"
    )

    assert decode(data).endswith("肝臓 normal\rOBX|2")


@given(st.binary(max_size=400), st.sampled_from(["", "8859/1", "UNICODE UTF-8", "BIG-5", "IR 87"]))
def test_no_bytes_crash_it(data: bytes, charset: str) -> None:
    decode(message("", charset).encode() + data)
    decode(data)
