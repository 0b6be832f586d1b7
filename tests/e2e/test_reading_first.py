import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.readers import AA, saved, sign_in

pytestmark = [pytest.mark.services, pytest.mark.journey, pytest.mark.xdist_group("e2e")]

OWN = "Foyer du lobe moyen."
SECRET = "pneumopathie"


@pytest.fixture
def path(reader):
    return f"/scoring/{reader.blind}"


@pytest.fixture
def desk(page, reader, path):
    sign_in(page, reader)
    page.goto(path)
    expect(page.locator("[data-final]")).to_be_hidden()
    return page


def lock_by_keys(page):
    page.locator("#findings").focus()
    page.keyboard.type(OWN)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_own_findings_are_locked_by_keys_and_the_report_appears(desk):
    assert SECRET not in desk.content()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-findings-error]")).not_to_be_empty()
    lock_by_keys(desk)
    desk.keyboard.press("Escape")
    expect(desk.locator("#findings")).to_be_focused()
    expect(desk.locator("#findings")).to_have_value(OWN)
    assert SECRET not in desk.content()

    desk.keyboard.press("Control+Enter")
    desk.keyboard.press("Enter")

    expect(desk.locator("[data-score-pad]")).to_be_visible()
    expect(desk.locator(".own-reading")).to_contain_text(OWN)
    expect(desk.locator("[data-report]")).to_contain_text(SECRET)


def test_the_back_button_leads_to_no_page_that_could_be_locked_again(desk, path):
    lock_by_keys(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-score-pad]")).to_be_visible()

    desk.goto("/scoring/")
    desk.go_back()

    expect(desk.locator("[data-score-pad]")).to_be_visible()
    expect(desk.locator("#findings")).to_have_count(0)


def test_two_windows_lock_one_reading(desk, path):
    other = desk.context.new_page()
    other.goto(path)
    other.locator("#findings").fill("Rien.")
    saved(other)
    lock_by_keys(desk)

    desk.keyboard.press("Enter")

    # This window did not see what the other wrote: it is asked once more, and nothing is locked.
    expect(desk).to_have_url(re.compile("/findings$"))
    expect(desk.get_by_text("dans une autre fenêtre. Ce que")).to_be_visible()
    expect(desk.locator("#findings")).to_have_value(OWN)
    assert SECRET not in desk.content()
    desk.goto(desk.url)
    expect(desk).to_have_url(re.compile(path + "$"))
    expect(desk.locator("#findings")).to_have_value("Rien.")


def test_the_network_drops_and_nothing_is_lost_or_locked(desk):
    desk.locator("#findings").fill("Avant. ")
    saved(desk)
    desk.context.set_offline(True)
    lock_by_keys(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-save-state]")).to_have_attribute("data-state", "offline")

    desk.context.set_offline(False)
    saved(desk)

    expect(desk.locator("#findings")).to_have_value(re.compile("Avant"))
    expect(desk.locator("[data-score-pad]")).to_have_count(0)


def test_it_works_without_scripts(context_with, path):
    page = context_with(java_script_enabled=False)
    page.goto(path)
    page.locator("#findings").fill(OWN)
    page.locator("[data-lock]").click()
    expect(page.locator("#findings")).to_have_value(OWN)
    assert SECRET not in page.content()

    page.locator("#final").check()
    page.locator("[data-lock]").click()

    expect(page.locator("[data-score-pad]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (768, 1024), (390, 844)])
def test_no_barrier_is_found(context_with, path, scheme, size):
    page = context_with(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    page.goto(path)
    assert Axe().run(page, options=AA).response["violations"] == []
    lock_by_keys(page)
    assert Axe().run(page, options=AA).response["violations"] == []
    page.keyboard.press("Enter")
    expect(page.locator("[data-score-pad]")).to_be_visible()
    # What is there already may still lack its style.
    page.wait_for_load_state("load")
    assert Axe().run(page, options=AA).response["violations"] == []
