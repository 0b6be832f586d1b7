"""REST: the coordinator's check of the masks of the own department's cases."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.scoring import PriorAnswer, prior_answer
from peeraudit.domain.accounts import Permission
from peeraudit.domain.blinding.checks import CheckStage, ExclusionReason, RevealReason
from peeraudit.domain.blinding.spans import KINDS
from peeraudit.services import checking, masking
from peeraudit.services.checking import CheckedCase, Wanted
from peeraudit.services.masking import Correction

bp = APIBlueprint(
    "api_deidentification", __name__, url_prefix="/api/v1/deidentification", tag="De-identification"
)
STAGES = [stage.value for stage in CheckStage]


class CasesQuery(Schema):
    """Which cases to return."""

    campaign_id = fields.UUID(load_default=None)
    stage = String(load_default="", validate=OneOf(["", *STAGES]))
    page = Integer(load_default=1, validate=Range(min=1))


class CaseLineAnswer(Schema):
    """A case in a list."""

    id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    laterality = String(required=True)
    urgency = String(required=True)
    derived = List(String(), required=True, metadata={"description": "what was worked out"})
    exam = String(required=True)
    stage = String(required=True)
    doubt = Float(required=True)
    masks = Integer(required=True)
    sent_back = Boolean(required=True)


class CasesAnswer(Schema):
    """One page of cases, and how many stand at each stage."""

    cases = List(Nested(CaseLineAnswer), required=True)
    counts = Dict(keys=String(), values=Integer(), required=True)
    page = Integer(required=True)
    pages = Integer(required=True)


class SegmentAnswer(Schema):
    """A stretch of text; kind and layer are empty where it is plain."""

    text = String(required=True)
    kind = String(required=True)
    layer = String(required=True)
    doubtful = Boolean(required=True)


class MaskAnswer(Schema):
    """Words that are masked; start names them when a mask is taken away."""

    start = Integer(required=True)
    words = String(required=True)
    kind = String(required=True)
    layer = String(required=True)
    count = Integer(required=True)
    # What reviewers read in its place, a shifted date; empty where it is masked.
    shown = String(required=True)


class CheckedPriorAnswer(PriorAnswer):
    """An earlier report that reviewers will read beside the case, masked."""

    id = fields.UUID(required=True)


class CaseAnswer(Schema):
    """A case: the original and what reviewers will read."""

    id = fields.UUID(required=True)
    code = String(required=True)
    campaign_id = fields.UUID(required=True)
    laterality = String(required=True)
    urgency = String(required=True)
    derived = List(String(), required=True, metadata={"description": "what was worked out"})
    exam = String(required=True)
    stage = String(required=True)
    doubt = Float(required=True)
    sent_back = Boolean(required=True)
    priors = List(Nested(CheckedPriorAnswer), required=True)
    seen = List(String(), required=True, metadata={"description": "what readers marked"})
    version = String(required=True)
    original = List(Nested(SegmentAnswer), required=True)
    masked_text = String(required=True)
    masks = List(Nested(MaskAnswer), required=True)


class HideBody(Schema):
    """Words to mask wherever they occur."""

    words = String(required=True, validate=Length(min=1, max=200))
    kind = String(load_default="other", validate=OneOf(KINDS))
    version = String(load_default="")


class ShowBody(Schema):
    """A mask to take away, with all masks of the same words."""

    start = Integer(required=True, validate=Range(min=0, max=10_000_000))
    reason = String(required=True, validate=OneOf([r.value for r in RevealReason]))
    version = String(load_default="")


class ApproveBody(Schema):
    """The version of the masks that was looked at."""

    version = String(required=True, validate=Length(min=1, max=64))


class ApproveAllBody(Schema):
    """Whose cases to approve."""

    campaign_id = fields.UUID(required=True)


class ExcludeBody(Schema):
    """Why the case is taken out."""

    reason = String(required=True, validate=OneOf([r.value for r in ExclusionReason]))


class CountAnswer(Schema):
    """How many were changed."""

    count = Integer(required=True)


@bp.get("/cases")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(CasesQuery, location="query")
@bp.output(CasesAnswer)
def list_cases(query_data: dict[str, Any]) -> dict[str, Any]:
    """List the cases of the department and how far their check is."""
    stage = CheckStage(query_data["stage"]) if query_data["stage"] else None
    wanted = Wanted(query_data["campaign_id"], stage)
    shown = checking.list_cases(wanted, page=query_data["page"], by=calling_actor())
    return {
        "cases": [
            {
                "id": line.id,
                "code": line.code,
                "campaign": line.campaign_title,
                "modality": line.modality,
                "region": line.region,
                "laterality": line.facts.laterality,
                "urgency": line.facts.urgency,
                "derived": sorted(line.facts.derived),
                "exam": line.exam,
                "stage": line.stage.value,
                "doubt": line.doubt,
                "masks": line.masks,
                "sent_back": line.is_back,
            }
            for line in shown.lines
        ],
        "counts": {stage.value: count for stage, count in shown.counts.items()},
        "page": shown.page,
        "pages": shown.pages,
    }


@bp.get("/cases/<uuid:case_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(CaseAnswer)
def show_case(case_id: UUID) -> dict[str, Any]:
    """Return the original of a case and what reviewers will read."""
    return _answer(checking.show_case(case_id, by=calling_actor()))


@bp.post("/cases/<uuid:case_id>/masks")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(HideBody)
@bp.output(CaseAnswer)
def hide_words(case_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Mask words wherever they occur in the report."""
    actor = calling_actor()
    change = Correction(hide=json_data["words"], kind=json_data["kind"], seen=json_data["version"])
    with unit_of_work():
        masking.correct_masks(case_id, change, by=actor)
    return _answer(checking.show_case(case_id, by=actor))


