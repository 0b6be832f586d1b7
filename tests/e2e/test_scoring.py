import json
import re
import statistics
import sys
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.readers import AA, saved, sign_in, state_is

pytestmark = [pytest.mark.services, pytest.mark.journey, pytest.mark.xdist_group("e2e")]

COMMENT = "Un nodule de 9 mm du lobe moyen n’est pas décrit."
# From the key's own time stamp to the frame that shows what it did, in milliseconds.
MEASURE = """() => { window.paints = [];
  document.addEventListener('keydown', (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.paints.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), { capture: true }); }"""


@pytest.fixture
def desk(page, reader):
    """The first case on the screen of its reviewer."""
    sign_in(page, reader)
    page.goto(reader.path())
    return page


def chosen(page, name):
    return page.locator(f"input[name={name}]:checked").evaluate_all("all => all.map(o => o.value)")


def nobody_recognised(page):
    expect(page).to_have_url(re.compile("/recognition/"))
    expect(page.locator("form[data-recognition][data-ready]")).to_be_visible()
    page.keyboard.press("1")


def score_by_keys(page):
    page.keyboard.press("5")
    page.keyboard.press("m")
    page.keyboard.press("n")
    page.keyboard.type(COMMENT)
    page.keyboard.press("Escape")


class TestByKeyboard:
    def test_a_whole_case_and_on_to_the_next(self, page, reader):
        sign_in(page, reader)
        page.goto("/scoring/")
        page.get_by_role("button", name="Lire le premier cas").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(reader.path()))
        expect(page.locator("[data-open-palette]")).to_be_visible()

        score_by_keys(page)
        page.keyboard.press("Enter")
        expect(page.locator("[data-hold]")).to_be_visible()
        page.keyboard.press("z")
        expect(page.locator("[data-hold]")).to_be_hidden()
        expect(page).to_have_url(re.compile(reader.path()))
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)
        page.keyboard.press("Enter")
        nobody_recognised(page)

        expect(page).to_have_url(re.compile(reader.path(1)))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Cas 2 sur 4")
        page.goto("/scoring/")
        expect(page.locator("main")).to_contain_text("Déjà relu : un compte rendu")

    def test_left_alone_it_is_handed_in_after_a_few_seconds(self, desk, reader):
        desk.keyboard.press("1")
        desk.keyboard.press("Enter")

        expect(desk).to_have_url(re.compile("/recognition/"), timeout=9000)

    def test_what_is_missing_takes_the_focus(self, desk):
        desk.keyboard.press("3")
        desk.keyboard.press("Enter")

        expect(desk.locator("[data-error-for=error_type]")).to_have_text(
            "Dites de quel type d’erreur il s’agit."
        )
        desk.keyboard.press("m")
        desk.keyboard.press("Enter")
        expect(desk.locator("#comment")).to_be_focused()

    def test_letters_in_the_comment_are_words(self, desk):
        desk.keyboard.press("n")
        desk.keyboard.type("muz 1234")

        assert chosen(desk, "score") == []
        expect(desk.locator("#comment")).to_have_value("muz 1234")

    def test_digits_of_a_french_keyboard_score_without_shift(self, desk):
        desk.evaluate(
            """() => document.body.dispatchEvent(new KeyboardEvent('keydown',
                { key: '"', code: 'Digit3', bubbles: true, cancelable: true }))"""
        )

        assert chosen(desk, "score") == ["2b"]

    def test_keys_are_listed_changed_and_switched_off(self, desk):
        desk.keyboard.press("?")
        expect(desk.get_by_role("dialog")).to_be_visible()
        desk.locator("#key-type-missed_finding").fill("x")
        desk.locator("[data-keys-keep]").click()
        desk.keyboard.press("5")
        desk.keyboard.press("x")
        assert chosen(desk, "error_type") == ["missed_finding"]

        desk.reload()
        desk.keyboard.press("?")
        desk.locator("#keys-on").uncheck()
        desk.locator("[data-keys-keep]").click()
        before = chosen(desk, "score")
        desk.keyboard.press("2")
        assert chosen(desk, "score") == before

    def test_a_key_that_is_taken_is_refused(self, desk):
        desk.keyboard.press("?")
        desk.locator("#key-urgent").fill("z")
        desk.locator("[data-keys-keep]").click()

        expect(desk.get_by_role("dialog")).to_be_visible()
        expect(desk.locator("[data-keys-error]")).not_to_be_empty()

    def test_a_key_is_painted_within_a_tenth_of_a_second(self, desk, record_property):
        desk.evaluate(MEASURE)
        for key in "15m4s3i2o15m4s3i2o":
            desk.keyboard.press(key)
            desk.wait_for_timeout(40)

        paints = desk.evaluate("window.paints")
        median = statistics.median(paints)
        record_property("key_to_paint_ms_median", round(median, 1))
        record_property("key_to_paint_ms_longest", round(max(paints), 1))
        sys.stdout.write(f"\nkey to paint: median {median:.1f} ms, longest {max(paints):.1f} ms\n")
        assert len(paints) == 18
        assert median < 100


