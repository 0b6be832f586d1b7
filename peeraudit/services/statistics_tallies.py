"""Use cases: counting a campaign's readings in the database, in one statement."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from peeraudit.adapters.database import without_nested_loops
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.statistics.tallies import Kind, Reading, Tallies
from peeraudit.domain.workflow import READING_TURNS, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.adjudication import Outcome
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_places, blinding_strata, campaigns

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
KINDS, AUTHORS, READERS, MONTHS, POSITIONS = range(5)
"""What a row of the statement counts."""
WORDS = ("department", "author", "modality", "month", "first", "second", "outcome", "mode", "other")
"""Columns of text by which cases are counted; a part that does not need one leaves it blank."""
STRATUM = "stratum"
"""One more such column, where strata are not by modality alone."""
FLAGS = ("twice", "random")
ROWS_AT_ONCE = 10_000
MONTH_LENGTH = len("2026-03")


def tallies_of(campaign_id: UUID, scale: Instrument) -> Tallies:
    """Return how often a case of a campaign was read in each way; targeted cases never count.

    Cases are grouped where they lie, so that no more than the groups comes here, and in one
    statement: one moment for all of them.

    Args:
        campaign_id: whose cases.
        scale: what they were scored with.
    """
    authors = blinding_places.names_of_authors(_department_ids(campaign_id))
    strata = blinding_strata.names_of_strata(campaign_id)
    modes, positions = set[str](), defaultdict[str, list[int]](list)
    kinds, readers = Counter[Kind](), Counter[tuple[str, str, str]]()
    people, months = Counter[tuple[str, str, str, str]](), Counter[tuple[str, str, str, str]]()
    with without_nested_loops(db.session.connection()):
        rows = db.session.execute(_groups(campaign_id, scale, has_strata=bool(strata)))
    for row in rows:
        if row.part == READERS:
            readers[str(UUID(row.reader)), row.modality, row.first] = row.cases
        elif row.part == AUTHORS:
            stratum = _stratum(row.stratum, strata) if strata else ""
            people[row.department, row.modality, authors[row.author], stratum] += row.cases
        elif row.part == MONTHS:
            months[row.department, authors[row.author], row.month, row.first] += row.cases
        elif row.part == POSITIONS:
            positions[row.department].append(row.cases)
        else:
            kinds[_kind(row, strata)] += row.cases
            # Without a second reading there is no second mode.
            modes |= {row.mode, row.other or row.mode}
    placed = {department: tuple(sorted(found)) for department, found in positions.items()}
    return Tallies(kinds, frozenset(modes), people, readers, months, placed)


def _stratum(column: str | None, strata: Mapping[str, str]) -> str:
    found = strata.get(column or "")
    if found is None:
        raise LookupError("a case that was read is of no stratum of its frame")
    return found


def _kind(row: Any, strata: Mapping[str, str]) -> Kind:  # noqa: ANN401 - a union's row has no type
    if row.department is None:
        raise LookupError("a case that was read has no identity")
    return Kind(
        row.department,
        row.modality,
        bool(row.twice),
        row.first,
        row.second,
        row.outcome,
        bool(row.random),
        _stratum(row.stratum, strata) if strata else "",
    )


def readings_of(
    campaign_id: UUID, alias: Callable[[str, object], str]
) -> Iterator[tuple[str, Reading]]:
    """Yield (case, reading) of a campaign one by one, for the table that is kept or handed out.

    Args:
        campaign_id: whose readings.
        alias: gives the name under which a ``case``, an ``author`` or a ``reviewer`` stands there.
    """
    # Authors, reviewers and modes come again with thousands of cases.
    known = lru_cache(maxsize=None)(alias)
    authors = blinding_places.names_of_authors(_department_ids(campaign_id))
    strata = blinding_strata.names_of_strata(campaign_id)
    modes: dict[tuple[str, str | None], frozenset[str]] = {}
    with without_nested_loops(db.session.connection()):
        rows = db.session.execute(
            select_cases(campaign_id, has_strata=bool(strata)),
            execution_options={"yield_per": ROWS_AT_ONCE},
        )
    for row in rows:
        case_id, department, author, modality, twice, first, second, outcome, *rest = row
        mode, other, random, reader, again, month, position, *stratum = rest
        readers = [known("reviewer", UUID(reader))]
        if again is not None:
            readers.append(known("reviewer", UUID(again)))
        yield (
            alias("case", case_id),
            Reading(
                department,
                modality,
                known("author", authors[author]),
                twice,
                first,
                second,
                outcome,
                modes.setdefault((mode, other), frozenset(filter(None, (mode, other)))),
                tuple(readers),
                random,
                month,
                position,
                _stratum(stratum[0], strata) if strata else "",
            ),
        )


def _department_ids(campaign_id: UUID) -> list[UUID]:
    return [place.id for place in campaigns.departments_of([campaign_id])[campaign_id]]


def _groups(campaign_id: UUID, scale: Instrument, *, has_strata: bool) -> Any:  # noqa: ANN401 - as above
    """Return the statement that counts all that numbers follow from."""
    read = select_cases(campaign_id, has_strata=has_strata).cte("read_case")
    more = (STRATUM,) if has_strata else ()
    kinds = (*FLAGS, *(name for name in WORDS if name not in ("author", "month")), *more)
    return union_all(
        _group(read, KINDS, *kinds),
        _group(read, AUTHORS, "department", "author", "modality", *more),
        _group(read, READERS, "reader", "modality", "first").where(read.c.random),
        _group(read, MONTHS, "department", "author", "month", "first"),
        _columns(read, POSITIONS, read.c.position, "department").where(
            read.c.first.in_(scale.discrepant)
        ),
    )


def _group(read: CTE, part: int, *names: str) -> Select[Any]:
    """Return the cases counted by some columns."""
    return _columns(read, part, func.count(), *names).group_by(*(read.c[name] for name in names))


def _columns(read: CTE, part: int, number: ColumnElement[int], *names: str) -> Select[Any]:
    """Return a number beside some columns; the other columns are there, and blank."""

    def column(name: str) -> ColumnElement[Any]:
        if name in names:
            return read.c[name]
        return cast(null(), String()).label(name)

    def flag(name: str) -> ColumnElement[Any]:
        return read.c[name] if name in names else literal(value=False).label(name)

    return select(
        literal(part).label("part"),
        column("reader"),
        number.label("cases"),
        *(flag(name) for name in FLAGS),
        *(column(name) for name in WORDS),
        *(column(name) for name in (STRATUM,) if name in read.c),
    )


def select_cases(campaign_id: UUID, *, has_strata: bool = False) -> Select[Any]:
    """Return what selects the random cases that were read, with the first readings of each.

    For services alone: it names authors and reviewers by ids.

    Args:
        campaign_id: whose cases.
        has_strata: the identities tell the stratum; it comes last.
    """
    read = _readings(campaign_id)
    places = blinding_places.places_in(
        campaign_id, _department_ids(campaign_id), has_strata=has_strata
    ).subquery()
    month = func.substr(Case.shown_date, 1, MONTH_LENGTH)
    # Within a month the tickets of the draw decide, which are chance.
    position = func.row_number().over(
        partition_by=places.c.department, order_by=(month, Case.ticket)
    )
    return (
        select(
            Case.id.label("case_id"),
            places.c.department.label("department"),
            places.c.author_index.label("author"),
            Case.modality.label("modality"),
            Case.is_double_read.label("twice"),
            read.c.first,
            read.c.second,
            case((Case.state.in_(SETTLED), Outcome.score)).label("outcome"),
            read.c.mode,
            read.c.other,
            (read.c.random == 1).label("random"),
            read.c.reader,
            read.c.reader_again,
            month.label("month"),
            position.label("position"),
            *([places.c.stratum_index.label(STRATUM)] if has_strata else []),
        )
        .join(read, read.c.case_id == Case.id)
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


def _readings(campaign_id: UUID) -> CTE:
    """Return what selects the two readings of each case that was read, beside one another.

    A reading is the first review of its turn in time; an amendment is none. Ranked in one pass and
    kept: PostgreSQL, before it has counted its rows, would rank them all again for each case.
    """
    place = func.row_number().over(
        partition_by=(Review.case_id, Review.turn), order_by=(Review.submitted_at, Review.id)
    )
    ranked = (
        select(
            Review.case_id,
            Review.turn,
            Review.score,
            Review.blinding_mode,
            cast(Review.allocation_random, Integer).label("random"),
            # Neither database knows the greatest of ids.
            cast(Review.reviewer_id, String).label("reader"),
            place.label("place"),
        )
        .join(Case, Case.id == Review.case_id)
        .where(
            Case.campaign_id == campaign_id,
            Review.turn.in_(READING_TURNS),
            Review.version == 1,
        )
        .subquery()
    )

    def of(turn: Turn, column: ColumnElement[Any]) -> ColumnElement[Any]:
        # Not a condition on the rows: PostgreSQL takes one on a rank to leave next to none, and
        # joins all that follows row by row.
        return func.max(case((and_(ranked.c.turn == turn, ranked.c.place == 1), column)))

    first = of(Turn.FIRST, ranked.c.score)
    return (
        select(
            ranked.c.case_id,
            first.label("first"),
            of(Turn.SECOND, ranked.c.score).label("second"),
            of(Turn.FIRST, ranked.c.blinding_mode).label("mode"),
            of(Turn.SECOND, ranked.c.blinding_mode).label("other"),
            of(Turn.FIRST, ranked.c.random).label("random"),
            of(Turn.FIRST, ranked.c.reader).label("reader"),
            of(Turn.SECOND, ranked.c.reader).label("reader_again"),
        )
        .group_by(ranked.c.case_id)
        .having(first.is_not(None))
        .cte("read_review")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
