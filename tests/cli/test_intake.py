"""Reports sent in from the command line."""

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.domain.specimens.files import csv_lines
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports
from peeraudit.models.intake import Report
from tests.factories.accounts import make_account, make_department


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def coordinator(session, password_hash, department):
    return make_account(session, password_hash, Role.COORDINATOR, department.id)


@pytest.fixture
def flask(app, session):
    return app.test_cli_runner().invoke


@pytest.fixture
def table(tmp_path):
    reports = specimen_reports(specimen_network("cli", departments=1, reviewers=6), 5)
    file = tmp_path / "reports.csv"
    file.write_text("".join(csv_lines(list(reports))))
    return file


def arguments(file, department, account, *more):
    return [
        "intake",
        "send",
        str(file),
        "--department",
        department.code,
        "--as",
        account.email,
        *more,
    ]


def test_a_file_is_read_without_any_worker(flask, session, table, department, coordinator):
    answer = flask(args=arguments(table, department, coordinator))

    assert answer.exit_code == 0, answer.output
    assert "5  accepted" in answer.output
    assert session.query(Report).count() == 5


def test_a_dry_run_keeps_no_report(flask, session, table, department, coordinator):
    answer = flask(args=arguments(table, department, coordinator, "--dry-run"))

    assert answer.exit_code == 0, answer.output
    assert session.query(Report).count() == 0


def test_a_refused_row_is_named_with_its_reason(flask, session, tmp_path, department, coordinator):
    file = tmp_path / "reports.csv"
    file.write_text(
        "accession,report_id,modality,performed,status,report_text\n"
        "A1,R1,CT,2026-10-01,final,Normal.\n"
        ",R3,CT,2026-10-03,final,Without a number.\n"
    )
    answer = flask(args=arguments(file, department, coordinator))

    assert answer.exit_code == 0, answer.output
    assert "1  refused" in answer.output
    assert session.query(Report).count() == 1
    last = answer.output.splitlines()[-1]
    assert "3" in last
    assert ": " in last


@pytest.mark.parametrize("content", ["", "no;such;columns\n1;2;3\n"])
def test_a_useless_file_ends_with_a_sentence(flask, tmp_path, department, coordinator, content):
    file = tmp_path / "useless.csv"
    file.write_text(content)
    answer = flask(args=arguments(file, department, coordinator))

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")


def test_another_department_s_coordinator_is_refused(flask, session, table, coordinator):
    elsewhere = make_department(session)
    answer = flask(args=arguments(table, elsewhere, coordinator))

    assert answer.exit_code == 1
    assert session.query(Report).count() == 0


def test_waiting_work_can_be_carried_out_by_hand(flask):
    answer = flask(args=["work"])

    assert answer.exit_code == 0
    assert "0 duties" in answer.output
