import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Enum, create_engine, inspect

from peeraudit.extensions import Base
from tests.conftest import new_database, run_flask

VERSIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture(scope="module")
def migrated(settings):
    """Settings of a database that was migrated up, down and up again."""
    url = new_database(settings.database_url, f"migrated_{uuid4().hex[:8]}")
    fresh = replace(settings, database_url=url)
    for step in (("upgrade",), ("downgrade", "base"), ("upgrade",)):
        done = run_flask(fresh, "db", *step)
        assert done.returncode == 0, done.stderr
    return fresh


def test_there_is_one_head_and_it_is_pinned():
    heads = ScriptDirectory(str(VERSIONS)).get_heads()

    assert heads == [(VERSIONS / ".current-head").read_text().strip()]


def test_the_tables_are_those_of_the_models(migrated):
    done = run_flask(migrated, "db", "check")

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_checked_column_allows_exactly_its_states(migrated):
    engine = create_engine(migrated.database_url)
    inspector = inspect(engine)

    for table in Base.metadata.sorted_tables:
        checks = {
            c["name"]: set(re.findall(r"'([^']+)'", c["sqltext"]))
            for c in inspector.get_check_constraints(table.name)
        }
        for column in table.columns:
            if isinstance(column.type, Enum):
                name = f"ck_{table.name}_{column.type.name}"
                assert checks[name] == set(column.type.enums), name
    engine.dispose()
