"""Whole campaigns for tests, written as rows: read, settled, ready to be frozen."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, cycle, pairwise
from uuid import uuid4

from peeraudit.domain.blinding.codes import case_code
from peeraudit.domain.instruments import CR3_1
from peeraudit.domain.sampling.draws import DRAW_TAG
from peeraudit.domain.workflow import AssignmentState, CampaignState, CaseState, Turn
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.identities import Identity
from peeraudit.models.intake import Report
from peeraudit.models.sampling import Draw, Frame
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_records as records
from peeraudit.services.blinding_records import CaseLink
from tests.factories.accounts import make_department
from tests.factories.cases import FIRST_DAY, make_campaign
from tests.factories.moments import MOMENT
from tests.factories.network import make_reader

_numbers = count(1)
MODE = "author,department,date:month"


@dataclass(frozen=True)
class Read:
    """A group of cases with the same story.

    ``second`` makes the case one that was designated for double reading; ``outcome`` None
    leaves it unsettled; ``channel`` may be targeted.
    """

    cases: int
    first: str | None = "1"
    second: str | None = None
    outcome: str | None = "1"
    channel: str = "random"
    state: CaseState = CaseState.FINAL
    mode: str = MODE


@dataclass
class Audit:
    """What was made: rows that tests look at."""

    campaign: object
    departments: list
    cases: list = field(default_factory=list)
    months: object = field(default_factory=lambda: cycle([""]))


def make_audit(
    session,
    strata,
    *,
    state=CampaignState.ADJUDICATING,
    authors=6,
    protocol=None,
    months=(),
    readers=2,
):
    """Return a campaign with its frame, draw, cases, reviews and outcomes; committed.

    Args:
        session: the session.
        strata: for each department a mapping of modality to (reports in the frame, reads).
        state: of the campaign.
        authors: of each department; their reports are about as many for each.
        protocol: the rules, where not the usual ones.
        months: of the reports, one after the other; not known where none is given.
        readers: how many share the cases, of the first department.
    """
    departments = [make_department(session) for _ in strata]
    campaign = make_campaign(session, departments, state=state, protocol=protocol)
    audit = Audit(campaign, departments, months=cycle(months or [""]))
    allocation = {
        f"{place.code}:{modality}": {"frame": frame, "sample": sum(r.cases for r in reads)}
        for place, part in zip(departments, strata, strict=True)
        for modality, (frame, reads) in part.items()
    }
    frame = Frame(
        id=uuid4(),
        campaign_id=campaign.id,
        sha256="f" * 64,
        allocation=json.dumps(allocation),
        pseudonym_key="0" * 64,
        frozen_at=MOMENT,
    )
    session.add(frame)
    session.flush()
    session.add(
        Draw(
            id=uuid4(),
            campaign_id=campaign.id,
            frame_id=frame.id,
            frame_frozen_at=MOMENT,
            seed="20261101204512345678",
            seed_sha256="0" * 64,
            algorithm=DRAW_TAG,
            result="{}",
            drawn_at=MOMENT + timedelta(hours=1),
        )
    )
    people = [make_reader(session, departments[0]) for _ in range(readers)]
    # Two always take the same turns; more of them take turns.
    pairs = cycle(list(pairwise([*people, *people[: readers > 2]])))
    for place, part in zip(departments, strata, strict=True):
        writers = _authors(session, place, authors)
        for modality, (_, reads) in part.items():
            for read in reads:
                _make_cases(session, audit, place, writers, modality, read, pairs)
    session.commit()
    return audit


def _authors(session, place, number):
    return cycle([records.add_author(place.id, f"A{n}", f"Dr Auteur {n}") for n in range(number)])


def _make_cases(session, audit, place, writers, modality, read, pairs):
    rows = [[], [], []]
    for _ in range(read.cases):
        report, case = _make_case(audit, place, modality, read)
        author, identity = next(writers), Identity()
        link = CaseLink(case.id, report.id, place.id, audit.campaign.id, author.id)
        records.seal_link(identity, link)
        rows[0] += [report, case]
        rows[1].append(identity)
        audit.cases.append(case)
        for turn, score, reader in zip(
            (Turn.FIRST, Turn.SECOND), (read.first, read.second), next(pairs), strict=True
        ):
            if score is not None:
                assignment = _assign(case, reader, turn)
                rows[1].append(assignment)
                rows[2].append(_review(case, reader, turn, score, assignment, mode=read.mode))
        if read.outcome is not None:
            outcome = Outcome(
                id=uuid4(),
                case_id=case.id,
                score=read.outcome,
                basis="adjudicated" if read.second else "single",
                proposed_at=MOMENT,
                author_notified_at=MOMENT,
                final_at=MOMENT,
            )
            rows[2].append(outcome)
    # What points at another row comes after it; one by one, they would take four times as long.
    for layer in rows:
        session.add_all(layer)
        session.flush()


def _make_case(audit, place, modality, read):
    number = next(_numbers)
    report = Report(
        id=uuid4(),
        department_id=place.id,
        accession=f"AUD-{number:06d}",
        report_key=f"AUD-{number:04d}",
        status="final",
        modality=modality,
        region="chest",
        language="fr",
        performed_on=FIRST_DAY,
        has_text=True,
        content_hash="0" * 64,
        format="csv",
        received_at=MOMENT,
    )
    case = Case(
        id=uuid4(),
        campaign_id=audit.campaign.id,
        code=case_code((10**9 + number).to_bytes(16)),
        state=read.state,
        channel=read.channel,
        ticket=f"{10**9 + number:064x}",
        is_double_read=read.second is not None,
        modality=modality,
        region="chest",
        language="fr",
        shown_date=next(audit.months),
        created_at=MOMENT,
    )
    return report, case


def make_review(
    session, case, reader, turn, score, *, mode=MODE, version=1, assignment=None, random=True
):
    """Return a submitted review with its assignment; flushed."""
    if assignment is None:
        assignment = _assign(case, reader, turn)
        session.add(assignment)
        session.flush()
    review = _review(
        case, reader, turn, score, assignment, mode=mode, version=version, random=random
    )
    session.add(review)
    session.flush()
    return review


def _assign(case, reader, turn):
    return Assignment(
        id=uuid4(),
        campaign_id=case.campaign_id,
        case_id=case.id,
        reviewer_id=reader.id,
        turn=turn,
        state=AssignmentState.SUBMITTED,
        due_at=MOMENT,
    )


def _review(case, reader, turn, score, assignment, *, mode, version=1, random=True):
    return Review(
        id=uuid4(),
        assignment_id=assignment.id,
        case_id=case.id,
        reviewer_id=reader.id,
        turn=turn,
        version=version,
        reason="Une coquille" if version > 1 else "",
        instrument=f"{CR3_1.code}-{CR3_1.version}"[:16],
        score=score,
        blinding_mode=mode,
        allocation_random=random,
        submitted_at=MOMENT + timedelta(minutes=version),
    )
