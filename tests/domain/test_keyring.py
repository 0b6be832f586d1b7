import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.keyring import key_line, parse_keyring

FIRST, SECOND = (hashlib.sha256(name).digest() for name in (b"first", b"second"))


class TestParseKeyring:
    def test_the_newest_seals_and_all_open(self):
        text = (
            f"# the hospital's keys\n{key_line(1, FIRST)}\n\n {key_line(3, SECOND)} # since May\n"
        )

        ring, problems = parse_keyring(text)

        assert problems == []
        assert ring.newest == 3
        assert ring.versions == (3, 1)
        assert dict(ring.keys) == {1: FIRST, 3: SECOND}

    @given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=5, unique=True))
    def test_what_was_written_is_read_again(self, keys):
        strong = [bytes(range(16)) + key[16:] for key in keys]
        lines = ",".join(key_line(n, key) for n, key in enumerate(strong, start=1))

        ring, problems = parse_keyring(lines)

        assert sorted(ring.keys.values()) == sorted(set(strong)) or problems

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("secret", "Key 1 is not written"),
            ("0:" + "A" * 43, "Key 1 is not written"),
            ("1:" + "A" * 43, "not random"),
            ("1:" + "A" * 20, "needs 32 random bytes"),
            (f"1:{'A' * 43} x", "Key 2 is not written"),
            (f"{key_line(1, FIRST)} {key_line(1, SECOND)}", "given twice"),
            (f"{key_line(1, FIRST)} {key_line(2, FIRST)}", "the same key"),
            (key_line(9_999_999_999, FIRST), "too high"),
        ],
    )
    def test_a_weak_key_is_refused_and_never_quoted(self, text, reason):
        ring, problems = parse_keyring(text)

        assert any(reason in problem for problem in problems)
        assert not any(text[2:14] in problem for problem in problems if len(text) > 14)
        assert len(ring.keys) <= 2

    def test_the_keys_do_not_show_when_a_keyring_is_printed(self):
        ring, _ = parse_keyring(key_line(1, FIRST))

        assert str(FIRST) not in repr(ring)
