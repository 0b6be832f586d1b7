"""What is counted in the database equals what is counted row after row."""

from operator import itemgetter
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.keyring import KEY_BYTES, Keyring
from peeraudit.domain.statistics.counting import count, count_tallies
from peeraudit.domain.statistics.tallies import tally
from peeraudit.domain.workflow import AssignmentState, CaseState, Turn
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_records as records
from peeraudit.services.statistics_counts import ground_of
from peeraudit.services.statistics_tallies import readings_of, select_cases, tallies_of
from tests.factories.audits import Read, make_audit, make_review
from tests.factories.network import make_reader
from tests.factories.plain_readings import plain_readings

SCORES = ("1", "1", "1", "2a", "2b", "3a", "3b")
MODALITIES = ("CT", "MR", "US")
STATES = (
    CaseState.FINAL,
    CaseState.PROPOSED,
    CaseState.CLOSED,
    CaseState.ADJUDICATION,
    CaseState.SECOND_REVIEW,
    CaseState.EXCLUDED,
)


def generated_read(chance):
    second = chance.choice(SCORES) if chance.random() < 0.4 else None
    return Read(
        chance.randint(1, 3),
        chance.choice(SCORES) if chance.random() < 0.9 else None,
        second,
        chance.choice(SCORES) if chance.random() < 0.8 else None,
        channel="targeted" if chance.random() < 0.1 else "random",
        state=chance.choice(STATES) if chance.random() < 0.4 else CaseState.FINAL,
    )


def generated_network(session, seed):
    """Return a campaign of several departments in which everything happened that may happen."""
    chance = Random(seed)  # noqa: S311 - it makes up an audit, no secret
    audit = make_audit(
        session,
        [
            {m: (200, [generated_read(chance) for _ in range(5)]) for m in MODALITIES}
            for _ in range(3)
        ],
        authors=4,
    )
    reader = make_reader(session, audit.departments[1])
    for case in chance.sample(audit.cases, 12):
        review_again(session, case, reader, chance)
    for case in chance.sample(audit.cases, 6):
        drop_author(session, case)
    some = [case.id for case in chance.sample(audit.cases, 10)]
    session.execute(update(Case).where(Case.id.in_(some[:3])).values(excluded_reason="objection"))
    for case in audit.cases:
        month = f"2026-{chance.randint(1, 12):02d}"
        session.execute(update(Case).where(Case.id == case.id).values(shown_date=month))
    session.commit()
    return audit


def review_again(session, case, reader, chance):
    """Write an amendment, or one more review of a turn: of two the earlier one is the reading."""
    given = session.scalars(select(Review).where(Review.case_id == case.id)).first()
    if given is not None and chance.random() < 0.5:
        assignment = session.get_one(Assignment, given.assignment_id)
        make_review(
            session, case, reader, given.turn, chance.choice(SCORES),
            version=2, assignment=assignment,
        )  # fmt: skip
        return
    assignment = Assignment(
        id=uuid4(),
        campaign_id=case.campaign_id,
        case_id=case.id,
        reviewer_id=reader.id,
        turn=chance.choice((Turn.FIRST, Turn.SECOND)),
        # Its review came in all the same, before somebody took it back.
        state=AssignmentState.REPLACED,
        due_at=case.created_at,
    )
    session.add(assignment)
    session.flush()
    score = chance.choice(SCORES)
    make_review(session, case, reader, assignment.turn, score, assignment=assignment)


def drop_author(session, case):
    row = session.get_one(Identity, case.id)
    link = records.open_link(row)
    records.seal_link(
        row,
        records.CaseLink(case.id, link.report_id, link.department_id, link.campaign_id, None),
    )


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_give_the_same_bytes(session, seed):
    audit = generated_network(session, seed)
    ground, rows = ground_of(audit.campaign.id), plain_readings(audit.campaign.id)

    found = count_tallies(tallies_of(audit.campaign.id, CR3_1), ground)

    assert len(rows) > 20
    assert found.to_json() == count((one for _, one in rows), ground).to_json()


@pytest.mark.parametrize("seed", range(4))
def test_the_readings_that_are_handed_out_are_those_that_are_counted(session, seed):
    audit = generated_network(session, seed)

    readings = readings_of(audit.campaign.id, lambda _, name: str(name))
    found = sorted(readings, key=itemgetter(0))

    plain = [(str(case_id), one) for case_id, one in plain_readings(audit.campaign.id)]
    assert found == sorted(plain, key=itemgetter(0))


def test_who_was_chosen_for_a_case_is_counted_apart(session):
    audit = make_audit(session, [{"CT": (50, [Read(4), Read(1, None)])}])
    reader = make_reader(session, audit.departments[0])
    make_review(session, audit.cases[-1], reader, Turn.FIRST, "3a", random=False)
    session.commit()

    found = tallies_of(audit.campaign.id, CR3_1)

    assert found == tally((one for _, one in plain_readings(audit.campaign.id)), CR3_1.discrepant)
    assert str(reader.id) not in {who for who, _, _ in found.readers}
    assert sum(n for kind, n in found.kinds.items() if not kind.was_random) == 1


class TestChangeOfKeys:
    """While keys are changed the same author stands under two columns."""

    @pytest.fixture
    def ring(self, app, monkeypatch):
        keys = {1: b"\7" * KEY_BYTES, 2: b"\10" * KEY_BYTES}

        def give(*versions):
            ring = Keyring({version: keys[version] for version in versions})
            monkeypatch.setitem(app.config, "IDENTITY_KEYS", ring)

        give(1)
        return give

    def test_they_are_counted_as_one(self, session, ring):
        audit = make_audit(session, [{"CT": (90, [Read(12)])}], authors=2)
        before = tallies_of(audit.campaign.id, CR3_1)
        ring(1, 2)
        for case in audit.cases[:5]:
            row = session.get_one(Identity, case.id)
            records.seal_link(row, records.open_link(row))
        session.commit()

        columns = session.scalars(select(Identity.author_index)).all()

        assert len(set(columns)) == 4
        assert tallies_of(audit.campaign.id, CR3_1) == before


def test_with_the_usual_strata_the_statement_asks_for_none(session):
    """The counting of a million readings must not carry a column that nobody needs."""
    audit = make_audit(session, [{"CT": (90, [Read(12)])}])

    statements = [str(select_cases(audit.campaign.id, has_strata=has)) for has in (False, True)]

    assert ["stratum" in one for one in statements] == [False, True]