@bp.post("/cases/<uuid:case_id>/masks/removal")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(ShowBody)
@bp.output(CaseAnswer)
def show_words(case_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Take a mask away, wherever the same words are masked."""
    actor = calling_actor()
    change = Correction(
        show_from=json_data["start"],
        reason=RevealReason(json_data["reason"]),
        seen=json_data["version"],
    )
    with unit_of_work():
        masking.correct_masks(case_id, change, by=actor)
    return _answer(checking.show_case(case_id, by=actor))


@bp.post("/cases/<uuid:case_id>/approval")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(ApproveBody)
@bp.output(CaseAnswer)
def approve_case(case_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Say that a case names nobody; the version tells which masks were looked at."""
    actor = calling_actor()
    with unit_of_work():
        masking.approve_case(case_id, seen=json_data["version"], by=actor)
    return _answer(checking.show_case(case_id, by=actor))


@bp.post("/approvals")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(ApproveAllBody)
@bp.output(CountAnswer)
def approve_all(json_data: dict[str, Any]) -> dict[str, int]:
    """Approve the department's cases in which nothing doubtful was left."""
    with unit_of_work():
        count = masking.approve_all(json_data["campaign_id"], by=calling_actor())
    return {"count": count}


@bp.post("/cases/<uuid:case_id>/quarantine")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(CaseAnswer)
def quarantine_case(case_id: UUID) -> dict[str, Any]:
    """Set a case aside until it was looked at again."""
    actor = calling_actor()
    with unit_of_work():
        masking.quarantine_case(case_id, by=actor)
    return _answer(checking.show_case(case_id, by=actor))


@bp.post("/cases/<uuid:case_id>/exclusion")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(ExcludeBody)
@bp.output(CaseAnswer)
def exclude_case(case_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Take a case out of the audit for good."""
    actor = calling_actor()
    with unit_of_work():
        masking.exclude_case(case_id, ExclusionReason(json_data["reason"]), by=actor)
    return _answer(checking.show_case(case_id, by=actor))


@bp.post("/<uuid:case_id>/priors/<uuid:prior_id>/withhold")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(CaseAnswer)
def withhold_prior(case_id: UUID, prior_id: UUID) -> dict[str, Any]:
    """Take an earlier report away from a case: reviewers will not read it."""
    actor = calling_actor()
    with unit_of_work():
        masking.withhold_prior(case_id, prior_id, by=actor)
    return _answer(checking.show_case(case_id, by=actor))


def _answer(case: CheckedCase) -> dict[str, Any]:
    return {
        "id": case.id,
        "code": case.code,
        "campaign_id": case.campaign_id,
        "laterality": case.facts.laterality,
        "urgency": case.facts.urgency,
        "derived": sorted(case.facts.derived),
        "exam": case.exam,
        "stage": case.stage.value,
        "doubt": case.doubt,
        "sent_back": case.is_back,
        "seen": list(case.seen),
        "priors": [{"id": one.id, **prior_answer(one)} for one in case.priors],
        "version": case.version,
        "original": [
            {
                "text": piece.words,
                "kind": piece.kind or "",
                "layer": piece.layer or "",
                "doubtful": piece.is_doubt,
            }
            for piece in case.original
        ],
        "masked_text": "".join(text for _, text in case.masked),
        "masks": [
            {
                "start": mask.start,
                "words": mask.words,
                "kind": mask.kind,
                "layer": mask.layer,
                "count": mask.count,
                "shown": mask.shown,
            }
            for mask in case.masks
        ],
    }
