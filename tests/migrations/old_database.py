"""A database as it was before a migration, filled without the models of today."""

from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import MetaData, create_engine, insert, select

from tests.conftest import new_database, run_flask


def migrate(settings, *step):
    done = run_flask(settings, "db", *step)
    assert done.returncode == 0, done.stderr


def database_at(settings, word, revision):
    """Return settings of a database of its own that was migrated up to ``revision``."""
    url = new_database(settings.database_url, f"{word}_{uuid4().hex[:8]}")
    own = replace(settings, database_url=url)
    migrate(own, "upgrade", revision)
    return own


@contextmanager
def adding_to(settings):
    """Give a function that adds one row to a table by its name; all of it is one transaction."""
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        meta = MetaData()
        meta.reflect(connection)

        def add(name, /, **values):
            # SQLite keeps an id as 32 characters, and a reflected table knows no better.
            is_sqlite = connection.dialect.name == "sqlite"
            kept = {k: v.hex if is_sqlite and isinstance(v, UUID) else v for k, v in values.items()}
            connection.execute(insert(meta.tables[name]).values(kept))

        yield add
    engine.dispose()


def rows_of(settings, *names):
    """Return all rows of some tables by name, as they are kept."""
    engine = create_engine(settings.database_url)
    meta = MetaData()
    meta.reflect(engine, only=names)
    with engine.connect() as connection:
        found = {
            name: [dict(row) for row in connection.execute(select(meta.tables[name])).mappings()]
            for name in names
        }
    engine.dispose()
    return found
