from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData, create_engine, func, insert, select

from tests.conftest import new_database, run_flask


@pytest.fixture(scope="module")
def old(settings):
    """Settings of a database in which taught words lay in clear, with two of them."""
    url = new_database(settings.database_url, f"taught_{uuid4().hex[:8]}")
    fresh = replace(settings, database_url=url)
    migrate(fresh, "upgrade", "0010")
    engine = create_engine(url)
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()
    return fresh


def migrate(settings, *step):
    done = run_flask(settings, "db", *step)
    assert done.returncode == 0, done.stderr


def fill(connection):
    meta, place, account = MetaData(), uuid4(), uuid4()
    meta.reflect(connection)
    moment = func.current_timestamp()

    def add(name, /, **values):
        is_sqlite = connection.dialect.name == "sqlite"
        kept = {k: v.hex if is_sqlite and isinstance(v, UUID) else v for k, v in values.items()}
        connection.execute(insert(meta.tables[name]).values(kept))

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
    engine = create_engine(settings.database_url)
    meta = MetaData()
    meta.reflect(engine, only=["taught_word"])
    with engine.connect() as connection:
        rows = [dict(r) for r in connection.execute(select(meta.tables["taught_word"])).mappings()]
    engine.dispose()
    return sorted(rows, key=lambda row: str(row["id"]))


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
