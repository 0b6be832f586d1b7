"""Strata finer than department and modality: counted, handed out and computed again."""

import csv
import json
import os
from dataclasses import replace
from io import StringIO
from random import Random

import pytest
from sqlalchemy import select, update

from peeraudit.adapters.sealing import blind_index
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.domain.review_lines import COLUMNS, DATED
from peeraudit.domain.snapshot_files import recompute
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.counting import count, count_tallies
from peeraudit.domain.strata import StratumField, author_mark, split_stratum
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity
from peeraudit.models.sampling import Frame
from peeraudit.models.summaries import Snapshot
from peeraudit.services import blinding_records as records
from peeraudit.services import statistics, statistics_kept
from peeraudit.services.statistics_awaited import awaited_of
from peeraudit.services.statistics_counts import count_readings, ground_of
from peeraudit.services.statistics_export import export_row
from peeraudit.services.statistics_tallies import tallies_of
from peeraudit.tasks.upkeep import sweep
from tests.factories.audits import Read, make_audit
from tests.factories.fine_audits import BY_AUTHOR, BY_REGION, BY_WEEK, FINER, refine, rules_of
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor
from tests.factories.plain_readings import plain_readings
from tests.factories.retention import close, later, purge
from tests.flask_process import flask_process

READS = [
    Read(9, "1", None, "1"),
    Read(2, "2a", None, "2a"),
    Read(4, "1", "1", "1"),
    Read(1, "1", "2b", "2b"),
    Read(2, "2b", "2b", "2b"),
    Read(1, "1", channel="targeted"),
]
UNREAD = Read(3, None, None, None, state=CaseState.ASSIGNED)
KEY = "0f" * 32


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


def make(session, fields, *, reads=READS, state=CampaignState.ADJUDICATING, departments=2):
    """Return a campaign with these strata, read and settled; committed."""
    strata = [{"CT": (300, reads), "MR": (200, reads)}] * departments
    audit = make_audit(
        session, strata, authors=4, protocol=rules_of(fields), state=state, months=["2026-10"]
    )
    session.execute(
        update(Frame).where(Frame.campaign_id == audit.campaign.id).values(pseudonym_key=KEY)
    )
    session.expire_all()
    return refine(session, audit, Random(7))  # noqa: S311 - it makes up an audit, no secret


def snapshot_of(audit):
    with unit_of_work():
        found = select(Snapshot).where(Snapshot.campaign_id == audit.campaign.id)
        return db.session.scalars(found.order_by(Snapshot.number.desc())).first()


def freeze(audit, lead):
    with unit_of_work():
        statistics.freeze_campaign(audit.campaign.id, by=lead)
    sweep()
    return snapshot_of(audit)


def export(row, lead):
    with unit_of_work():
        return export_row(row, by=lead, purpose="To compute it again")


def lines_of(table):
    return list(csv.DictReader(StringIO(table)))


