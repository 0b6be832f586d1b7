"""Use cases: what becomes of the reports of one bite of a file, decided together, written in bulk.

Two jobs of one department may meet at the same examination. The database then refuses the second
of two current versions; that bite is undone, waits until it is alone, looks again at what is
known, and decides anew.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, update
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters import clock
from peeraudit.adapters.bulk import insert_rows
from peeraudit.adapters.turns import take_turn
from peeraudit.domain.errors import N_
from peeraudit.domain.intake.classification import (
    Arrival,
    KnownReport,
    Outcome,
    known,
    settle_arrival,
)
from peeraudit.domain.intake.reports import Accepted, IncomingReport, Item, Refused
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, Report, Upload
from peeraudit.services import (
    blinding,
    blinding_intake,
    intake_members,
    intake_purged,
    intake_refused,
    intake_texts,
    report_changes,
)
from peeraudit.services.blinding_intake import Prepared
from peeraudit.services.blinding_records import Sealing
from peeraudit.services.intake_shelf import Shelf, Version, known_versions, repeats

STATUSES = ("accepted", "updated", "duplicate", "excluded", "refused")
ATTEMPTS = 5
T = TypeVar("T")
_ITEMS = cast("Table", IntakeItem.__table__)
_REPORTS = cast("Table", Report.__table__)
_STATUS_OF: dict[Outcome, str] = {
    "accepted": "accepted",
    "updated": "updated",
    "completed": "updated",
    "confirmed": "updated",
    "outdated": "updated",
    "duplicate": "duplicate",
    "cancelled": "excluded",
    "unwanted": "excluded",
    "purged": "duplicate",
}
REASON_OF: dict[Outcome, str] = {
    "accepted": "",
    "updated": N_("A new version of a report that is known."),
    "completed": N_("The text of a report that was drawn from a list without texts."),
    "confirmed": N_("The same text as before, now with a later status."),
    "outdated": N_("An older version than the one that is known; kept as history."),
    "duplicate": N_("This report is known already; nothing was changed."),
    "cancelled": N_("The sender cancelled this report; it will not be drawn."),
    "unwanted": N_(
        "This report was announced without its text and was not drawn, so its text is not "
        "needed: it was not kept."
    ),
    "purged": N_(
        "This report is known, and the time for which it may be kept is over: nothing of it was "
        "kept."
    ),
}
_NEW_VERSION = frozenset({"accepted", "updated", "outdated", "cancelled"})
_MAY_REPEAT = frozenset({"updated", "outdated"})
_REPLACES = frozenset({"updated", "cancelled"})


class Arrived(NamedTuple):
    """An item as it was read, with what is compared of its report worked out ahead."""

    item: Item
    known: KnownReport | None
    prepared: Prepared | None = None

    @classmethod
    def of(cls, item: Item, *, frame_only: bool) -> "Arrived":
        """Return an item; a report without text counts where a list of reports is read."""
        if isinstance(item, Refused) and frame_only and item.report is not None:
            item = Accepted(item.position, item.report)
        return cls(item, known(item.report) if isinstance(item, Accepted) else None)

    def sealed(self, sealing: Sealing, authors: Mapping[str, UUID]) -> "Arrived":
        """Return the item with what it would keep of people sealed ahead of its transaction."""
        if isinstance(self.item, Refused):
            return self
        prepared = blinding_intake.prepare_one(self.item.report, sealing, authors, uuid4())
        return Arrived(self.item, self.known, prepared)


@dataclass(slots=True)
class _Bite:
    """What is to be written of a bite; what its upload says is asked of the row once."""

    upload_id: UUID
    sha256: str
    department_id: UUID
    format: str
    dry_run: bool
    moment: datetime
    shelf: Shelf
    drawn: frozenset[UUID]
    purged: frozenset[str]
    items: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    people: list[Prepared] = field(default_factory=list)
    replaced: set[UUID] = field(default_factory=set)
    # The version that takes the place of each older one of its examination, drawn or not.
    changed: dict[UUID, UUID] = field(default_factory=dict)
    confirmed: list[dict[str, Any]] = field(default_factory=list)
    completed: dict[UUID, IncomingReport] = field(default_factory=dict)
    held: list[tuple[UUID, Refused]] = field(default_factory=list)


def take_in(upload: Upload, arrived: Sequence[Arrived], *, first: int) -> dict[str, UUID]:
    """Write down what becomes of each item.

    Args:
        upload: the file.
        arrived: its next items, in its order.
        first: the position of the first of them, from 1.

    Returns:
        The ids of their authors by key, with which the next items may be sealed.
    """
    return _decide_together(upload, lambda: _take_in(upload, arrived, first))


def settle_one(upload: Upload, item: IntakeItem, arrived: Arrived) -> None:
    """Decide anew on an item that was refused and is put right; its row says what became of it.

    Args:
        upload: the file that it came in.
        item: its row.
        arrived: what it is now.
    """
    _decide_together(upload, lambda: _settle_one(upload, item, arrived))


def _decide_together(upload: Upload, write: Callable[[], T]) -> T:
    """Write beside the department's other jobs; if they meet, undo it and write again alone."""
    attempt = 1
    while True:
        try:
            with db.session.begin_nested():
                take_turn(upload.department_id, alone=attempt > 1)
                return write()
        except IntegrityError:
            # Another job wrote of the same examinations, or another department of one author.
            if attempt == ATTEMPTS:
                raise
        attempt += 1


