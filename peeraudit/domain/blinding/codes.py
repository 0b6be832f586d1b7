"""Under which code does a case travel?"""

from typing import Final

# No vowels (no words by accident), no 0, 1, 5, S, Z, I, L, N, O or U (misread or misheard).
ALPHABET: Final = "2346789BCDFGHJKMPQRTVWXY"
_LETTERS: Final = 8
_NEEDED: Final = 8


def case_code(random_bytes: bytes) -> str:
    """Return a code such as ``K7QM-4WXR``: 24^8, or 1.1e11, possible ones.

    Args:
        random_bytes: at least 8 bytes from a secure source; with 16 the codes are equally
            likely to within 1e-27.

    Raises:
        ValueError: when there are fewer than 8 bytes.
    """
    if len(random_bytes) < _NEEDED:
        raise ValueError(f"a case code needs {_NEEDED} random bytes, not {len(random_bytes)}")
    number = int.from_bytes(random_bytes)
    letters = []
    for _ in range(_LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    code = "".join(letters)
    return f"{code[:4]}-{code[4:]}"