class TestKeepingWhatWasTyped:
    def test_the_network_drops_and_nothing_is_lost(self, desk):
        desk.keyboard.press("n")
        desk.keyboard.type("Avant la coupure. ")
        saved(desk)
        desk.context.set_offline(True)
        desk.keyboard.type("Pendant la coupure.")
        state_is(desk, "offline")

        desk.context.set_offline(False)
        saved(desk)
        desk.reload()

        expect(desk.locator("#comment")).to_have_value("Avant la coupure. Pendant la coupure.")

    def test_without_network_nothing_is_handed_in_and_the_sheet_stays(self, desk, reader):
        desk.keyboard.press("1")
        saved(desk)
        desk.context.set_offline(True)
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(400)
        desk.keyboard.press("Enter")

        state_is(desk, "offline")
        expect(desk).to_have_url(re.compile(reader.path()))
        desk.context.set_offline(False)
        saved(desk)

    def test_a_second_window_does_not_overwrite_the_first(self, desk, reader):
        other = desk.context.new_page()
        other.goto(reader.path())
        desk.keyboard.press("2")
        saved(desk)

        other.keyboard.press("5")

        state_is(other, "conflict")
        expect(other.locator("[data-stop]")).to_be_visible()
        desk.reload()
        assert chosen(desk, "score") == ["2a"]

    def test_signed_out_one_signs_in_elsewhere_and_goes_on(self, desk, reader):
        desk.context.clear_cookies()
        desk.keyboard.press("n")
        desk.keyboard.type(COMMENT)
        state_is(desk, "signedout")
        expect(desk.locator("[data-stop]")).to_be_visible()

        other = desk.context.new_page()
        sign_in(other, reader)
        desk.bring_to_front()
        saved(desk)

        desk.reload()
        expect(desk.locator("#comment")).to_have_value(COMMENT)

    def test_clicks_at_the_same_moment_give_one_review(self, desk, reader):
        desk.keyboard.press("1")
        saved(desk)
        statuses = desk.evaluate(
            """async () => {
              const form = document.querySelector('form[data-scoring]');
              const send = () => fetch(form.action, { method: 'POST', body: new FormData(form) });
              const answers = await Promise.all([send(), send(), send(), send(), send()]);
              return answers.map((answer) => answer.status); }"""
        )

        assert statuses == [200] * 5
        desk.goto("/scoring/")
        expect(desk.locator("main")).to_contain_text("Déjà relu : un compte rendu")

    def test_a_case_pulled_in_another_window_says_so(self, desk, reader):
        other = desk.context.new_page()
        other.goto(reader.path())
        other.get_by_text("Je vois de qui il s’agit").click()
        other.locator("button[form=pull]").click()
        expect(other).to_have_url(re.compile(reader.path(1)))

        desk.keyboard.press("1")

        state_is(desk, "gone")
        expect(desk.locator("[data-stop]")).to_be_visible()
        expect(desk.locator("[data-case-words]")).to_have_count(0)

    def test_a_case_that_is_only_looked_at_leaves_the_screen_too(self, desk, reader):
        other = desk.context.new_page()
        other.goto(reader.path())
        other.get_by_text("Je vois de qui il s’agit").click()
        other.locator("button[form=pull]").click()
        expect(other).to_have_url(re.compile(reader.path(1)))

        desk.evaluate("window.dispatchEvent(new Event('focus'))")

        expect(desk.locator("[data-case-words]")).to_have_count(0)
        expect(desk.locator("[data-stop]")).to_be_visible()

    def test_what_is_selected_is_offered_as_what_gives_it_away(self, desk):
        desk.evaluate(
            """() => { const range = document.createRange();
              range.selectNodeContents(document.querySelector('.report-text section:last-child p'));
              getSelection().removeAllRanges(); getSelection().addRange(range); }"""
        )
        desk.get_by_text("Je vois de qui il s’agit").click()

        expect(desk.locator("#seen")).to_have_value(re.compile(r"\w"))
        assert "Masqué" not in desk.locator("#seen").input_value()


