"""How is every page of a running demonstration photographed, as each of its people?

Run as a process of its own, with the settings of the demonstration: `URL FOLDER [NAME]`.
"""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from peeraudit.app import create_app
from peeraudit.launch import chromium, contact_sheet
from peeraudit.launch.contact_sheet import Picture
from peeraudit.launch.crawl import Doors, Reached, crawl

LANGUAGES = ("fr", "en")
WIDTHS = (1440, 768, 390)
THEMES = ("light", "dark")
HEIGHT = 900
PATIENCE_MS = 30_000
BROWSERS = 2
NOBODY = "nobody"
# Pages that belong to nobody, or that are no pages.
ASIDE = re.compile(
    r"^(static|bootstrap|openapi|api_)|^accounts\.sign_in$|^health\.show_(live|readi)"
)
# Acts that only open something to work on; in a demonstration that is thrown away afterwards.
OPENING = frozenset({"scoring.next_case"})
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# A form with a required field that is empty; sent as it is, it comes back with what is wrong.
SEND_EMPTY = """() => {
  const isEmpty = (form) => [...form.elements].some((e) => e.required && !e.value);
  const form = [...document.querySelectorAll("main form[method=post]")].find(isEmpty);
  if (!form) return false;
  form.noValidate = true;
  setTimeout(() => HTMLFormElement.prototype.submit.call(form), 0);
  return true;
}"""


@dataclass
class Session:
    """One person in one language, in a browser of one's own.

    Attributes:
        adapter: tells the endpoint of a path.
        remarks: what was seen to be wrong.
    """

    context: BrowserContext
    adapter: MapAdapter
    base: str
    remarks: list[str] = field(default_factory=list)

    def enter(self, door: str | None, language: str) -> None:
        """Choose the language, and enter as a person where a door is named."""
        self.post("/accounts/preferences", language=language)
        if door:
            self.post(door)

    def post(self, path: str, **fields: str) -> str:
        """Post a form with a fresh token; return the path to which it led."""
        page = self.context.request.get(f"{self.base}/accounts/sign-in").text()
        token = TOKEN.search(page) or TOKEN.search(self.context.request.get(self.base).text())
        form: dict[str, str | float | bool] = {**fields, "csrf_token": token[1] if token else ""}
        answer = self.context.request.post(f"{self.base}{path}", form=form)
        return answer.url.removeprefix(self.base)

    def fetch(self, path: str) -> tuple[str, str] | None:
        """Return where a path led and the page's text; None where this person has none."""
        answer = self.context.request.get(f"{self.base}{path}")
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status >= 500:
            self.remarks.append(f"{path} answers {answer.status}")
        if not (answer.ok and is_page):
            return None
        return answer.url.removeprefix(self.base), answer.text()

    def kind_of(self, path: str, method: str = "GET") -> str | None:
        """Return the endpoint of a path; None where it is no page."""
        try:
            endpoint, _ = self.adapter.match(path.partition("?")[0], method=method)
        except (HTTPException, RequestRedirect):
            return None
        return None if ASIDE.match(endpoint) else str(endpoint)

    def open(self, path: str) -> str | None:
        """Post to an act that only opens something; return where it led."""
        kind = self.kind_of(path, "POST")
        return self.post(path) if kind in OPENING else None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What to photograph, and where to put it."""

    base: str
    folder: Path
    only: str
    adapter: MapAdapter

    def photograph(self, role: str, door: str | None) -> tuple[list[Picture], list[str]]:
        """Take every picture of one role; return them and what was seen to be wrong."""
        taken: list[Picture] = []
        remarks: list[str] = []
        with browser() as started:
            pages: list[Reached] | None = None
            for language in LANGUAGES:
                context = started.new_context(locale=language, base_url=self.base)
                session = Session(context, self.adapter, self.base, remarks)
                session.enter(door, language)
                if pages is None:
                    pages = self._pages(session, role)
                page = context.new_page()
                page.set_default_timeout(PATIENCE_MS)
                for reached in pages:
                    taken += self._take(page, role, reached, language, remarks)
                context.close()
        return taken, list(dict.fromkeys(remarks))

    def _pages(self, session: Session, role: str) -> list[Reached]:
        if role == NOBODY:
            found = [
                Reached("accounts.sign_in", 1, "/accounts/sign-in"),
                Reached("errors.404", 1, "/there-is-no-such-page"),
            ]
        else:
            found = crawl("/", session.fetch, session.kind_of, session.open)
            if not any(reached.endpoint == "health.show_health" for reached in found):
                found.append(Reached("errors.403", 1, "/health"))
        return [reached for reached in found if self.only in f"{role}/{reached.name}"]

    def _take(
        self, page: Page, role: str, reached: Reached, language: str, remarks: list[str]
    ) -> Iterator[Picture]:
        where = f"{role}/{reached.name} ({language})"
        watch = _Watch(page, where, remarks, expects_error=reached.endpoint.startswith("errors."))
        with watch:
            page.goto(reached.path, wait_until="load")
            yield from self._shoot(page, role, reached.name, language, remarks)
        with watch.deaf():
            if _send_empty(page):
                yield from self._shoot(page, role, f"{reached.name}-refused", language, remarks)

    def _shoot(
        self, page: Page, role: str, name: str, language: str, remarks: list[str]
    ) -> Iterator[Picture]:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            # A fraction of a pixel is rounded up.
            if wide > 1:
                remarks.append(f"{role}/{name} ({language}) scrolls {wide} px sideways at {width}")
            for theme in THEMES:
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                picture = Picture(role, name, language, width, theme)
                target = self.folder / picture.file
                page.screenshot(path=target, full_page=True, animations="disabled")
                yield picture


class _Watch:
    """Notes what fails on a page while it is loaded and looked at."""

    def __init__(self, page: Page, where: str, remarks: list[str], *, expects_error: bool) -> None:
        self._page, self._where, self._remarks = page, where, remarks
        self._expects_error = expects_error

    def __enter__(self) -> None:
        self._page.on("pageerror", self._note_failure)
        self._page.on("console", self._note_console)

    def __exit__(self, *_: object) -> None:
        self._page.remove_listener("pageerror", self._note_failure)
        self._page.remove_listener("console", self._note_console)

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Let something fail on purpose."""
        try:
            yield
        except Error as error:
            self._remarks.append(f"{self._where}: {error.message.splitlines()[0]}")

    def _note_failure(self, error: Error) -> None:
        self._remarks.append(f"{self._where}: {error.message}")

    def _note_console(self, message: object) -> None:
        is_error = getattr(message, "type", "") == "error"
        if is_error and not self._expects_error:
            self._remarks.append(f"{self._where}: {getattr(message, 'text', '')}")


