"""REST: the caller's own cases, blinded as on the page, their drafts and their reviews."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.blind_reads import FINDINGS_MAXIMUM, OwnFindings
from peeraudit.domain.errors import N_
from peeraudit.domain.scoring import COMMENT_MAXIMUM, LONGEST_READING, ScoreSheet
from peeraudit.domain.workflow import DeclineReason
from peeraudit.services import acceptances, blind_reads, giving_back, readings, scoring
from peeraudit.services.prior_reports import PriorView
from peeraudit.services.score_drafts import ChangedElsewhere
from peeraudit.services.scoring import SheetView

bp = APIBlueprint("api_scoring", __name__, url_prefix="/api/v1/scoring", tag="Scoring")


class QueuedCaseAnswer(Schema):
    """A case that waits for its reviewer."""

    assignment_id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    due_at = DateTime(required=True)
    is_offered = Boolean(required=True)
    is_started = Boolean(required=True)
    has_draft = Boolean(required=True)


class QueueAnswer(Schema):
    """What the caller has to read, the most pressing first, and what is done."""

    cases = List(Nested(QueuedCaseAnswer), required=True)
    done = Integer(required=True)
    seconds = Integer(required=True)


class OfferAnswer(Schema):
    """What a campaign offers; ``answer_by`` is null where an offer stands until its due day."""

    campaign_id = fields.UUID(required=True)
    campaign = String(required=True)
    count = Integer(required=True)
    answer_by = DateTime(required=True, allow_none=True)
    due_at = DateTime(required=True)


class OffersAnswer(Schema):
    """Offers that wait for an answer."""

    offers = List(Nested(OfferAnswer), required=True)


class AcceptedAnswer(Schema):
    """How many readings were accepted."""

    accepted = Integer(required=True)


class GiveBackInput(Schema):
    """How many cases that were not begun are to go to others."""

    count = Integer(required=True, validate=Range(min=1))


class GivenBackAnswer(Schema):
    """How many others have now, and how many stay because nobody else is free."""

    moved = Integer(required=True)
    stayed = Integer(required=True)


class SectionAnswer(Schema):
    """One part of a masked report; ⟦kind⟧ stands for each identifier."""

    heading = String(required=True)
    text = String(required=True)


class SheetFields(Schema):
    """A score sheet."""

    score = String(load_default=None, allow_none=True, validate=Length(max=4))
    error_type = String(load_default=None, allow_none=True, validate=Length(max=32))
    comment = String(load_default="", validate=Length(max=COMMENT_MAXIMUM))
    urgent = Boolean(load_default=False)
    seconds = Integer(load_default=0, validate=Range(min=0, max=LONGEST_READING))


class DraftInput(SheetFields):
    """A sheet to keep, and the revision that it is a change of."""

    revision = Integer(load_default=0, validate=Range(min=0))


class ReviewInput(SheetFields):
    """A complete sheet, and the revision of the case as the caller read it.

    The revision moves when a draft is kept and when a later version of the report takes the place
    of the one that was read; left out, it says that neither has happened.
    """

    revision = Integer(load_default=0, validate=Range(min=0))


class FindingsInput(Schema):
    """What the caller found before the report is shown."""

    findings = String(load_default="", validate=Length(max=FINDINGS_MAXIMUM))
    seconds = Integer(load_default=0, validate=Range(min=0, max=LONGEST_READING))


class FindingsDraftInput(FindingsInput):
    """Own findings to keep, and the revision that they are a change of."""

    revision = Integer(load_default=0, validate=Range(min=0))


class PriorAnswer(Schema):
    """An earlier report of the patient, masked; months before the case, null where hidden."""

    modality = String(required=True)
    region = String(required=True)
    exam = String(required=True)
    language = String(required=True)
    months_before = Integer(required=True, allow_none=True)
    sections = List(Nested(SectionAnswer), required=True)


class BlindAnswer(Schema):
    """The caller's own findings, and since when they are locked; null while they are not."""

    findings = String(required=True)
    seconds = Integer(required=True)
    locked_at = DateTime(required=True, allow_none=True)