@pytest.mark.parametrize("fields", FINER)
class TestCounting:
    def test_both_ways_give_the_same_bytes(self, session, fields):
        audit = make(session, fields)
        ground = ground_of(audit.campaign.id)
        rows = [one for _, one in plain_readings(audit.campaign.id)]

        found = count_tallies(tallies_of(audit.campaign.id, CR3_1), ground)

        assert found.to_json() == count(rows, ground).to_json()
        assert CampaignCounts.from_json(found.to_json()) == found
        assert len(found.cells) == len(json.loads(frame_of(session, audit).allocation))

    def test_every_case_is_in_the_cell_of_its_stratum(self, session, fields):
        audit = make(session, fields)
        known = json.loads(frame_of(session, audit).allocation)

        found = count_readings(audit.campaign.id)

        assert sorted((c.frame, c.scored, c.drawn) for c in found.cells) == sorted(
            (part["frame"], part["sample"], part["sample"]) for part in known.values()
        )

    def test_what_is_told_rests_on_the_same_rows_as_with_coarse_strata(self, session, fields):
        """A finer stratum gives no author away: all of a modality are counted together."""
        audit = make(session, fields)
        found = count_readings(audit.campaign.id)

        for row in found.table:
            mine = [
                one for _, one in plain_readings(audit.campaign.id)
                if (one.department, one.modality) == (row.department, row.modality)
            ]  # fmt: skip
            authors = [one.author for one in mine]
            assert row.scored == len(mine)
            assert row.authors == tuple(
                sorted((authors.count(one) for one in set(authors)), reverse=True)
            )

    def test_they_are_counted_as_one_while_keys_change(self, session, app, monkeypatch, fields):
        keys = {1: b"\7" * KEY_BYTES, 2: b"\10" * KEY_BYTES}
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring({1: keys[1]}))
        audit = make(session, fields)
        before = count_readings(audit.campaign.id).to_json()
        columns = set(session.scalars(select(Identity.stratum_index)))
        monkeypatch.setitem(app.config, "IDENTITY_KEYS", Keyring(keys))
        for case in audit.cases[:5]:
            row = session.get_one(Identity, case.id)
            records.seal_link(row, records.open_link(row))
        session.commit()

        assert set(session.scalars(select(Identity.stratum_index))) > columns - {None}
        assert count_readings(audit.campaign.id).to_json() == before


def frame_of(session, audit):
    return session.scalars(select(Frame).where(Frame.campaign_id == audit.campaign.id)).one()


class TestTheSealedStratum:
    def test_it_is_opened_with_the_link_and_gone_with_it(self, session):
        audit = make(session, BY_WEEK)
        row = session.get_one(Identity, audit.cases[0].id)
        link = records.open_link(row)

        assert split_stratum(link.stratum, BY_WEEK).values[StratumField.WEEK].startswith("2026-W")
        assert row.stratum_index is not None
        assert link.stratum.encode() not in row.sealed_link

    @pytest.mark.parametrize("author", [True, False])
    @pytest.mark.parametrize("stratum", ["", "A:x", "CHU-NORD:CT:chest:2026-W12"])
    def test_every_link_is_what_was_sealed(self, session, author, stratum):
        audit = make_audit(session, [{"CT": (20, [Read(1)])}])
        row = session.get_one(Identity, audit.cases[0].id)
        link = replace(
            records.open_link(row),
            stratum=stratum,
            **({} if author else {"author_id": None}),
        )

        records.seal_link(row, link)

        assert records.open_link(row) == link
        assert (row.stratum_index is None) == (stratum == "")

    def test_with_the_usual_strata_there_is_none(self, session):
        make_audit(session, [{"CT": (20, [Read(1)])}])

        assert session.scalars(select(Identity.stratum_index)).all() == [None]

    def test_the_same_stratum_has_another_column_in_another_campaign(self, session):
        ids = [make(session, BY_WEEK, departments=1).campaign.id for _ in range(2)]

        found = {blind_index(records.place_of_stratum(one), "A:2026-W40") for one in ids}

        assert len(found) == 2

    def test_a_case_without_one_is_not_passed_over(self, session):
        audit = make(session, BY_REGION)
        row = session.get_one(Identity, audit.cases[0].id)
        records.seal_link(row, replace(records.open_link(row), stratum=""))
        session.commit()

        with pytest.raises(LookupError, match="stratum"):
            count_readings(audit.campaign.id)


