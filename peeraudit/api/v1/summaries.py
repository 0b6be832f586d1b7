"""REST: the departmental summaries, with the numbers of the page."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import (
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    List,
    Nested,
    String,
)
from apiflask.validators import OneOf
from flask import Response

from peeraudit.adapters.summary_words import in_text
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import speaking
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.description import a_file
from peeraudit.api.v1.statistics_answers import EstimateAnswer, LimitsAnswer, ToldAnswer
from peeraudit.domain.accounts import Permission
from peeraudit.domain.summaries.disclosure import Audience
from peeraudit.services import summaries
from peeraudit.services.summaries import SummaryLine

bp = APIBlueprint("api_summaries", __name__, url_prefix="/api/v1", tag="Summaries")
LANGUAGES = ("fr", "en")


class LanguageQuery(Schema):
    """In which language the sentences are."""

    language = String(load_default="fr", validate=OneOf(LANGUAGES))


class SummaryLineAnswer(Schema):
    """A summary with its first number."""

    id = fields.UUID(required=True)
    number = String(required=True)
    campaign_id = fields.UUID(required=True)
    campaign = String(required=True)
    department_id = fields.UUID(required=True)
    department = String(required=True)
    period_start = Date(required=True)
    period_end = Date(required=True)
    issued_at = DateTime(required=True)
    first_read = Nested(EstimateAnswer, required=True)


class SummariesAnswer(Schema):
    """The summaries that the caller may read."""

    summaries = List(Nested(SummaryLineAnswer), required=True)


class ExtensionAnswer(Schema):
    """A draw that was extended; ``reviews`` had been handed in by then in the whole campaign."""

    extended_at = String(required=True)
    before = Integer(required=True)
    after = Integer(required=True)
    own_before = Integer(required=True)
    own_after = Integer(required=True)
    reason = String(required=True)
    reviews = Integer(required=True)


class ReplacedAnswer(Schema):
    """How many reports of the department the next of the draw replaced for one reason."""

    reason = String(required=True)
    reports = Integer(required=True)


class FactsAnswer(Schema):
    """What a summary is about and what it was computed from."""

    campaign_code = String(required=True)
    campaign_title = String(required=True)
    period_start = String(required=True)
    period_end = String(required=True)
    department_code = String(required=True)
    department_name = String(required=True)
    instrument = String(required=True)
    hides_department = Boolean(required=True)
    seed = String(required=True)
    frame_sha256 = String(required=True)
    protocol_sha256 = String(required=True)
    snapshot = Integer(required=True)
    data_sha256 = String(required=True)
    methods = List(String(), required=True)
    frozen_at = String(required=True)
    issued_at = String(required=True)
    strata = List(
        String(),
        required=True,
        metadata={
            "description": "What divides the list; empty where it is department and modality."
        },
    )
    extensions = List(Nested(ExtensionAnswer), required=True)
    replaced = List(Nested(ReplacedAnswer), required=True)


class SentencesAnswer(Schema):
    """The three statements."""

    found = String(required=True)
    sure = String(required=True)
    next = String(required=True)


class SummaryAnswer(Schema):
    """A summary as the caller may know it: ``reference`` is the network's first-read rate."""

    id = fields.UUID(required=True)
    number = String(required=True)
    audience = String(required=True, metadata={"enum": [one.value for one in Audience]})
    facts = Nested(FactsAnswer, required=True)
    sentences = Nested(SentencesAnswer, required=True)
    limits = Nested(LimitsAnswer, required=True)
    reference = Float(required=True, allow_none=True)
    told = Nested(ToldAnswer, required=True)


@bp.post("/campaigns/<uuid:campaign_id>/summaries")
@needs(Permission.COMPUTE_STATISTICS)
@bp.output(SummariesAnswer, status_code=201)
def publish_summaries(campaign_id: UUID) -> dict[str, Any]:
    """Publish the summary of each department; published numbers never change."""
    actor = calling_actor()
    with unit_of_work():
        summaries.publish_summaries(campaign_id, by=actor)
    return _lines(summaries.find_summaries(campaign_id, by=actor))


@bp.get("/summaries")
@needs(Permission.READ_SUMMARY)
@bp.output(SummariesAnswer)
def list_summaries() -> dict[str, Any]:
    """List the summaries that the caller may read, newest first."""
    return _lines(summaries.list_summaries(by=calling_actor()))


@bp.get("/summaries/<uuid:summary_id>")
@needs(Permission.READ_SUMMARY)
@bp.input(LanguageQuery, location="query")
@bp.output(SummaryAnswer)
def show_summary(summary_id: UUID, query_data: dict[str, Any]) -> dict[str, Any]:
    """Tell a summary: the numbers of its page, and its sentences in one language."""
    view = summaries.show_summary(summary_id, by=calling_actor())
    with speaking(query_data["language"]):
        words = in_text(view.page)["sentences"]
    found = view.to_dict()
    code, version = view.facts.instrument
    return found | {
        "id": view.id,
        "facts": found["facts"]
        | {
            "instrument": f"{code} {version}",
            "replaced": [
                {"reason": reason, "reports": count} for reason, count in view.facts.replaced
            ],
        },
        "sentences": dict(
            zip(("found", "sure", "next"), (one["text"] for one in words), strict=True)
        ),
    }


@bp.get("/summaries/<uuid:summary_id>/pdf")
@needs(Permission.READ_SUMMARY)
@bp.input(LanguageQuery, location="query")
@bp.doc(responses=a_file("The summary as PDF/UA-1", "application/pdf"))
def print_summary(summary_id: UUID, query_data: dict[str, Any]) -> Response:
    """Give a summary as an accessible PDF, with the numbers of its page."""
    content = summaries.print_summary(
        summary_id, language=query_data["language"], by=calling_actor()
    )
    return Response(content, mimetype="application/pdf")


def _lines(lines: list[SummaryLine]) -> dict[str, Any]:
    return {"summaries": [_line(one) for one in lines]}


def _line(one: SummaryLine) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "campaign_id": one.campaign_id,
        "campaign": one.campaign_code,
        "department_id": one.department_id,
        "department": one.department_name,
        "period_start": one.period_start,
        "period_end": one.period_end,
        "issued_at": one.issued_at,
        "first_read": one.first_read.estimate.to_dict(),
    }