class CaseAnswer(Schema):
    """A case as its reviewer may see it.

    Where the protocol lets one read first, ``blind`` says how far that is: until the own findings
    are locked, the sections are indication and technique alone.
    """

    assignment_id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    laterality = String(required=True)
    urgency = String(required=True)
    derived = List(String(), required=True, metadata={"description": "what was worked out"})
    department = String(required=True, metadata={"description": "empty where it is hidden"})
    exam = String(required=True)
    month = String(required=True)
    language = String(required=True)
    due_at = DateTime(required=True)
    instrument = String(required=True)
    scores = List(String(), required=True)
    error_types = List(String(), required=True)
    sections = List(Nested(SectionAnswer), required=True)
    priors = List(Nested(PriorAnswer), required=True)
    blind = Nested(BlindAnswer, required=True, allow_none=True)
    # All dates in the text are moved by the same number of days: intervals are right.
    shifted_dates = Boolean(required=True)
    sheet = Nested(SheetFields, required=True)
    revision = Integer(required=True)


class RevisionAnswer(Schema):
    """The revision of the sheet as it is kept now."""

    revision = Integer(required=True)


class ReviewAnswer(Schema):
    """The review that was handed in."""

    review_id = fields.UUID(required=True)


class DeclineInput(Schema):
    """Why a case is given back; ``identifier_seen`` takes it from every screen.

    Its note holds the words that give a person away, for the department that sent the case.
    """

    reason = String(required=True, validate=OneOf([reason.value for reason in DeclineReason]))
    note = String(load_default="", validate=Length(max=300))


@bp.get("/")
@needs(Permission.SCORE_CASES)
@bp.output(QueueAnswer)
def list_queue() -> dict[str, Any]:
    """List the caller's cases that wait to be read."""
    queue = scoring.list_queue(by=calling_actor())
    return {"cases": queue.cases, "done": queue.done, "seconds": queue.seconds}


@bp.get("/offers")
@needs(Permission.SCORE_CASES)
@bp.output(OffersAnswer)
def list_offers() -> dict[str, Any]:
    """List what campaigns offer to the caller."""
    return {"offers": acceptances.list_offers(by=calling_actor())}


@bp.post("/offers/<uuid:campaign_id>/accept")
@needs(Permission.SCORE_CASES)
@bp.output(AcceptedAnswer)
def accept_offers(campaign_id: UUID) -> dict[str, Any]:
    """Accept all that a campaign offers to the caller; a second call changes nothing."""
    with unit_of_work():
        return {"accepted": acceptances.accept_offers(campaign_id, by=calling_actor())}


