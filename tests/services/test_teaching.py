import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.letterheads import find_lines, learn_lines
from peeraudit.domain.errors import InvalidInput, NotAllowed, NotFound
from peeraudit.domain.jobs import JobState
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.cases import Case
from peeraudit.models.masking import TaughtWord
from peeraudit.models.trail import TrailEntry
from peeraudit.services import blinding_keys, duties, jobs, masking, teaching
from peeraudit.tasks.upkeep import sweep
from tests.factories.accounts import make_account, make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.masking import mask_all

TEXT = "Foyer du lobe moyen, relu au plateau orionis par l’équipe.\nFIN"


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def by(session, password_hash, department):
    account = make_account(session, password_hash, Role.COORDINATOR, department.id)
    return Actor(account.id, Role.COORDINATOR, department.id)


@pytest.fixture
def campaign(session, department):
    return make_campaign(session, [department], state=CampaignState.DRAWN)


def cases_of(session, campaign, department, count, text=TEXT):
    made = [
        make_case(session, campaign, make_report(session, department, text=text)).id
        for _ in range(count)
    ]
    mask_all(session, campaign)
    return made


def teach(words, by, kind="place"):
    with unit_of_work():
        job_id = teaching.teach(words, kind, by=by)
    sweep()
    return jobs.view(job_id)


class TestTeach:
    def test_taught_words_are_masked_in_the_waiting_cases(self, session, campaign, department, by):
        ids = cases_of(session, campaign, department, 3)
        with unit_of_work():
            masking.approve_case(ids[0], by=by)

        job = teach("Plateau  ORIONIS", by)

        session.expire_all()
        texts = [session.get_one(Case, one).masked_text for one in ids]
        assert job.state is JobState.SUCCEEDED
        assert job.result == {"looked_at": 2}
        assert ["orionis" in text for text in texts] == [True, False, False]
        assert "relu au ⟦place⟧ par" in texts[1]

    def test_and_in_the_cases_masked_later(self, session, campaign, department, by):
        teach("plateau orionis", by)

        [case] = cases_of(session, campaign, department, 1)

        assert "orionis" not in session.get_one(Case, case).masked_text

    def test_other_departments_keep_their_words(self, session, campaign, by):
        other = make_department(session)
        elsewhere = make_campaign(session, [other], state=CampaignState.DRAWN)
        [case] = cases_of(session, elsewhere, other, 1)

        job = teach("plateau orionis", by)

        session.expire_all()
        assert job.result == {"looked_at": 0}
        assert "orionis" in session.get_one(Case, case).masked_text

    def test_while_the_words_are_being_masked_nothing_more_is_ordered(self, by):
        with unit_of_work():
            first = teaching.teach("plateau orionis", "place", by=by)
            second = teaching.teach("plateau orionis", "place", by=by)

        assert first is not None
        assert second is None

    def test_twice_is_once(self, session, campaign, department, by):
        [case] = cases_of(session, campaign, department, 1)

        teach("plateau orionis", by)
        teach("Plateau Orionis", by)

        acts = select(TrailEntry.act).where(TrailEntry.object_id == case)
        assert session.scalars(acts).all().count("mask_taught") == 1
        assert len(session.scalars(select(TaughtWord)).all()) == 1

    def test_the_words_are_sealed_and_outlive_a_change_of_keys(
        self, session, app, monkeypatch, campaign, department, by
    ):
        old, new = b"\7" * KEY_BYTES, b"\10" * KEY_BYTES
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old}))
        teach("Plateau Orionis", by)
        row = session.scalar(select(TaughtWord))
        assert b"rionis" not in row.sealed_words
        assert "rionis" not in repr(vars(row))
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: old, 2: new}))
        teach("plateau  ORIONIS", by)
        with unit_of_work():
            job_id = blinding_keys.order_rotation()
        duties.run_job(job_id, blinding_keys.rotate_keys)

        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({2: new}))

        session.expire_all()
        assert [line.words for line in teaching.list_words(by=by)] == ["Plateau Orionis"]
        teach("plateau orionis", by)
        assert len(session.scalars(select(TaughtWord)).all()) == 1
        [case] = cases_of(session, campaign, department, 1)
        assert "orionis" not in session.get_one(Case, case).masked_text

    def test_they_are_listed_in_the_order_of_the_alphabet(self, by):
        for words in ("zénith", "Écho Sud", "duval"):
            teach(words, by)

        assert [line.words for line in teaching.list_words(by=by)] == [
            "duval", "Écho Sud", "zénith",
        ]  # fmt: skip

    @pytest.mark.parametrize("words", ["", "  ", "ab", "- x -"])
    def test_words_too_short_are_refused(self, by, words):
        with pytest.raises(InvalidInput), unit_of_work():
            teaching.teach(words, "other", by=by)

    def test_only_a_coordinator_teaches(self, session, password_hash, department):
        account = make_account(session, password_hash, Role.REVIEWER, department.id)
        with pytest.raises(NotAllowed), unit_of_work():
            teaching.teach("plateau", "other", by=Actor(account.id, Role.REVIEWER, department.id))


class TestForget:
    def test_forgotten_words_are_masked_no_more(self, session, campaign, department, by):
        teach("plateau orionis", by)
        [line] = teaching.list_words(by=by)

        with unit_of_work():
            teaching.forget(line.id, by=by)

        [case] = cases_of(session, campaign, department, 1)
        assert teaching.list_words(by=by) == ()
        assert "orionis" in session.get_one(Case, case).masked_text

    def test_words_of_another_department_are_not_there(self, session, password_hash, by):
        teach("plateau orionis", by)
        [line] = teaching.list_words(by=by)
        other = make_department(session)
        account = make_account(session, password_hash, Role.COORDINATOR, other.id)

        with pytest.raises(NotFound), unit_of_work():
            teaching.forget(line.id, by=Actor(account.id, Role.COORDINATOR, other.id))


class TestLetterheads:
    HEAD = "GIE Valmontel – plateau technique"

    def reports(self, head, count=10):
        return [
            f"{head}\nExamen n° {i}\nRÉSULTATS : foie normal.\nAbsence d’épanchement.\nFIN {i}"
            for i in range(count)
        ]

    def test_a_line_that_heads_the_reports_of_one_department_is_learned(self):
        lines = learn_lines(self.reports(self.HEAD), self.reports("IRM Brascou"))

        text = f"{self.HEAD.upper()}\nFoie normal."
        [span] = find_lines(text, lines)
        assert text[span.start : span.end] == self.HEAD.upper()
        assert span.kind == "department"

    def test_headings_and_lines_of_all_departments_stay(self):
        shared = "Protocole Zarbinol habituel"
        texts = self.reports(f"{self.HEAD}\n{shared}")

        lines = learn_lines(texts, [shared])

        assert not [*find_lines(f"RÉSULTATS : foie normal.\n{shared}", lines)]

    def test_few_reports_teach_nothing(self):
        assert learn_lines(self.reports(self.HEAD, 5)) == frozenset()

    def test_the_letterhead_is_gone_from_masked_cases(self, session, campaign, department):
        for text in self.reports("Plateau brumelis du val"):
            make_case(session, campaign, make_report(session, department, text=text))
        for text in self.reports(self.HEAD):
            make_case(session, campaign, make_report(session, department, text=text))

        mask_all(session, campaign)

        texts = session.scalars(select(Case.masked_text)).all()
        assert len(texts) == 20
        assert not [text for text in texts if "Valmontel" in text]
        assert all("foie normal" in text for text in texts)
