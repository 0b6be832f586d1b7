import re

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.tasks.upkeep import sweep
from tests.web.test_intake import send


@pytest.fixture
def refused(client, sign_in):
    """The pages of a file and of its refused item."""
    sign_in(Role.COORDINATOR)
    location = send(client).location
    sweep()
    page = client.get(f"{location}?status=refused")
    return location, re.search(r"/intake/items/[0-9a-f-]+", page.text)[0]


class TestMendItem:
    def test_the_page_shows_what_the_file_said(self, client, refused):
        page = client.get(refused[1])

        assert "Sans numéro." in page.text
        assert 'value="R3"' in page.text

    def test_a_mended_item_is_taken_in(self, client, refused):
        location, item = refused

        answer = client.post(item, data={"accession": "A3", "text": "Sans numéro.\r\n"})

        assert answer.status_code == 302
        assert answer.location == location
        assert "/intake/items/" not in client.get(location).text

    def test_one_that_is_still_refused_comes_back_with_what_was_typed(self, client, refused):
        answer = client.post(refused[1], data={"status": "peut-être"}, follow_redirects=True)

        assert answer.request.path == refused[1]
        assert "peut-être" in answer.text

    def test_another_department_does_not_find_it(self, client, sign_in, refused):
        client.post("/accounts/sign-out")
        sign_in(Role.COORDINATOR)

        assert client.get(refused[1]).status_code == 404
        assert client.post(refused[1], data={"accession": "A3"}).status_code == 404


class TestTables:
    def test_refused_items_can_be_downloaded(self, client, refused):
        answer = client.get(f"{refused[0]}/refused.csv")

        assert answer.mimetype == "text/csv"
        assert "missing_accession" in answer.text

    def test_without_a_list_no_text_is_wanted(self, client, sign_in):
        sign_in(Role.COORDINATOR)

        assert client.get("/intake/wanted").status_code == 200
        assert len(client.get("/intake/wanted.csv").text.splitlines()) == 1


def test_a_file_that_could_not_be_read_waits_and_can_be_read_again(client, sign_in):
    sign_in(Role.COORDINATOR)
    location = send(client, "%PDF-1.7").location
    sweep()
    assert f"{location}/again" in client.get(location).text

    answer = client.post(f"{location}/again")

    assert answer.location == location
    assert f"{location}/again" not in client.get(location).text
