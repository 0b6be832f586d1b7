import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from tests.calendars import read_calendar
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign
from tests.factories.readings import make_drawn_campaign
from tests.factories.readings import make_reviewer as make_colleague
from tests.factories.scoring import add_reviewer, make_reading, make_reviewer

COMPLETE = {
    "score": "3b",
    "error_type": "missed_finding",
    "comment": "Un nodule de 9 mm n’est pas décrit.",
    "seconds": "75",
}


@pytest.fixture
def home(session):
    return make_department(session)


@pytest.fixture
def reviewer(session, sign_in, home):
    return add_reviewer(session, sign_in(Role.REVIEWER, home.id), home)


@pytest.fixture
def french(client):
    client.post("/accounts/preferences", data={"language": "fr"})


@pytest.fixture
def reading(session, reviewer):
    return make_reading(session, reviewer)


def url(row, act=""):
    return f"/scoring/{row.id}{act}"


def put(client, row, **sheet):
    return client.put(url(row, "/draft"), json={"revision": 0, **sheet})


def state_of(session, row):
    return session.get(Assignment, row.id, populate_existing=True).state


def scores(session):
    return session.scalars(select(Review.score)).all()


class TestShowQueue:
    def test_it_says_in_a_sentence_what_is_due(self, client, session, reviewer, french):
        for _ in range(2):
            make_reading(session, reviewer, days=30)

        page = client.get("/scoring/").text

        # Days are those of the reader's own calendar.
        day = (now() + timedelta(days=30)).astimezone(ZoneInfo("Europe/Paris")).day
        assert f"Vous avez 2 comptes rendus à relire d’ici le {day} " in page

    def test_what_is_late_comes_first(self, client, session, reviewer, french):
        make_reading(session, reviewer, days=-2)
        make_reading(session, reviewer, days=1)

        page = client.get("/scoring/").text

        assert "Un compte rendu aurait déjà dû être relu. Puis un autre d’ici demain." in page

    def test_a_long_list_of_days_is_cut_short(self, client, session, reviewer, french):
        for days in (0, 3, 40, 50, 60):
            make_reading(session, reviewer, days=days)

        page = client.get("/scoring/").text

        assert "Vous avez un compte rendu à relire aujourd’hui. Puis un autre d’ici " in page
        assert "2 autres suivront." in page

    def test_nothing_to_read_says_how_cases_come(self, client, reviewer, french):
        assert "Rien à relire pour l’instant" in client.get("/scoring/").text

    def test_it_names_no_department_but_ones_own(self, client, session, reviewer):
        department = make_department(session)
        make_reading(session, reviewer, department=department)

        page = client.get("/scoring/").text

        assert department.name not in page
        assert department.code not in re.findall(r"\w+", page)

    def test_its_queries_do_not_grow_with_the_cases(self, client, session, reviewer):
        seen = []
        make_reading(session, reviewer)
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        client.get("/scoring/")
        few = len(seen)
        for _ in range(10):
            make_reading(session, reviewer)
        seen.clear()

        client.get("/scoring/")

        assert len(seen) == few


class TestNextCase:
    def test_one_press_begins_the_most_pressing_case(self, client, session, reading):
        answer = client.post("/scoring/next")

        assert answer.location == url(reading)
        assert state_of(session, reading) is AssignmentState.STARTED

    def test_where_nothing_is_left_the_list_says_so(self, client, reviewer):
        assert client.post("/scoring/next").location == "/scoring/"


class TestScoreCase:
    def test_the_report_is_masked_and_set_in_sections(self, client, reading, french):
        page = client.get(url(reading)).text

        assert "<h2>RÉSULTATS</h2>" in page
        assert "⟦" not in page
        assert page.count('class="mask"') == 3
        assert "le protocole masque l’auteur, le service et le jour" in page

    def test_it_tells_nothing_of_author_department_or_case(self, client, session, reviewer):
        department = make_department(session)
        row = make_reading(session, reviewer, department=department)

        page = client.get(url(row)).text

        for secret in (department.name, "LENOIR", "Lenoir", "DURAND", str(row.case_id), "ACC-"):
            assert secret not in page

    def test_without_a_month_none_is_shown(self, client, session, reading, french):
        case = session.get(Case, reading.case_id)
        assert "octobre 2026" in client.get(url(reading)).text
        case.shown_date = ""
        session.commit()

        assert "2026" not in client.get(url(reading)).text.split("case-facts")[1].split("</p>")[0]

    def test_looking_at_it_changes_nothing(self, client, session, reading):
        client.get(url(reading))

        assert state_of(session, reading) is AssignmentState.OFFERED

    def test_somebody_elses_case_is_not_found(self, client, session, reviewer, password_hash):
        row = make_reading(session, make_reviewer(session, password_hash)[0])

        for answer in (
            client.get(url(row)),
            client.post(url(row), data=COMPLETE),
            client.post(url(row, "/pull")),
            client.post(url(row, "/decline"), data={"reason": "conflict"}),
        ):
            assert answer.status_code == 404
        assert put(client, row, score="1").status_code == 404
        assert scores(session) == []

    def test_its_queries_do_not_grow_with_the_cases(self, client, session, reading, reviewer):
        seen = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        client.get(url(reading))
        few = len(seen)
        for _ in range(10):
            make_reading(session, reviewer)
        seen.clear()

        client.get(url(reading))

        assert len(seen) == few

    def test_a_case_that_was_handed_in_says_so(self, client, reading, french):
        client.post(url(reading), data=COMPLETE)

        page = client.get(url(reading)).text

        assert "Votre relecture de ce cas est transmise" in page
        assert "data-scoring" not in page


