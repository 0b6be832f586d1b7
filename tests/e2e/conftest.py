"""A real installation and a real browser; see ``tests/live/installation.py`` for the former."""

import json
import os
import subprocess
import sys

import pytest
from playwright.sync_api import sync_playwright

from peeraudit.launch import chromium
from peeraudit.launch.environment import ROOT
from peeraudit.launch.errors import ServerMissing
from tests.conftest import new_database
from tests.e2e.readers import Reader, sign_in
from tests.live.installation import running_installation


@pytest.fixture(scope="session")
def installation(server_url, tmp_path_factory):
    """An installation without data, apart from the one of ``tests/live``."""
    database = new_database(server_url, "e2e")
    try:
        with running_installation(tmp_path_factory.mktemp("e2e"), database) as running:
            yield running
    except ServerMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def browser():
    """A Chromium without a window."""
    program = chromium.find(os.environ)
    if program is None:
        pytest.skip(f"{chromium.REASON} {chromium.REMEDY}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
        yield started
        started.close()


@pytest.fixture
def page(browser, installation):
    """A fresh page of nobody, which fails the test that used it when a script failed on it."""
    context = browser.new_context(base_url=installation.url, locale="fr-FR")
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert failures == []


@pytest.fixture(scope="session")
def readers(installation):
    """Reviewers with masked cases, one after the other."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.scoring_cases", "48"],
        cwd=ROOT,
        env=dict(installation.environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return iter([Reader(**one) for one in json.loads(made.stdout)])


@pytest.fixture
def reader(readers):
    """One of them, for one test alone."""
    return next(readers)


@pytest.fixture
def context_with(browser, installation, reader):
    """Return a function that signs the reader in, in a browser with some options."""
    opened = []

    def open_context(**options):
        context = browser.new_context(base_url=installation.url, locale="fr-FR", **options)
        opened.append(context)
        page = context.new_page()
        sign_in(page, reader)
        return page

    yield open_context
    for context in opened:
        context.close()
