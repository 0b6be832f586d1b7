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
    turns = _processors(table, names, connection.dialect)
    columns = [_turned(turn, values) for turn, values in zip(turns, cells, strict=True)]
    written = list(zip(*columns, strict=True))
    connection.exec_driver_sql(_by_row(table, names, connection.dialect), written)


def _turned(turn: _Processor, values: Sequence[Any]) -> Sequence[Any]:
    """Return a column's values as the driver takes them."""
    if turn is None:
        return values
    first = values[0]
    # Many a column says the same of all rows: whose they are, when they came.
    if values[-1] is first and values.count(first) == len(values):
        return [turn(first)] * len(values)
    return [turn(value) for value in values]


@lru_cache(maxsize=64)
def _processors(table: Table, names: tuple[str, ...], dialect: Dialect) -> list[_Processor]:
    types = (table.c[name].type for name in names)
    return [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]


@lru_cache(maxsize=64)
def _by_row(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect, column_keys=list(names)))
