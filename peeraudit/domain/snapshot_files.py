"""In which files does a snapshot leave the house, so that anybody can compute it again?

Two files hold all that a snapshot was computed from: a table of the reviews, one line each,
and the protocol with the frame's strata. No line names a person; but together the lines tell
more than any page may, so that only whoever runs the installation can write them.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any, TypeAlias

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.instruments import Instrument, find_instrument
from peeraudit.domain.json_text import MOST_REPORTS, is_count, member, parse_json
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_mapping
from peeraudit.domain.review_lines import COLUMNS, DATED, STRATUM, read_readings
from peeraudit.domain.statistics.campaign import (
    EDITION,
    FIRST_EDITION,
    CampaignCounts,
    CampaignNumbers,
    canonical,
    compute,
    fingerprint,
)
from peeraudit.domain.statistics.counting import Ground, count
from peeraudit.domain.statistics.panel_blinding import Guesses
from peeraudit.domain.statistics.results import Json
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.statistics.tallies import Reading
from peeraudit.domain.strata import DEFAULT_FIELDS
from peeraudit.domain.summaries.disclosure import Telling, tell

Sizes: TypeAlias = dict[tuple[str, str], int]

FORMAT = "peeraudit/review-data/v1"
NAMES = ("campaign", "frame_sha256", "protocol", "strata")
EDITION_SHOWN = 20
"""Most characters that are said again of an edition that is none."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the protocol file of an export says.

    Attributes:
        protocol: the locked rules.
        ground: the frame and scale that the reviews are counted on.
        data_sha256: fingerprint of the counts of the snapshot; None where the file names none.
    """

    protocol: Protocol
    ground: Ground
    data_sha256: str | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A snapshot computed again from its files.

    Attributes:
        counts: what was counted.
        numbers: all estimates, nothing hidden.
        results: the text of the snapshot's results: these numbers and what of them is told.
        same_data: whether the counts are those of the snapshot; None where none is named.
    """

    counts: CampaignCounts
    numbers: CampaignNumbers
    results: str
    same_data: bool | None


def recompute(reviews: str, rules: str) -> Recomputed:
    """Return a snapshot computed again from its two files.

    Args:
        reviews: the table of reviews, as CSV.
        rules: the protocol file, as JSON.

    Raises:
        InvalidInput: a file is not what it should be; the message names line and rule.
        Conflicting: the reviews were given under several blinding modes.
        NotFound: this installation does not know the scale.
    """
    given = read_rules(rules)
    counts = count(read_readings(reviews, given.ground), given.ground)
    numbers = compute(counts)
    telling = tell(counts, numbers, given.protocol.thresholds)
    known = given.data_sha256
    same = None if known is None else fingerprint(counts.to_json()) == known
    return Recomputed(counts, numbers, results_text(numbers, telling), same)


def results_text(numbers: CampaignNumbers, telling: Telling) -> str:
    """Return the one text of a snapshot's results; every machine writes the same."""
    content: dict[str, Json] = {"numbers": numbers.to_dict(), "told": telling.to_dict()}
    return canonical({name: settled(part) for name, part in content.items()})


def same_results(kept: str, again: str) -> bool:
    """Return whether the kept text of a snapshot's results says what they are computed to be.

    Snapshots of earlier versions were kept with all digits of their machine.

    Args:
        kept: what was written down.
        again: what :func:`results_text` gives now.
    """
    return (
        kept == again
        or canonical({name: settled(part) for name, part in json.loads(kept).items()}) == again
    )


