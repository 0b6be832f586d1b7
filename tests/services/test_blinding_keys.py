import pytest
from sqlalchemy import select

from peeraudit.adapters import storage
from peeraudit.adapters.sealing import CannotUnseal
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import Conflicting, InvalidInput
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.jobs import JobState
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.models.identities import Identity, ReportIdentity
from peeraudit.models.jobs import Job
from peeraudit.models.trail import TrailEntry
from peeraudit.services import blinding, blinding_keys, duties, intake, jobs
from peeraudit.services import blinding_records as records
from peeraudit.services.intake import NewUpload
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign, make_case, make_report
from tests.factories.network import make_actor

OLD, NEW = b"\7" * KEY_BYTES, b"\10" * KEY_BYTES


@pytest.fixture(autouse=True)
def small_bites(monkeypatch):
    monkeypatch.setattr(blinding_keys, "ROWS_PER_BITE", 2)


@pytest.fixture
def ring(app, monkeypatch):
    def give(*versions):
        keys = Keyring({v: {1: OLD, 2: NEW}[v] for v in versions})
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", keys)

    give(1)
    return give


@pytest.fixture
def place(session, ring):
    return make_department(session)


@pytest.fixture
def cases(session, place):
    campaign = make_campaign(session, [place])
    return [
        make_case(session, campaign, make_report(session, place, text=f"texte {number}"))
        for number in range(5)
    ]


@pytest.fixture
def upload(session, place):
    by = make_actor(session, Role.COORDINATOR, place)
    with unit_of_work():
        return intake.receive(NewUpload(place.id, "x.csv"), [b"accession"], by=by)


def order():
    with unit_of_work():
        return blinding_keys.order_rotation()


def rotate():
    job_id = order()
    duties.run_job(job_id, blinding_keys.rotate_keys)
    return jobs.view(job_id)


class TestRotateKeys:
    def test_all_of_it_opens_under_the_new_key_alone(self, session, ring, cases, upload):
        ring(1, 2)
        before = blinding.materials_of([case.id for case in cases])

        job = rotate()

        assert job.state is JobState.SUCCEEDED, job.error
        assert (job.done, job.total) == (5 + 5 + 1 + 1 + 1, 5 + 5 + 1 + 1 + 1)
        ring(2)
        session.expire_all()
        assert blinding.materials_of([case.id for case in cases]) == before
        assert storage.stored(upload).read_bytes() == b"accession"
        assert session.query(TrailEntry).filter_by(act="rotate_keys").count() == 1

    def test_look_ups_find_rows_of_both_keys_half_way(self, session, ring, place, cases):
        ring(1, 2)
        steps = blinding_keys.rotate_keys(order())
        for _ in range(3):
            with unit_of_work():
                next(steps)

        uses = blinding_keys.count_uses()

        assert uses[1]
        assert uses[2]
        found = set(session.scalars(blinding.cases_sent_by(place.id)))
        assert found == {case.id for case in cases}
        blinding.link_author(place.id, "RPPS-1", None)
        assert len(records.links_of_authors([records.find_author(place.id, "RPPS-1").id])) == 5

    def test_what_is_written_meanwhile_is_kept(self, session, ring, place, cases):
        ring(1, 2)
        steps = blinding_keys.rotate_keys(job_id := order())
        with unit_of_work():
            next(steps)

        late = make_report(session, place, text="venu pendant", author=Person("A9", "Neuf", "Al"))
        duties.run_job(job_id, blinding_keys.rotate_keys)

        ring(2)
        session.expire_all()
        assert records.open_text(session.get(ReportIdentity, late.id)) == "venu pendant"
        assert jobs.view(job_id).state is JobState.SUCCEEDED

    def test_a_run_that_was_cut_off_goes_on(self, session, ring, cases):
        ring(1, 2)
        job_id = order()
        steps = blinding_keys.rotate_keys(job_id)
        for _ in range(2):
            with unit_of_work():
                next(steps)
        done = jobs.view(job_id).done
        assert 0 < done < jobs.view(job_id).total
        steps.close()

        duties.run_job(job_id, blinding_keys.rotate_keys)

        assert jobs.view(job_id).done == jobs.view(job_id).total
        assert 1 not in {v for v, counts in blinding_keys.count_uses().items() if counts}

    def test_there_is_one_at_a_time(self, ring, cases):
        ring(1, 2)
        order()

        with pytest.raises(Conflicting):
            order()

    def test_there_is_nothing_to_do_twice(self, ring, cases):
        ring(1, 2)
        rotate()

        with pytest.raises(InvalidInput, match="already"):
            order()

    def test_a_lost_key_stops_it_and_says_so(self, session, ring, cases):
        ring(2)

        job = rotate()

        assert job.state is JobState.FAILED
        assert "is missing" in job.error
        assert set(blinding_keys.count_uses()) == {1, 2}

    def test_a_tampered_row_stops_it_and_is_not_overwritten(self, session, ring, cases):
        row = session.get(Identity, cases[0].id)
        row.sealed_link = tampered = row.sealed_link[:-1] + bytes([row.sealed_link[-1] ^ 1])
        session.commit()
        ring(1, 2)

        job = rotate()

        assert job.state is JobState.FAILED
        session.expire_all()
        kept = session.scalar(select(Identity.sealed_link).where(Identity.case_id == cases[0].id))
        assert kept == tampered

    def test_it_can_be_cancelled(self, session, ring, cases):
        ring(1, 2)
        job_id = order()
        steps = blinding_keys.rotate_keys(job_id)
        with unit_of_work():
            next(steps)
        with unit_of_work():
            jobs.cancel(job_id)

        with pytest.raises(jobs.JobCancelled), unit_of_work():
            next(steps)

        assert session.get(Job, job_id).done == 1 or session.get(Job, job_id).done == 2


class TestCheckUnused:
    def test_the_old_key_may_go_once_nothing_needs_it(self, session, ring, cases):
        ring(1, 2)
        with pytest.raises(Conflicting, match="rotate first"):
            blinding_keys.check_unused(1)

        rotate()

        blinding_keys.check_unused(1)
        with pytest.raises(InvalidInput, match="newest"):
            blinding_keys.check_unused(2)

    def test_a_key_that_was_taken_away_too_early_is_noticed(self, ring, cases):
        ring(2)

        with pytest.raises(Conflicting):
            blinding_keys.check_unused(1)
        with pytest.raises(CannotUnseal, match="version 1 is missing"):
            blinding.department_of(cases[0].id)
