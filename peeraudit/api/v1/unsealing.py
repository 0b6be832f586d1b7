"""REST: showing the identity behind a case once a second person has agreed."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Date, DateTime, List, Nested, String
from apiflask.validators import OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.unsealing import UnsealingState
from peeraudit.services import blinding_unsealing as unsealing

bp = APIBlueprint("api_unsealing", __name__, url_prefix="/api/v1/unsealing", tag="Identities")
STATES = [state.value for state in UnsealingState]


class AskBody(Schema):
    """Whose identity is needed, and why."""

    code = String(required=True)
    reason = String(required=True)


class DecisionBody(Schema):
    """What a second person says; a refusal needs a reason."""

    grant = Boolean(required=True)
    reason = String(load_default="")


class RequestAnswer(Schema):
    """A request, without any identity."""

    id = fields.UUID(required=True)
    code = String(required=True)
    asked_by = String(required=True)
    reason = String(required=True)
    asked_at = DateTime(required=True)
    state = String(required=True, validate=OneOf(STATES))
    decided_by = String(required=True)
    decision_reason = String(required=True)
    until = DateTime(required=True, allow_none=True)
    is_own = Boolean(required=True)
    may_decide = Boolean(required=True)


class RequestsAnswer(Schema):
    """Requests, newest first."""

    requests = List(Nested(RequestAnswer), required=True)


class IdentityAnswer(Schema):
    """Who is behind a case, as its message says."""

    accession = String(required=True)
    performed_on = Date(required=True)
    exam = String(required=True)
    patients = List(String(), required=True)
    birth_dates = List(Date(), required=True)
    identifiers = List(String(), required=True)
    phones = List(String(), required=True)
    addresses = List(String(), required=True)
    clinicians = List(String(), required=True)


class OpenedAnswer(Schema):
    """The identity while it is open to the caller, else nothing."""

    identity = Nested(IdentityAnswer, required=True, allow_none=True)


@bp.get("")
@needs(Permission.GRANT_UNSEALING)
@bp.output(RequestsAnswer)
def list_requests() -> dict[str, Any]:
    """List the requests that the caller made or may decide on."""
    actor = calling_actor()
    return {"requests": [asdict(one) for one in unsealing.list_requests(by=actor)]}


@bp.post("")
@needs(Permission.UNSEAL_IDENTITIES)
@bp.input(AskBody)
@bp.output(RequestAnswer, status_code=201)
def ask(json_data: dict[str, Any]) -> dict[str, Any]:
    """Ask for the identity behind a case of the own department."""
    actor = calling_actor()
    with unit_of_work():
        request_id = unsealing.ask(json_data["code"], json_data["reason"], by=actor)
    return asdict(unsealing.show_request(request_id, by=actor))


@bp.post("/<uuid:request_id>/decision")
@needs(Permission.GRANT_UNSEALING)
@bp.input(DecisionBody)
@bp.output(RequestAnswer)
def decide(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Grant or refuse somebody else's request."""
    actor = calling_actor()
    with unit_of_work():
        unsealing.decide(request_id, grant=json_data["grant"], reason=json_data["reason"], by=actor)
    return asdict(unsealing.show_request(request_id, by=actor))


@bp.post("/<uuid:request_id>/opening")
@needs(Permission.UNSEAL_IDENTITIES)
@bp.output(OpenedAnswer)
def open_identity(request_id: UUID) -> dict[str, Any]:
    """Open a granted identity, this once; it is in the answer."""
    actor = calling_actor()
    with unit_of_work():
        unsealing.open_identity(request_id, by=actor)
    found = unsealing.show_identity(request_id, by=actor)
    return {"identity": asdict(found) if found else None}
