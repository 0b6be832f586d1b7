"""Use cases: counting a campaign's readings in the database, in one statement."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Uuid,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.expression import Subquery

from peeraudit.domain.statistics.tallies import Kind, Reading, Tallies
from peeraudit.domain.workflow import CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_places, campaigns
from peeraudit.services.blinding_places import PlaceNames

# A case that was sent back to an adjudicator keeps its outcome, which may still change.
SETTLED = frozenset(
    {
        CaseState.PROPOSED,
        CaseState.AUTHOR_NOTIFIED,
        CaseState.REPLIED,
        CaseState.REPLY_EXPIRED,
        CaseState.FINAL,
        CaseState.CLOSED,
        CaseState.PURGED,
    }
)
KINDS, AUTHORS, READERS = 1, 2, 3
WORDS = ("place", "author", "modality", "first", "second", "outcome", "mode", "other")
"""Columns of text by which cases are counted; a part that does not need one leaves it blank."""
FLAGS = ("twice", "random")
ROWS_AT_ONCE = 10_000


def tallies_of(campaign_id: UUID) -> Tallies:
    """Return how often a case of a campaign was read in each way; targeted cases never count.

    Cases are grouped where they lie, so that no more than the groups comes here, and in one
    statement: one moment for all of them.
    """
    names, groups = _names(campaign_id), db.session.execute(_groups(campaign_id))
    kinds, authors = Counter[Kind](), Counter[tuple[str, str, str]]()
    readers, modes = Counter[tuple[str, str, str]](), set[str]()
    for part, reader, cases, twice, random, place, author, modality, *scores in groups:
        first, second, outcome, mode, other = scores
        if part == READERS:
            readers[str(reader), modality, first] += cases
            continue
        department = names.departments[place]
        if part == AUTHORS:
            authors[department, modality, names.authors[author]] += cases
            continue
        found = Kind(department, modality, bool(twice), first, second, outcome, bool(random))
        kinds[found] += cases
        # Without a second reading there is no second mode.
        modes |= {mode, other or mode}
    return Tallies(kinds, frozenset(modes), authors, readers)


def readings_of(campaign_id: UUID) -> Iterator[tuple[UUID, Reading]]:
    """Yield the readings of a campaign one by one, for the table that is kept or handed out."""
    names = _names(campaign_id)
    modes: dict[tuple[str, str | None], frozenset[str]] = {}
    rows = db.session.execute(
        select_cases(campaign_id), execution_options={"yield_per": ROWS_AT_ONCE}
    ).mappings()
    for row in rows:
        key = row["mode"], row["other"]
        yield (
            row["case_id"],
            Reading(
                department=names.departments[row["place"]],
                modality=row["modality"],
                author=names.authors[row["author"]],
                is_double_read=row["twice"],
                first=row["first"],
                second=row["second"],
                outcome=row["outcome"],
                modes=modes.setdefault(key, frozenset(filter(None, key))),
                readers=tuple(str(who) for who in (row["reader"], row["reader_again"]) if who),
                was_random=row["random"],
            ),
        )


def _names(campaign_id: UUID) -> PlaceNames:
    places = campaigns.departments_of([campaign_id])[campaign_id]
    return blinding_places.names_of_places([place.id for place in places])


def _groups(campaign_id: UUID) -> Any:  # noqa: ANN401 - a union of selects has no type of its own
    """Return the statement that counts all that numbers follow from."""
    read = select_cases(campaign_id).cte("read_case")
    return union_all(
        _group(read, KINDS, *FLAGS, *(name for name in WORDS if name != "author")),
        _group(read, AUTHORS, "place", "author", "modality"),
        _group(read, READERS, "reader", "modality", "first").where(read.c.random),
    )


def _group(read: CTE, part: int, *names: str) -> Select[Any]:
    """Return the cases counted by some columns; the other columns are there, and blank."""

    def column(name: str) -> ColumnElement[Any]:
        if name in names:
            return read.c[name]
        kind = Uuid() if name == "reader" else String()
        return cast(null(), kind).label(name)

    def flag(name: str) -> ColumnElement[Any]:
        return read.c[name] if name in names else literal(value=False).label(name)

    return select(
        literal(part).label("part"),
        column("reader"),
        func.count().label("cases"),
        *(flag(name) for name in FLAGS),
        *(column(name) for name in WORDS),
    ).group_by(*(read.c[name] for name in names))


def select_cases(campaign_id: UUID) -> Select[Any]:
    """Return what selects the random cases that were read, with the first readings of each.

    For services alone: it names authors and reviewers by ids.
    """
    first, second = _reviews(campaign_id, Turn.FIRST), _reviews(campaign_id, Turn.SECOND)
    places = blinding_places.places_in(campaign_id).subquery()
    return (
        select(
            Case.id.label("case_id"),
            places.c.department_index.label("place"),
            places.c.author_index.label("author"),
            Case.modality.label("modality"),
            Case.is_double_read.label("twice"),
            first.c.score.label("first"),
            second.c.score.label("second"),
            case((Case.state.in_(SETTLED), Outcome.score)).label("outcome"),
            first.c.blinding_mode.label("mode"),
            second.c.blinding_mode.label("other"),
            first.c.allocation_random.label("random"),
            first.c.reviewer_id.label("reader"),
            second.c.reviewer_id.label("reader_again"),
        )
        .join(first, first.c.case_id == Case.id)
        .outerjoin(second, second.c.case_id == Case.id)
        # A case without an identity must not vanish from the numbers unseen.
        .outerjoin(places, places.c.case_id == Case.id)
        .outerjoin(Outcome, Outcome.case_id == Case.id)
        .where(
            Case.campaign_id == campaign_id,
            Case.channel == "random",
            Case.state != CaseState.EXCLUDED,
            # Nor does one that was excluded and has lost its identity since.
            Case.excluded_reason == "",
        )
    )


def _reviews(campaign_id: UUID, turn: Turn) -> Subquery:
    """Return what selects the reading of each case in a turn: the first review in time.

    An amendment is no reading: the first submitted version is.
    """
    place = func.row_number().over(
        partition_by=Review.case_id, order_by=(Review.submitted_at, Review.id)
    )
    ranked = (
        select(
            Review.case_id,
            Review.score,
            Review.blinding_mode,
            Review.allocation_random,
            Review.reviewer_id,
            place.label("place"),
        )
        .join(Case, Case.id == Review.case_id)
        .where(Case.campaign_id == campaign_id, Review.turn == turn, Review.version == 1)
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1).subquery()