class TestRecognition:
    def test_a_guess_is_given_by_keys_alone(self, desk, reader):
        desk.keyboard.press("1")
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(400)
        desk.keyboard.press("Enter")
        expect(desk.locator("form[data-recognition][data-ready]")).to_be_visible()

        desk.keyboard.press("2")
        expect(desk).to_have_url(re.compile("recognition=guess"))
        expect(desk.locator("form[data-recognition][data-ready]")).to_be_visible()
        expect(desk.locator("#name")).to_be_hidden()
        desk.keyboard.press("1")
        expect(desk.locator("#name")).to_be_focused()
        desk.keyboard.type("Lenoir")
        desk.keyboard.press("Enter")

        expect(desk).to_have_url(re.compile(reader.path(1)))


class TestForEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
    def test_no_barrier_is_found(self, context_with, reader, scheme, size):
        page = context_with(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
        for path in ("/scoring/", reader.path()):
            page.goto(path)
            if path != "/scoring/":
                page.keyboard.press("5")
                page.keyboard.press("m")
            found = Axe().run(page, options=AA)
            assert found.violations_count == 0, found.generate_report()
        page.locator("[data-open-palette]").click()
        found = Axe().run(page, options=AA)
        assert found.violations_count == 0, found.generate_report()

    def test_a_finger_scores_on_a_tablet(self, context_with, reader):
        page = context_with(viewport={"width": 1024, "height": 768}, has_touch=True)
        page.goto(reader.path())
        pad = page.locator("[data-score-pad]")
        place = pad.bounding_box()

        page.locator('input[name=score][value="2a"]').tap()
        expect(page.locator("[data-error-types]")).to_be_in_viewport()
        assert pad.bounding_box() == place
        page.locator('input[name=error_type][value="dictation"]').tap()
        page.locator("#comment").fill(COMMENT)
        page.locator("[data-submit]").tap()
        page.wait_for_timeout(400)
        page.locator("[data-send-now]").tap()
        page.get_by_role("button", name="Non").tap()

        expect(page).to_have_url(re.compile(reader.path(1)))

    def test_it_works_without_scripts(self, context_with, reader):
        page = context_with(java_script_enabled=False)
        page.goto(reader.path())
        page.locator('input[name=score][value="3b"]').check()
        page.locator("#comment").fill(COMMENT)
        page.locator("[data-submit]").click()
        expect(page.locator("[data-error-for=error_type]")).not_to_be_empty()
        expect(page.locator("#comment")).to_have_value(COMMENT)

        page.locator('input[name=error_type][value="missed_finding"]').check()
        page.locator("[data-submit]").click()
        page.get_by_role("link", name="Avec certitude").click()
        page.locator('input[name=about][value="department"]').check()
        page.get_by_role("button", name="Enregistrer la réponse").click()

        expect(page).to_have_url(re.compile(reader.path(1)))

    def test_the_pad_stays_where_it_is_from_case_to_case(self, desk, reader):
        places = set()
        for number in range(3):
            desk.goto(reader.path(number))
            places.add(json.dumps(desk.locator("[data-score-pad]").bounding_box()))
            desk.keyboard.press("4")
            saved(desk)
            places.add(json.dumps(desk.locator("[data-score-pad]").bounding_box()))

        assert len(places) == 1
        assert urlsplit(desk.url).path == reader.path(2)