def _take_in(upload: Upload, arrived: Sequence[Arrived], first: int) -> dict[str, UUID]:
    bite = _bite(upload, arrived)
    for position, one in enumerate(arrived, start=first):
        _decide(bite, one, uuid4(), position)
    authors = _write_reports(bite)
    insert_rows(db.session.connection(), _ITEMS, bite.items)
    if not upload.dry_run:
        intake_refused.hold(bite.held)
    add_up(upload.id, Counter(row["status"] for row in bite.items))
    return authors


def _settle_one(upload: Upload, item: IntakeItem, arrived: Arrived) -> None:
    bite = _bite(upload, [arrived])
    _decide(bite, arrived, item.id, item.position)
    _write_reports(bite)
    row = bite.items[0]
    if isinstance(arrived.item, Refused):
        intake_refused.hold_again(item.id, arrived.item)
    else:
        intake_refused.drop(item.id)
    item.sealed_names = intake_members.names_again(item, upload, row["sealed_names"])
    for name in ("status", "reason_code", "reason", "reason_params", "report_id"):
        setattr(item, name, row[name])
    counts = Counter({item.status: 1})
    counts.subtract({"refused": 1})
    add_up(upload.id, counts, items=0)


def _bite(upload: Upload, arrived: Iterable[Arrived]) -> _Bite:
    reports = [one.known for one in arrived if one.known is not None]
    purged = intake_purged.find(upload.department_id, {report.accession for report in reports})
    shelf = known_versions(upload.department_id, reports)
    awaiting = [v.id for versions in shelf.by_accession.values() for v in versions if v.awaits_text]
    return _Bite(
        upload_id=upload.id,
        sha256=upload.sha256,
        department_id=upload.department_id,
        format=upload.format,
        dry_run=upload.dry_run,
        moment=clock.now(),
        shelf=shelf,
        drawn=blinding.drawn_reports(awaiting),
        purged=purged,
    )


def _decide(bite: _Bite, arrived: Arrived, item_id: UUID, position: int) -> None:
    item = arrived.item
    report_id = None
    kept = intake_members.without_names(item, bite.sha256, position)
    if isinstance(item, Refused):
        status, code, reason = "refused", item.code, item.message
        bite.held.append((item_id, item))
    else:
        outcome, report_id = _outcome(bite, arrived, item.report)
        status, reason = _STATUS_OF[outcome], REASON_OF[outcome]
        code = "" if outcome == "accepted" else outcome
    bite.items.append(
        {
            "id": item_id,
            "upload_id": bite.upload_id,
            "position": position,
            "locator": _shortened(kept.place),
            "sealed_names": kept.sealed,
            "status": status,
            "reason_code": code,
            "reason": reason,
            "reason_params": _as_json(kept.params) if kept.params else "{}",
            "report_id": report_id,
        }
    )


def _outcome(bite: _Bite, arrived: Arrived, report: IncomingReport) -> tuple[Outcome, UUID | None]:
    new = arrived.known or known(report)
    if new.accession in bite.purged:
        return "purged", None
    versions = bite.shelf.matching(new)
    same_exam = [v for v in versions if v.report.accession == new.accession]
    current = next((v for v in same_exam if v.is_current), None) if same_exam else None
    arrival = Arrival(
        has_text=bool(report.text),
        awaited=current is not None and current.awaits_text,
        drawn=current is not None and current.id in bite.drawn,
    )
    outcome = settle_arrival([v.report for v in versions], new, arrival)
    if outcome in _MAY_REPEAT and report.text and repeats(report, new, same_exam):
        outcome = "duplicate"
    if bite.dry_run:
        return outcome, None
    if outcome in _NEW_VERSION:
        prepared = arrived.prepared or blinding_intake.prepare(
            report, department_id=bite.department_id, authors={}
        )
        return outcome, _add_version(bite, prepared, new, same_exam, outcome)
    found = current or (versions[-1] if versions else None)
    if found is None or outcome == "unwanted":
        return outcome, None
    if outcome == "confirmed":
        _confirm(bite, found, new)
    elif outcome == "completed":
        bite.completed[found.id] = report
        found.report, found.awaits_text = new, False
    return outcome, found.id


