"""A whole audit in a real browser: sends, draws, checks, assigns, scores, settles, reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from peeraudit.domain.specimens.files import csv_lines
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import FIRST_DAY, specimen_reports
from tests.live.installation import Installation

pytestmark = [pytest.mark.services, pytest.mark.journey, pytest.mark.xdist_group("e2e")]

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
MODALITIES = {"CR", "CT", "MR"}
TARGET = 12
WORDS = {
    "fr": "Un nodule du lobe moyen n’est pas décrit.",
    "en": "A nodule of the middle lobe is not described.",
}
# Words that a page in the other language would show.
STRAY = {
    "fr": re.compile(r"\b(the|Submit|Cancel)\b"),
    "en": re.compile(r"\b(le|Valider|Annuler)\b"),
}
JOB_MS = 45_000


@dataclass
class Network:
    """Three departments whose people all use one language."""

    language: str
    installation: Installation
    browser: Browser
    passwords: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        return [f"{self.language.upper()}{letter}" for letter in "ABC"]

    def name(self, code: str) -> str:
        return f"Centre {code}"

    def email(self, who: str) -> str:
        return f"{who}@{self.language}.example"

    def people(self) -> Iterator[dict]:
        yield self._person("lead", ["network_lead", None])
        for code, authors in zip(self.codes, self._authors(), strict=True):
            for role in ("coordinator", "quality_lead"):
                yield self._person(f"{role}.{code}", [role, code])
            for number in range(2):
                card = {"capacity": 60, "adjudicates": True, "specialities": [["*", "*"]]}
                roles = (["reviewer", code], ["adjudicator", None])
                yield self._person(f"reviewer{number}.{code}", *roles, reviewer=card)
            for number, key in enumerate(authors):
                yield self._person(f"author{number}.{code}", ["author", code], author_key=key)

    def _person(self, who: str, *roles: list, **more) -> dict:
        name = who.replace(".", " ").capitalize()
        person = {"email": self.email(who), "name": name, "language": self.language}
        return {**person, "roles": list(roles), **more}

    def _authors(self) -> list[list[str]]:
        places = self.specimens().departments
        return [[a.rpps for a in self.specimens().authors_of(p.code)] for p in places]

    def specimens(self):
        return specimen_network(f"journey-{self.language}", departments=3, reviewers=6)

    def table(self, place: int) -> bytes:
        code = self.specimens().departments[place].code
        invented = specimen_reports(self.specimens(), 120)
        rows = [r for r in invented if r.department_code == code and r.modality in MODALITIES]
        return "".join(csv_lines(rows)).encode()

    def as_(self, who: str) -> Page:
        """Return the page of a person who is signed in, opened on the first need."""
        email = self.email(who)
        if email not in self.pages:
            context = self.browser.new_context(
                base_url=self.installation.url, locale=LOCALES[self.language]
            )
            page = context.new_page()
            page.goto("/accounts/sign-in")
            page.locator("input[name=email]").fill(email)
            page.locator("input[type=password]").fill(self.passwords[email])
            page.locator("input[type=password]").press("Enter")
            expect(page).not_to_have_url(re.compile("sign-in"))
            self.pages[email] = page
        return self.pages[email]

    def everybody(self, role: str) -> list[str]:
        found = (email.split("@")[0] for email in self.passwords)
        return [who for who in found if who.startswith(role) and self.language in who.lower()]


@pytest.fixture(scope="module", params=["fr", "en"])
def network(request, browser, installation):
    made = Network(request.param, installation, browser)
    furniture = installation.furnish(
        departments=[
            {"code": code, "name": made.name(code), "language": made.language}
            for code in made.codes
        ],
        people=list(made.people()),
    )
    made.passwords = {email: person.password for email, person in furniture.people.items()}
    yield made
    for page in made.pages.values():
        page.context.close()


# Thirty people sign in, and every page is looked at: it takes its time on a busy machine.
@pytest.mark.timeout(1200)
def test_an_audit_from_the_first_file_to_the_summary(network):
    for place, code in enumerate(network.codes):
        _send(network, place, code)
    board = _write(network)
    _lock_and_draw(network, board)
    checked = sum(_check(network, code) for code in network.codes)
    assert checked == TARGET
    _assign(network, board)
    _read_settle_answer(network, board)
    _freeze_and_publish(network, board)
    for code in network.codes:
        _read_summary(network, code)


def primary(page: Page) -> Locator:
    return page.locator("main .btn-primary").first


def press(page: Page, button: Locator) -> None:
    """Click and wait for the page that comes of it."""
    with page.expect_navigation():
        button.click()


def in_its_language(page: Page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    chrome = page.locator("main h1, main h2, main .btn, nav").all_inner_texts()
    stray = [words for words in chrome if STRAY[language].search(words)]
    assert stray == [], page.url


def until(page: Page, wanted: Locator) -> None:
    """Wait until something is shown, looking at the page anew as a person would."""
    for _ in range(JOB_MS // 1000):
        if wanted.count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(wanted.first).to_be_visible(timeout=1)


def _send(network: Network, place: int, code: str) -> None:
    page = network.as_(f"coordinator.{code}")
    page.goto("/intake/")
    in_its_language(page, network.language)
    table = {"name": f"{code}.csv", "mimeType": "text/csv", "buffer": network.table(place)}
    page.locator("input[type=file]").set_input_files(table)
    press(page, primary(page))
    until(page, page.locator(".job.succeeded"))


def _write(network: Network) -> str:
    page = network.as_("lead")
    page.goto("/campaigns/")
    press(page, primary(page))
    in_its_language(page, network.language)
    page.locator("input[name=title]").fill(f"Audit {network.language}")
    own = {network.name(code) for code in network.codes}
    for box in page.locator("input[name=departments]").all():
        label = page.locator(f"label[for='{box.get_attribute('id')}']").inner_text()
        box.set_checked(label.strip() in own)
    for box in page.locator("input[name=scope_modalities]").all():
        box.set_checked(box.get_attribute("value") in MODALITIES)
    page.locator("input[name=scope_period_start]").fill(FIRST_DAY.isoformat())
    page.locator("input[name=scope_period_end]").fill("2026-04-30")
    page.locator("input[name=sampling_target]").fill(str(TARGET))
    page.locator("input[name=sampling_stratum_minimum]").fill("1")
    page.locator("input[name=double_reading_minimum]").fill("2")
    press(page, page.locator("button[value=keep]"))
    in_its_language(page, network.language)
    return page.url


def _lock_and_draw(network: Network, board: str) -> None:
    """Follow the board's one button, which leads to the lock, to the list and to the draw."""
    page = network.as_("lead")
    led_to = []
    while "draw" not in led_to:
        page.goto(board)
        step = (primary(page).get_attribute("href") or "").rstrip("/").rsplit("/", 1)[-1]
        assert step in {"lock", "frame", "draw"}, page.locator("main").inner_text()
        led_to.append(step)
        press(page, primary(page))
        in_its_language(page, network.language)
        press(page, primary(page))
        # What the button did is told on the page that follows.
        expect(page.locator("main .hash").first).to_be_visible()
        assert len(set(led_to)) == len(led_to), page.locator("main").inner_text()
    assert led_to == ["lock", "frame", "draw"]
    page.goto(f"{board.rstrip('/')}/draw")
    expect(page.locator("dd.hash")).to_have_count(3)


