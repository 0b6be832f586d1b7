import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func

from peeraudit.launch.environment import ROOT
from tests.migrations.old_database import adding_to, database_at, migrate, rows_of

NAME = "Bellecombe"
[STEP] = (ROOT / "migrations" / "versions").glob("*_sealed_layouts.py")
AFTER = STEP.name[:4]
BEFORE = f"{int(AFTER) - 1:04d}"
LAYOUT = json.dumps({"kind": "xlsx", "sheet": NAME, "headings": [f"Dossier {NAME}", "Prose"]})
# The signature of these headings, as the code before wrote it.
SIGNATURE = "dc2c5c66efa30d2f1724d7611acc23ca3f3d2a7f335cea62cccefc5f2b9d6fd7"
ITEMS = (
    ["line %(number)d, %(place)s", {"number": 2, "place": f"{NAME}-Date"}],
    ["“%(member)s”, line %(number)d, %(place)s", {"number": 3, "place": NAME, "member": "…"}],
    ["line %(number)d, %(place)s", {"number": 4, "place": "accession"}],
    ["message %(number)d, %(place)s", {"number": 5, "place": "OBR-7"}],
)


@pytest.fixture(scope="module")
def old(settings):
    """Settings of a database in which sheets and headings lay in clear."""
    made = database_at(settings, "layouts", BEFORE)
    with adding_to(made) as add:
        fill(add)
    return made


def fill(add):
    place, upload, moment = uuid4(), uuid4(), func.current_timestamp()
    add(
        "department", id=place, code="CHU", name="CHU", city="", language="fr", viewer_url="",
        active=True,
    )  # fmt: skip
    for upload_id, layout in ((upload, LAYOUT), (uuid4(), "")):
        add(
            "upload", id=upload_id, department_id=place, sealed_names=b"x", sha256="0" * 64,
            size=1, format="xlsx", dry_run=False, uploaded_at=moment, job_id=None, channel="page",
            frame_only=False, layout=layout, asks_layout=False, items=0, accepted=0, updated=0,
            duplicate=0, excluded=0, refused=0,
        )  # fmt: skip
    add(
        "remembered_layout", id=uuid4(), department_id=place, signature=SIGNATURE, layout=LAYOUT,
        confirmed_at=moment, confirmed_by=None,
    )  # fmt: skip
    for position, locator in enumerate(ITEMS, start=1):
        add(
            "intake_item", id=uuid4(), upload_id=upload, position=position,
            locator=json.dumps(locator, ensure_ascii=False), status="duplicate", reason_code="",
            reason="", reason_params="{}",
        )  # fmt: skip


def dump(settings):
    found = rows_of(settings, "upload", "remembered_layout", "intake_item")
    return {name: sorted(rows, key=lambda r: str(r["id"])) for name, rows in found.items()}


def test_layouts_are_sealed_on_the_way_up_and_the_same_again_on_the_way_down(old):
    before = dump(old)

    migrate(old, "upgrade", AFTER)

    after = dump(old)
    assert NAME not in str(after)
    items = sorted(after["intake_item"], key=lambda row: row["position"])
    assert [row["sealed_names"] is not None for row in items] == [True, True, False, False]
    assert sorted(row["sealed_layout"] is None for row in after["upload"]) == [False, True]
    assert after["remembered_layout"][0]["signature"] != SIGNATURE
    if old.database_url.startswith("sqlite"):
        content = Path(old.database_url.removeprefix("sqlite:///")).read_bytes()
        assert NAME.encode() not in content

    migrate(old, "downgrade", BEFORE)

    assert dump(old) == before
