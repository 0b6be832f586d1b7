"""How are many rows of one table written for less than by a statement for each?"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

_Processor = Callable[[Any], Any] | None


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by one statement, with as little work for each row as the database allows.

    For SQLite, where a row costs less than to make its parameters ready, values are turned
    column by column into what the driver takes. A column that the rows do not name keeps what
    the database gives it; defaults that Python would give are not filled in.

    Args:
        connection: with an open transaction.
        table: the table.
        rows: shape (n,), n >= 0; each names the same columns.

    Raises:
        IntegrityError: one of them breaks a constraint; none is written.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        # The driver sends them in one go; the server's own work is most of what they cost.
        connection.execute(insert(table), rows)
        return
    # SQLAlchemy writes the columns in the order of the table, whatever order they are named in.
    names = tuple(column.name for column in table.columns if column.name in rows[0])
    cells = zip(*map(itemgetter(*names), rows), strict=True)
    columns = (
        list(values if turn is None else map(turn, values))
        for turn, values in zip(_processors(table, names, connection.dialect), cells, strict=True)
    )
    written = list(zip(*columns, strict=True))
    connection.exec_driver_sql(_by_row(table, names, connection.dialect), written)


@lru_cache(maxsize=64)
def _processors(table: Table, names: tuple[str, ...], dialect: Dialect) -> list[_Processor]:
    types = (table.c[name].type for name in names)
    return [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]


@lru_cache(maxsize=64)
def _by_row(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect, column_keys=list(names)))