def _check(network: Network, code: str) -> int:
    page = network.as_(f"coordinator.{code}")
    page.goto("/deidentification/")
    until(page, page.locator("main a.btn-primary"))
    in_its_language(page, network.language)
    press(page, primary(page))
    in_its_language(page, network.language)
    checked = 0
    while (button := page.locator("form.check-send .btn-primary")).count():
        press(page, button)
        checked += 1
        assert checked <= TARGET
    return checked


def _assign(network: Network, board: str) -> None:
    page = network.as_("lead")
    page.goto(board)
    press(page, primary(page))
    in_its_language(page, network.language)
    press(page, primary(page))
    publish = page.locator("main a.btn-primary[href*=publish]")
    until(page, publish)
    press(page, publish)
    in_its_language(page, network.language)
    press(page, primary(page))


def _read_settle_answer(network: Network, board: str) -> None:
    """Let everybody do what waits until the board says that every case is settled."""
    lead, rounds = network.as_("lead"), 0
    reviewers, authors = network.everybody("reviewer"), network.everybody("author")
    while not _is_settled(lead, board):
        rounds += 1
        assert rounds < 40, lead.locator("main").inner_text()
        acts = sum(_read(network, who, first=rounds == 1) for who in reviewers)
        acts += sum(_settle(network, who) for who in reviewers)
        acts += sum(_answer(network, who) for who in authors) if not acts else 0
        if not acts:
            lead.wait_for_timeout(1000)


