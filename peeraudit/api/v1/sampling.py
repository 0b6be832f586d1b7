"""REST: the frozen list of reports, the draw from it, and the proof that it was fair."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, DateTime, Dict, Integer, List, Nested, Raw, String
from apiflask.validators import OneOf
from flask import Response

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.description import a_file
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.sampling.draw_proof import proof_text
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.services import draw_extensions, frames, sampling, targeting
from peeraudit.services.frame_views import FrameView
from peeraudit.services.targeting import TargetedLine

bp = APIBlueprint("api_sampling", __name__, url_prefix="/api/v1/campaigns", tag="Sampling")


class StratumAnswer(Schema):
    """One department and modality, in reports; without modality where it divides nothing."""

    department = String(required=True)
    modality = String(required=True)
    frame_size = Integer(required=True)
    sample = Integer(required=True)


class FinerStratumAnswer(StratumAnswer):
    """A part of a department and modality, in reports; what divides nothing is empty."""

    region = String(required=True)
    urgency = String(required=True)
    week = String(required=True)


class FindingAnswer(Schema):
    """One thing to know of the list before it is drawn from."""

    blocks = Boolean(required=True)
    sentence = String(required=True)


class FrameAnswer(Schema):
    """The list of eligible reports, as counts; frozen where it bears a hash."""

    sha256 = String(required=True)
    frozen_at = DateTime(allow_none=True)
    frame_size = Integer(required=True)
    sample = Integer(required=True)
    is_blocked = Boolean(required=True)
    strata = List(Nested(StratumAnswer), required=True)
    divided_by = List(String(), required=True)
    strata_count = Integer(required=True)
    finer = List(Nested(FinerStratumAnswer), required=True)
    authors = Dict(keys=String(), values=Integer(), required=True)
    excluded = Dict(keys=String(), values=Integer(), required=True)
    findings = List(Nested(FindingAnswer), required=True)


class DiscardInput(Schema):
    """Why a frozen list is discarded."""

    reason = String(required=True)


class DrawInput(Schema):
    """Digits of dice thrown before witnesses; empty takes a fresh seed of 256 random bits."""

    dice = String(load_default="")


class ExtensionAnswer(Schema):
    """By how many reports a draw was made larger, when and why."""

    cases = Integer(required=True)
    reason = String(required=True)
    extended_at = DateTime(required=True)


class DrawAnswer(Schema):
    """The draw, which anybody can repeat with the seed and the published list."""

    seed = String(required=True)
    seed_sha256 = String(required=True)
    drawn_at = DateTime(required=True)
    cases = Integer(required=True)
    double_reads = Integer(required=True)
    replaced = List(Dict(keys=String(), values=String()), required=True)
    extensions = List(Nested(ExtensionAnswer), required=True)


class ExtendInput(Schema):
    """How many reports are wanted in all, and why; the reason is published with the proof."""

    target = Integer(required=True, strict=True)
    reason = String(required=True)


class NameInput(Schema):
    """A report of the token's own department, by the number of its examination, and why."""

    accession = String(required=True)
    reason = String(required=True, validate=OneOf([one.value for one in TargetReason]))


class NamedAnswer(Schema):
    """A case that the department named to teach from; it counts only if a ticket drew it later."""

    code = String(required=True)
    modality = String(required=True)
    reason = String(required=True)
    named_at = DateTime(required=True)
    was_drawn = Boolean(required=True)


class ProofAnswer(Schema):
    """All that a third party needs to draw the sample again."""

    format = String(required=True)
    campaign = String(required=True)
    protocol = String(required=True)
    protocol_sha256 = String(required=True)
    algorithm = String(required=True)
    frame = List(List(String()), required=True)
    frame_sha256 = String(required=True)
    frame_sizes = Dict(keys=String(), values=Integer(), required=True)
    frame_published_at = String(required=True)
    seed = String(required=True)
    seed_sha256 = String(required=True)
    seed_published_at = String(required=True)
    sizes = Dict(keys=String(), values=Integer(), required=True)
    sample = Dict(keys=String(), values=List(String()), required=True)
    replacements = Raw(required=True)
    extensions = Raw()


@bp.get("/<uuid:campaign_id>/frame")
@needs(Permission.READ_CAMPAIGN)
@bp.output(FrameAnswer)
def show_frame(campaign_id: UUID) -> dict[str, Any]:
    """Return the frozen list as counts, or what it would be today."""
    return _frame(frames.show_frame(campaign_id, by=calling_actor()))


@bp.post("/<uuid:campaign_id>/frame")
@needs(Permission.DRAW_SAMPLE)
@bp.output(FrameAnswer, status_code=201)
def freeze_frame(campaign_id: UUID) -> dict[str, Any]:
    """Freeze the list of eligible reports; its hash is public before any seed exists."""
    actor = calling_actor()
    with unit_of_work():
        frames.freeze_frame(campaign_id, by=actor)
    return _frame(frames.show_frame(campaign_id, by=actor))


