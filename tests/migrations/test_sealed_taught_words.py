from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func

from tests.migrations.old_database import adding_to, database_at, migrate, rows_of


@pytest.fixture(scope="module")
def old(settings):
    """Settings of a database in which taught words lay in clear, with two of them."""
    made = database_at(settings, "taught", "0010")
    with adding_to(made) as add:
        fill(add)
    return made


def fill(add):
    place, account = uuid4(), uuid4()
    moment = func.current_timestamp()

    add(
        "department", id=place, code="CHU", name="CHU", city="", language="fr", viewer_url="",
        active=True,
    )  # fmt: skip
    add(
        "account", id=account, email="ada@example.org", name="Ada", password_hash="x",
        language="fr", active=True, session_epoch=0, preferences="{}", created_at=moment,
    )  # fmt: skip
    for words in ("Bellecombe Nord", "Écho"):
        add(
            "taught_word", id=uuid4(), department_id=place, words=words, folded=words.lower(),
            kind="person", taught_by=account, taught_at=moment,
        )  # fmt: skip


def dump(settings):
    return sorted(rows_of(settings, "taught_word")["taught_word"], key=lambda row: str(row["id"]))


def test_words_are_sealed_on_the_way_up_and_the_same_again_on_the_way_down(old):
    before = dump(old)

    migrate(old, "upgrade", "0011")
    sealed = dump(old)

    assert [row["id"] for row in sealed] == [row["id"] for row in before]
    assert len({row["word_index"] for row in sealed}) == 2
    assert not {"words", "folded"} & set(sealed[0])
    if old.database_url.startswith("sqlite"):
        content = Path(old.database_url.removeprefix("sqlite:///")).read_bytes()
        assert b"ellecombe" not in content

    migrate(old, "downgrade", "0010")

    assert [(row["id"], row["words"]) for row in dump(old)] == [
        (row["id"], row["words"]) for row in before
    ]
    assert {row["folded"] for row in dump(old)} == {"bellecombe nord", "echo"}