def _add_version(
    bite: _Bite,
    prepared: Prepared,
    new: KnownReport,
    same_exam: Sequence[Version],
    outcome: Outcome,
) -> UUID:
    if outcome in _REPLACES:
        for old in same_exam:
            if old.row is None:
                bite.changed[old.id] = prepared.report_id
            if old.is_current and old.row is None:
                bite.replaced.add(old.id)
            elif old.row is not None:
                old.row["is_current"] = False
            old.is_current = False
    row = _row(bite, prepared, new)
    row["version"] = 1 + max((v.number for v in same_exam), default=0) if same_exam else 1
    row["is_current"] = outcome != "outdated"
    row["excluded_reason"] = "cancelled" if outcome == "cancelled" else ""
    bite.reports.append(row)
    bite.people.append(prepared)
    awaits = bool(row["awaits_text"])
    bite.shelf.add(
        Version(row["id"], new, row["version"], row["is_current"], awaits, row, prepared.report)
    )
    return prepared.report_id


def _row(bite: _Bite, prepared: Prepared, new: KnownReport) -> dict[str, Any]:
    report = prepared.report
    performed_on = report.performed_on or clock.local_day(report.signed_at or bite.moment)
    return {
        "id": prepared.report_id,
        "department_id": bite.department_id,
        "accession": report.accession,
        "report_key": report.report_id,
        "status": report.status,
        "modality": report.modality,
        "region": report.region,
        "derived": " ".join(report.derived),
        "exam": report.exam[:200],
        "urgency": report.urgency,
        "laterality": report.laterality,
        "is_child": report.is_child,
        "language": report.language,
        "performed_on": performed_on,
        "signed_at": report.signed_at,
        "has_text": bool(report.text),
        "awaits_text": not report.text and report.status != "cancelled",
        "content_hash": new.content_hash,
        "format": bite.format,
        "received_at": bite.moment,
    }


def _confirm(bite: _Bite, found: Version, new: KnownReport) -> None:
    if found.row is None:
        values = {"known_id": found.id, "status": new.status, "signed_at": new.signed_at}
        bite.confirmed.append(values)
    else:
        found.row |= {"status": new.status, "signed_at": new.signed_at}
    old = found.report
    found.report = KnownReport(
        old.report_id, old.accession, new.status, old.content_hash, new.signed_at
    )


def _write_reports(bite: _Bite) -> dict[str, UUID]:
    """Write the versions, in an order in which two workers never wait; return the authors' ids."""
    if bite.replaced:
        ids = sorted(bite.replaced)
        db.session.execute(update(Report).where(Report.id.in_(ids)).values(is_current=False))
    rows = sorted(bite.reports, key=lambda row: (row["accession"], row["version"]))
    insert_rows(db.session.connection(), _REPORTS, rows)
    if bite.confirmed:
        db.session.connection().execute(
            update(_REPORTS)
            .where(_REPORTS.c.id == bindparam("known_id"))
            .values(status=bindparam("status"), signed_at=bindparam("signed_at")),
            sorted(bite.confirmed, key=lambda values: values["known_id"]),
        )
    department_id = bite.department_id
    authors = blinding_intake.remember_identities(bite.people, department_id=department_id)
    for report_id in sorted(bite.completed):
        intake_texts.attach(report_id, bite.completed[report_id], department_id=department_id)
    report_changes.note_versions(bite.changed)
    return authors


def add_up(upload_id: UUID, counts: Counter[str], *, items: int | None = None) -> None:
    """Add items to the sums of an upload.

    Args:
        upload_id: the file.
        counts: items by the way in which they ended; below zero where one ends otherwise now.
        items: how many of them are new; None where all are.
    """
    added = counts.total() if items is None else items
    db.session.execute(
        update(Upload)
        .where(Upload.id == upload_id)
        .values(
            items=Upload.items + added,
            **{status: getattr(Upload, status) + counts[status] for status in STATUSES},
        )
    )


def _shortened(sentence: Sentence) -> str:
    """Return a place as JSON of at most 300 characters that can still be read."""
    text = sentence.to_json()
    if len(text) <= 300:
        return text
    params = {k: str(v)[:60] for k, v in sentence.params.items()}
    return Sentence(sentence.message, params).to_json()[:300]


def _as_json(params: dict[str, object]) -> str:
    text = json.dumps(params, ensure_ascii=False, default=str)
    if len(text) <= 500:
        return text
    return json.dumps({k: str(v)[:80] for k, v in params.items()}, ensure_ascii=False)[:500]
