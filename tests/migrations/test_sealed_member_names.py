import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func

from peeraudit.launch.environment import ROOT
from tests.migrations.old_database import adding_to, database_at, migrate, rows_of

NAME = "DUPONT_Bellecombe_IRM.hl7"
[STEP] = (ROOT / "migrations" / "versions").glob("*_sealed_member_names.py")
AFTER = STEP.name[:4]
BEFORE = f"{int(AFTER) - 1:04d}"
UNREADABLE = "“%(name)s” is empty. Check the export and send the file again."
# Place, code and values of the reason: of a file in an archive, of one that is no report, of a
# line whose sentence names a field, and of a line by itself.
ITEMS = (
    (["“%(member)s”, message %(number)d", {"number": 1, "member": NAME}], "", {}),
    (["the whole of “%(member)s”", {"member": NAME}], "unreadable_file", {"name": NAME}),
    (["line %(number)d", {"number": 3}], "field_too_long", {"name": "exam", "found": 9}),
    (["line %(number)d", {"number": 4}], "", {}),
)


@pytest.fixture(scope="module")
def old(settings):
    """Settings of a database in which the names of files in archives lay in clear."""
    made = database_at(settings, "member_names", BEFORE)
    with adding_to(made) as add:
        fill(add)
    return made


def fill(add):
    place, upload, moment = uuid4(), uuid4(), func.current_timestamp()
    add(
        "department", id=place, code="CHU", name="CHU", city="", language="fr", viewer_url="",
        active=True,
    )  # fmt: skip
    add(
        "upload", id=upload, department_id=place, sealed_names=b"x", sha256="0" * 64, size=1,
        format="zip", dry_run=False, uploaded_at=moment, job_id=None, channel="page",
        frame_only=False, layout="", asks_layout=False, items=4, accepted=2, updated=0,
        duplicate=0, excluded=0, refused=2,
    )  # fmt: skip
    for position, (locator, code, params) in enumerate(ITEMS, start=1):
        add(
            "intake_item", id=uuid4(), upload_id=upload, position=position,
            locator=json.dumps(locator, ensure_ascii=False),
            status="refused" if code else "accepted", reason_code=code,
            reason=UNREADABLE if code else "", reason_params=json.dumps(params, ensure_ascii=False),
        )  # fmt: skip


def dump(settings):
    rows = rows_of(settings, "intake_item")["intake_item"]
    return sorted(rows, key=lambda row: row["position"])


def test_names_are_sealed_on_the_way_up_and_the_same_again_on_the_way_down(old):
    before = dump(old)

    migrate(old, "upgrade", AFTER)

    after = dump(old)
    assert "Bellecombe" not in str([{**row, "sealed_names": ""} for row in after])
    assert [row["sealed_names"] is not None for row in after] == [True, True, False, False]
    assert after[2:] == [row | {"sealed_names": None} for row in before[2:]]
    if old.database_url.startswith("sqlite"):
        content = Path(old.database_url.removeprefix("sqlite:///")).read_bytes()
        assert b"Bellecombe" not in content

    migrate(old, "downgrade", BEFORE)

    assert dump(old) == before
