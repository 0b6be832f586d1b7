from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters.bulk import insert_rows
from peeraudit.models.network import Department
from tests.factories.accounts import make_department

TABLE = Department.__table__


def rows(template, count):
    values = {c.name: getattr(template, c.name) for c in TABLE.columns}
    return [
        {**values, "id": uuid4(), "code": f"B{n}", "name": f"Bulk “{n}” é"} for n in range(count)
    ]


def test_rows_are_written_as_one_by_one(session):
    written = rows(make_department(session), 3)
    # In another order than the table's, which no caller needs to know.
    shuffled = [dict(reversed(row.items())) for row in written]

    insert_rows(session.connection(), TABLE, shuffled)

    found = session.execute(select(TABLE).where(TABLE.c.code.like("B%")).order_by(TABLE.c.code))
    assert [dict(row) for row in found.mappings()] == written


def test_nothing_is_no_statement(session):
    insert_rows(session.connection(), TABLE, [])


def test_a_broken_rule_is_the_databases_own_error(session):
    first, second = rows(make_department(session), 2)

    with pytest.raises(IntegrityError), session.begin_nested():
        insert_rows(session.connection(), TABLE, [first, {**second, "code": first["code"]}])

    assert session.scalar(select(TABLE.c.id).where(TABLE.c.code == first["code"])) is None
