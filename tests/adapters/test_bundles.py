from io import BytesIO
from zipfile import ZipFile

from peeraudit.adapters.bundles import pack

FILES = [("a.csv", "item\n1\n"), ("notice.txt", "été\n")]


def test_files_come_out_as_they_went_in_and_in_order():
    with ZipFile(BytesIO(pack(FILES))) as archive:
        assert [(one, archive.read(one).decode()) for one in archive.namelist()] == FILES


def test_the_same_files_give_the_same_bytes():
    assert pack(FILES) == pack(list(FILES))
