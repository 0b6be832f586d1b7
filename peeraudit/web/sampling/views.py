"""The list of reports that may be drawn, its freeze, and the draw that anybody can repeat."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import day
from peeraudit.domain.accounts import Permission
from peeraudit.domain.blinding.checks import EXCLUSION_LABELS as REPLACEMENT_LABELS
from peeraudit.domain.blinding.checks import ExclusionReason
from peeraudit.domain.errors import DomainError, Msgid
from peeraudit.domain.examinations import URGENCY_LABELS
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.domain.sampling.draw_proof import proof_text
from peeraudit.domain.sampling.frames import EXCLUSION_LABELS
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.strata import STRATUM_LABELS, StratumField
from peeraudit.domain.workflow import CampaignState
from peeraudit.services import campaigns, draw_extensions, frames, sampling
from peeraudit.services.draw_extensions import EXTENDABLE
from peeraudit.services.frame_views import FindingView, FrameView
from peeraudit.services.sampling import DrawView
from peeraudit.web.errors import say
from peeraudit.web.login import current_actor
from peeraudit.web.refusals import show_refusal
from peeraudit.web.sampling.forms import DiscardForm, DrawForm, ExtendForm
from peeraudit.web.security import needs

DAYS = {"first", "last"}
# More than a person goes through; a list of weeks and regions may have thousands.
STRATA_SHOWN = 400
LABELS: Mapping[StratumField, Mapping[str, Msgid]] = {
    StratumField.MODALITY: MODALITY_LABELS,
    StratumField.REGION: REGION_LABELS,
    StratumField.URGENCY: URGENCY_LABELS,
}
bp = Blueprint("sampling", __name__, url_prefix="/campaigns/<uuid:campaign_id>")


@bp.app_template_filter()
def stratum_name(field: StratumField, *, title: bool = False) -> str:
    """Return what divides a department's reports, within a sentence or as a heading."""
    name = gettext(STRATUM_LABELS[field])
    return name if title else name[:1].lower() + name[1:]


@bp.app_template_filter()
def stratum_value(value: str, field: StratumField) -> str:
    """Return the value of a stratum in words."""
    if not value:
        return gettext("not known")
    labels = LABELS.get(field, {})
    return gettext(labels[value]) if value in labels else value


@bp.get("/frame")
@needs(Permission.READ_CAMPAIGN)
def show_frame(campaign_id: UUID) -> ResponseReturnValue:
    """Show the list of reports as counts, frozen or as it would be today."""
    return _frame_page(campaign_id, DiscardForm(None))


@bp.post("/frame/freeze")
@needs(Permission.DRAW_SAMPLE)
def freeze_frame(campaign_id: UUID) -> ResponseReturnValue:
    """Freeze the list, so that its hash is public before any seed exists."""
    form = DiscardForm(None)
    try:
        with unit_of_work():
            frames.freeze_frame(campaign_id, by=current_actor())
        flash(gettext("The list is frozen, and its hash is public. Now the sample can be drawn."))
        return redirect(url_for(".show_frame", campaign_id=campaign_id))
    except DomainError as error:
        show_refusal(form, error)
    return _frame_page(campaign_id, form)


@bp.post("/frame/discard")
@needs(Permission.DRAW_SAMPLE)
def discard_frame(campaign_id: UUID) -> ResponseReturnValue:
    """Discard a frozen list before its draw."""
    form = DiscardForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                frames.discard_frame(campaign_id, reason=form.reason.data, by=current_actor())
            flash(gettext("The frozen list is discarded. A more complete one can be frozen."))
            return redirect(url_for(".show_frame", campaign_id=campaign_id))
        except DomainError as error:
            show_refusal(form, error)
    return _frame_page(campaign_id, form)


@bp.get("/frame.tsv")
@needs(Permission.READ_CAMPAIGN)
def download_frame(campaign_id: UUID) -> ResponseReturnValue:
    """Send the very lines whose SHA-256 is the hash of the list."""
    campaign = campaigns.show_campaign(campaign_id, by=current_actor())
    lines = frames.list_frame(campaign_id, by=current_actor())
    return _download(lines, f"frame-{campaign.code}.tsv", "text/tab-separated-values")


@bp.get("/draw")
@needs(Permission.READ_CAMPAIGN)
def show_draw(campaign_id: UUID) -> ResponseReturnValue:
    """Show the draw and how to check it, or the way to draw."""
    return _draw_page(campaign_id, DrawForm(None))


