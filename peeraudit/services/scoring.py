"""Use cases: a reviewer's queue, the case on the screen, its draft and its review."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Msgid
from peeraudit.domain.examinations import ExamFacts
from peeraudit.domain.instruments import Instrument
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.scoring import (
    ScoreSheet,
    check_draft,
    check_sheet,
    describe_blinding,
    is_read,
    name_blinding,
)
from peeraudit.domain.workflow import (
    GONE,
    READING_TURNS,
    AssignmentEvent,
    AssignmentState,
    CaseEvent,
    CaseState,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review, ReviewDraft
from peeraudit.services import (
    blind_reads,
    blinding,
    notifications,
    offers,
    prior_reports,
    trail,
)
from peeraudit.services.blind_reads import BlindStage, is_hidden
from peeraudit.services.case_texts import (
    Segments,
    SheetSection,
    exam_of,
    facts_of_case,
    opening_of_report,
    whole_report,
)
from peeraudit.services.prior_reports import PriorView
from peeraudit.services.reading_desk import (
    PRESSING,
    Reading,
    begin,
    count_progress,
    own_reading,
    reviewer_of,
    waiting_for,
)
from peeraudit.services.score_drafts import (
    NO_WINDOW,
    Window,
    drop_draft,
    find_draft,
    find_findings,
    keep_draft,
)

_PLANNED_ORIGINS = ("plan", "random")


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """A case that waits for its reviewer; nothing in it tells where it comes from.

    Attributes:
        is_offered: the offer waits for its answer.
        is_started: the reviewer has opened it.
        has_draft: part of the sheet is filled in and kept.
    """

    assignment_id: UUID
    code: str
    campaign: str
    modality: str
    region: str
    due_at: datetime
    is_offered: bool
    is_started: bool
    has_draft: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What a reviewer has to read, the most pressing first, and what is done.

    Attributes:
        done: reviews submitted, in cases.
        seconds: active reading time of those, in seconds.
    """

    cases: tuple[QueuedCase, ...]
    done: int
    seconds: int


@dataclass(frozen=True, slots=True)
class SheetView:
    """All that a reviewer may see of a case; no link to its images, which would name it.

    Attributes:
        exam: the examination's name as its sender writes it, masked; nothing where the
            report says it itself.
        position: which case of the campaign this is for the reviewer, from 1.
        total: cases of the reviewer in the campaign, in cases.
        department: who sent the report, where the protocol shows it, else empty.
        month: ``YYYY-MM`` where the protocol shows the month, else empty.
        blinding: the sentence that says what the protocol masks.
        priors: earlier reports of the patient, masked, where the protocol shows them.
        blind: how far a reading is that begins without the report; None of any other. Until
            its findings are locked, ``sections`` holds indication and technique alone.
        revision: how often the draft was kept; 0 where there is none.
    """

    assignment_id: UUID
    code: str
    campaign: str
    modality: str
    region: str
    department: str
    exam: Segments
    month: str
    facts: ExamFacts
    language: str
    due_at: datetime
    position: int
    total: int
    blinding: Msgid
    sections: tuple[SheetSection, ...]
    priors: tuple[PriorView, ...]
    blind: BlindStage | None
    instrument: Instrument
    sheet: ScoreSheet
    revision: int


def list_queue(*, by: Actor) -> Queue:
    """Return the cases that wait for the acting reviewer, and how many are done."""
    by.require(Permission.SCORE_CASES)
    rows = db.session.execute(
        select(Assignment, Case, Campaign.title, ReviewDraft.revision)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .outerjoin(ReviewDraft, ReviewDraft.assignment_id == Assignment.id)
        .where(Assignment.id.in_(waiting_for(by)))
        .order_by(*PRESSING)
    )
    done = select(func.count(), func.coalesce(func.sum(Review.seconds), 0)).where(
        Review.reviewer_id.in_(reviewer_of(by)), Review.version == 1, Review.turn.in_(READING_TURNS)
    )
    count, seconds = db.session.execute(done).one()
    return Queue(tuple(_queued(*row) for row in rows), count, int(seconds))


