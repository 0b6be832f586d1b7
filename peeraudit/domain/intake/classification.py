"""Is an arriving report new, a repetition, a new version, or a cancellation?"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from peeraudit.domain.intake.reports import IncomingReport, Status, content_hash
from peeraudit.domain.intake.sections import split_sections

Outcome = Literal[
    "accepted",
    "duplicate",
    "updated",
    "confirmed",
    "outdated",
    "cancelled",
    "completed",
    "unwanted",
    "purged",
]

# In characters: shorter findings, such as “Normal.”, are those of many reports.
_SHORTEST_CORE: Final = 60
_ADDENDUM: Final = re.compile(r"\W*(?:addend|compl[ée]ment)", re.IGNORECASE)
# How far a report has come; a version never replaces one that has come further.
_RANK: Final[dict[Status, int]] = {
    "preliminary": 0,
    "final": 1,
    "corrected": 2,
    "addendum": 2,
    "cancelled": 3,
}


class KnownReport(NamedTuple):
    """What is remembered of a version that was received before."""

    report_id: str
    accession: str
    status: Status
    content_hash: str
    signed_at: datetime | None = None


class Arrival(NamedTuple):
    """What else decides on an arriving report, besides its words.

    Attributes:
        has_text: whether it brings a text; a list of what there is to draw from may not.
        awaited: whether its examination was announced without a text that has not come yet.
        drawn: whether the announced report was drawn, so that its text is wanted.
    """

    has_text: bool = True
    awaited: bool = False
    drawn: bool = False


def settle_arrival(existing: Sequence[KnownReport], new: KnownReport, arrival: Arrival) -> Outcome:
    """Return what becomes of an arriving report where lists without texts are used.

    Besides the outcomes of ``classify``:

    - ``completed``: the text of an announced report that was drawn; the report stays the same.
    - ``unwanted``: the text of an announced report that was not drawn; by the rule of data
      minimisation it is not kept.

    An announcement never takes the place of a text. What comes again after its retention never
    gets here: it is ``purged`` whatever it says, and nothing of it is kept.

    Args:
        existing: all known versions with this accession or this report number, in any order.
        new: the report that arrives.
        arrival: what else decides.
    """
    if new.status == "cancelled" or not existing:
        return classify(existing, new)
    if arrival.has_text and arrival.awaited:
        return "completed" if arrival.drawn else "unwanted"
    same_exam = [old for old in existing if old.accession == new.accession]
    if not arrival.has_text and same_exam:
        furthest = max(_RANK[old.status] for old in same_exam)
        return "confirmed" if _RANK[new.status] > furthest else "duplicate"
    return classify(same_exam if not arrival.has_text else existing, new)


def core_hash(text: str, language: str = "") -> str:
    """Return the hash of what a report found and concluded, empty where that is short.

    Its letter, its indication and its technique do not count, its addenda do.

    Args:
        text: the report.
        language: ``fr`` or ``en``, as ``split_sections`` takes it.
    """
    told = (
        part.body
        for part in split_sections(text, language)
        if part.kind in {"findings", "conclusion"} or _ADDENDUM.match(part.heading)
    )
    words = re.sub(r"\W+", " ", " ".join(told)).strip()
    return content_hash(words) if len(words) >= _SHORTEST_CORE else ""


def repeats_core(new: KnownReport, core: str, old: Sequence[tuple[KnownReport, str]]) -> bool:
    """Tell whether a report with other words only repeats what a known version of it says.

    One format carries the letter around findings and conclusion, another these alone. What its
    sender calls corrected or added to, or what has come further, is never taken for a repetition.

    Args:
        new: the report that arrives.
        core: the hash of what it found and concluded.
        old: the known versions of the examination, each with the same hash of its own.
    """
    if not core or new.status in {"corrected", "addendum"}:
        return False
    return any(
        known_core == core and _RANK[new.status] <= _RANK[version.status]
        for version, known_core in old
    )


def known(report: IncomingReport) -> KnownReport:
    """Return what is to be remembered of ``report``."""
    return KnownReport(
        report.report_id, report.accession, report.status, content_hash(report), report.signed_at
    )


def classify(existing: Sequence[KnownReport], incoming: IncomingReport | KnownReport) -> Outcome:
    """Return what becomes of an arriving report.

    - ``accepted``: nothing like it is known; keep it as the first version.
    - ``duplicate``: it says the same as a known version; change nothing.
    - ``confirmed``: the same words with a status that goes further (a preliminary report was
      validated); keep the text, change the status.
    - ``updated``: other words that replace the current version.
    - ``outdated``: other words, but older than the current version (it came out of order);
      keep it as history, the current version stays.
    - ``cancelled``: the report was withdrawn; exclude it, with that reason.

    Args:
        existing: all known versions with this accession or this report number, in any order.
        incoming: the report that arrives.
    """
    new = known(incoming) if isinstance(incoming, IncomingReport) else incoming
    if not existing:
        # Nearly all of a first delivery.
        return "cancelled" if new.status == "cancelled" else "accepted"
    same_exam = [old for old in existing if old.accession == new.accession]
    if new.status == "cancelled":
        withdrawn = any(old.status == "cancelled" for old in same_exam)
        return "duplicate" if withdrawn else "cancelled"
    same_words = [
        old
        for old in existing
        if old.content_hash == new.content_hash
        and (old.accession == new.accession or old.report_id == new.report_id)
    ]
    if same_words:
        furthest = max(_RANK[old.status] for old in same_words)
        return "confirmed" if _RANK[new.status] > furthest else "duplicate"
    if not same_exam:
        return "accepted"
    return "outdated" if _is_older(same_exam, new) else "updated"


def _is_older(same_exam: Sequence[KnownReport], new: KnownReport) -> bool:
    if any(_RANK[old.status] > _RANK[new.status] for old in same_exam):
        return True
    moments = [old.signed_at for old in same_exam if old.signed_at is not None]
    return bool(new.signed_at and moments and new.signed_at < max(moments))
