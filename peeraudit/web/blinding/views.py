"""The coordinator's check: no report leaves its department before somebody has looked at it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.blinding.checks import (
    EXCLUSION_LABELS,
    STAGE_LABELS,
    CheckStage,
    ExclusionReason,
    RevealReason,
)
from peeraudit.domain.errors import DomainError, NotFound
from peeraudit.services import checking, masking, report_changes, teaching
from peeraudit.services.checking import Wanted
from peeraudit.services.masking import Correction
from peeraudit.web.blinding.forms import exclude_form, hide_form, show_form
from peeraudit.web.blinding.words import exam_words, kind_word, layer_word, piece_title
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs
from peeraudit.web.sheets import prior_box

bp = Blueprint("blinding", __name__, url_prefix="/deidentification")


@bp.get("/")
@needs(Permission.CHECK_DEIDENTIFICATION)
def list_cases() -> ResponseReturnValue:
    """Show the department's cases and how far their check is."""
    wanted, page = _wanted(), request.args.get("page", 1, type=int)
    shown = checking.list_cases(wanted, page=page, by=current_actor())
    return render_template(
        "blinding/list_cases.html",
        shown=shown,
        wanted=wanted,
        labels=STAGE_LABELS,
        waiting=shown.counts[CheckStage.TO_CHECK] + shown.counts[CheckStage.QUARANTINED],
        exam_words=exam_words,
        changed=report_changes.count_waiting(by=current_actor()),
    )


@bp.get("/next")
@needs(Permission.CHECK_DEIDENTIFICATION)
def next_case() -> ResponseReturnValue:
    """Go to the next case that waits for the check; to the list when none is left."""
    after = request.args.get("after", type=UUID)
    found = checking.next_case(_wanted(), after=after, by=current_actor())
    if found is None:
        return redirect(url_for(".list_cases", **_filters()))
    return redirect(url_for(".show_case", case_id=found, before=after, **_filters()))


