"""How is a score sheet kept while it is filled in, whatever the network and other windows do?"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from peeraudit.adapters.clock import now
from peeraudit.domain.blind_reads import OwnFindings
from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.extensions import db
from peeraudit.models.scoring import ReviewDraft


class ChangedElsewhere(Conflicting):
    """Another window kept a newer state of the same sheet."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which window keeps a draft, so that its own repeats are told from another's changes.

    Attributes:
        id: a random word of the open page; empty for a caller that has none.
        step: counts what the window sent, so that a late request never undoes a later one.
    """

    id: str = ""
    step: int = 0


NO_WINDOW = Window()


def find_draft(assignment_id: UUID) -> tuple[ScoreSheet, int]:
    """Return the sheet as it was last kept and its revision; an empty one and 0 before that."""
    row = db.session.get(ReviewDraft, assignment_id)
    if row is None:
        return ScoreSheet(None), 0
    return ScoreSheet(**json.loads(row.sheet)["sheet"]), row.revision


def find_findings(assignment_id: UUID) -> tuple[OwnFindings, int]:
    """Return own findings that are not locked, and their revision; empty ones and 0 before."""
    row = db.session.get(ReviewDraft, assignment_id)
    if row is None:
        return OwnFindings(), 0
    return OwnFindings(**json.loads(row.sheet)["findings"]), row.revision


def keep_draft(assignment_id: UUID, sheet: ScoreSheet, revision: int, window: Window) -> int:
    """Write a sheet down and return its new revision; the caller has locked the assignment.

    Raises:
        ChangedElsewhere: another window kept a newer state.
    """
    return _keep(assignment_id, {"sheet": asdict(sheet)}, revision, window)


def keep_findings(assignment_id: UUID, findings: OwnFindings, revision: int, window: Window) -> int:
    """Write own findings down and return their new revision; locking them drops this draft.

    A reading has either a draft of its findings or, once these are locked, one of its sheet.

    Raises:
        ChangedElsewhere: another window kept a newer state.
    """
    return _keep(assignment_id, {"findings": asdict(findings)}, revision, window)


def _keep(assignment_id: UUID, part: Mapping[str, object], revision: int, window: Window) -> int:
    row = db.session.get(ReviewDraft, assignment_id)
    content = json.dumps({**part, "window": asdict(window)}, ensure_ascii=False)
    if row is None:
        row = ReviewDraft(assignment_id=assignment_id, sheet=content, revision=1, saved_at=now())
        db.session.add(row)
    elif not _is_known(row, content, revision, window):
        row.sheet, row.saved_at = content, now()
        row.revision += 1
    return row.revision


def drop_draft(assignment_id: UUID, revision: int | None) -> None:
    """Throw a sheet away that is about to be handed in.

    Args:
        assignment_id: whose sheet.
        revision: what the person last saw of it; None does not ask.

    Raises:
        ChangedElsewhere: another window kept a newer state.
    """
    row = db.session.get(ReviewDraft, assignment_id)
    if row is None:
        return
    if revision is not None and row.revision != revision:
        raise _changed_elsewhere()
    db.session.delete(row)


def outdate_windows(assignment_id: UUID, *, is_hidden: bool) -> None:
    """Let every open window of a sheet learn that it was changed; what was typed stays.

    Args:
        assignment_id: whose sheet.
        is_hidden: its report is not shown yet, so that no window shows an older one.
    """
    row = db.session.get(ReviewDraft, assignment_id, with_for_update=True)
    if row is not None:
        row.sheet = json.dumps(
            {**json.loads(row.sheet), "window": asdict(NO_WINDOW)}, ensure_ascii=False
        )
        row.revision += 1
    elif not is_hidden:
        keep_draft(assignment_id, ScoreSheet(None), 0, NO_WINDOW)


def _is_known(row: ReviewDraft, content: str, revision: int, window: Window) -> bool:
    if row.sheet == content:
        return True
    last = Window(**json.loads(row.sheet)["window"])
    if window.id and window.id == last.id:
        # The answer to an earlier step may have been lost: the step counts, not the revision.
        return window.step <= last.step
    if row.revision != revision:
        raise _changed_elsewhere()
    return False


def _changed_elsewhere() -> ChangedElsewhere:
    return ChangedElsewhere(
        N_("This sheet was changed in another window. Reload the page to see its present state.")
    )
