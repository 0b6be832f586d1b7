"""Reviewers who read in a browser, and what their pages are asked."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.conftest import PASSWORD

AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@dataclass(frozen=True)
class Reader:
    """A reviewer with cases, and the way to their pages."""

    email: str
    cases: list[str]
    blind: str

    def path(self, number=0):
        return f"/scoring/{self.cases[number]}"


def sign_in(page, reader):
    page.goto("/accounts/sign-in")
    page.locator("input[name=email]").fill(reader.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("sign-in"))


def saved(page):
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def state_is(page, state):
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", state)
