import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.services, pytest.mark.journey, pytest.mark.xdist_group("e2e")]


@pytest.fixture(scope="module")
def person(installation):
    made = installation.furnish(
        departments=[{"code": "SIGN", "name": "Centre d'imagerie des entrées"}],
        people=[
            {
                "email": "ann@sign.example",
                "name": "Anne Martin",
                "roles": [["coordinator", "SIGN"]],
            }
        ],
    )
    return made.people["ann@sign.example"]


class TestSignIn:
    def test_a_person_signs_in_with_the_password(self, page, person):
        page.goto("/")
        page.locator("input[name=email]").fill(person.email)
        page.locator("input[type=password]").fill(person.password)
        page.locator("input[type=password]").press("Enter")

        expect(page).not_to_have_url(re.compile("sign-in"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    def test_a_wrong_password_is_told_and_the_address_stays(self, page, person):
        page.goto("/accounts/sign-in")
        page.locator("input[name=email]").fill(person.email)
        page.locator("input[type=password]").fill("this is not the password")
        page.locator("input[type=password]").press("Enter")

        expect(page.get_by_role("alert").first).to_be_visible()
        expect(page.locator("input[name=email]")).to_have_value(person.email)

    def test_one_click_enters_as_the_person_that_the_button_names(self, page, person):
        # One person of each role has a button: whose it is depends on who was put in before.
        page.goto("/accounts/sign-in")
        entry = page.locator("button.entry").first
        name = entry.locator(".entry-name").inner_text()
        entry.click()

        expect(page).not_to_have_url(re.compile("sign-in"))
        expect(page.locator("header")).to_contain_text(name)
