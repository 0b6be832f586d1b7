"""Run migrations with Flask-Migrate, with short lock waits so that a deploy never blocks work."""

from logging.config import fileConfig
from pathlib import Path

from alembic import context
from flask import current_app  # noqa: TID251 - Flask-Migrate hands the database over here
from sqlalchemy import text

config = context.config
if config.config_file_name and Path(config.config_file_name).exists():
    fileConfig(config.config_file_name, disable_existing_loggers=False)

BROKEN_KEYS = "PRAGMA foreign_key_check"

target_metadata = current_app.extensions["migrate"].db.metadata


def run_migrations_online() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Batch operations rebuild tables, which others refer to meanwhile. The driver is told
            # itself: within a transaction SQLite would take no notice.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            if not is_sqlite:
                connection.execute(text("SET LOCAL lock_timeout = '4s'"))
                connection.execute(text("SET LOCAL statement_timeout = '5s'"))
            context.run_migrations()
        if is_sqlite and (broken := connection.exec_driver_sql(BROKEN_KEYS).all()):
            raise RuntimeError(f"rows refer to others that do not exist: {broken[:5]}")


if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql", target_metadata=target_metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    run_migrations_online()
