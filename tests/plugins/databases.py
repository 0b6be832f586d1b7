"""Which tests can tell one database from another? The run on PostgreSQL needs no others.

Every address of a database comes from the fixture ``server_url``. What asks for it neither itself
nor through another fixture does on PostgreSQL just what it does in the run of the whole suite.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database", action="store_true", help="leave out what is given no database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--with-database"):
        return
    with_one = [item for item in items if "server_url" in getattr(item, "fixturenames", ())]
    kept = {item.nodeid for item in with_one}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = with_one
