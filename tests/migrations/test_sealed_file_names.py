import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func

from peeraudit.launch.environment import ROOT
from tests.migrations.old_database import adding_to, database_at, migrate, rows_of

NAME = "DUPONT_Bellecombe_IRM.csv"
[STEP] = (ROOT / "migrations" / "versions").glob("*_sealed_file_names.py")
AFTER = STEP.name[:4]
BEFORE = f"{int(AFTER) - 1:04d}"


@pytest.fixture(scope="module")
def old(settings):
    """Settings of a database in which names of files lay in clear, one in its job's failure too."""
    made = database_at(settings, "file_names", BEFORE)
    with adding_to(made) as add:
        fill(add)
    return made


def fill(add):
    place, job, moment = uuid4(), uuid4(), func.current_timestamp()
    add(
        "department", id=place, code="CHU", name="CHU", city="", language="fr", viewer_url="",
        active=True,
    )  # fmt: skip
    add(
        "job", id=job, kind="intake", state="failed", lock_key="x", done=0, total=0, cursor="",
        result=json.dumps({"error_params": {"name": NAME}}), error="“%(name)s” is empty.",
        cancel_requested=False, created_at=moment,
    )  # fmt: skip
    for job_id, name in ((job, NAME), (None, "liste.xlsx")):
        add(
            "upload", id=uuid4(), department_id=place, file_name=name, sha256="0" * 64, size=1,
            format="csv", dry_run=False, uploaded_at=moment, job_id=job_id, channel="page",
            frame_only=False, layout="", asks_layout=False, items=0, accepted=0, updated=0,
            duplicate=0, excluded=0, refused=0,
        )  # fmt: skip


def dump(settings, table):
    return sorted(rows_of(settings, table)[table], key=lambda row: str(row["id"]))


def test_names_are_sealed_on_the_way_up_and_the_same_again_on_the_way_down(old):
    before = dump(old, "upload")

    migrate(old, "upgrade", AFTER)

    assert "file_name" not in dump(old, "upload")[0]
    assert NAME not in dump(old, "job")[0]["result"]
    if old.database_url.startswith("sqlite"):
        content = Path(old.database_url.removeprefix("sqlite:///")).read_bytes()
        assert b"Bellecombe" not in content

    migrate(old, "downgrade", BEFORE)

    assert [row["file_name"] for row in dump(old, "upload")] == [row["file_name"] for row in before]
    assert json.loads(dump(old, "job")[0]["result"]) == {"error_params": {"name": NAME}}
