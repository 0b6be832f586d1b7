"""What becomes of reports, however often, in whatever order and from wherever they come."""

from collections import Counter
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters.clock import now
from peeraudit.domain.intake.classification import KnownReport
from peeraudit.domain.intake.completion import complete
from peeraudit.domain.intake.reports import Position, RawReport
from peeraudit.extensions import db
from peeraudit.models.identities import ReportIdentity
from peeraudit.models.intake import IntakeItem, RefusedItem, Report, Upload
from peeraudit.services import intake_keeping, retention_purge
from peeraudit.services.intake_keeping import STATUSES, Arrived
from peeraudit.services.intake_names import keep_name
from peeraudit.services.intake_shelf import searches
from tests.factories.accounts import make_department

NUMBERS = count(1)


def make_upload(session, department_id, **values):
    upload = Upload(
        id=uuid4(),
        department_id=department_id,
        sha256="0" * 64,
        size=1,
        uploaded_at=now(),
        **values,
    )
    keep_name(upload, "feed.hl7")
    session.add(upload)
    session.flush()
    return upload


def arrived(accession="A1", text="Foie normal.", *, frame_only=False, **values):
    said = {"performed": "2026-10-01", "status": "final"} | values
    item = complete(RawReport(accession=accession, text=text, **said), Position("feed", line=2))
    return Arrived.of(item, frame_only=frame_only)


def take(upload, *items):
    intake_keeping.take_in(upload, items, first=upload.items + 1)
    db.session.refresh(upload)


def statuses(session, upload):
    rows = session.execute(
        select(IntakeItem.status)
        .where(IntakeItem.upload_id == upload.id)
        .order_by(IntakeItem.position)
    )
    return list(rows.scalars())


@pytest.fixture
def upload(session):
    return make_upload(session, make_department(session).id)


class TestOneReportOneRow:
    def test_versions_follow_one_another(self, session, upload):
        take(
            upload,
            arrived(status="preliminary"),
            arrived(status="final"),
            arrived(status="corrected", text="Foie normal. Rate normale."),
            arrived(status="corrected", text="Foie normal. Rate normale."),
        )

        versions = session.scalars(select(Report).order_by(Report.version)).all()
        assert statuses(session, upload) == ["accepted", "updated", "updated", "duplicate"]
        assert [(v.version, v.status, v.is_current) for v in versions] == [
            (1, "final", False),
            (2, "corrected", True),
        ]

    def test_a_cancelled_report_is_excluded_with_its_reason(self, session, upload):
        take(upload, arrived())

        take(upload, arrived(status="cancelled", text=""))

        current = session.scalar(select(Report).where(Report.is_current))
        assert current.excluded_reason == "cancelled"
        assert statuses(session, upload) == ["accepted", "excluded"]

    def test_the_same_number_in_another_department_is_another_report(self, session, upload):
        elsewhere = make_upload(session, make_department(session).id)

        take(upload, arrived())
        take(elsewhere, arrived())

        assert statuses(session, elsewhere) == ["accepted"]

    def test_a_refused_item_is_kept_sealed(self, session, upload):
        take(upload, arrived(accession="", text="Madame DUPONT : foie normal."))

        kept = session.scalar(select(RefusedItem))
        assert statuses(session, upload) == ["refused"]
        assert b"DUPONT" not in kept.content

    def test_a_trial_keeps_neither_reports_nor_refused_items(self, session, upload):
        upload.dry_run = True

        take(upload, arrived(), arrived(accession=""))

        assert statuses(session, upload) == ["accepted", "refused"]
        assert session.scalar(select(func.count()).select_from(Report)) == 0
        assert session.scalar(select(func.count()).select_from(RefusedItem)) == 0


