"""How are the ratings of anybody's agreement study read from a table?"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.statistics.agreement import AgreementSuite, agreement_suite
from peeraudit.domain.statistics.agreement_pair import PairAgreement, pair_agreement
from peeraudit.domain.statistics.results import Estimate, Json, as_json
from peeraudit.domain.tables import Line, read_table

# What the first column of a wide table is called where it names the items.
ITEM_NAMES = frozenset({"", "item", "case", "id", "subject", "unit", "units", "nodule"})
LONG = ("item", "rater", "rating")
ORDERS = ("nominal", "ordinal")
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# What spreadsheets write where there is nothing; a category of that name would be no rating.
NOTHING = frozenset({"na", "n/a", "#n/a", "nan", "null"})
# A study with more categories than that has free text in a column of ratings.
MOST_CATEGORIES = 50


@dataclass(frozen=True)
class Ratings:
    """The ratings of some items by several raters.

    Attributes:
        codes: the categories in order; shape (K,), K >= 2.
        items: category indices from 0 of every item's ratings, in the order of the table.
        raters: the raters' names, in the order of the table.
        table: for two raters the items that both rated, as a K × K table of the first against
            the second; None for another number of raters.
    """

    codes: tuple[str, ...]
    items: tuple[tuple[int, ...], ...]
    raters: tuple[str, ...]
    table: tuple[tuple[int, ...], ...] | None

    def patterns(self) -> dict[tuple[int, ...], int]:
        """Return count vector to number of items."""
        found: Counter[tuple[int, ...]] = Counter()
        for ratings in self.items:
            given = Counter(ratings)
            found[tuple(given[k] for k in range(len(self.codes)))] += 1
        return dict(found)


def read_ratings(text: str, *, scale: str = "ordinal", raters: Sequence[str] = ()) -> Ratings:
    """Return the ratings of a table, long or wide.

    Args:
        text: CSV. Long: the columns item, rater and rating. Wide: one line an item and one
            column a rater, after a first column of that name for the items if there is one
            (such as ``item``, ``case`` or ``id``). A blank cell is a missing rating.
        scale: ``nominal`` or ``ordinal`` for the categories that occur: numbers, and codes that
            begin with one such as 2a, in the order of their size, words in that of the alphabet;
            or the codes of the scale in their order, separated by commas, used or not.
        raters: the columns of the raters in a wide table; all but the first one if it names the
            items, else all, if none is named.

    Returns:
        The ratings.

    Raises:
        InvalidInput: the table is empty, a rater rates an item twice, a rating is no code of the
            scale or a word among numbers, or the scale has fewer than two categories; the message
            names the line.
    """
    columns, lines = read_table(text, needed=())
    is_long = set(LONG) <= set(columns) and not raters
    wanted = [name.strip().lower() for name in raters]
    cells = _long(lines) if is_long else _wide(columns, lines, wanted)
    codes = _codes(scale, cells)
    places = {code: place for place, code in enumerate(codes)}
    items: dict[str, dict[str, int]] = {}
    seen: dict[str, None] = {}
    for cell in cells:
        given = items.setdefault(cell.item, {})
        if cell.rater in given:
            raise InvalidInput(
                N_("Line %(line)d: %(rater)s rates the item %(item)s twice."),
                line=cell.line,
                rater=cell.rater,
                item=cell.item,
            )
        if cell.rating not in places:
            raise InvalidInput(
                N_("Line %(line)d: the scale has no score “%(code)s”; it has: %(codes)s."),
                line=cell.line,
                code=cell.rating,
                codes=", ".join(codes),
            )
        seen[cell.rater] = None
        given[cell.rater] = places[cell.rating]
    return Ratings(
        codes=codes,
        items=tuple(tuple(given.values()) for given in items.values()),
        raters=tuple(seen),
        table=_table(items.values(), tuple(seen), len(codes)),
    )


@dataclass(frozen=True)
class _Cell:
    line: int
    item: str
    rater: str
    rating: str


def _long(lines: Sequence[Line]) -> list[_Cell]:
    cells = []
    for line in lines:
        item, rater, rating = (line.values[name] for name in LONG)
        for name, value in (("item", item), ("rater", rater)):
            if not value:
                raise InvalidInput(
                    N_("Line %(line)d lacks “%(column)s”."), line=line.number, column=name
                )
        # A blank rating is a missing one.
        if rating:
            cells.append(_Cell(line.number, item, rater, rating))
    return _some(cells)


def _wide(columns: Sequence[str], lines: Sequence[Line], wanted: Sequence[str]) -> list[_Cell]:
    has_names = columns[0] in ITEM_NAMES
    raters = wanted or (columns[1:] if has_names else columns)
    absent = [name for name in raters if name not in columns]
    if absent:
        raise InvalidInput(N_("The table has no column “%(column)s”."), column=absent[0])
    if len(raters) < 2 or "" in raters:
        raise InvalidInput(
            N_(
                "The table needs the columns item, rater and rating, or one column with a name for"
                " each of at least two raters."
            )
        )
    cells = []
    seen: set[str] = set()
    for line in lines:
        item = line.values[columns[0]] if has_names else str(line.number)
        if item in seen or not item:
            raise InvalidInput(
                N_("Line %(line)d: the item “%(item)s” stands there twice, or has no name."),
                line=line.number,
                item=item,
            )
        seen.add(item)
        given = [(rater, line.values[rater]) for rater in raters]
        cells += [_Cell(line.number, item, rater, rating) for rater, rating in given if rating]
    return _some(cells)


def _some(cells: list[_Cell]) -> list[_Cell]:
    if not cells:
        raise InvalidInput(N_("The table holds no rating."))
    return cells


def _codes(scale: str, cells: Sequence[_Cell]) -> tuple[str, ...]:
    if scale in ORDERS:
        _check_ratings(cells, is_ordered=scale != "nominal")
        codes = tuple(sorted({cell.rating for cell in cells}, key=_size))
    else:
        codes = tuple(code.strip() for code in scale.split(","))
    if "" in codes or len(set(codes)) < len(codes):
        raise InvalidInput(N_("A code of the scale is blank or stands there twice."))
    if len(codes) < 2:
        raise InvalidInput(
            N_("A scale has at least two categories; this one has %(count)d."), count=len(codes)
        )
    if len(codes) > MOST_CATEGORIES:
        raise InvalidInput(
            N_("The ratings have %(count)d different values, which is no scale of categories."),
            count=len(codes),
        )
    return codes


def _check_ratings(cells: Sequence[_Cell], *, is_ordered: bool) -> None:
    """Refuse what is no rating, and on an ordered scale a word among numbers."""
    counted = any(NUMBER.match(cell.rating) for cell in cells)
    for cell in cells:
        if cell.rating.lower() in NOTHING or not cell.rating.isprintable():
            raise InvalidInput(
                N_(
                    "Line %(line)d: “%(code)s” is no rating. Leave the cell of a missing one blank."
                ),
                line=cell.line,
                code=cell.rating,
            )
        if is_ordered and counted and not NUMBER.match(cell.rating):
            raise InvalidInput(
                N_(
                    "Line %(line)d: “%(code)s” stands among numbers, where its place in the order"
                    " is not known. Name all codes of the scale in their order."
                ),
                line=cell.line,
                code=cell.rating,
            )


def _size(code: str) -> tuple[float, str]:
    """Return by what a code is ordered: its number if it begins with one, then its letters."""
    number = NUMBER.match(code)
    return (float(number[0]), code) if number else (0.0, code)


def _table(
    items: Iterable[Mapping[str, int]], raters: tuple[str, ...], categories: int
) -> tuple[tuple[int, ...], ...] | None:
    if len(raters) != 2:
        return None
    first, second = raters
    table = [[0] * categories for _ in range(categories)]
    for given in items:
        if len(given) == 2:
            table[given[first]][given[second]] += 1
    return tuple(tuple(row) for row in table)


@dataclass(frozen=True)
class StudyAgreement:
    """All that the ratings of a study say about agreement.

    Attributes:
        ratings: what was rated.
        positive: the codes that count as a finding: all but the first.
        suite: the coefficients for any number of raters.
        pair: Cohen's kappas; None unless there are just two raters.
        coefficients: all of them by name, such as ``krippendorff.ordinal`` or
            ``cohen.identity``; on a nominal scale only those that know no order.
    """

    ratings: Ratings
    positive: tuple[str, ...]
    suite: AgreementSuite
    pair: PairAgreement | None
    coefficients: Mapping[str, Estimate]

    def to_dict(self) -> dict[str, Json]:
        """Return all of it as JSON values."""
        return {
            "categories": list(self.ratings.codes),
            "raters": list(self.ratings.raters),
            "positive": list(self.positive),
            "n_items": self.suite.n_items,
            "n_items_multi": self.suite.n_items_multi,
            "n_ratings_used": self.suite.n_ratings_used,
            "status": self.suite.status.value,
            "reasons": as_json(self.suite.reasons),
            "coefficients": {name: part.to_dict() for name, part in self.coefficients.items()},
            "pair": None if self.pair is None else self.pair.to_dict(),
        }


def agreement_of(ratings: Ratings, *, is_nominal: bool) -> StudyAgreement:
    """Return every coefficient of agreement of a study with its interval, S3.01 and S3.02.

    Args:
        ratings: what was rated.
        is_nominal: whether the categories have no order; coefficients with weights are then
            left out.
    """
    k = len(ratings.codes)
    suite = agreement_suite(ratings.patterns(), categories=k, positive=range(1, k))
    pair = None if ratings.table is None else pair_agreement(ratings.table)
    found = dict(suite.coefficients)
    if pair is not None:
        found |= {f"cohen.{name}": part for name, part in pair.kappas.items()}
    if is_nominal:
        found = {name: part for name, part in found.items() if _knows_no_order(name)}
    return StudyAgreement(ratings, ratings.codes[1:], suite, pair, found)


def _knows_no_order(name: str) -> bool:
    group, _, part = name.partition(".")
    return group in {"identity", "specific_agreement"} or part in {"identity", "nominal"}