def write_rules(protocol: Protocol, ground: Ground, *, number: int, data_sha256: str) -> str:
    """Return the protocol file of a snapshot.

    Args:
        protocol: the locked rules.
        ground: the frame and scale.
        number: the snapshot's number.
        data_sha256: fingerprint of its counts.
    """
    snapshot: dict[str, Json] = {"number": number, "data_sha256": data_sha256}
    if ground.edition != FIRST_EDITION:
        snapshot["edition"] = ground.edition
    content = {
        "format": FORMAT,
        "campaign": ground.campaign,
        "frame_sha256": ground.frame_sha256,
        "protocol": json.loads(protocol.to_canonical_json()),
        "protocol_sha256": ground.protocol_sha256,
        "guesses": asdict(ground.guesses) if ground.guesses else None,
        "snapshot": snapshot,
        "strata": _rows_of(ground),
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def _rows_of(ground: Ground) -> list[dict[str, Json]]:
    """Return the strata of a frame; a finer one has a name beside its modality."""
    rows: list[dict[str, Json]] = []
    for (department, name), frame in sorted(ground.strata.items()):
        row: dict[str, Json] = {
            "department": department,
            "modality": ground.modality_of(name),
            "frame": frame,
            "drawn": ground.drawn.get((department, name)),
            "awaited": ground.awaited.get((department, name), 0),
        }
        rows.append(row | ({STRATUM: name} if ground.is_finer else {}))
    return rows


def write_strata(ground: Ground) -> str:
    """Return the strata of a frame as they are kept with the table of reviews."""
    return canonical({"strata": _rows_of(ground)})


def read_strata(text: str) -> tuple[Sizes, Sizes]:
    """Return the reports of each stratum that ``write_strata`` wrote: in the frame, and drawn."""
    rows = json.loads(text)["strata"]
    return _strata(rows, STRATUM), _told_of(rows, "drawn", STRATUM)


def read_rules(text: str) -> Rules:
    """Return what a protocol file says.

    Raises:
        InvalidInput: it is no such file, or its protocol is not the one it has the hash of.
        NotFound: this installation does not know the scale.
    """
    data = _parsed(text)
    protocol = from_mapping(data["protocol"])
    digest = protocol.sha256()
    if data.get("protocol_sha256", digest) != digest:
        raise InvalidInput(
            N_("The protocol in the file is not the one whose hash the file has: %(digest)s."),
            digest=data["protocol_sha256"],
        )
    edition, digest_of_counts = _snapshot(data)
    fields = protocol.sampling.strata
    name = "modality" if fields == DEFAULT_FIELDS else STRATUM
    ground = Ground(
        campaign=str(data["campaign"]),
        protocol_sha256=digest,
        frame_sha256=str(data["frame_sha256"]),
        scale=_scale(protocol),
        routed=protocol.routing.second_review_scores,
        strata=_strata(data["strata"], name),
        drawn=_told_of(data["strata"], "drawn", name),
        awaited=_awaited(data["strata"], name),
        guesses=_guesses(data.get("guesses")),
        fields=fields,
        edition=edition,
    )
    for _, stratum in ground.strata:
        ground.modality_of(stratum)  # refuses a name that is not divided as the protocol says
    return Rules(protocol, ground, digest_of_counts)


def _snapshot(data: Mapping[str, Any]) -> tuple[int, str | None]:
    """Return by which edition of the rules to compute, and the fingerprint of the counts.

    A file that names no snapshot has no fingerprint, and is computed by the newest edition.
    """
    try:
        named = member(data, "snapshot")
        found = named.get("data_sha256")
    except TypeError:
        named, found = {}, False
    if found is not None and not isinstance(found, str):
        raise InvalidInput(
            N_("The protocol file says under “snapshot” what is no number and hash of one.")
        )
    edition = named.get("edition", FIRST_EDITION) if named else EDITION
    if not is_count(edition) or not FIRST_EDITION <= edition <= EDITION:
        raise InvalidInput(
            N_(
                "The numbers of this file were computed by rules that this version does not know:"
                " edition %(edition)s. It knows editions %(first)d to %(last)d."
            ),
            edition=str(edition)[:EDITION_SHOWN],
            first=FIRST_EDITION,
            last=EDITION,
        )
    return edition, found


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        data = parse_json(text)
    except ValueError:
        raise InvalidInput(N_("The protocol file is no JSON.")) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidInput(
            N_("The protocol file is not of the format “%(format)s”."), format=FORMAT
        )
    absent = [name for name in NAMES if name not in data]
    if absent:
        raise InvalidInput(N_("The protocol file lacks “%(name)s”."), name=absent[0])
    return data


def _scale(protocol: Protocol) -> Instrument:
    scale = find_instrument(protocol.instrument.code, protocol.instrument.version)
    if len(scale.codes) < 2:
        raise InvalidInput(
            N_("A scale has at least two categories; this one has %(count)d."),
            count=len(scale.codes),
        )
    return scale


def _strata(rows: object, name: str) -> Sizes:
    """Return the reports of each stratum; ``name`` is the column that tells it apart."""
    found: Sizes = {}
    for place, row in enumerate(rows if isinstance(rows, list) else [], 1):
        frame = row.get("frame") if isinstance(row, dict) else None
        if not is_count(frame):
            raise _no_number(place)
        key = str(row.get("department", "")), str(row.get(name, ""))
        if key in found:
            raise InvalidInput(
                N_("Stratum %(place)d of the protocol file stands there twice."), place=place
            )
        found[key] = frame
    if not found:
        raise InvalidInput(N_("The protocol file names no stratum of the frame."))
    return found


def _no_number(place: int) -> InvalidInput:
    return InvalidInput(
        N_(
            "Stratum %(place)d of the protocol file has no number of reports,"
            " a whole one up to %(most)d."
        ),
        place=place,
        most=MOST_REPORTS,
    )


def _guesses(found: Mapping[str, Any] | None) -> Guesses | None:
    if found is None:
        return None
    try:
        return Guesses.from_dict(found)
    except (KeyError, TypeError, ValueError):
        raise InvalidInput(
            N_("The protocol file says of the guesses what cannot be counted.")
        ) from None


def _awaited(rows: Iterable[Mapping[str, Any]], stratum: str) -> Sizes:
    return {place: n for place, n in _told_of(rows, "awaited", stratum).items() if n}


def _told_of(rows: Iterable[Mapping[str, Any]], name: str, stratum: str) -> Sizes:
    """Return how many reports were drawn or are awaited; a file need not say it, or says 0."""
    found = {}
    for place, row in enumerate(rows, 1):
        told = row.get(name)
        if told is None:
            continue
        if not is_count(told):
            raise _no_number(place)
        if told > row["frame"]:
            raise InvalidInput(
                N_(
                    "Stratum %(place)d of the protocol file: “%(name)s” is %(count)d, more than"
                    " its %(frame)d reports."
                ),
                place=place,
                name=name,
                count=told,
                frame=row["frame"],
            )
        found[str(row.get("department", "")), str(row.get(stratum, ""))] = told
    return found


def write_reviews(readings: Iterable[tuple[str, Reading]], ground: Ground) -> str:
    """Return the table of reviews of a snapshot.

    Args:
        readings: (a name of the case that tells nothing, what is known of it), in any order.
        ground: the frame, from which the weights follow.

    Returns:
        CSV with one line for each first or second review, sorted by case.
    """
    ordered = sorted(readings, key=lambda pair: pair[0])
    sizes = Counter(one.place for _, one in ordered)
    weights = {place: repr(ground.strata[place] / n) for place, n in sizes.items()}
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    has_months = all(one.month is not None for _, one in ordered)
    named = (STRATUM,) if ground.is_finer else ()
    writer.writerow((*COLUMNS, *(DATED if has_months else ()), *named))
    for item, one in ordered:
        weight = weights[one.place]
        more: Sequence[object] = (one.month, one.position) if has_months else ()
        if ground.is_finer:
            more = (*more, one.stratum)
        writer.writerows((*line, *more) for line in _lines(item, one, weight))
    return target.getvalue()


def _lines(item: str, one: Reading, weight: str) -> list[Sequence[object]]:
    (mode,) = one.modes
    scores = [("first", one.first)] + ([("second", one.second)] if one.second else [])
    return [
        (
            *(item, one.department, one.modality, one.author, reader, turn, score, mode),
            "yes" if one.is_double_read else "no",
            "yes" if one.was_random else "no",
            one.outcome or "",
            weight,
        )
        for (turn, score), reader in zip(scores, one.readers, strict=True)
    ]