@bp.post("/<uuid:campaign_id>/frame/discard")
@needs(Permission.DRAW_SAMPLE)
@bp.input(DiscardInput)
@bp.output({}, status_code=204)
def discard_frame(campaign_id: UUID, json_data: dict[str, Any]) -> str:
    """Discard a frozen list before its draw."""
    with unit_of_work():
        frames.discard_frame(campaign_id, reason=json_data["reason"], by=calling_actor())
    return ""


@bp.get("/<uuid:campaign_id>/frame/list")
@needs(Permission.READ_CAMPAIGN)
@bp.doc(responses=a_file("One line a report: stratum, tab, key.", "text/tab-separated-values"))
def list_frame(campaign_id: UUID) -> Response:
    """Return the frozen list as the very bytes whose SHA-256 is its hash."""
    lines = frames.list_frame(campaign_id, by=calling_actor())
    return Response(lines, mimetype="text/tab-separated-values")


@bp.post("/<uuid:campaign_id>/draw")
@needs(Permission.DRAW_SAMPLE)
@bp.input(DrawInput)
@bp.output(DrawAnswer, status_code=201)
def draw_sample(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Draw the sample from the frozen list; the masking of its texts begins at once."""
    actor = calling_actor()
    with unit_of_work():
        sampling.draw_sample(campaign_id, dice=json_data["dice"], by=actor)
    return _draw(campaign_id)


@bp.post("/<uuid:campaign_id>/draw/extend")
@needs(Permission.DRAW_SAMPLE)
@bp.input(ExtendInput)
@bp.output(DrawAnswer, status_code=201)
def extend_draw(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Draw the next reports in the order of the tickets, after the seed is known."""
    target, reason = json_data["target"], json_data["reason"]
    with unit_of_work():
        draw_extensions.extend_draw(campaign_id, target, reason=reason, by=calling_actor())
    return _draw(campaign_id)


@bp.get("/<uuid:campaign_id>/draw")
@needs(Permission.READ_CAMPAIGN)
@bp.output(DrawAnswer)
def show_draw(campaign_id: UUID) -> dict[str, Any]:
    """Return the draw of a campaign."""
    return _draw(campaign_id)


@bp.get("/<uuid:campaign_id>/named")
@needs(Permission.NAME_CASES)
@bp.output(NamedAnswer(many=True))
def list_named(campaign_id: UUID) -> list[TargetedLine]:
    """Return the cases that the own department named to teach from."""
    return targeting.list_named(campaign_id, by=calling_actor())


@bp.post("/<uuid:campaign_id>/named")
@needs(Permission.NAME_CASES)
@bp.input(NameInput)
@bp.output(NamedAnswer(many=True), status_code=201)
def name_report(campaign_id: UUID, json_data: dict[str, Any]) -> list[TargetedLine]:
    """Have a report of the own department read, to teach from; it counts in no rate."""
    actor, reason = calling_actor(), TargetReason(json_data["reason"])
    with unit_of_work():
        targeting.name_report(campaign_id, json_data["accession"], reason, by=actor)
    return targeting.list_named(campaign_id, by=actor)


@bp.get("/<uuid:campaign_id>/draw/proof")
@needs(Permission.READ_CAMPAIGN)
@bp.output(ProofAnswer)
def prove_draw(campaign_id: UUID) -> Response:
    """Return what ``flask sampling verify`` reads, or anybody with ``sha256sum``."""
    proof = sampling.prove_draw(campaign_id, by=calling_actor())
    # A list of a million reports is not gone through once more to be checked and sorted.
    return Response(proof_text(proof), mimetype="application/json")


def _draw(campaign_id: UUID) -> dict[str, Any]:
    found = sampling.show_draw(campaign_id, by=calling_actor())
    if found is None:
        raise NotFound(N_("The sample of this campaign is not drawn yet."))
    return {
        "seed": found.seed,
        "seed_sha256": found.seed_sha256,
        "drawn_at": found.drawn_at,
        "cases": found.cases,
        "double_reads": found.double_reads,
        "extensions": found.extensions,
        "replaced": [{"stratum": part, "reason": why} for part, why in found.replaced],
    }


def _frame(frame: FrameView) -> dict[str, Any]:
    return {
        "sha256": frame.sha256,
        "frozen_at": frame.frozen_at,
        "frame_size": frame.frame_size,
        "sample": frame.sample,
        "is_blocked": frame.is_blocked,
        "strata": frame.strata,
        "divided_by": ["department", *frame.fields],
        "strata_count": frame.count,
        "finer": frame.finer,
        "authors": dict(frame.authors),
        "excluded": frame.excluded,
        "findings": [
            {"blocks": finding.blocks, "sentence": in_words(finding.sentence)}
            for finding in frame.findings
        ],
    }
