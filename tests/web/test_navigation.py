"""Each role has at most six ways, and each of them opens."""

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.web.navigation import WAYS, first_url


@pytest.mark.parametrize("role", list(Role))
def test_each_way_of_a_role_opens_for_its_holder(app, client, sign_in, role):
    sign_in(role)

    for label, endpoint in WAYS[role]:
        with app.test_request_context():
            url = app.url_for(endpoint)
        page = client.get(url)

        assert page.status_code == 200, (role, endpoint)
        assert 'aria-current="page"' in page.text, (role, endpoint)
        assert page.text.count(f'href="{url}"') >= 1, (role, str(label))


@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_between_one_and_six_ways_and_begins_at_the_first(app, role):
    assert 1 <= len(WAYS[role]) <= 6
    with app.test_request_context():
        assert first_url(role) == app.url_for(WAYS[role][0][1])


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_is_where_the_role_begins(client, sign_in, role):
    sign_in(role)

    page = client.get("/", follow_redirects=True)

    assert page.status_code == 200
    assert len(page.history) == 1