class TestSaveDraft:
    def test_what_is_kept_stands_on_the_page_again(self, client, reading):
        answer = put(client, reading, score="3b", comment="à revoir <b>", seconds=12)

        page = client.get(url(reading)).text

        assert answer.json == {"revision": 1}
        assert "à revoir &lt;b&gt;</textarea>" in page
        assert re.search(r'value="3b"[^>]*\schecked', page)
        assert 'name="revision" value="1"' in page

    def test_another_windows_change_is_told(self, client, reading):
        put(client, reading, score="1", window="a", step=1)
        client.put(url(reading, "/draft"), json={"revision": 1, "score": "2a", "window": "b"})

        answer = put(client, reading, score="1", window="a", step=2)

        assert answer.status_code == 409
        assert answer.json["error"] == "ChangedElsewhere"

    def test_a_case_that_went_away_is_told(self, client, session, reading):
        session.get(Case, reading.case_id).state = CaseState.QUARANTINED
        session.commit()

        answer = put(client, reading, score="1")

        assert (answer.status_code, answer.json["error"]) == (409, "NotReadable")

    @pytest.mark.parametrize(
        "sheet", [{"score": 3}, {"seconds": "12"}, {"score": "9"}, {"comment": "x" * 5001}]
    )
    def test_nonsense_is_refused_and_nothing_begins(self, client, session, reading, sheet):
        assert put(client, reading, **sheet).status_code == 422
        assert state_of(session, reading) is AssignmentState.OFFERED

    def test_a_list_is_no_sheet(self, client, reading):
        assert client.put(url(reading, "/draft"), json=[1]).status_code == 422

    def test_without_the_token_nothing_is_kept(self, app, client, session, reading):
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            put(client, reading, score="1")
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert state_of(session, reading) is AssignmentState.OFFERED


class TestSubmitReview:
    def test_handing_in_begins_the_next_case(self, client, session, reviewer, reading):
        following = make_reading(session, reviewer, days=9)

        answer = client.post(url(reading), data=COMPLETE)

        assert answer.location == f"/recognition/{reading.id}"
        assert scores(session) == ["3b"]
        answer = client.post(answer.location, data={"recognition": "no"})
        assert answer.location == url(following)
        assert state_of(session, following) is AssignmentState.STARTED

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, client, reading, french):
        answer = client.post(url(reading), data={"score": "2b", "comment": "court"})

        assert answer.status_code == 422
        assert "Dites de quel type d’erreur il s’agit." in answer.text
        assert "court</textarea>" in answer.text

    def test_a_concordant_score_needs_no_clearing(self, client, session, reading):
        answer = client.post(url(reading), data={**COMPLETE, "score": "1"})

        assert answer.status_code == 302
        assert session.scalars(select(Review.error_type)).all() == [""]

    def test_a_second_click_is_told_calmly(self, client, session, reviewer, reading, french):
        following = make_reading(session, reviewer, days=9)
        client.post(url(reading), data=COMPLETE)

        answer = client.post(url(reading), data={**COMPLETE, "score": "1"})

        assert answer.location == url(following)
        assert "Votre relecture de ce cas est transmise" in client.get(answer.location).text
        assert scores(session) == ["3b"]

    def test_an_older_window_is_asked_before_it_hands_in(self, client, session, reading):
        put(client, reading, score="2a")

        answer = client.post(url(reading), data={**COMPLETE, "revision": "0"})

        assert answer.status_code == 422
        assert 'name="revision" value="1"' in answer.text
        assert "9 mm" in answer.text
        again = client.post(url(reading), data={**COMPLETE, "revision": "1"})
        assert again.status_code == 302
        assert scores(session) == ["3b"]


class TestLeavingACase:
    def test_an_identifier_takes_the_case_from_every_screen(self, client, session, reading):
        answer = client.post(url(reading, "/pull"))

        assert answer.location == "/scoring/"
        case = session.get(Case, reading.case_id, populate_existing=True)
        assert case.state is CaseState.QUARANTINED

    def test_a_case_is_given_back_with_its_reason(self, client, session, reviewer, reading):
        following = make_reading(session, reviewer, days=9)

        answer = client.post(url(reading, "/decline"), data={"reason": "out_of_scope"})

        assert answer.location == url(following)
        assert state_of(session, reading) in {AssignmentState.DECLINED, AssignmentState.REPLACED}
        assert session.get(Assignment, reading.id).decline_reason == "out_of_scope"

    @pytest.mark.parametrize("reason", ["", "boredom"])
    def test_without_a_reason_nothing_changes(self, client, session, reading, reason):
        answer = client.post(url(reading, "/decline"), data={"reason": reason})

        assert answer.location == url(reading)
        assert state_of(session, reading) is AssignmentState.OFFERED


