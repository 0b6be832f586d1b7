import hashlib
from uuid import uuid4

import pytest

from peeraudit.adapters import storage
from peeraudit.adapters.sealing import CannotUnseal
from peeraudit.domain.keyring import KEY_BYTES, Keyring

CONTENT = b"MSH|^~\\&|RIS|QUARANTEDOUZE^Zoe\r" * 9000


@pytest.fixture
def ring(app, monkeypatch, tmp_path):
    def give(*versions):
        keys = Keyring({v: bytes([v]) * KEY_BYTES for v in versions})
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", keys)

    monkeypatch.setitem(app.config, "STORAGE_DIR", tmp_path)
    give(1)
    with app.app_context():
        yield give


def kept():
    file_id = uuid4()
    return file_id, storage.put(file_id, [CONTENT[:100], CONTENT[100:]])


class TestPut:
    def test_it_is_sealed_and_reads_as_it_was(self, ring):
        file_id, (sha256, size) = kept()

        assert (sha256, size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
        assert storage.stored(file_id).read_bytes() == CONTENT
        assert b"QUARANTEDOUZE" not in storage.path_of(file_id).read_bytes()

    def test_one_file_cannot_take_the_place_of_another(self, ring):
        (first, _), (second, _) = kept(), kept()
        storage.path_of(first).replace(storage.path_of(second))

        with pytest.raises(CannotUnseal):
            storage.stored(second).read_bytes()


class TestReseal:
    def test_the_newest_key_takes_over_while_somebody_reads(self, ring):
        file_id, _ = kept()
        reader = storage.stored(file_id).open("rb")
        ring(1, 2)

        start = reader.read(10)
        storage.reseal(file_id)

        assert storage.version_of(file_id) == 2
        assert start + reader.read() == CONTENT
        reader.close()
        ring(2)
        assert storage.stored(file_id).read_bytes() == CONTENT

    def test_a_file_from_before_is_sealed(self, ring):
        file_id, _ = kept()
        storage.path_of(file_id).write_bytes(CONTENT)
        assert storage.version_of(file_id) == 0

        storage.reseal(file_id)

        assert storage.stored(file_id).read_bytes() == CONTENT

    def test_a_file_that_is_gone_stays_gone(self, ring):
        file_id, _ = kept()
        storage.delete(file_id)

        storage.reseal(file_id)

        assert storage.version_of(file_id) is None

    def test_a_damaged_file_is_left_as_it_is(self, ring):
        file_id, _ = kept()
        path = storage.path_of(file_id)
        path.write_bytes(damaged := path.read_bytes()[:-1] + b"?")
        ring(1, 2)

        with pytest.raises(CannotUnseal):
            storage.reseal(file_id)

        assert path.read_bytes() == damaged
        assert list(path.parent.iterdir()) == [path]