@bp.post("/draw")
@needs(Permission.DRAW_SAMPLE)
def draw_sample(campaign_id: UUID) -> ResponseReturnValue:
    """Draw the sample; a second click finds it drawn and shows it."""
    form = DrawForm()
    if sampling.show_draw(campaign_id, by=current_actor()) is not None:
        return redirect(url_for(".show_draw", campaign_id=campaign_id))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                dice = form.dice.data or ""
                cases = sampling.draw_sample(campaign_id, dice=dice, by=current_actor())
            said = ngettext("%(num)s report is drawn.", "%(num)s reports are drawn.", cases)
            begun = gettext("The masking of the texts has begun.")
            flash(f"{said} {begun}")
            return redirect(url_for(".show_draw", campaign_id=campaign_id))
        except DomainError as error:
            show_refusal(form, error)
    return _draw_page(campaign_id, form)


@bp.post("/draw/extend")
@needs(Permission.DRAW_SAMPLE)
def extend_draw(campaign_id: UUID) -> ResponseReturnValue:
    """Draw the next reports in the order of the tickets."""
    form = ExtendForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                cases = draw_extensions.extend_draw(
                    campaign_id, form.target.data, reason=form.reason.data, by=current_actor()
                )
            said = ngettext(
                "%(num)s report more is drawn.", "%(num)s reports more are drawn.", cases
            )
            flash(f"{said} {gettext('The masking of the texts has begun.')}")
            return redirect(url_for(".show_draw", campaign_id=campaign_id))
        except DomainError as error:
            show_refusal(form, error)
    return _draw_page(campaign_id, DrawForm(None), form)


@bp.get("/draw/proof.json")
@needs(Permission.READ_CAMPAIGN)
def download_proof(campaign_id: UUID) -> ResponseReturnValue:
    """Send all that a third party needs to draw the sample again."""
    proof = sampling.prove_draw(campaign_id, by=current_actor())
    return _download(
        proof_text(proof).encode(), f"draw-{proof['campaign']}.json", "application/json"
    )


def _frame_page(campaign_id: UUID, form: DiscardForm) -> ResponseReturnValue:
    actor = current_actor()
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    frame = frames.show_frame(campaign_id, by=actor)
    names = {one.code: one.name for one in campaign.departments}
    page = render_template(
        "sampling/show_frame.html",
        campaign=campaign,
        frame=frame,
        excluded=[
            (gettext(EXCLUSION_LABELS[reason]) if reason in EXCLUSION_LABELS else reason, count)
            for reason, count in frame.excluded.items()
        ],
        findings=[_finding_words(finding, names) for finding in frame.findings],
        names=names,
        finer=frame.finer[:STRATA_SHOWN],
        form=form,
        may_download=_may_download(frame),
        may_draw=actor.may(Permission.DRAW_SAMPLE) and campaign.state is CampaignState.LOCKED,
    )
    return page, 422 if form.errors else 200


def _may_download(frame: FrameView) -> bool:
    return current_actor().department_id is None or not frame.is_for_network


def _finding_words(finding: FindingView, names: Mapping[str, str]) -> tuple[bool, str]:
    """Return whether a finding blocks the freeze, and its sentence, whose codes are put in words.

    Args:
        finding: what to know of the list.
        names: of the departments, by their codes.
    """
    params = {
        name: _in_words(name, value, names) if isinstance(value, str) else value
        for name, value in finding.sentence.params.items()
    }
    return finding.blocks, say(Sentence(finding.sentence.message, params))


def _in_words(name: str, value: str, names: Mapping[str, str]) -> str:
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name == "department":
        return names.get(value, value)
    if name == "modality" and value in MODALITY_LABELS:
        return gettext(MODALITY_LABELS[value])
    return value


def _draw_page(
    campaign_id: UUID, form: DrawForm, extending: ExtendForm | None = None
) -> ResponseReturnValue:
    actor, extending = current_actor(), extending or ExtendForm(None)
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    drawn = sampling.show_draw(campaign_id, by=actor)
    frame = frames.show_frame(campaign_id, by=actor)
    page = render_template(
        "sampling/show_draw.html",
        campaign=campaign,
        frame=frame,
        drawn=drawn,
        replaced=_replaced(drawn) if drawn else [],
        form=form,
        extending=extending,
        may_download=_may_download(frame),
        may_draw=actor.may(Permission.DRAW_SAMPLE),
        may_extend=actor.may(Permission.DRAW_SAMPLE) and campaign.state in EXTENDABLE,
    )
    return page, 422 if form.errors or extending.errors else 200


def _replaced(drawn: DrawView) -> list[tuple[str, str]]:
    """Return the stratum of each replaced report, and why it was replaced, in words."""
    return [
        (part, gettext(REPLACEMENT_LABELS[ExclusionReason(why)])) for part, why in drawn.replaced
    ]


def _download(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
