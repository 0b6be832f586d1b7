from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters.sealing import CannotUnseal
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.models.campaigns import Campaign
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.services import blinding, blinding_intake
from peeraudit.services import blinding_records as records
from tests.factories.accounts import make_department
from tests.factories.cases import make_campaign, make_case, make_incoming, make_report

NAMES = ("Quarantedouze", "Zoélie", "Bellecombe", "1990040712345", "19 rue des Ancolies")
PATIENT = Patient(
    identifiers=("1990040712345",),
    names=(Person(last="Quarantedouze", first="Zoélie"),),
    birth_date=date(1990, 4, 7),
    addresses=("19 rue des Ancolies",),
)
TEXT = "Scanner de Mme Quarantedouze.\nCONCLUSION : normal.\nDr Bellecombe"


@pytest.fixture(autouse=True)
def noise(session):
    place = make_department(session)
    make_case(session, make_campaign(session, [place]), make_report(session, place))


@pytest.fixture
def place(session):
    return make_department(session)


@pytest.fixture
def report(session, place):
    return make_report(
        session, place, text=TEXT, patient=PATIENT, author=Person("A1", "Bellecombe", "Ada")
    )


@pytest.fixture
def case(session, place, report):
    return make_case(session, make_campaign(session, [place]), report)


class TestWhatIsKept:
    def test_the_rows_tell_nobody(self, session, case):
        for table in ("author", "report_identity", "identity", "report"):
            for row in session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 - ours
                kept = b"".join(
                    bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
                )
                assert [name for name in NAMES if name.encode() in kept] == []

    def test_the_link_tells_neither_report_nor_place(self, session, case, report, place):
        row = session.get(Identity, case.id)
        kept = (
            row.sealed_link
            + "".join((row.report_index, row.department_index, row.author_index)).encode()
        )

        for one in (report.id, place.id):
            assert one.bytes not in kept
            assert one.hex.encode() not in kept

    def test_masking_gets_all_of_it_back(self, case, report, place):
        material = blinding.materials_of([case.id])[case.id]

        assert material.text == TEXT
        assert material.department_id == place.id
        assert material.known.patients == (Person(last="Quarantedouze", first="Zoélie"),)
        assert PATIENT.birth_date in material.known.birth_dates

    def test_a_report_is_drawn_once_in_a_campaign(self, session, case, report):
        campaign = session.get(Campaign, case.campaign_id)

        with pytest.raises(IntegrityError):
            make_case(session, campaign, report)
        session.rollback()


class TestWhatWasChanged:
    def test_a_link_that_was_moved_to_another_case_opens_nothing(self, session, place, case):
        other = make_case(session, make_campaign(session, [place]), make_report(session, place))
        moved = session.get(Identity, case.id).sealed_link
        session.execute(
            update(Identity).where(Identity.case_id == other.id).values(sealed_link=moved)
        )
        session.expire_all()

        with pytest.raises(CannotUnseal, match="damaged, changed or moved"):
            blinding.department_of(other.id)

    @pytest.mark.parametrize("column", ["sealed_known", "sealed_text"])
    def test_a_damaged_report_is_never_shown_as_garbage(self, session, case, report, column):
        row = session.get(ReportIdentity, report.id)
        sealed = getattr(row, column)
        setattr(row, column, sealed[:-1] + bytes([sealed[-1] ^ 1]))
        session.flush()

        with pytest.raises(CannotUnseal):
            blinding.materials_of([case.id])


class TestAuthors:
    def test_one_author_of_two_reports_is_one_row(self, session, place):
        for _ in range(2):
            make_report(session, place, author=Person("A7", "Bellecombe", "Ada"))

        rows = session.scalars(select(Author).where(Author.department_id == place.id)).all()

        assert [records.open_author(row) for row in rows] == [("A7", "Ada Bellecombe")]

    def test_a_name_that_comes_later_is_kept(self, session, place):
        blinding.link_author(place.id, "A7", None)
        make_report(session, place, author=Person("A7", "Bellecombe", "Ada"))

        row = records.find_author(place.id, "A7")

        assert records.open_author(row) == ("A7", "Ada Bellecombe")

    def test_the_database_refuses_an_author_twice(self, session, place):
        records.add_author(place.id, "A7", "Ada")

        with pytest.raises(IntegrityError):
            records.add_author(place.id, "A7", "Ada")
        session.rollback()


class TestExtendIdentity:
    def test_a_text_that_comes_later_is_kept(self, session, place):
        report = make_report(session, place, text="")
        row = session.get(ReportIdentity, report.id)
        assert records.open_text(row) == ""

        for words in ("too early", "arrived later"):
            incoming = make_incoming(text=words)
            blinding_intake.extend_identity(report.id, incoming, department_id=place.id)

        assert records.open_text(row) == "arrived later"