def _send_empty(page: Page) -> bool:
    """Send a form without what it needs; say whether the page came back with what is wrong."""
    if not page.evaluate(SEND_EMPTY):
        return False
    try:
        with page.expect_response(
            lambda answer: answer.request.is_navigation_request(), timeout=5000
        ) as answered:
            pass
    except Error:
        return False
    page.wait_for_load_state("load")
    return answered.value.status == 422


@contextmanager
def browser() -> Iterator[Browser]:
    """Run a Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.find(os.environ), args=chromium.arguments()
        )
        try:
            yield started
        finally:
            started.close()


def doors_of(base: str) -> Mapping[str, str]:
    """Return the one-click entries of the demonstration, by role."""
    with browser() as started:
        # The roles' names become the names of folders.
        wish = {"Accept-Language": "en"}
        text = started.new_context().request.get(f"{base}/accounts/sign-in", headers=wish).text()
    return Doors.of(text)


def main() -> None:
    """Take the pictures and tell what was seen to be wrong."""
    base, folder, only = sys.argv[1], Path(sys.argv[2]), "".join(sys.argv[3:4])
    began = time.monotonic()
    adapter = create_app().url_map.bind("127.0.0.1")
    work = Assignment(base, folder, only, adapter)
    people: list[tuple[str, str | None]] = [(NOBODY, None), *doors_of(base).items()]
    pictures: list[Picture] = []
    remarks: list[str] = []
    with ThreadPoolExecutor(max_workers=BROWSERS) as pool:
        for (role, _), (taken, wrong) in zip(
            people, pool.map(lambda person: work.photograph(*person), people), strict=True
        ):
            pictures += taken
            remarks += wrong
            print(f"  {role}: {len(taken)} pictures", flush=True)
    index = contact_sheet.write(folder, pictures, remarks)
    for remark in remarks:
        print(f"  ! {remark}", flush=True)
    seconds = time.monotonic() - began
    print(f"{len(pictures)} pictures in {seconds:.0f} s. Look at them: {index}", flush=True)


if __name__ == "__main__":
    main()