@pytest.mark.parametrize("fields", FINER)
class TestExport:
    def test_a_final_snapshot_follows_from_it_byte_for_byte(self, session, lead, fields):
        audit = make(session, fields)
        row = freeze(audit, lead)

        found = export(row, lead)
        again = recompute(found.reviews, found.rules)

        assert again.same_data is True
        assert again.results == row.results == found.results
        assert export(row, lead) == found

    def test_so_it_does_by_the_command_in_another_process(self, session, lead, fields, tmp_path):
        row = freeze(make(session, fields), lead)
        for name, text in export(row, lead).files:
            (tmp_path / name).write_text(text)
        out = tmp_path / "again.json"
        reviews, rules = (str(tmp_path / name) for name in ("reviews.csv", "protocol.json"))
        words = ("statistics", "compute", reviews, "--protocol", rules, "--out", str(out))

        done = flask_process(words, {"PATH": os.environ["PATH"]})

        assert done.returncode == 0, done.stderr
        assert out.read_text() == row.results

    def test_so_does_an_interim_one_with_readings_that_are_awaited(self, session, lead, fields):
        audit = make(session, fields, reads=[*READS, UNREAD], state=CampaignState.RUNNING)
        with unit_of_work():
            statistics.order_statistics(audit.campaign.id, by=lead)
        sweep()
        row = snapshot_of(audit)
        ask_all(session, audit, lead)

        found = export(row, lead)
        again = recompute(found.reviews, found.rules)

        assert sum(awaited_of(audit.campaign.id).values()) == 0
        assert sum(c.awaited for c in again.counts.cells) == 12
        assert again.same_data is True
        assert again.results == row.results

    def test_it_outlives_the_identities(self, session, lead, fields):
        audit = make(session, fields)
        row = freeze(audit, lead)
        before = export(row, lead)
        close(audit.campaign, lead, is_frozen=True)

        with later():
            purge()
        found = export(snapshot_of(audit), lead)

        assert session.scalars(select(Identity.case_id)).all() == []
        assert found == before
        assert recompute(found.reviews, found.rules).same_data is True
        [verdict] = statistics.verify_snapshots(audit.campaign.code)
        assert verdict.holds

    def test_no_mark_of_an_author_in_the_frame_is_in_it(self, session, lead, fields):
        audit = make(session, fields)
        row = freeze(audit, lead)
        marks = [
            author_mark(bytes.fromhex(KEY), str(one)) for one in session.scalars(select(Author.id))
        ]

        found = export(row, lead)

        for one in (found.reviews, found.rules, found.results, row.data):
            assert not any(mark in one for mark in marks)


class TestColumns:
    def test_the_author_in_a_stratum_is_the_one_of_the_line(self, session, lead):
        found = export(freeze(make(session, BY_AUTHOR), lead), lead)

        for line in lines_of(found.reviews):
            assert line["stratum"] == f"{line['modality']}:{line['author']}"

    def test_interim_lines_say_so_too(self, session, lead):
        audit = make(session, BY_AUTHOR, state=CampaignState.RUNNING)
        with unit_of_work():
            statistics.order_statistics(audit.campaign.id, by=lead)
        sweep()

        found = export(snapshot_of(audit), lead)

        for line in lines_of(found.reviews):
            assert line["stratum"] == f"{line['modality']}:{line['author']}"

    def test_with_the_usual_strata_there_is_none(self, session, lead):
        audit = make_audit(session, [{"CT": (90, READS)}], months=["2026-10"])

        found = export(freeze(audit, lead), lead)

        assert found.reviews.splitlines()[0] == ",".join((*COLUMNS, *DATED))
        assert all("stratum" not in row for row in json.loads(found.rules)["strata"])
        assert statistics_kept.exported_ground(snapshot_of(audit)) == statistics_kept.ground_as_of(
            snapshot_of(audit)
        )


def ask_all(session, audit, lead):
    """Let the time of all readings pass that nobody has given."""
    reader = session.scalars(select(Assignment.reviewer_id)).first()
    unread = select(Case).where(
        Case.campaign_id == audit.campaign.id, Case.state == CaseState.ASSIGNED
    )
    for case in session.scalars(unread).all():
        session.add(
            Assignment(
                campaign_id=case.campaign_id,
                case_id=case.id,
                reviewer_id=reader,
                turn=Turn.FIRST,
                state=AssignmentState.EXPIRED,
                due_at=MOMENT,
            )
        )
    session.commit()
