from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import Conflicting, IllegalMove, InvalidInput, NotFound
from peeraudit.domain.intake.reports import Patient, Person
from peeraudit.domain.protocol import BlindingMode, DateBlinding, TextDates
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.models.cases import Case, PriorReport
from peeraudit.models.identities import ReportIdentity
from peeraudit.services import (
    blinding_priors,
    case_texts,
    checking,
    masking,
    prior_reports,
    scoring,
)
from peeraudit.services.masking import Correction
from tests.factories.accounts import make_department
from tests.factories.cases import make_case, make_report
from tests.factories.masking import mask_all
from tests.factories.network import make_actor
from tests.factories.readings import make_drawn_campaign, protocol_of
from tests.factories.scoring import make_assignment, make_reviewer

SHOWN = BlindingMode(prior_reports=True)
DAY = date(2026, 10, 14)
PATIENT = Patient(("7795083283",), (Person("DURAND", "", "Jean"),))
EARLIER = (
    "INDICATION : douleur chez M. Jean Durand, adressé par le Dr Vauclair.\n"
    "RÉSULTATS : nodule de 6 mm le 12/03/2026.\nCONCLUSION : à contrôler.\nDr Marie Lenoir"
)
NAMES = ("Durand", "Vauclair", "Lenoir", "7795083283")


@pytest.fixture
def place(session):
    return make_department(session, city="Vaudrenay")


@pytest.fixture
def by(session, place):
    return make_actor(session, Role.COORDINATOR, place)


def report_of(session, place, day, *, text=EARLIER, patient=PATIENT, **values):
    report = make_report(session, place, text=text, patient=patient)
    report.performed_on = day
    for name, value in values.items():
        setattr(report, name, value)
    session.commit()
    return report


def masked_case(session, place, mode=SHOWN, *, day=DAY, patient=PATIENT):
    """Return a case of the patient under a mode, masked as the worker does it."""
    rules = replace(protocol_of(), blinding=mode)
    campaign = make_drawn_campaign(session, [place], state=CampaignState.RUNNING, protocol=rules)
    case = make_case(session, campaign, report_of(session, place, day, patient=patient))
    mask_all(session, campaign)
    return session.get_one(Case, case.id)


def kept(session, case):
    wanted = select(PriorReport).where(PriorReport.case_id == case.id).order_by(PriorReport.number)
    return session.scalars(wanted).all()


class TestWhichOnes:
    def test_the_patients_earlier_reports_of_the_same_department_the_latest_first(
        self, session, place
    ):
        report_of(session, place, date(2026, 3, 12))
        report_of(session, place, date(2026, 7, 2), modality="MR")
        # None of these: another patient, another department, a later day, the same day,
        # without a text, an older version.
        report_of(session, place, date(2026, 5, 1), patient=Patient(("8",)))
        report_of(session, make_department(session), date(2026, 5, 1))
        report_of(session, place, date(2026, 11, 1))
        report_of(session, place, DAY)
        report_of(session, place, date(2026, 5, 2), has_text=False)
        report_of(session, place, date(2026, 5, 3), is_current=False)

        case = masked_case(session, place)

        shown = [(one.number, one.modality, one.months_before) for one in kept(session, case)]
        assert shown == [(1, "MR", 3), (2, "CT", 7)]

    def test_at_most_five(self, session, place):
        for day in range(1, 8):
            report_of(session, place, date(2026, 9, day))

        assert len(kept(session, masked_case(session, place))) == blinding_priors.MOST_PRIORS

    def test_without_a_patients_number_nobody_is_linked(self, session, place):
        report_of(session, place, date(2026, 3, 12), patient=Patient(names=PATIENT.names))

        case = masked_case(session, place, patient=Patient(names=PATIENT.names))

        assert kept(session, case) == []

    def test_a_mode_that_shows_none_keeps_none(self, session, place):
        report_of(session, place, date(2026, 3, 12))

        case = masked_case(session, place, BlindingMode())

        assert kept(session, case) == []
        assert prior_reports.shown_with(case.id, BlindingMode()) == ()