def _is_settled(page: Page, board: str) -> bool:
    page.goto(board)
    button = page.locator(".next-act input[name=event]")
    if button.count() and button.get_attribute("value") == "settle":
        press(page, primary(page))
        page.goto(board)
    return bool(page.locator(".next-act input[value=freeze]").count())


def _read(network: Network, who: str, *, first: bool) -> int:
    page = network.as_(who)
    _take_role(page, "reviewer")
    page.goto("/scoring/")
    in_its_language(page, network.language)
    begin = page.locator("main form .btn-primary")
    if not begin.count():
        return 0
    press(page, begin.first)
    done = 0
    while re.search(r"/scoring/[0-9a-f-]{36}", page.url):
        expect(page.locator("form.sheet")).to_be_visible()
        in_its_language(page, network.language)
        # One reviewer of each department finds the first case discrepant.
        finds = first and not done and who.startswith("reviewer0")
        _score(page, "4" if finds else "1", network.language)
        done += 1
    return done


def _score(page: Page, digit: str, language: str) -> None:
    before = page.url
    expect(page.locator("[data-open-palette]")).to_be_visible()
    page.keyboard.press(digit)
    if digit != "1":
        page.keyboard.press("m")
        page.keyboard.press("n")
        page.keyboard.type(WORDS[language])
        page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hold]")).to_be_visible()
    # A second press that comes at once is taken for a double click.
    page.wait_for_timeout(500)
    page.locator("[data-send-now]").click()
    expect(page).not_to_have_url(before, timeout=15_000)
    if "/recognition/" in page.url:
        page.locator("form[data-recognition] button[value=no]").click()
        expect(page).not_to_have_url(re.compile("/recognition/"), timeout=15_000)


def _settle(network: Network, who: str) -> int:
    page = network.as_(who)
    _take_role(page, "adjudicator")
    page.goto("/adjudication/")
    in_its_language(page, network.language)
    begin = page.locator("main a.btn-primary")
    if not begin.count():
        return 0
    press(page, begin.first)
    done = 0
    while page.locator("form.sheet").count():
        in_its_language(page, network.language)
        _score(page, "4", network.language)
        done += 1
    return done


def _answer(network: Network, who: str) -> int:
    page = network.as_(who)
    page.goto("/feedback/")
    in_its_language(page, network.language)
    done = 0
    links = page.locator("main a[href*='/feedback/']")
    for address in [link.get_attribute("href") for link in links.all()]:
        page.goto(address or "")
        in_its_language(page, network.language)
        agree = page.locator("input[name=stance][value=agree]")
        if agree.count():
            agree.check()
            press(page, primary(page))
            done += 1
    return done


def _take_role(page: Page, role: str) -> None:
    """Choose the role in the menu, where a person has several."""
    wanted = {"reviewer": "/scoring/", "adjudicator": "/adjudication/"}[role]
    page.goto("/")
    choices = page.locator("button[formaction*='/accounts/role/']")
    for place in range(choices.count()):
        if wanted in page.url:
            break
        with page.expect_navigation():
            choices.nth(place).evaluate("button => button.form.requestSubmit(button)")
    assert wanted in page.url, f"no way to the role {role}"


def _freeze_and_publish(network: Network, board: str) -> None:
    page = network.as_("lead")
    page.goto(board)
    in_its_language(page, network.language)
    press(page, primary(page))
    page.goto(board)
    until(page, page.locator(".next-act input[value=report]"))
    press(page, primary(page))


def _read_summary(network: Network, code: str) -> None:
    page = network.as_(f"quality_lead.{code}")
    page.goto("/summaries/")
    in_its_language(page, network.language)
    press(page, page.locator("main tbody a").first)
    in_its_language(page, network.language)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    link = page.locator("main a[href*=pdf]").first.get_attribute("href")
    answer = page.context.request.get(f"{network.installation.url}{link}")
    assert answer.body().startswith(b"%PDF-")
