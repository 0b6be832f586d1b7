"""Use cases: a reviewer's own findings, written and locked before the report is shown."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.domain.actors import Actor
from peeraudit.domain.blind_reads import OwnFindings, check_draft, check_findings
from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.extensions import db
from peeraudit.models.scoring import BlindRead
from peeraudit.services import trail
from peeraudit.services.reading_desk import Reading, begin, own_reading
from peeraudit.services.score_drafts import (
    NO_WINDOW,
    Window,
    drop_draft,
    find_findings,
    keep_findings,
)


class NotRevealed(Conflicting):
    """The report is shown, and the case scored, only once the own findings are locked."""


class FindingsLocked(Conflicting):
    """The own findings are locked; they stand as they are."""


@dataclass(frozen=True, slots=True)
class BlindStage:
    """How far a reading is that begins without the report.

    Attributes:
        findings: as they were locked, or as they were last kept.
        locked_at: since when the report is shown; None while it is not.
    """

    findings: OwnFindings
    locked_at: datetime | None


def stage_of(reading: Reading) -> BlindStage | None:
    """Return how far a reading is that begins without the report; None of any other."""
    if not reading.protocol.blinding.read_first:
        return None
    row = db.session.get(BlindRead, reading.assignment.id)
    if row is None:
        return BlindStage(find_findings(reading.assignment.id)[0], None)
    return BlindStage(OwnFindings(row.findings, row.seconds), row.locked_at)


def is_hidden(stage: BlindStage | None) -> bool:
    """Return whether the report must not be shown yet."""
    return stage is not None and stage.locked_at is None


def require_revealed(reading: Reading) -> BlindStage | None:
    """Return how far a reading is, and refuse one whose own findings are not locked.

    Raises:
        NotRevealed: they are not.
    """
    stage = stage_of(reading)
    if is_hidden(stage):
        raise NotRevealed(
            N_("Write and lock your own findings first: the report is shown, and scored, then.")
        )
    return stage


def whole_time(sheet: ScoreSheet, blind: BlindStage | None) -> ScoreSheet:
    """Return a sheet whose time is that of the whole reading, from before the report was shown."""
    if blind is None:
        return sheet
    return replace(sheet, seconds=max(sheet.seconds, blind.findings.seconds))


def findings_of(assignment_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what was locked for some assignments, of those for which anything was."""
    rows = select(BlindRead.assignment_id, BlindRead.findings).where(
        BlindRead.assignment_id.in_(assignment_ids)
    )
    return dict(db.session.execute(rows).all())


def save_findings(
    assignment_id: UUID,
    findings: OwnFindings,
    revision: int,
    *,
    by: Actor,
    window: Window = NO_WINDOW,
) -> int:
    """Keep own findings that are still being written; return their new revision.

    Args:
        assignment_id: whose findings.
        findings: as they stand.
        revision: the revision that they are a change of; 0 for the first.
        by: the reviewer.
        window: the window they were typed in, as for a score sheet.

    Raises:
        FindingsLocked: they are locked, or the protocol shows the report from the first.
        ChangedElsewhere: another window kept a newer state.
        InvalidFields: the text is too long, or the time impossible.
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    reading = own_reading(assignment_id, by, lock=True)
    _require_open(reading)
    check_draft(findings)
    begin(reading, by)
    return keep_findings(assignment_id, findings, revision, window)


def lock_findings(
    assignment_id: UUID, findings: OwnFindings, revision: int | None = None, *, by: Actor
) -> None:
    """Lock own findings, for good; from now on the report is shown.

    Args:
        assignment_id: whose findings.
        findings: the whole of them.
        revision: the draft's revision that the person saw; None does not ask.
        by: the reviewer.

    Raises:
        InvalidFields: nothing was written, too much, or the time is impossible.
        FindingsLocked: they are locked; a second click changes nothing.
        ChangedElsewhere: another window kept a newer state.
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    reading = own_reading(assignment_id, by, lock=True)
    _require_open(reading)
    check_findings(findings)
    drop_draft(assignment_id, revision)
    begin(reading, by)
    row = BlindRead(
        assignment_id=assignment_id,
        findings=findings.text.strip(),
        seconds=findings.seconds,
        locked_at=now(),
    )
    db.session.add(row)
    # That it was locked and when, never what was found.
    trail.record("lock_findings", by, object_kind="assignment", object_id=assignment_id)


def _require_open(reading: Reading) -> None:
    if not is_hidden(stage_of(reading)):
        raise FindingsLocked(
            N_("Your findings of this case are locked. They are kept as they were.")
        )