class TestAfterItsRetention:
    """What comes again once everything of it was destroyed."""

    @pytest.fixture
    def purged(self, session, upload):
        take(upload, arrived(), arrived("A2"))
        [report] = session.scalars(select(Report).where(Report.accession == "A1"))
        retention_purge.purge_reports([report.id])
        session.flush()
        return report

    @pytest.mark.parametrize(
        "again",
        [
            {},
            {"status": "corrected", "text": "Foie normal. Rate normale."},
            {"status": "cancelled", "text": ""},
            {"status": "preliminary", "text": "Rate normale."},
        ],
    )
    def test_it_is_known_and_nothing_of_it_is_kept(self, session, upload, purged, again):
        before = session.scalar(select(func.count()).select_from(ReportIdentity))

        take(upload, arrived(**again), arrived("A2"), arrived("A3"))

        assert statuses(session, upload)[2:] == ["duplicate", "duplicate", "accepted"]
        assert (
            session.scalar(select(IntakeItem.reason_code).where(IntakeItem.position == 3))
            == "purged"
        )
        assert session.scalar(select(func.count()).select_from(ReportIdentity)) == before + 1
        assert "A1" not in session.scalars(select(Report.accession)).all()

    def test_a_list_without_texts_does_not_bring_it_back(self, session, upload, purged):
        upload.frame_only = True

        take(upload, arrived(text="", frame_only=True))

        assert statuses(session, upload)[2:] == ["duplicate"]

    def test_the_same_number_in_another_department_is_another_report(self, session, purged):
        elsewhere = make_upload(session, make_department(session).id)

        take(elsewhere, arrived())

        assert statuses(session, elsewhere) == ["accepted"]

    def test_the_number_itself_is_not_in_the_row(self, purged):
        assert purged.accession.startswith("purged:")
        assert purged.report_key == purged.content_hash == ""
        assert (purged.performed_on.month, purged.performed_on.day) == (1, 1)


class TestTheConstraints:
    def test_two_current_versions_of_one_examination_are_refused(self, session, upload):
        take(upload, arrived(), arrived(text="Autre texte.", status="corrected"))
        old = session.scalar(select(Report).where(Report.is_current.is_(False)))

        old.is_current = True

        with pytest.raises(IntegrityError):
            session.flush()

    def test_sums_that_do_not_agree_are_refused(self, session, upload):
        take(upload, arrived())

        upload.accepted += 1

        with pytest.raises(IntegrityError):
            session.flush()

    def test_a_text_cannot_be_there_and_awaited(self, session, upload):
        take(upload, arrived())

        session.scalar(select(Report)).awaits_text = True

        with pytest.raises(IntegrityError):
            session.flush()


REPORTS = st.builds(
    arrived,
    accession=st.sampled_from(["A1", "A2", "A3", ""]),
    report_id=st.sampled_from(["", "R1", "R2"]),
    text=st.sampled_from(["Foie normal.", "Rate normale.", "Rein normal.", ""]),
    status=st.sampled_from(["preliminary", "final", "corrected", "addendum", "cancelled"]),
    reported=st.sampled_from(["", "2026-10-01T08:00:00", "2026-10-02T08:00:00"]),
    frame_only=st.booleans(),
)


@given(st.lists(st.lists(REPORTS, max_size=6), max_size=5))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_comes_each_examination_has_one_current_version_and_the_sums_agree(
    session, department_for_properties, bites
):
    upload = make_upload(session, department_for_properties(session))
    for bite in bites:
        take(upload, *bite)

    held = Counter(statuses(session, upload))
    assert {status: getattr(upload, status) for status in STATUSES} == {
        status: held[status] for status in STATUSES
    }
    assert upload.items == sum(map(len, bites)) == held.total()
    per_exam = session.execute(
        select(Report.accession, func.sum(Report.is_current.cast(db.Integer)), func.count())
        .where(Report.department_id == upload.department_id)
        .group_by(Report.accession)
    ).all()
    assert all(current == 1 for _, current, _ in per_exam)


@given(REPORTS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_report_that_comes_again_is_a_duplicate(session, department_for_properties, report):
    upload = make_upload(session, department_for_properties(session))
    take(upload, report)

    take(upload, report)

    first, second = statuses(session, upload)
    assert second == ("refused" if first == "refused" else "duplicate")


@pytest.fixture
def department_for_properties():
    return lambda session: make_department(session).id


def test_what_is_known_is_found_by_an_index_however_many_reports_there_are(session):
    """One that looks through all reports of a department makes a large file take for ever."""
    if session.get_bind().dialect.name != "sqlite":
        # It chooses by what the tables hold, and these hold nothing: what could it choose?
        found = inspect(session.get_bind())
        kept = [one["column_names"] for one in found.get_indexes("report")]
        kept += [one["column_names"] for one in found.get_unique_constraints("report")]
        assert ["department_id", "accession"] in [columns[:2] for columns in kept]
        assert ["report_key"] in kept
        return
    wanted = [KnownReport(f"R{n}", f"A{n}", "final", "") for n in range(50)]

    plans = []
    for search in searches(uuid4(), wanted):
        sql = search.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        rows = session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
        plans.append(" ".join(row.detail for row in rows))

    assert "department_id=? AND accession=?" in plans[0]
    assert "report_key=?" in plans[1]
