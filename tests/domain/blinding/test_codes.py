import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.blinding.codes import ALPHABET, case_code


@given(st.binary(min_size=8, max_size=32))
def test_code_is_short_and_readable(raw: bytes) -> None:
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", case_code(raw))
    assert not set(ALPHABET) & set("01OILSZAEU5N")


def test_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="8 random bytes"):
        case_code(b"1234567")