@bp.get("/<uuid:case_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
def show_case(case_id: UUID) -> ResponseReturnValue:
    """Show a case: the original beside what a reviewer will read."""
    return _page(case_id)


@bp.post("/<uuid:case_id>/hide")
@needs(Permission.CHECK_DEIDENTIFICATION)
def hide_words(case_id: UUID) -> ResponseReturnValue:
    """Mask words of a case wherever they occur."""
    form = hide_form()
    if not form.validate_on_submit():
        return _page(case_id, hide=form, status=422)
    change = Correction(hide=form.words.data, kind=form.kind.data, seen=form.seen.data or "")
    try:
        with unit_of_work():
            count = masking.correct_masks(case_id, change, by=current_actor())
            if form.teach.data:
                teaching.teach(form.words.data, form.kind.data, by=current_actor())
    except NotFound:
        raise
    except DomainError as error:
        form.form_errors.append(tell(error))
        return _page(case_id, hide=form, status=422)
    flash(ngettext("%(num)s more place is masked.", "%(num)s more places are masked.", count))
    return _back_to(case_id)


@bp.get("/words")
@needs(Permission.CHECK_DEIDENTIFICATION)
def list_words() -> ResponseReturnValue:
    """Show the words that are masked in every report of the department."""
    words = teaching.list_words(by=current_actor())
    return render_template("blinding/list_words.html", words=words, kind_word=kind_word)


@bp.post("/words/<uuid:word_id>/forget")
@needs(Permission.CHECK_DEIDENTIFICATION)
def forget_word(word_id: UUID) -> ResponseReturnValue:
    """Take words off the department's list."""
    with unit_of_work():
        teaching.forget(word_id, by=current_actor())
    flash(gettext("The words are off the list; what they mask already stays masked."))
    return redirect(url_for(".list_words"))


@bp.post("/<uuid:case_id>/show")
@needs(Permission.CHECK_DEIDENTIFICATION)
def show_words(case_id: UUID) -> ResponseReturnValue:
    """Take a mask away, wherever the same words are masked."""
    form = show_form()
    if not form.validate_on_submit():
        return _page(case_id, show=form, status=422)
    reason = RevealReason(form.reason.data)
    change = Correction(show_from=form.start.data, reason=reason, seen=form.seen.data or "")
    with unit_of_work():
        count = masking.correct_masks(case_id, change, by=current_actor())
    flash(ngettext("%(num)s mask was taken away.", "%(num)s masks were taken away.", count))
    return _back_to(case_id)


@bp.post("/<uuid:case_id>/priors/<uuid:prior_id>/withhold")
@needs(Permission.CHECK_DEIDENTIFICATION)
def withhold_prior(case_id: UUID, prior_id: UUID) -> ResponseReturnValue:
    """Take an earlier report away from a case."""
    with unit_of_work():
        masking.withhold_prior(case_id, prior_id, by=current_actor())
    flash(gettext("Reviewers will not read this earlier report."))
    return _back_to(case_id)


@bp.post("/<uuid:case_id>/approve")
@needs(Permission.CHECK_DEIDENTIFICATION)
def approve_case(case_id: UUID) -> ResponseReturnValue:
    """Say that a case names nobody, and go on to the next."""
    with unit_of_work():
        masking.approve_case(case_id, seen=request.form.get("seen", ""), by=current_actor())
    return redirect(url_for(".next_case", after=case_id, **_filters()))


@bp.post("/approve-all")
@needs(Permission.CHECK_DEIDENTIFICATION)
def approve_all() -> ResponseReturnValue:
    """Approve the cases in which nothing doubtful was left."""
    campaign_id = request.form.get("campaign_id", type=UUID)
    if campaign_id is None:
        flash(gettext("Choose the campaign first."), "error")
        return redirect(url_for(".list_cases"))
    with unit_of_work():
        count = masking.approve_all(campaign_id, by=current_actor())
    flash(ngettext("%(num)s case was approved.", "%(num)s cases were approved.", count))
    return redirect(url_for(".list_cases", campaign_id=campaign_id))


@bp.post("/<uuid:case_id>/quarantine")
@needs(Permission.CHECK_DEIDENTIFICATION)
def quarantine_case(case_id: UUID) -> ResponseReturnValue:
    """Set a case aside until it was looked at again."""
    with unit_of_work():
        masking.quarantine_case(case_id, by=current_actor())
    flash(gettext("The case is in quarantine: nobody reads it until you approve it."))
    return _back_to(case_id)


@bp.post("/<uuid:case_id>/exclude")
@needs(Permission.CHECK_DEIDENTIFICATION)
def exclude_case(case_id: UUID) -> ResponseReturnValue:
    """Take a case out of the audit, and go on to the next."""
    form = exclude_form()
    if not form.validate_on_submit():
        return _page(case_id, exclude=form, status=422)
    with unit_of_work():
        reason = ExclusionReason(form.reason.data)
        replaced = masking.exclude_case(case_id, reason, by=current_actor())
    flash(_excluded_words(replaced=replaced))
    return redirect(url_for(".next_case", after=case_id, **_filters()))


def _excluded_words(*, replaced: bool) -> str:
    if replaced:
        return gettext(
            "The case is excluded; the reason is kept. The next report in the order of the draw "
            "takes its place and will soon wait for its check."
        )
    return gettext("The case is excluded; the reason is kept.")


def _page(case_id: UUID, status: int = 200, **forms: object) -> ResponseReturnValue:
    case = checking.show_case(case_id, by=current_actor())
    page = render_template(
        "blinding/show_case.html",
        case=case,
        stage_label=STAGE_LABELS[case.stage],
        excluded=_exclusion(case.excluded_reason),
        priors=[prior_box(one) for one in case.priors],
        hide=forms.get("hide") or hide_form(),
        show=forms.get("show") or show_form(),
        exclude=forms.get("exclude") or exclude_form(),
        filters=_filters(),
        before=request.args.get("before", type=UUID),
        exam_words=exam_words,
        kind_word=kind_word,
        layer_word=layer_word,
        piece_title=piece_title,
    )
    return page, status


def _exclusion(reason: str) -> str:
    is_known = reason in set(ExclusionReason)
    return EXCLUSION_LABELS[ExclusionReason(reason)] if is_known else reason


def _back_to(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".show_case", case_id=case_id, **_filters()))


def _wanted() -> Wanted:
    stage = request.args.get("stage", "")
    return Wanted(
        campaign_id=request.args.get("campaign_id", type=UUID),
        stage=CheckStage(stage) if stage in set(CheckStage) else None,
    )


def _filters() -> dict[str, Any]:
    """Return the filters of the address, which go from page to page."""
    names = ("campaign_id", "stage")
    return {name: request.args[name] for name in names if request.args.get(name)}
