"""The demonstration as it is set up: what its frozen campaigns hand out gives their numbers again.

Everything is the real thing, each in a process of its own: the schema, the invented network whose
audit is played to its freeze, the export, and the command of a third party that knows no database.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from peeraudit.launch.data_folder import DataFolder
from peeraudit.launch.environment import ROOT
from peeraudit.launch.flask_command import NO_REDIS

pytestmark = [pytest.mark.xdist_group("recomputed demo"), pytest.mark.timeout(900)]
REPORTS = 300


def flask(settings, *words):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Settings of a demonstration in a folder that was empty, and its frozen campaigns."""
    folder = DataFolder(tmp_path_factory.mktemp("demo"))
    settings = folder.environment(redis_url=NO_REDIS, port=1)
    flask(settings, "db", "upgrade")
    flask(settings, "demo", "fill", "--reports", str(REPORTS))
    asked = (
        "SELECT c.code, c.state, s.results FROM snapshot s JOIN campaign c ON c.id = s.campaign_id"
        " WHERE s.is_final ORDER BY c.created_at"
    )
    with closing(sqlite3.connect(folder.database)) as connection:
        return settings, connection.execute(asked).fetchall()


def test_what_is_handed_out_gives_each_snapshot_byte_for_byte(demo, tmp_path):
    settings, frozen = demo
    assert [state for _, state, _ in frozen] == ["closed", "closed", "reported"]
    for campaign, _, results in frozen:
        handed = tmp_path / campaign
        flask(settings, "statistics", "export", campaign, "--out", str(handed))
        out = tmp_path / f"{campaign}.json"
        files = [str(handed / "reviews.csv"), "--protocol", str(handed / "protocol.json")]
        told = flask({}, "statistics", "compute", *files, "--out", str(out))
        assert "confirmed" in told
        assert out.read_bytes() == results.encode()
        # Enough was played for the estimate that the engine is there for.
        assert '"mover' in results
