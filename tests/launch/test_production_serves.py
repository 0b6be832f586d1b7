import json
import urllib.error
import urllib.request

import pytest

from peeraudit.launch.errors import ServerMissing
from tests.launch.hospital import PATIENCE_SECONDS, hospital, peeraudit, serving, wait

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("production")]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    try:
        with hospital(tmp_path_factory.mktemp("production")) as made:
            yield made
    except ServerMissing as missing:
        pytest.skip(str(missing))


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.read().decode()
    except (OSError, urllib.error.URLError):
        return ""


def test_a_database_that_was_not_migrated_is_refused_and_then_it_is_served(settings, tmp_path):
    refused = peeraudit(settings, "run")
    assert refused.returncode != 0
    assert "python3 -m peeraudit flask db upgrade" in refused.stdout

    migrated = peeraudit(settings, "flask", "db", "upgrade")
    assert migrated.returncode == 0, migrated.stderr

    filled = peeraudit(settings, "flask", "demo", "fill")
    assert filled.returncode != 0
    assert "production" in filled.stderr

    url, log = settings["PUBLIC_URL"], tmp_path / "log"
    with serving(settings, log) as process:
        answer = wait(lambda: fetch(f"{url}/readyz"), process, log)
        page = fetch(f"{url}/accounts/sign-in?email=somebody@hospital.example")
        wait(lambda: "beat: Starting" in log.read_text(), process, log)
        wait(lambda: "celery@" in log.read_text() or " ready." in log.read_text(), process, log)
        process.terminate()
        code = process.wait(PATIENCE_SECONDS)

    assert json.loads(answer)["status"] == "ready"
    # No door without a password outside the demonstration.
    assert "/accounts/sign-out" not in page
    assert "/accounts/enter/" not in page
    assert code == 0
    assert "Stopped." in log.read_text()
    # Each request has its line, and what was asked for stands in none.
    assert "GET /accounts/sign-in 200" in log.read_text()
    assert "somebody" not in log.read_text()