@bp.post("/offers/<uuid:campaign_id>/give-back")
@needs(Permission.SCORE_CASES)
@bp.input(GiveBackInput)
@bp.output(GivenBackAnswer)
def give_back(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Give cases of the caller that were not begun to others, those due last first."""
    with unit_of_work():
        given = giving_back.give_back(campaign_id, json_data["count"], by=calling_actor())
    return {"moved": given.moved, "stayed": given.stayed}


@bp.get("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
@bp.output(CaseAnswer)
def show_case(assignment_id: UUID) -> dict[str, Any]:
    """Show a case of the caller, masked, with the sheet as it was last kept."""
    return _answer(scoring.show_sheet(assignment_id, by=calling_actor()))


@bp.put("/<uuid:assignment_id>/draft")
@needs(Permission.SCORE_CASES)
@bp.input(DraftInput)
@bp.output(RevisionAnswer)
def save_draft(assignment_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Keep a sheet that is not finished; the case begins with the first one."""
    revision, sheet = json_data.pop("revision"), ScoreSheet(**json_data)
    with unit_of_work():
        kept = scoring.save_draft(assignment_id, sheet, revision, by=calling_actor())
    return {"revision": kept}


@bp.put("/<uuid:assignment_id>/findings")
@needs(Permission.SCORE_CASES)
@bp.input(FindingsDraftInput)
@bp.output(RevisionAnswer)
def save_findings(assignment_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Keep own findings that are not finished, where the protocol lets one read first."""
    findings = OwnFindings(json_data["findings"], json_data["seconds"])
    revision = json_data["revision"]
    with unit_of_work():
        kept = blind_reads.save_findings(assignment_id, findings, revision, by=calling_actor())
    return {"revision": kept}


@bp.post("/<uuid:assignment_id>/findings/lock")
@needs(Permission.SCORE_CASES)
@bp.input(FindingsInput)
@bp.output(CaseAnswer)
def lock_findings(assignment_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Lock own findings, for good, and show the report."""
    findings = OwnFindings(json_data["findings"], json_data["seconds"])
    actor = calling_actor()
    with unit_of_work():
        blind_reads.lock_findings(assignment_id, findings, by=actor)
    return _answer(scoring.show_sheet(assignment_id, by=actor))


@bp.post("/<uuid:assignment_id>/review")
@needs(Permission.SCORE_CASES)
@bp.input(ReviewInput)
@bp.output(ReviewAnswer, status_code=201)
def submit_review(assignment_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Hand a complete sheet in, for good.

    Refused with 409 where the case or its sheet changed after the revision that is sent.
    """
    revision, sheet = json_data.pop("revision"), ScoreSheet(**json_data)
    try:
        with unit_of_work():
            review_id = scoring.submit_review(assignment_id, sheet, revision, by=calling_actor())
    except ChangedElsewhere:
        raise ChangedElsewhere(
            N_(
                "The report or the sheet of this case changed after the revision that you sent. "
                "Read the case again and send your review with its revision; nothing was handed "
                "in."
            )
        ) from None
    return {"review_id": review_id}


@bp.post("/<uuid:assignment_id>/decline")
@needs(Permission.SCORE_CASES)
@bp.input(DeclineInput)
@bp.output({}, status_code=204)
def decline_case(assignment_id: UUID, json_data: dict[str, Any]) -> str:
    """Give a case back."""
    reason = DeclineReason(json_data["reason"])
    with unit_of_work():
        readings.decline(assignment_id, reason, note=json_data["note"], by=calling_actor())
    return ""


def prior_answer(prior: PriorView) -> dict[str, Any]:
    """Return an earlier report as an answer holds it."""
    return {
        "modality": prior.modality,
        "region": prior.region,
        "exam": "".join(text for _, text in prior.exam),
        "language": prior.language,
        "months_before": prior.months_before,
        "sections": [
            {"heading": part.heading, "text": "".join(text for _, text in part.segments)}
            for part in prior.sections
        ],
    }


def _blind(view: SheetView) -> dict[str, Any] | None:
    if view.blind is None:
        return None
    findings = view.blind.findings
    return {
        "findings": findings.text,
        "seconds": findings.seconds,
        "locked_at": view.blind.locked_at,
    }


def _answer(view: SheetView) -> dict[str, Any]:
    return {
        "assignment_id": view.assignment_id,
        "code": view.code,
        "campaign": view.campaign,
        "modality": view.modality,
        "region": view.region,
        "laterality": view.facts.laterality,
        "urgency": view.facts.urgency,
        "derived": sorted(view.facts.derived),
        "department": view.department,
        "exam": "".join(text for _, text in view.exam),
        "month": view.month,
        "language": view.language,
        "due_at": view.due_at,
        "instrument": view.instrument.name,
        "scores": list(view.instrument.codes),
        "error_types": list(view.instrument.error_codes),
        "sections": [
            {"heading": part.heading, "text": "".join(text for _, text in part.segments)}
            for part in view.sections
        ],
        "shifted_dates": any(part.has_shifted_days for part in view.sections),
        "priors": [prior_answer(one) for one in view.priors],
        "blind": _blind(view),
        "sheet": view.sheet,
        "revision": view.revision,
    }
