"""Reading first: nothing of findings or conclusion leaves the server before the lock."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.protocol import BlindingMode
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.scoring import BlindRead, Review
from peeraudit.models.trail import TrailEntry
from peeraudit.services import adjudication, tokens
from tests.factories.accounts import make_department
from tests.factories.readings import make_drawn_campaign, protocol_of, reviewer_actor
from tests.factories.scoring import add_reviewer, make_assignment, make_masked_case, make_reviewer

SECRETS = ("lobe moyen", "pneumopathie", "12 mm", "Comparaison")
OWN = "Opacité du lobe moyen, sans épanchement."
REVIEW = {"score": "1", "seconds": 80}


@pytest.fixture
def reviewer(session, sign_in):
    home = make_department(session)
    return add_reviewer(session, sign_in(Role.REVIEWER, home.id), home)


@pytest.fixture
def campaign(session):
    place = make_department(session)
    rules = replace(protocol_of(), blinding=BlindingMode(read_first=True))
    made = make_drawn_campaign(session, [place], state=CampaignState.RUNNING, protocol=rules)
    made.place = place
    return made


@pytest.fixture
def reading(client, session, campaign, reviewer):
    client.post("/accounts/preferences", data={"language": "fr"})
    return make_assignment(session, make_masked_case(session, campaign, campaign.place), reviewer)


@pytest.fixture
def headers(reviewer):
    with unit_of_work():
        secret = tokens.create_token(
            "t", frozenset({Permission.SCORE_CASES}), days=1, by=reviewer_actor(reviewer)
        )
    return {"Authorization": f"Bearer {secret}"}


def url(row, act=""):
    return f"/scoring/{row.id}{act}"


def lock(client, row, **sent):
    sent = {"findings": OWN, "seconds": "45", "final": "yes", **sent}
    return client.post(url(row, "/findings"), data=sent)


def locked(session):
    return session.scalars(select(BlindRead)).all()


class TestBeforeTheLock:
    def test_no_door_tells_what_was_found(self, client, reading, headers):
        api = f"/api/v1/scoring/{reading.id}"
        answers = [
            client.get(url(reading)),
            client.get("/scoring/"),
            client.get(url(reading, "/state")),
            client.put(url(reading, "/draft"), json={"score": "1", "revision": 0}),
            client.put(url(reading, "/findings"), json={"findings": "RAS", "revision": 0}),
            client.post(url(reading), data=REVIEW),
            client.post(url(reading, "/findings"), data={"findings": "RAS"}),
            lock(client, reading, findings=""),
            lock(client, reading, findings="Rien vu.", revision="7"),
            client.get(api, headers=headers),
            client.get("/api/v1/scoring/", headers=headers),
            client.put(f"{api}/draft", json={"score": "1"}, headers=headers),
            client.put(f"{api}/findings", json={"findings": "R", "revision": 1}, headers=headers),
            client.post(f"{api}/review", json=REVIEW, headers=headers),
            client.post(f"{api}/findings/lock", json={"findings": ""}, headers=headers),
            client.get(url(reading)),
        ]

        for answer in answers:
            assert not any(secret in answer.text for secret in SECRETS), answer.request.path
        assert {a.status_code for a in answers} <= {200, 204, 302, 409, 422}

    def test_why_and_how_are_shown_and_no_score_is_asked(self, client, reading):
        page = client.get(url(reading)).text

        assert "toux fébrile" in page
        assert "Votre propre lecture" in page
        assert "data-score-pad" not in page
        assert "Le compte rendu s’affiche une fois votre lecture verrouillée." in page

    def test_nothing_can_be_scored(self, client, session, reading, headers):
        client.post(url(reading), data=REVIEW)
        answer = client.post(f"/api/v1/scoring/{reading.id}/review", json=REVIEW, headers=headers)

        assert (answer.status_code, answer.json["error"]) == (409, "NotRevealed")
        assert session.scalars(select(Review)).all() == []

    def test_findings_are_kept_while_they_are_written(self, client, session, reading):
        put = client.put(
            url(reading, "/findings"), json={"findings": "Opacité <b>", "revision": 0, "seconds": 9}
        )

        assert put.json == {"revision": 1}
        page = client.get(url(reading)).text
        assert "Opacité &lt;b&gt;</textarea>" in page
        assert 'name="seconds" value="9"' in page
        assert session.get(Assignment, reading.id).state is AssignmentState.STARTED

    def test_another_windows_change_is_told(self, client, reading):
        sent = {"findings": "a", "revision": 0, "window": "a", "step": 1}
        client.put(url(reading, "/findings"), json=sent)

        answer = client.put(
            url(reading, "/findings"), json={**sent, "findings": "b", "window": "b"}
        )

        assert (answer.status_code, answer.json["error"]) == (409, "ChangedElsewhere")

    @pytest.mark.parametrize("sent", [[1], {"findings": 3}, {"findings": "x" * 10_001}])
    def test_nonsense_is_refused(self, client, reading, sent):
        assert client.put(url(reading, "/findings"), json=sent).status_code == 422


class TestLock:
    def test_the_report_is_shown_beside_the_own_findings(self, client, session, reading):
        answer = lock(client, reading)

        assert answer.location == url(reading)
        page = client.get(url(reading)).text
        assert all(secret in page for secret in SECRETS)
        assert "data-score-pad" in page
        assert OWN in page
        [row] = locked(session)
        assert (row.findings, row.seconds) == (OWN, 45)
        acts = {e.act: e.details + e.reason for e in session.scalars(select(TrailEntry))}
        assert "lock_findings" in acts
        assert not any("Opacité" in words for words in acts.values())

    def test_without_scripts_the_box_is_the_confirmation(self, client, session, reading):
        answer = lock(client, reading, final="")

        assert answer.status_code == 422
        assert "rien n’a été verrouillé" in answer.text
        assert OWN in answer.text
        assert locked(session) == []

    def test_a_second_lock_changes_nothing(self, client, session, reading):
        lock(client, reading)

        again = lock(client, reading, findings="Autre chose.")

        assert again.location == url(reading)
        assert "Votre lecture de ce cas est verrouillée" in client.get(url(reading)).text
        assert [row.findings for row in locked(session)] == [OWN]

    def test_a_late_draft_of_another_window_changes_nothing(self, client, session, reading):
        lock(client, reading)

        late = client.put(url(reading, "/findings"), json={"findings": "tard", "revision": 0})

        assert (late.status_code, late.json["error"]) == (409, "FindingsLocked")
        assert [row.findings for row in locked(session)] == [OWN]

    def test_an_older_window_is_asked_before_it_locks(self, client, session, reading):
        client.put(url(reading, "/findings"), json={"findings": "plus récent", "revision": 0})

        answer = lock(client, reading, revision="0")

        assert answer.status_code == 422
        assert OWN in answer.text
        assert locked(session) == []
        assert lock(client, reading, revision="1").status_code == 302

    @pytest.mark.parametrize("act", [update(BlindRead).values(findings="other"), delete(BlindRead)])
    def test_the_database_refuses_a_change(self, client, session, reading, act):
        lock(client, reading)

        with pytest.raises(DatabaseError, match="never change"):
            session.execute(act)

    def test_where_the_report_is_shown_from_the_first_nothing_is_locked(
        self, client, session, reviewer
    ):
        place = make_department(session)
        plain = make_drawn_campaign(session, [place], state=CampaignState.RUNNING)
        row = make_assignment(session, make_masked_case(session, plain, place), reviewer)

        lock(client, row)

        assert locked(session) == []
        assert "lobe moyen" in client.get(url(row)).text

    def test_somebody_elses_case_is_not_found(
        self, client, session, campaign, password_hash, reviewer
    ):
        other = make_reviewer(session, password_hash)[0]
        row = make_assignment(session, make_masked_case(session, campaign, campaign.place), other)

        assert lock(client, row).status_code == 404
        assert locked(session) == []


class TestAfterTheLock:
    def test_the_time_goes_on_from_before_the_report_was_shown(self, client, session, reading):
        lock(client, reading)
        assert 'name="seconds" value="45"' in client.get(url(reading)).text

        client.post(url(reading), data={"score": "1", "seconds": "5"})

        [review] = session.scalars(select(Review)).all()
        assert review.seconds == 45
        assert review.blinding_mode == "author,department,date:month,read-first"

    def test_a_case_pulled_meanwhile_comes_back_with_its_findings(self, client, session, reading):
        lock(client, reading)
        case = session.get(Case, reading.case_id)
        case.state = CaseState.QUARANTINED
        session.commit()
        assert "lobe moyen" not in client.get(url(reading)).text
        session.get(Case, reading.case_id).state = CaseState.IN_REVIEW
        session.commit()

        assert OWN in client.get(url(reading)).text

    def test_by_api_the_lock_answers_with_the_report(self, client, reading, headers):
        api = f"/api/v1/scoring/{reading.id}"
        assert client.get(api, headers=headers).json["blind"]["locked_at"] is None

        sent = {"findings": OWN, "seconds": 30}
        shown = client.post(f"{api}/findings/lock", json=sent, headers=headers).json

        assert shown["blind"]["findings"] == OWN
        assert shown["blind"]["locked_at"]
        assert any("lobe moyen" in part["text"] for part in shown["sections"])
        again = client.post(f"{api}/findings/lock", json=sent, headers=headers)
        assert (again.status_code, again.json["error"]) == (409, "FindingsLocked")
        done = client.post(f"{api}/review", json=REVIEW, headers=headers)
        assert done.status_code == 201

    def test_an_adjudicator_reads_both_findings_without_names(
        self, client, session, campaign, password_hash, reviewer
    ):
        case = make_masked_case(session, campaign, campaign.place, state=CaseState.ADJUDICATION)
        for turn, score in ((Turn.FIRST, "1"), (Turn.SECOND, "3b")):
            reader = make_reviewer(session, password_hash)[0]
            row = make_assignment(session, case, reader, turn=turn, state=AssignmentState.SUBMITTED)
            words = f"Lecture de {score}"
            session.add(BlindRead(assignment_id=row.id, findings=words, locked_at=row.due_at))
            session.add(
                Review(
                    assignment_id=row.id, case_id=case.id, reviewer_id=reader.id, turn=turn,
                    instrument="CR3/1", score=score, submitted_at=row.due_at,
                    blinding_mode="author,department,date:month,read-first",
                )
            )  # fmt: skip
        row = make_assignment(session, case, reviewer, turn=Turn.ADJUDICATOR)
        by = replace(reviewer_actor(reviewer), role=Role.ADJUDICATOR, department_id=None)

        view = adjudication.show_case(row.id, by=by)

        assert {(o.score, o.findings) for o in view.opinions} == {
            ("1", "Lecture de 1"), ("3b", "Lecture de 3b"),
        }  # fmt: skip