def test_a_campaign_is_named_where_there_are_two(client, session, reviewer):
    for _ in range(2):
        department = make_department(session)
        campaign = make_campaign(session, [department])
        make_reading(session, reviewer, campaign=campaign, department=department)

    assert campaign.title in client.get("/scoring/").text


class TestOffers:
    @pytest.fixture
    def english(self, client):
        client.post("/accounts/preferences", data={"language": "en"})

    @pytest.mark.usefixtures("english")
    def test_they_stand_on_the_first_page_until_when_and_are_accepted_in_one_click(
        self, client, session, reviewer, reading
    ):
        reading.answer_by = now() + timedelta(days=1)
        session.commit()
        page = client.get("/scoring/").text
        assert "offers you one report" in page
        assert "Answer by tomorrow" in page
        assert "To answer" in page

        answer = client.post(f"/scoring/offers/{reading.campaign_id}/accept", follow_redirects=True)

        assert "You have accepted one report" in answer.text
        assert "wait for your answer" not in answer.text
        session.expire_all()
        assert reading.state is AssignmentState.ACCEPTED

    @pytest.mark.usefixtures("english")
    def test_a_second_click_says_that_nothing_waits(self, client, reading):
        address = f"/scoring/offers/{reading.campaign_id}/accept"
        client.post(address)

        answer = client.post(address, follow_redirects=True)

        assert "Nothing waited for your answer" in answer.text

    def test_it_reads_well_in_french(self, client, session, french, reading):
        reading.answer_by = now() + timedelta(hours=1)
        session.commit()

        page = client.get("/scoring/").text

        assert "Propositions" in page
        assert "L’accepter" in page


class TestGiveBack:
    @pytest.fixture(autouse=True)
    def english(self, client):
        client.post("/accounts/preferences", data={"language": "en"})

    def give_back(self, client, campaign_id, count):
        data = {f"{campaign_id}-count": count}
        address = f"/scoring/give-back/{campaign_id}"
        return client.post(address, data=data, follow_redirects=True).text

    def test_a_case_goes_to_somebody_else(self, client, session, reviewer):
        place = make_department(session)
        campaign = make_drawn_campaign(session, [place], state=CampaignState.RUNNING)
        make_colleague(session, place)
        row = make_reading(session, reviewer, campaign=campaign)
        page = client.get("/scoring/give-back").text
        assert "one case that you have not begun" in page

        answer = self.give_back(client, campaign.id, 1)

        assert "One case went to another reviewer." in answer
        session.expire_all()
        assert row.state is AssignmentState.REPLACED
        assert "Nothing to give back" in client.get("/scoring/give-back").text

    def test_where_nobody_is_free_it_stays(self, client, session, reading):
        answer = self.give_back(client, reading.campaign_id, 1)

        assert "it stays yours" in answer
        assert reading.state is AssignmentState.OFFERED

    def test_a_count_that_is_none_is_told(self, client, reading):
        assert "one at least" in self.give_back(client, reading.campaign_id, "x")


class TestDueDays:
    def test_each_day_says_how_many_and_nothing_of_the_cases(self, client, session, reviewer):
        first = make_reading(session, reviewer, days=5)
        make_reading(session, reviewer, days=5)
        make_reading(session, reviewer, days=9)
        make_reading(session, reviewer, days=9, state=AssignmentState.SUBMITTED)

        answer = client.get("/scoring/due-days.ics")
        again = client.get("/scoring/due-days.ics")

        assert answer.mimetype == "text/calendar"
        assert "peeraudit.ics" in answer.headers["Content-Disposition"]
        events = read_calendar(answer.text)["events"]
        assert [one["SUMMARY"].split()[2] for one in events] == ["2", "un"]
        day = first.due_at.astimezone(ZoneInfo("Europe/Paris"))
        assert events[0]["DTSTART"] == f"{day:%Y%m%d}"
        case = session.get(Case, first.case_id)
        campaign = session.get(Campaign, first.campaign_id)
        for word in (case.code, case.region, campaign.title, campaign.code, str(reviewer.id)):
            assert word not in answer.text
        uids = [one["UID"] for one in events]
        assert uids == [one["UID"] for one in read_calendar(again.text)["events"]]

    def test_it_is_empty_where_nothing_is_due_and_nobody_else_gets_it(self, client, reviewer):
        assert read_calendar(client.get("/scoring/due-days.ics").text)["events"] == []
        client.post("/accounts/sign-out")
        assert client.get("/scoring/due-days.ics").status_code in {302, 401}
