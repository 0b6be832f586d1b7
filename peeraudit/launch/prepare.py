"""Is the database at the newest revision, and is the demonstration in it?

A process of its own: Alembic rearranges logging, and the supervisor stays small.
"""

import sys
from collections.abc import Sequence

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.cli import FlaskGroup

from peeraudit.app import create_app
from peeraudit.extensions import db, migrate

NOT_MIGRATED = (
    "The database is not at this version's revision. Migrate it, then start again:\n"
    "  python3 -m peeraudit flask db upgrade"
)
STEPS = {"demo": (("db", "upgrade"), ("demo", "fill"))}


def run_commands(app: Flask, steps: Sequence[Sequence[str]]) -> None:
    """Run `flask` commands one after the other in this process, which loads the code once."""
    group = FlaskGroup(create_app=lambda: app, add_version_option=False)
    for words in steps:
        group.main(args=list(words), prog_name="flask", standalone_mode=False)


def is_migrated(app: Flask) -> bool:
    """Say whether the database is at the newest revision."""
    with app.app_context(), db.engine.connect() as connection:
        script = ScriptDirectory.from_config(migrate.get_config())
        current = MigrationContext.configure(connection).get_current_heads()
        return set(current) == set(script.get_heads())


def main() -> int:
    """Carry out the step named on the command line; return the exit code."""
    app = create_app()
    wanted = sys.argv[1]
    if wanted == "check":
        if is_migrated(app):
            return 0
        print(NOT_MIGRATED)
        return 2
    run_commands(app, STEPS[wanted])
    return 0


if __name__ == "__main__":
    sys.exit(main())
