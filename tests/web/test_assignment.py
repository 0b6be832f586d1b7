from io import BytesIO

import pytest
from sqlalchemy import event, func, select, update

from peeraudit.domain.accounts import Role
from peeraudit.domain.jobs import JobState
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.jobs import Job
from peeraudit.models.network import Reviewer
from peeraudit.tasks.upkeep import sweep
from tests.factories.readings import make_cases, make_drawn_campaign, make_network, make_reviewer


@pytest.fixture
def network(session):
    return make_network(session)


@pytest.fixture
def campaign(session, network):
    campaign = make_drawn_campaign(session, network[0])
    for number, place in enumerate(network[0]):
        make_cases(session, campaign, place, 2, is_double_read=number == 0)
    return campaign


@pytest.fixture
def url(campaign, sign_in):
    sign_in(Role.NETWORK_LEAD)
    return f"/campaigns/{campaign.id}/assignment/"


def plan(client, session, url):
    assert client.post(f"{url}plan").status_code == 302
    sweep()
    session.expire_all()
    return session.scalars(select(Plan).order_by(Plan.number.desc())).first()


def published(session):
    return session.scalar(select(func.count()).select_from(Assignment))


def table_of(client, url, row):
    answer = client.get(f"{url}plans/{row.id}.csv")
    assert answer.mimetype == "text/csv"
    return answer.data.decode("utf-8-sig")


def send(client, url, row, text):
    data = {"file": (BytesIO(text.encode()), "plan.csv")}
    return client.post(f"{url}plans/{row.id}/sheet", data=data)


class TestAssignmentPages:
    def test_the_page_says_what_will_happen_before_anybody_is_told(self, client, session, url):
        assert "8" in client.get(url).text
        plan(client, session, url)

        page = client.get(url).text

        assert published(session) == 0
        for name in session.scalars(select(Reviewer.id)).all():
            assert str(name) not in page
        assert page.count('scope="row"') >= 6 + 3 + 3
        assert "LENOIR" not in page

    def test_work_under_way_is_shown_and_not_ordered_twice(self, client, session, url):
        client.post(f"{url}plan")
        client.post(f"{url}plan")

        assert "data-job-url" in client.get(url).text
        sweep()
        assert session.scalar(select(func.count()).select_from(Plan)) == 1

    def test_work_that_was_asked_to_stop_says_so_until_it_does(self, client, session, url):
        client.post(f"{url}plan")
        job = f"/jobs/{session.scalars(select(Job.id)).one()}"
        assert f"{job}/cancel" in client.get(url).text

        assert client.post(f"{job}/cancel").status_code == 302

        page = client.get(url).text
        assert "étape en cours" in page
        assert f"{job}/cancel" not in page
        session.execute(update(Job).values(state=JobState.CANCELLED))
        session.commit()
        assert "étape en cours" not in client.get(url).text
        assert "data-job-url" not in client.get(url).text

    def test_publishing_asks_first_and_a_double_click_publishes_once(self, client, session, url):
        row = plan(client, session, url)
        way = f"{url}plans/{row.id}/publish"

        assert client.get(way).status_code == 200
        assert published(session) == 0
        assert [client.post(way).status_code for _ in range(2)] == [302, 302]

        assert published(session) == 8
        assert client.get(way).status_code == 302

    def test_an_older_tab_publishes_nothing(self, client, session, url):
        old = plan(client, session, url)
        plan(client, session, url)

        client.post(f"{url}plans/{old.id}/publish")

        assert published(session) == 0
        assert "banner danger" in client.get(url).text

    def test_what_has_changed_since_is_said_and_stops_it(self, client, session, url):
        row = plan(client, session, url)
        session.query(Reviewer).update({Reviewer.accepting: False})
        session.commit()

        assert "banner attention" in client.get(url).text
        client.post(f"{url}plans/{row.id}/publish")
        assert published(session) == 0

    def test_what_cannot_be_placed_is_listed_by_code_with_its_reason(
        self, client, session, sign_in
    ):
        places, _ = make_network(session, departments=2, reviewers=1, capacity=1)
        campaign = make_drawn_campaign(session, places)
        cases = make_cases(session, campaign, places[0], 3)
        sign_in(Role.NETWORK_LEAD)
        url = f"/campaigns/{campaign.id}/assignment/"
        plan(client, session, url)

        page = client.get(url).text

        unplaced = page.split("</table>")[0]
        assert sum(case.code in unplaced for case in cases) == 2
        assert "remedies" in page
        assert "Cas\xa0: 3 (Scanner)" in page

    def test_the_downloaded_table_goes_back_in(self, client, session, url):
        row = plan(client, session, url)
        lines = table_of(client, url, row).splitlines(keepends=True)

        answer = send(client, url, row, "".join(lines[:-1]))

        assert answer.status_code == 302
        session.expire_all()
        assert session.get(Plan, row.id).state == "superseded"
        assert session.scalar(select(func.max(Plan.number))) == 2

    def test_a_wrong_table_is_refused_line_by_line(self, client, session, url):
        row = plan(client, session, url)
        text = table_of(client, url, row)
        text += text.splitlines()[1] + "\r\nNONE-NONE;1;x@y.example\r\n"

        answer = send(client, url, row, text)

        assert answer.status_code == 422
        assert "10" in answer.text
        assert "NONE-NONE" in answer.text
        session.expire_all()
        assert session.get(Plan, row.id).state == "draft"

    @pytest.mark.parametrize("text", ["", "a;b\n1;2\n"])
    def test_a_file_that_is_no_plan_says_so(self, client, session, url, text):
        row = plan(client, session, url)

        answer = send(client, url, row, text)

        assert answer.status_code == 422
        assert "error-summary" in answer.text

    def test_no_file_at_all_is_told_beside_the_field(self, client, session, url):
        row = plan(client, session, url)

        answer = client.post(f"{url}plans/{row.id}/sheet", data={})

        assert answer.status_code == 422
        assert "file-error" in answer.text

    def test_nothing_to_plan_says_why(self, client, session, network, sign_in):
        campaign = make_drawn_campaign(session, network[0])
        make_cases(session, campaign, network[0][0], 1, state=CaseState.DEIDENTIFIED)
        sign_in(Role.NETWORK_LEAD)
        url = f"/campaigns/{campaign.id}/assignment/"

        client.post(f"{url}plan")

        assert "banner danger" in client.get(url).text

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.QUALITY_LEAD])
    def test_nobody_else_sees_a_plan(self, client, campaign, sign_in, role):
        sign_in(role)

        assert client.get(f"/campaigns/{campaign.id}/assignment/").status_code == 403

    def test_more_reviewers_cost_no_more_queries(self, client, session, network, url):
        plan(client, session, url)
        few = queries(client, url)
        for place in network[0]:
            make_reviewer(session, place)
            make_reviewer(session, place)
        plan(client, session, url)

        assert queries(client, url) == few


def queries(client, url):
    counted = []
    listen = lambda *args: counted.append(args[2])  # noqa: E731
    event.listen(db.engines[None], "before_cursor_execute", listen)
    client.get(url)
    event.remove(db.engines[None], "before_cursor_execute", listen)
    return len(counted)
