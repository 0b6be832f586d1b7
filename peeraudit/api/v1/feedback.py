"""REST: the feedback on the caller's own reports, the reply, and notices on paper."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Date, DateTime, List, Nested, String
from apiflask.validators import Length, OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.adjudication import STANCES, WORDS_MAXIMUM
from peeraudit.services import feedback, handover
from peeraudit.services.feedback import OutcomeLine, OutcomeView

bp = APIBlueprint("api_feedback", __name__, url_prefix="/api/v1/feedback", tag="Feedback")


class OutcomeLineAnswer(Schema):
    """An outcome of one of the caller's own reports."""

    id = fields.UUID(required=True)
    campaign = String(required=True)
    exam = String(required=True)
    accession = String(required=True)
    performed_on = Date(required=True, allow_none=True)
    modality = String(required=True)
    region = String(required=True)
    score = String(required=True)
    told_at = DateTime(required=True, allow_none=True)
    reply_due_at = DateTime(required=True, allow_none=True)
    may_reply = Boolean(required=True)
    is_reconsidered = Boolean(required=True)
    is_final = Boolean(required=True)


class FeedbackAnswer(Schema):
    """The outcomes of the caller's own reports."""

    to_answer = List(Nested(OutcomeLineAnswer), required=True)
    others = List(Nested(OutcomeLineAnswer), required=True)


class ReplyAnswer(Schema):
    """What the author answered."""

    stance = String(required=True)
    text = String(required=True)
    asks_reconsideration = Boolean(required=True)
    replied_at = DateTime(required=True)


class ReportSectionAnswer(Schema):
    """One part of the report as it was read; ⟦kind⟧ stands for each identifier."""

    heading = String(required=True)
    text = String(required=True)


class OutcomeAnswer(OutcomeLineAnswer):
    """All that an author may see of an outcome."""

    instrument = String(required=True)
    error_type = String(required=True)
    comment = String(required=True)
    sections = List(Nested(ReportSectionAnswer), required=True)
    shifted_dates = Boolean(required=True)
    reply = Nested(ReplyAnswer, required=True, allow_none=True)


class ReplyInput(Schema):
    """What the author answers, once."""

    stance = String(required=True, validate=OneOf(STANCES))
    text = String(load_default="", validate=Length(max=WORDS_MAXIMUM))
    asks_reconsideration = Boolean(load_default=False)


class HandoverAnswer(Schema):
    """A notice to hand over to an author who cannot sign in."""

    author_id = fields.UUID(required=True)
    author = String(required=True)
    department = String(required=True)
    campaign_id = fields.UUID(required=True)
    campaign = String(required=True)
    reply_by = Date(required=True)


class HandoversAnswer(Schema):
    """The notices that the caller's department has to hand over."""

    notices = List(Nested(HandoverAnswer), required=True)


class NamedAnswer(Schema):
    """A person of the department."""

    id = fields.UUID(required=True)
    name = String(required=True)


class UnlinkedAnswer(Schema):
    """Authors who cannot sign in, and the accounts of authors of the department."""

    authors = List(Nested(NamedAnswer), required=True)
    accounts = List(Nested(NamedAnswer), required=True)


class LinkInput(Schema):
    """Under which account the author signs in."""

    account_id = fields.UUID(required=True)


@bp.get("/")
@needs(Permission.READ_FEEDBACK)
@bp.output(FeedbackAnswer)
def list_outcomes() -> dict[str, Any]:
    """List the outcomes of the caller's own reports."""
    found = feedback.list_outcomes(by=calling_actor())
    return {
        "to_answer": [_line(line) for line in found.to_answer],
        "others": [_line(line) for line in found.others],
    }


@bp.get("/<uuid:outcome_id>")
@needs(Permission.READ_FEEDBACK)
@bp.output(OutcomeAnswer)
def show_outcome(outcome_id: UUID) -> dict[str, Any]:
    """Show what was found in one of the caller's own reports."""
    return _answer(feedback.show_outcome(outcome_id, by=calling_actor()))


@bp.post("/<uuid:outcome_id>/reply")
@needs(Permission.REPLY)
@bp.input(ReplyInput)
@bp.output(OutcomeAnswer, status_code=201)
def reply(outcome_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Answer an outcome, once."""
    actor = calling_actor()
    with unit_of_work():
        feedback.reply(outcome_id, by=actor, **json_data)
    return _answer(feedback.show_outcome(outcome_id, by=actor))


@bp.get("/notices")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(HandoversAnswer)
def list_handovers() -> dict[str, Any]:
    """List the notices that the caller's department has to hand over on paper."""
    return {"notices": handover.list_handovers(by=calling_actor())}


@bp.post("/notices/<uuid:campaign_id>/<uuid:author_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output({}, status_code=204)
def confirm_handover(campaign_id: UUID, author_id: UUID) -> str:
    """Note that a notice was handed over today."""
    with unit_of_work():
        handover.confirm_handover(campaign_id, author_id, by=calling_actor())
    return ""


@bp.get("/authors")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(UnlinkedAnswer)
def list_unlinked() -> dict[str, Any]:
    """List the department's authors who cannot sign in, and the accounts they may have."""
    unlinked = handover.list_unlinked(by=calling_actor())
    return {"authors": unlinked.authors, "accounts": unlinked.accounts}


@bp.put("/authors/<uuid:author_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(LinkInput)
@bp.output({}, status_code=204)
def link_account(author_id: UUID, json_data: dict[str, Any]) -> str:
    """Say under which account an author of the department signs in."""
    with unit_of_work():
        handover.link_account(author_id, json_data["account_id"], by=calling_actor())
    return ""


def _line(line: OutcomeLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "campaign": line.campaign,
        "exam": "".join(text for _, text in line.exam),
        "accession": line.accession,
        "performed_on": line.performed_on,
        "modality": line.modality,
        "region": line.region,
        "score": line.score,
        "told_at": line.told_at,
        "reply_due_at": line.reply_due_at,
        "may_reply": line.may_reply,
        "is_reconsidered": line.is_reconsidered,
        "is_final": line.is_final,
    }


def _answer(view: OutcomeView) -> dict[str, Any]:
    return {
        **_line(view.line),
        "instrument": view.instrument.name,
        "error_type": view.error_type,
        "comment": view.comment,
        "sections": [
            {"heading": part.heading, "text": "".join(text for _, text in part.segments)}
            for part in view.sections
        ],
        "shifted_dates": any(part.has_shifted_days for part in view.sections),
        "reply": view.reply,
    }
