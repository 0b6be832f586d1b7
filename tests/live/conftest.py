"""A real installation for the tests of this folder; see ``installation.py`` for its use."""

import pytest

from peeraudit.launch.errors import ServerMissing
from tests.conftest import new_database
from tests.live.installation import running_installation


@pytest.fixture(scope="session")
def installation(server_url, tmp_path_factory):
    """An installation without data: Redis, migrated database, worker with beat, web server."""
    database = new_database(server_url, "live")
    try:
        with running_installation(tmp_path_factory.mktemp("live"), database) as running:
            yield running
    except ServerMissing as missing:
        pytest.skip(str(missing))
