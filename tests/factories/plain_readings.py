"""The readings of a campaign found the plain way: row after row, each identity opened.

Numbers are counted in the database; what they must equal is counted from these.
"""

from collections import Counter
from dataclasses import replace
from operator import itemgetter

from sqlalchemy import select

from peeraudit.domain.statistics.counting import name_within
from peeraudit.domain.statistics.tallies import Reading
from peeraudit.domain.workflow import CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import blinding
from peeraudit.services import blinding_records as records

OPEN = (CaseState.ASSIGNED, CaseState.IN_REVIEW, CaseState.SECOND_REVIEW, CaseState.ADJUDICATION)


def plain_readings(campaign_id):
    """Return (case, reading) of the random cases that were read, in the order of their ids."""
    places = {one.case_id: one for one in blinding.places_of_cases(campaign_id)}
    strata = {one.case_id: one.stratum for one in records.links_of_campaign(campaign_id)}
    wanted = select(Case).where(Case.campaign_id == campaign_id, Case.channel == "random")
    found = []
    for case in db.session.scalars(wanted.order_by(Case.id)):
        firsts, seconds = (_given(case, turn) for turn in (Turn.FIRST, Turn.SECOND))
        if not firsts or case.state is CaseState.EXCLUDED or case.excluded_reason:
            continue
        reviews = [firsts[0], *seconds[:1]]
        outcome = db.session.scalar(select(Outcome.score).where(Outcome.case_id == case.id))
        reading = Reading(
            department=str(places[case.id].department_id),
            modality=case.modality,
            author=str(places[case.id].author_id),
            is_double_read=case.is_double_read,
            first=reviews[0].score,
            second=reviews[1].score if seconds else None,
            outcome=None if case.state in OPEN else outcome,
            modes=frozenset(one.blinding_mode for one in reviews),
            readers=tuple(str(one.reviewer_id) for one in reviews),
            was_random=reviews[0].allocation_random,
            month=case.shown_date,
            stratum=name_within(strata[case.id]) if strata[case.id] else "",
        )
        found.append((case, reading))
    return sorted(((case.id, one) for case, one in _placed(found)), key=itemgetter(0))


def _placed(found):
    """Return the readings with their places by month, and by ticket within a month."""
    places = Counter()
    for case, one in sorted(found, key=lambda pair: (pair[1].month, pair[0].ticket)):
        places[one.department] += 1
        yield case, replace(one, position=places[one.department])


def _given(case, turn):
    wanted = select(Review).where(
        Review.case_id == case.id, Review.turn == turn, Review.version == 1
    )
    return db.session.scalars(wanted.order_by(Review.submitted_at, Review.id)).all()
