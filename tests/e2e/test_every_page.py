"""Every page of the demonstration, as each of its people, fits the window and bars nobody."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from peeraudit.launch.crawl import Doors, crawl
from peeraudit.launch.errors import ServerMissing
from peeraudit.launch.photographer import HEIGHT, Session
from tests.conftest import new_database
from tests.live.installation import running_installation

pytestmark = [
    pytest.mark.services,
    pytest.mark.journey,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(1200),
]
FILL = ("demo", "fill", "--reports", "280")
# Both languages at every width would take twice as long; the longer one meets the narrow ones.
WIDTHS = {"fr": (390, 1440), "en": (768,)}
TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
GRAVE = {"serious", "critical"}
ROLES = 11
# Long, and the same for everybody: to look at them once in each language is enough.
SHARED = "methods."
# What differs between people is looked at in the longer language; of the other each kind of page.
ONCE = "en"


@pytest.fixture(scope="module")
def demonstration(server_url, tmp_path_factory):
    """An installation of its own, in which a small demonstration was played."""
    database = new_database(server_url, "every_page")
    folder = tmp_path_factory.mktemp("every-page")
    try:
        with running_installation(folder, database, filling=FILL) as running:
            yield running
    except ServerMissing as missing:
        pytest.skip(str(missing))


def doors(browser, base):
    context = browser.new_context()
    try:
        return Doors.of(
            context.request.get(
                f"{base}/accounts/sign-in", headers={"Accept-Language": "en"}
            ).text()
        )
    finally:
        context.close()


def visit(browser, adapter, base, door, language, shared):
    """Return how many pages a person reached in a language, and what was wrong with them.

    ``shared`` grows by the pages that need no second look.
    """
    context = browser.new_context(locale=language, base_url=base)
    remarks = []
    session = Session(context, adapter, base, remarks)
    session.enter(door, language)
    pages = crawl("/", session.fetch, session.kind_of, session.open)
    page = context.new_page()
    for reached in pages:
        if reached.endpoint in shared:
            continue
        if language == ONCE or reached.endpoint.startswith(SHARED):
            shared.add(reached.endpoint)
        page.goto(reached.path, wait_until="load")
        remarks += find_faults(page, reached, language)
    context.close()
    return len(pages), remarks


def find_faults(page, reached, language):
    where = f"{reached.endpoint} ({language}, {reached.path})"
    for width in WIDTHS[language]:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        # A fraction of a pixel is rounded up.
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 1:
            yield f"{where} is {wide} px wider than {width}"
    for found in Axe().run(page, options=TAGS).response["violations"]:
        if found["impact"] in GRAVE:
            yield f"{where}: {found['id']}: {[node['target'] for node in found['nodes']][:3]}"


@pytest.mark.parametrize("language", sorted(WIDTHS))
def test_no_page_is_too_wide_or_closed_to_anybody(
    app, demonstration, browser, language, record_property
):
    adapter = app.url_map.bind("127.0.0.1")
    entries = doors(browser, demonstration.url)
    remarks, looked_at, shared = [], 0, set()
    for role, door in entries.items():
        count, wrong = visit(browser, adapter, demonstration.url, door, language, shared)
        looked_at += count
        remarks += [f"{role}: {one}" for one in wrong]

    record_property(f"pages looked at ({language})", looked_at)
    assert len(entries) == ROLES
    assert looked_at > 4 * ROLES
    assert remarks == []