def find_next(*, by: Actor) -> UUID | None:
    """Return the case that the acting reviewer reads next; None where none is left."""
    by.require(Permission.SCORE_CASES)
    return db.session.scalar(
        select(Assignment.id).where(Assignment.id.in_(waiting_for(by))).order_by(*PRESSING).limit(1)
    )


def show_sheet(assignment_id: UUID, *, by: Actor) -> SheetView:
    """Return a case as its reviewer may see it, with the draft of the sheet.

    Raises:
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    reading = own_reading(assignment_id, by)
    assignment, case_row, campaign = reading
    blind = blind_reads.stage_of(reading)
    sheet, revision = _draft(assignment_id, blind)
    submitted, total = count_progress(assignment)
    return SheetView(
        assignment_id=assignment.id,
        code=case_row.code,
        campaign=campaign.title,
        modality=case_row.modality,
        region=case_row.region,
        department=blinding.shown_department(case_row.id, reading.protocol.blinding),
        month=case_row.shown_date[:7],
        facts=facts_of_case(case_row).given() if is_hidden(blind) else facts_of_case(case_row),
        language=case_row.language,
        due_at=assignment.due_at,
        position=submitted + 1,
        total=total,
        exam=exam_of(case_row),
        blinding=describe_blinding(reading.protocol.blinding),
        sections=_sections(case_row, blind),
        priors=prior_reports.shown_with(case_row.id, reading.protocol.blinding),
        blind=blind,
        instrument=reading.instrument,
        sheet=sheet,
        revision=revision,
    )


def check_readable(assignment_id: UUID, *, by: Actor) -> None:
    """Refuse a case that may no longer be on its reviewer's screen.

    Raises:
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    own_reading(assignment_id, by)


def open_case(assignment_id: UUID, *, by: Actor) -> None:
    """Begin a case; one that was begun is left as it is.

    Raises:
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    reading = own_reading(assignment_id, by, lock=True)
    begin(reading, by)


def open_next(*, by: Actor) -> UUID | None:
    """Begin the case that the acting reviewer reads next, and return it."""
    assignment_id = find_next(by=by)
    if assignment_id is not None:
        open_case(assignment_id, by=by)
    return assignment_id


def save_draft(
    assignment_id: UUID,
    sheet: ScoreSheet,
    revision: int,
    *,
    by: Actor,
    window: Window = NO_WINDOW,
) -> int:
    """Keep a sheet that is still being filled in; return its new revision.

    Args:
        assignment_id: whose sheet.
        sheet: the sheet as it stands; what is missing may be missing.
        revision: the revision that the sheet is a change of; 0 for the first.
        by: its reviewer.
        window: the window it was typed in. One window's later step follows its earlier one
            even if the answer to that was lost; a step that comes late changes nothing.

    Raises:
        NotRevealed: the own findings come first, and are not locked.
        ChangedElsewhere: another window kept a newer state.
        InvalidFields: no further work could make the sheet complete.
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    reading = own_reading(assignment_id, by, lock=True)
    blind_reads.require_revealed(reading)
    check_draft(sheet, reading.instrument)
    begin(reading, by)
    return keep_draft(assignment_id, sheet, revision, window)


