import csv
import io
import secrets

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peeraudit.adapters.sealing import (
    CHUNK_BYTES,
    CannotUnseal,
    SealedFile,
    blind_index,
    blind_indexes,
    file_version,
    header_bytes,
    newest_header,
    seal,
    seal_pieces,
    unseal,
    version_of,
)
from peeraudit.domain.keyring import KEY_BYTES, Keyring

PLACE = "report_identity/1/known"
NAME = "Zoé Quarante-Douze".encode()
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 200_000)


@pytest.fixture
def ring(app, monkeypatch):
    """Give the application other keys; returns the function that does so."""

    def give(*versions, keys=None):
        known = {1: b"\1" * KEY_BYTES, 2: b"\2" * KEY_BYTES} | (keys or {})
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({v: known[v] for v in versions}))

    give(1)
    with app.app_context():
        yield give


class TestSeal:
    def test_it_opens_where_it_was_sealed(self, ring):
        sealed = seal(NAME, PLACE)

        assert unseal(sealed, PLACE) == NAME
        assert NAME not in sealed

    def test_the_same_words_never_look_the_same(self, ring):
        assert len({seal(NAME, PLACE) for _ in range(100)}) == 100

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=400), st.text(max_size=40), st.data())
    def test_a_change_of_any_bit_is_noticed(self, ring, plain, place, data):
        sealed = bytearray(seal(plain, place))
        assert unseal(bytes(sealed), place) == plain
        bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
        sealed[bit // 8] ^= 1 << bit % 8

        with pytest.raises(CannotUnseal):
            unseal(bytes(sealed), place)

    @pytest.mark.parametrize("other", ["report_identity/2/known", "report_identity/1/text", ""])
    def test_it_opens_nowhere_else(self, ring, other):
        sealed = seal(NAME, PLACE)

        with pytest.raises(CannotUnseal, match="damaged, changed or moved"):
            unseal(sealed, other)

    @pytest.mark.parametrize("length", [0, 3, 5, 16, 32])
    def test_what_was_cut_off_gives_an_error(self, ring, length):
        sealed = seal(NAME, PLACE)

        with pytest.raises(CannotUnseal):
            unseal(sealed[:length], PLACE)

    def test_the_newest_key_seals_and_the_older_ones_open(self, ring):
        old = seal(NAME, PLACE)
        ring(1, 2)
        new = seal(NAME, PLACE)

        assert (version_of(old[: header_bytes()]), version_of(new)) == (1, 2)
        assert new.startswith(newest_header())
        assert unseal(old, PLACE) == unseal(new, PLACE) == NAME

    def test_a_lost_key_is_named(self, ring):
        sealed = seal(NAME, PLACE)
        ring(2)

        with pytest.raises(CannotUnseal, match="version 1 is missing"):
            unseal(sealed, PLACE)

    def test_another_key_of_the_same_version_opens_nothing(self, ring):
        sealed = seal(NAME, PLACE)
        ring(1, keys={1: b"\3" * KEY_BYTES})

        with pytest.raises(CannotUnseal):
            unseal(sealed, PLACE)


class TestBlindIndex:
    def test_equal_values_meet_in_one_place_alone(self, ring):
        assert blind_index("author/1", "A7") == blind_index("author/1", "A7")
        assert blind_index("author/1", "A7") != blind_index("author/2", "A7")
        assert blind_index("author/1", "A7") != blind_index("author/1", "A8")

    def test_what_an_older_key_wrote_is_found(self, ring):
        old = blind_index("author/1", "A7")
        ring(1, 2)

        assert blind_indexes("author/1", "A7") == (blind_index("author/1", "A7"), old)
        assert blind_index("author/1", "A7") != old


class TestSealedFile:
    @pytest.fixture
    def stored(self, ring, tmp_path):
        def store(content, place="upload/1", step=10_000):
            pieces = (content[i : i + step] for i in range(0, len(content), step))
            path = tmp_path / "stored"
            path.write_bytes(b"".join(seal_pieces(pieces, place)))
            return path

        return store

    @pytest.mark.parametrize("size", SIZES)
    def test_it_reads_as_the_plain_file(self, stored, size):
        content = secrets.token_bytes(size)
        path = stored(content)

        with SealedFile(path, "upload/1").open("rb") as file:
            assert file.read() == content
            assert file.read() == b""

        assert b"".join(SealedFile(path, "upload/1").pieces()) == content

    @pytest.mark.parametrize("size", SIZES)
    def test_it_can_seek_like_a_plain_file(self, stored, size):
        content = secrets.token_bytes(size)
        plain = io.BytesIO(content)

        with SealedFile(stored(content), "upload/1").open("rb") as file:
            for offset, whence in ((size // 2, 0), (-min(size, 7), 2), (0, 0), (size, 0)):
                assert file.seek(offset, whence) == plain.seek(offset, whence)
                assert file.read(70_000) == plain.read(70_000)
                assert file.tell() == plain.tell()

    def test_a_table_is_read_as_text(self, stored):
        path = stored("nom;prénom\r\nÉté;Zoé\r\n".encode())

        with SealedFile(path, "upload/1").open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file, delimiter=";")) == [["nom", "prénom"], ["Été", "Zoé"]]

    def test_nothing_plain_lies_on_the_disk(self, stored):
        assert b"QUARANTE" not in stored(b"QUARANTE" * 50_000).read_bytes()

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("lost", [1, 16, 17, CHUNK_BYTES + 16])
    def test_a_file_that_was_cut_off_is_refused(self, stored, size, lost):
        path = stored(secrets.token_bytes(size))
        path.write_bytes(path.read_bytes()[:-lost])

        with pytest.raises(CannotUnseal):
            b"".join(SealedFile(path, "upload/1").pieces())

    def test_pieces_cannot_change_places(self, stored):
        path = stored(secrets.token_bytes(3 * CHUNK_BYTES))
        content, one = path.read_bytes(), CHUNK_BYTES + 16
        head, first, second, rest = (
            content[:24],
            content[24 : 24 + one],
            content[24 + one : 24 + 2 * one],
            content[24 + 2 * one :],
        )
        path.write_bytes(head + second + first + rest)

        with pytest.raises(CannotUnseal):
            b"".join(SealedFile(path, "upload/1").pieces())

    def test_it_opens_under_no_other_name(self, stored):
        path = stored(b"x" * 10)

        with pytest.raises(CannotUnseal):
            b"".join(SealedFile(path, "upload/2").pieces())

    def test_a_plain_file_is_not_read_as_if_it_were_sealed(self, ring, tmp_path):
        path = tmp_path / "plain"
        path.write_bytes(b"MSH|^~\\&|" * 20)

        assert file_version(path) == 0
        with pytest.raises(CannotUnseal, match="not sealed"):
            SealedFile(path, "upload/1").open("rb")

    def test_a_lost_key_is_named(self, stored, ring):
        path = stored(b"x")
        ring(2)

        assert file_version(path) == 1
        with pytest.raises(CannotUnseal, match="version 1 is missing"):
            SealedFile(path, "upload/1").open("rb")

    def test_it_is_only_read(self, ring, tmp_path):
        with pytest.raises(ValueError, match="only read"):
            SealedFile(tmp_path, "upload/1").open("wb")
