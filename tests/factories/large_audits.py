"""Campaigns of any size for tests: their rows are made as tuples and written in bulk."""

import json
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

from psycopg import sql

from peeraudit.adapters.bulk import insert_rows
from peeraudit.domain.blinding.codes import case_code
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.protocol import Protocol, Sampling, Scope
from peeraudit.domain.strata import StratumField
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity
from peeraudit.models.sampling import Frame
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_records as records
from tests.factories.accounts import make_department
from tests.factories.audits import MODE
from tests.factories.cases import FIRST_DAY, make_campaign
from tests.factories.moments import MOMENT
from tests.factories.network import make_reader

MODALITIES = ("CT", "MR", "CR", "US")
SCORES = ("1", "2a", "2b", "3a", "3b")
SHARES = (90, 4, 3, 2, 1)
AUTHORS = 8
FINE = (StratumField.MODALITY, StratumField.WEEK)
FRAME_FACTOR = 3
CASES_AT_ONCE = 20_000
TABLES = {name: part.__table__ for name, part in (
    ("case", Case), ("identity", Identity), ("assignment", Assignment), ("review", Review),
    ("outcome", Outcome),
)}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large: reviews in all, of which one case in five has two."""

    reviews: int
    departments: int
    reviewers: int

    @property
    def cases(self):
        """Cases that have about so many reviews."""
        return self.reviews * 5 // 6


class _Columns:
    """What ``seal_link`` writes into; a row without a mapper's cost."""


def make_large_audit(session, size, *, seed=1, weeks=0, offset=0):
    """Return the id of a campaign that was read and settled; flushed, not committed.

    Args:
        session: the session.
        size: how large.
        seed: the same seed gives the same readings, however finely they are divided.
        weeks: how many divide a department and modality; none leaves the usual strata.
        offset: where the numbers of its cases begin, if another one has the first; a multiple of
            what the cases take turns in.
    """
    chance = Random(seed)  # noqa: S311 - it makes up an audit, no secret
    places = [make_department(session) for _ in range(size.departments)]
    readers = [make_reader(session, places[n % len(places)]).id for n in range(size.reviewers)]
    authors = [
        [records.add_author(place.id, f"A{n}", f"Dr Auteur {n}").id for n in range(AUTHORS)]
        for place in places
    ]
    scope = Scope(MODALITIES, FIRST_DAY, FIRST_DAY + timedelta(days=30))
    sampling = Sampling(strata=FINE) if weeks else Sampling()
    rules = Protocol(title="Grande campagne", scope=scope, sampling=sampling)
    campaign = make_campaign(session, places, state=CampaignState.ADJUDICATING, protocol=rules)
    names = [
        f"{place.code}:{modality}{week}"
        # As the cases take turns: by department first, then by modality, then by week.
        for week in ([f":2026-W{n + 1:02d}" for n in range(weeks)] or [""])
        for modality in MODALITIES
        for place in places
    ]
    sample = -(-size.cases // len(names))
    part = {"frame": sample * FRAME_FACTOR, "sample": sample}
    allocation = {name: dict(part) for name in names}
    session.add(
        Frame(
            id=uuid4(), campaign_id=campaign.id, sha256="f" * 64,
            allocation=json.dumps(allocation), pseudonym_key="0" * 64, frozen_at=MOMENT,
        )
    )  # fmt: skip
    session.flush()
    ids = [place.id for place in places]
    for start in range(0, size.cases, CASES_AT_ONCE):
        rows = {name: [] for name in TABLES}
        for number in range(start, min(start + CASES_AT_ONCE, size.cases)):
            stratum = names[number % len(names)] if weeks else ""
            people = (ids, authors, readers)
            _add_case(rows, campaign.id, offset + number, people, chance, stratum)
        for name, table in TABLES.items():
            _write(session, table, rows[name])
    return campaign.id


def _add_case(rows, campaign_id, number, people, chance, stratum):
    ids, authors, readers = people
    place = number % len(ids)
    case_id, outcome = uuid4(), chance.choices(SCORES, SHARES)[0]
    first = outcome if chance.random() < 0.9 else chance.choices(SCORES, SHARES)[0]
    twice = chance.random() < 0.1
    again = twice or first in SCORES[2:] or chance.random() < 0.03
    rows["case"].append(
        {
            "id": case_id, "campaign_id": campaign_id, "code": case_code(number.to_bytes(16)),
            "state": CaseState.FINAL, "awaits_text": False, "channel": "random",
            "ticket": f"{number:064x}", "is_double_read": twice,
            "modality": MODALITIES[number // len(ids) % len(MODALITIES)], "region": "chest",
            "is_child": False, "laterality": "", "urgency": "", "derived": "",
            "exam": "", "language": "fr", "shown_date": f"2026-{1 + number % 12:02d}",
            "masked_text": "", "spans": "[]", "doubt": 0.0, "excluded_reason": "",
            "created_at": MOMENT,
        }
    )  # fmt: skip
    columns = _Columns()
    author = chance.choice(authors[place])
    link = records.CaseLink(case_id, UUID(int=number), ids[place], campaign_id, author, stratum)
    records.seal_link(columns, link)
    rows["identity"].append(vars(columns))
    for turn, reader in zip(
        (Turn.FIRST, Turn.SECOND), chance.sample(readers, 1 + again), strict=False
    ):
        score = first if turn is Turn.FIRST else outcome
        _add_review(rows, campaign_id, case_id, turn, reader, score)
    rows["outcome"].append(
        {
            "id": uuid4(), "case_id": case_id, "score": outcome,
            "basis": "adjudicated" if again else "single", "error_type": "", "comment": "",
            "proposed_at": MOMENT, "author_notified_at": MOMENT, "final_at": MOMENT,
        }
    )  # fmt: skip


def _add_review(rows, campaign_id, case_id, turn, reader, score):
    assignment = uuid4()
    rows["assignment"].append(
        {
            "id": assignment, "campaign_id": campaign_id, "case_id": case_id,
            "reviewer_id": reader, "turn": turn, "state": AssignmentState.SUBMITTED,
            "origin": "plan", "reason": "", "decline_reason": "", "due_at": MOMENT,
        }
    )  # fmt: skip
    rows["review"].append(
        {
            "id": uuid4(), "assignment_id": assignment, "case_id": case_id,
            "reviewer_id": reader, "turn": turn, "version": 1, "reason": "",
            "instrument": f"{CR3_1.code}-{CR3_1.version}", "score": score, "error_type": "",
            "comment": "", "urgent": False, "blinding_mode": MODE, "allocation_random": True,
            "seconds": 60, "submitted_at": MOMENT,
        }
    )  # fmt: skip


def _write(session, table, rows):
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        insert_rows(connection, table, rows)
        return
    names = list(rows[0])
    order = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.connection.driver_connection.cursor() as cursor, cursor.copy(order) as copy:
        for row in rows:
            copy.write_row(list(row.values()))
