import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func

from tests.migrations.old_database import adding_to, database_at, migrate, rows_of

TABLES = ("author", "report", "report_identity", "identity", "audit_case")
WORDS = ("Bellecombe", "Quarantedouze", "1990040712345", "chute dans les escaliers")
KNOWN = {
    "patient": ["Quarantedouze^Zoé"],
    "identifiers": ["1990040712345", "ACC-1"],
    "birth_date": ["1990-04-07"],
}


@pytest.fixture(scope="module")
def old(settings):
    """Settings of a database as it was before identities were sealed, with a case in it."""
    made = database_at(settings, "sealed", "0005")
    with adding_to(made) as add:
        fill(add)
    return made


def fill(add):
    place, author, campaign, case = (uuid4() for _ in range(4))
    moment = func.current_timestamp()
    reports = [uuid4(), uuid4()]

    add(
        "department",
        id=place,
        code="CHU",
        name="CHU",
        city="",
        language="fr",
        viewer_url="",
        active=True,
    )
    add("author", id=author, department_id=place, author_key="A7", name="Ada Bellecombe")
    for number, report in enumerate(reports, start=1):
        add(
            "report", id=report, department_id=place, accession=f"ACC-{number}",
            report_key=f"R{number}", version=1, is_current=True, status="final",
            excluded_reason="", modality="CT", region="chest", derived="", exam="", urgency="",
            language="fr", performed_on=date(2026, 10, 1), content_hash="0" * 64,
            awaits_text=False, text="Mme Quarantedouze, chute dans les escaliers.",
            format="csv", received_at=moment,
        )  # fmt: skip
    # A report of which nothing is known but its text has to keep that too.
    add(
        "report_identity", report_id=reports[0], author_id=author, patient_key="f" * 64,
        birth_date=date(1990, 4, 7), known=json.dumps(KNOWN, ensure_ascii=False),
    )  # fmt: skip
    add(
        "campaign", id=campaign, code="C1", title="Audit", state="draft",
        period_start=date(2026, 10, 1), period_end=date(2026, 10, 31), protocol="{}",
        created_at=moment,
    )  # fmt: skip
    add(
        "audit_case", id=case, campaign_id=campaign, code="QWERTY", state="drawn",
        channel="random", ticket="ab" * 32, awaits_text=False,
        is_double_read=False, modality="CT", region="chest",
        exam="", language="fr", shown_date="", masked_text="", spans="[]", doubt=0.0,
        excluded_reason="", created_at=moment,
    )  # fmt: skip
    add("identity", case_id=case, report_id=reports[0], department_id=place, author_id=author)


def dump(settings):
    """Return all rows of the tables that were touched, as they are kept."""
    return rows_of(settings, *TABLES)


def test_rows_are_sealed_on_the_way_up_and_the_same_again_on_the_way_down(old):
    before = dump(old)

    migrate(old, "upgrade", "0006")
    sealed = dump(old)

    assert "text" not in sealed["report"][0]
    assert [row["has_text"] for row in sealed["report"]] == [True, True]
    assert len(sealed["report_identity"]) == 2
    assert sealed["audit_case"][0]["ticket"] != before["audit_case"][0]["ticket"]
    for words in WORDS:
        assert words not in repr(sealed)
    if old.database_url.startswith("sqlite"):
        # The whole file, what was deleted included.
        content = Path(old.database_url.removeprefix("sqlite:///")).read_bytes()
        assert [word for word in WORDS if word.encode() in content] == []

    migrate(old, "downgrade", "0005")
    after = dump(old)

    for name in ("author", "identity"):
        assert after[name] == before[name]
    by_id = lambda row: str(row["id"])  # noqa: E731 - a key of two sorts
    assert sorted(after["report"], key=by_id) == sorted(before["report"], key=by_id)
    [known] = [row for row in after["report_identity"] if row["author_id"]]
    [was] = before["report_identity"]
    assert json.loads(known["known"]) == json.loads(was["known"])
    assert (known["birth_date"], known["report_id"]) == (was["birth_date"], was["report_id"])