def submit_review(
    assignment_id: UUID, sheet: ScoreSheet, revision: int | None = None, *, by: Actor
) -> UUID:
    """Hand a complete sheet in, for good; return the review's id.

    Args:
        assignment_id: whose sheet.
        sheet: the whole sheet.
        revision: the draft's revision that the person saw; None does not ask.
        by: its reviewer.

    Raises:
        NotRevealed: the own findings come first, and are not locked.
        InvalidFields: something is missing or wrong; ``fields`` says what.
        ChangedElsewhere: another window kept a newer state.
        NotFound: there is no such case, or it is somebody else's.
        AlreadySubmitted: the review is in; a second click changes nothing.
        NotReadable: the case is with nobody, or with somebody else, for now.
    """
    reading = own_reading(assignment_id, by, lock=True)
    sheet = blind_reads.whole_time(sheet, blind_reads.require_revealed(reading))
    check_sheet(sheet, reading.instrument)
    drop_draft(assignment_id, revision)
    begin(reading, by)
    offers.move_assignment(reading.assignment, AssignmentEvent.SUBMIT, by)
    reading.assignment.ended_at = now()
    review = _review(reading, sheet)
    db.session.add(review)
    db.session.flush()  # the case looks at its readings, this one among them
    trail.record("submit_review", by, object_kind="review", object_id=review.id)
    if sheet.urgent:
        _raise_alarm(reading.case_row, by)
    _settle_case(reading.case_row, by)
    return review.id


def _queued(assignment: Assignment, case_row: Case, campaign: str, draft: int | None) -> QueuedCase:
    return QueuedCase(
        assignment_id=assignment.id,
        code=case_row.code,
        campaign=campaign,
        modality=case_row.modality,
        region=case_row.region,
        due_at=assignment.due_at,
        is_offered=assignment.state is AssignmentState.OFFERED,
        is_started=assignment.state is AssignmentState.STARTED,
        # What a change of the report leaves is no draft: who keeps one begins the case.
        has_draft=draft is not None and assignment.state is AssignmentState.STARTED,
    )


def _draft(assignment_id: UUID, blind: BlindStage | None) -> tuple[ScoreSheet, int]:
    if is_hidden(blind):
        return ScoreSheet(None), find_findings(assignment_id)[1]
    sheet, revision = find_draft(assignment_id)
    return blind_reads.whole_time(sheet, blind), revision


def _sections(case_row: Case, blind: BlindStage | None) -> tuple[SheetSection, ...]:
    shown = opening_of_report if is_hidden(blind) else whole_report
    return shown(case_row.masked_text, case_row.language)


def _settle_case(case_row: Case, by: Actor) -> None:
    turns = db.session.scalars(
        select(Assignment.state).where(
            Assignment.case_id == case_row.id,
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.not_in(GONE),
        )
    ).all()
    if case_row.state is CaseState.IN_REVIEW and is_read(
        turns, is_double_read=case_row.is_double_read
    ):
        offers.move_case(case_row, CaseEvent.REVIEW, by)
    reviews = db.session.scalar(
        select(func.count()).where(Review.case_id == case_row.id, Review.version == 1)
    )
    enqueue(TaskName.ROUTE_CASE, case_row.id, key=str(reviews))


def _raise_alarm(case_row: Case, by: Actor) -> None:
    """Tell the department that sent the case; it alone knows which patient it is."""
    department_id = blinding.department_of(case_row.id)
    if department_id is None:
        return
    for kind, path in (
        (NoticeKind.CASE_URGENT, f"/deidentification/{case_row.id}"),
        (NoticeKind.CASE_URGENT_TO_OFFICER, "/alerts/"),
    ):
        notifications.tell_all(
            department_id, kind, key=str(case_row.id), params={"code": case_row.code}, path=path
        )
    trail.record("raise_alarm", by, object_kind="case", object_id=case_row.id)


def _review(reading: Reading, sheet: ScoreSheet) -> Review:
    assignment, protocol = reading.assignment, reading.protocol
    return Review(
        id=uuid4(),
        assignment_id=assignment.id,
        case_id=assignment.case_id,
        reviewer_id=assignment.reviewer_id,
        turn=assignment.turn,
        instrument=reading.instrument.name,
        score=sheet.score,
        error_type=sheet.error_type or "",
        comment=sheet.comment.strip(),
        urgent=sheet.urgent,
        blinding_mode=name_blinding(protocol.blinding),
        # A reader found later, for a case that was sent on or given back, is no random one.
        allocation_random=protocol.assignment.allocation is Allocation.RANDOM
        and assignment.origin in _PLANNED_ORIGINS,
        seconds=sheet.seconds,
        submitted_at=now(),
    )