class TestMasking:
    @pytest.mark.parametrize("dates", list(DateBlinding))
    def test_they_name_nobody_and_tell_when_only_where_dates_are_shown(self, session, place, dates):
        report_of(session, place, date(2026, 3, 12))

        case = masked_case(session, place, replace(SHOWN, dates=dates))

        [one] = kept(session, case)
        assert not any(name in one.masked_text for name in NAMES)
        assert "nodule de 6 mm" in one.masked_text
        assert "2026" not in one.masked_text
        assert one.months_before == (7 if dates is DateBlinding.MONTH else None)

    def test_days_move_as_those_of_the_case_do(self, session, place):
        mode = replace(SHOWN, dates=DateBlinding.HIDDEN, text_dates=TextDates.SHIFTED)
        report_of(session, place, date(2026, 3, 12))

        case = masked_case(session, place, mode)

        def days_of(text):
            return [word for part in case_texts.whole_report(text, "fr")
                    for kind, word in part.segments if kind == "shifted"]  # fmt: skip

        assert days_of(kept(session, case)[0].masked_text) == days_of(case.masked_text)
        assert len(days_of(case.masked_text)) == 1
        assert "12/03/2026" not in kept(session, case)[0].masked_text

    def test_a_doubt_in_one_of_them_keeps_the_case_from_readers(self, session, place):
        doubtful = "Vu avec Mme Grignardin.\nSuite de 483920, puis de 550177 et 661204.\nFIN"
        report_of(session, place, date(2026, 3, 12), text=doubtful)

        assert masked_case(session, place).state is CaseState.QUARANTINED

    def test_nothing_leads_from_it_to_its_report(self, session, place):
        earlier = report_of(session, place, date(2026, 3, 12))

        [row] = kept(session, masked_case(session, place))

        index = session.get_one(ReportIdentity, earlier.id).patient_index
        words = " ".join(str(getattr(row, column.name)) for column in PriorReport.__table__.columns)
        for secret in (str(earlier.id), earlier.accession, index, str(place.id), place.name):
            assert secret not in words


class TestCheck:
    def test_the_coordinator_sees_hides_and_withholds(self, session, place, by):
        report_of(session, place, date(2026, 3, 12))
        report_of(session, place, date(2026, 4, 12))
        case = masked_case(session, place)
        first, second = checking.show_case(case.id, by=by).priors

        with unit_of_work():
            changed = masking.correct_masks(case.id, Correction(hide="douleur"), by=by)
        assert changed == 3
        with unit_of_work():
            masking.withhold_prior(case.id, first.id, by=by)

        [left] = checking.show_case(case.id, by=by).priors
        assert left.id == second.id
        assert "douleur" not in str(left.sections)

    def test_who_looked_before_an_earlier_report_changed_looks_again(self, session, place, by):
        report_of(session, place, date(2026, 3, 12))
        case = masked_case(session, place)
        seen = checking.show_case(case.id, by=by)
        with unit_of_work():
            masking.withhold_prior(case.id, seen.priors[0].id, by=by)

        with pytest.raises(Conflicting), unit_of_work():
            masking.approve_case(case.id, by=by, seen=seen.version)

    def test_words_of_a_prior_alone_can_be_hidden(self, session, place, by):
        text = EARLIER.replace("à contrôler", "à revoir par Bellerive")
        report_of(session, place, date(2026, 3, 12), text=text)
        case = masked_case(session, place)

        with unit_of_work():
            assert masking.correct_masks(case.id, Correction(hide="revoir"), by=by) == 1

        assert "revoir" not in kept(session, case)[0].masked_text

    @pytest.mark.parametrize("words", [".", "patient", "nulle part", ""])
    def test_what_is_no_word_of_it_changes_nothing(self, session, place, by, words):
        report_of(session, place, date(2026, 3, 12))
        case = masked_case(session, place)
        before = kept(session, case)[0].masked_text

        with pytest.raises(InvalidInput), unit_of_work():
            masking.correct_masks(case.id, Correction(hide=words), by=by)

        assert kept(session, case)[0].masked_text == before

    def test_another_department_withholds_nothing(self, session, place):
        report_of(session, place, date(2026, 3, 12))
        case = masked_case(session, place)
        stranger = make_actor(session, Role.COORDINATOR, make_department(session))
        [one] = kept(session, case)

        with pytest.raises(NotFound), unit_of_work():
            masking.withhold_prior(case.id, one.id, by=stranger)

    def test_once_it_is_checked_nothing_is_withheld(self, session, place, by):
        report_of(session, place, date(2026, 3, 12))
        case = masked_case(session, place)
        [one] = kept(session, case)
        with unit_of_work():
            masking.approve_case(case.id, by=by)

        with pytest.raises(IllegalMove), unit_of_work():
            masking.withhold_prior(case.id, one.id, by=by)


class TestReading:
    @pytest.mark.parametrize("read_first", [True, False])
    def test_a_reviewer_reads_them_from_the_first(self, session, place, password_hash, read_first):
        report_of(session, place, date(2026, 3, 12))
        case = masked_case(session, place, replace(SHOWN, read_first=read_first))
        case.state = CaseState.ASSIGNED
        reviewer, actor = make_reviewer(session, password_hash)
        row = make_assignment(session, case, reviewer)

        view = scoring.show_sheet(row.id, by=actor)

        [prior] = view.priors
        assert prior.months_before == 7
        assert "nodule" in str(prior.sections)
        assert ("nodule" in str(view.sections)) is not read_first
