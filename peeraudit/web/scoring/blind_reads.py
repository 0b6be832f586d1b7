"""Reading first: the reviewer's own findings, before the report is shown."""

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.blind_reads import OwnFindings
from peeraudit.domain.errors import Conflicting, DomainError, InvalidFields
from peeraudit.services import blind_reads, scoring
from peeraudit.services.blind_reads import FindingsLocked
from peeraudit.services.reading_desk import AlreadySubmitted, NotReadable
from peeraudit.services.score_drafts import ChangedElsewhere
from peeraudit.web.errors import status_of, tell
from peeraudit.web.login import current_actor
from peeraudit.web.scoring.blueprint import bp
from peeraudit.web.scoring.forms import FindingsForm, read_findings
from peeraudit.web.scoring.pages import blind_page
from peeraudit.web.security import needs


@bp.get("/<uuid:assignment_id>/findings")
@needs(Permission.SCORE_CASES)
def show_findings(assignment_id: UUID) -> ResponseReturnValue:
    """Lead whoever comes back to a refused lock to the case's own page."""
    return redirect(url_for(".score_case", assignment_id=assignment_id))


@bp.put("/<uuid:assignment_id>/findings")
@needs(Permission.SCORE_CASES)
def save_findings(assignment_id: UUID) -> ResponseReturnValue:
    """Keep own findings while they are written; asked by the page's script."""
    try:
        findings, revision, window = read_findings(request.get_json())
        with unit_of_work():
            kept = blind_reads.save_findings(
                assignment_id, findings, revision, by=current_actor(), window=window
            )
    except ValueError:
        return jsonify(error="InvalidInput", message=gettext("This draft cannot be read.")), 422
    except (Conflicting, InvalidFields) as error:
        return jsonify(error=type(error).__name__, message=tell(error)), status_of(error)
    return jsonify(revision=kept)


@bp.post("/<uuid:assignment_id>/findings")
@needs(Permission.SCORE_CASES)
def lock_findings(assignment_id: UUID) -> ResponseReturnValue:
    """Lock own findings, for good, and show the report beside them."""
    actor, form = current_actor(), FindingsForm()
    here = redirect(url_for(".score_case", assignment_id=assignment_id))
    try:
        if not form.final.data:
            message = gettext("Say that your findings are final; nothing was locked.")
            return _show_again(assignment_id, form.to_findings(), actor, message), 422
        with unit_of_work():
            blind_reads.lock_findings(
                assignment_id, form.to_findings(), form.revision.data, by=actor
            )
    except (InvalidFields, ChangedElsewhere) as error:
        return _refuse(assignment_id, form.to_findings(), actor, error), 422
    except (FindingsLocked, AlreadySubmitted, NotReadable) as error:
        # Another window was first: what it locked stands, and the page says what there is.
        flash(tell(error))
    return here


def _refuse(assignment_id: UUID, findings: OwnFindings, actor: Actor, error: DomainError) -> str:
    if isinstance(error, InvalidFields):
        errors = {name: tell(problem) for name, problem in error.fields.items()}
        return _show_again(assignment_id, findings, actor, errors.pop("seconds", ""), errors)
    message = gettext(
        "Your findings were changed in another window meanwhile. What you just sent stands here: "
        "lock it once more, or reload the page to see the other state."
    )
    return _show_again(assignment_id, findings, actor, message)


def _show_again(
    assignment_id: UUID,
    findings: OwnFindings,
    actor: Actor,
    message: str,
    errors: dict[str, str] | None = None,
) -> str:
    view = scoring.show_sheet(assignment_id, by=actor)
    page = blind_page(view, findings=findings, message=message, errors=errors)
    return render_template("scoring/read_blind.html", page=page)
