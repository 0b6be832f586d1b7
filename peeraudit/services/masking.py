"""Use cases: masking the drawn cases, and the coordinator's word on each of them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.domain.actors import Actor
from peeraudit.domain.blinding.checks import (
    OPEN_CAMPAIGNS,
    UNCHECKED,
    ExclusionReason,
    RevealReason,
)
from peeraudit.domain.blinding.corrections import hide, occurrences, show_again
from peeraudit.domain.blinding.day_shift import DayShift
from peeraudit.domain.blinding.doubt import QUARANTINE_DOUBT
from peeraudit.domain.blinding.letterheads import learn_lines
from peeraudit.domain.blinding.masking import mask, remask
from peeraudit.domain.blinding.spans import Kind, Masked, Span, settle
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotFound
from peeraudit.domain.intake.changes import Decision
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import TextDates
from peeraudit.domain.workflow import CASE_MOVES, CaseEvent, CaseState, advance
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.services import (
    blinding,
    blinding_changes,
    blinding_days,
    blinding_seen,
    campaigns,
    checking,
    jobs,
    notifications,
    prior_reports,
    readings,
    replacements,
    teaching,
    trail,
)
from peeraudit.services.blinding import Material

# Some 5 ms a case: a bite ends well within a second, so that a cancel is felt at once.
CASES_PER_BITE = 25
# Of each department; a letterhead stands on a quarter of its reports or is none.
REPORTS_TO_LEARN_FROM = 60
PAGE = "/deidentification/"


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of a coordinator to the masks of a case.

    Attributes:
        hide: words to mask wherever they occur; empty hides nothing.
        kind: what these words are.
        show_from: where a mask begins that is to go, with all masks of the same words.
        reason: why that mask goes.
        seen: the version of the masks that the coordinator looked at; empty does not ask.
    """

    hide: str = ""
    kind: Kind = "other"
    show_from: int | None = None
    reason: RevealReason = RevealReason.ORDINARY_WORD
    seen: str = ""


def mask_cases(job_id: UUID) -> Iterator[None]:
    """Mask the drawn cases of a campaign in bites; a case that is masked already stays as it is.

    Raises:
        JobCancelled: somebody asked it to stop.
    """
    campaign_id = jobs.view(job_id).subject_id
    if campaign_id is None:
        raise NotFound(N_("There is no such campaign."))
    letterheads = _letterheads(campaign_id)
    rules = campaigns.protocol_of(campaign_id).blinding
    while bite := _drawn(campaign_id):
        materials = blinding.materials_of([case.id for case in bite])
        taught = teaching.taught_to({one.department_id for one in materials.values()})
        moves = rules.text_dates is TextDates.SHIFTED
        shifts = blinding_days.shifts_of_cases([case.id for case in bite]) if moves else {}
        known = {
            case_id: replace(
                one.known,
                taught=taught[one.department_id],
                lines=letterheads.get(one.department_id, frozenset()),
            )
            for case_id, one in materials.items()
        }
        priors = prior_reports.gather(bite, rules, known)
        for case in bite:
            shift = shifts.get(case.id)
            doubt = prior_reports.keep(case, priors.get(case.id, ()), rules, shift)
            _mask_case(case, replace(materials[case.id], known=known[case.id]), shift, doubt)
        db.session.flush()  # the counts below are those of the table
        counts = _counts(campaign_id)
        total = counts.total()
        jobs.report_progress(job_id, total - counts[CaseState.DRAWN], total=total)
        yield
    _tell_coordinators(campaign_id)
    counts = _counts(campaign_id)
    quarantined = counts[CaseState.QUARANTINED]
    jobs.succeed(job_id, {"masked": counts.total(), "quarantined": quarantined})
    yield


def mask_taught(job_id: UUID) -> Iterator[None]:
    """Mask words that a coordinator taught in the department's cases that wait for their check.

    Raises:
        JobCancelled: somebody asked it to stop.
    """
    job = jobs.view(job_id)
    found = teaching.find_taught(job.subject_id) if job.subject_id else None
    if found is None:
        raise NotFound(N_("These words are no longer on the list."))
    department_id, words, kind = found
    looked_at, after = job.done, job.cursor
    while bite := _waiting(department_id, after):
        materials = blinding.materials_of([case.id for case in bite])
        for case in bite:
            _mask_words(case, materials[case.id], words, kind)
        looked_at, after = looked_at + len(bite), bite[-1].code
        jobs.report_progress(job_id, looked_at, total=looked_at, cursor=after)
        yield
    jobs.succeed(job_id, {"looked_at": looked_at})
    yield


def correct_masks(case_id: UUID, correction: Correction, *, by: Actor) -> int:
    """Hide words of a case, or show a mask's words again; return how many stretches changed.

    Raises:
        NotFound: there is no such case in the actor's department, or no such mask.
        IllegalMove: the case is not waiting for its check.
        Conflicting: the masks were changed since the actor looked.
        InvalidInput: the words do not occur, or are hidden already.
    """
    case = checking.unchecked_case(case_id, by=by)
    _require_seen(case, correction.seen)
    material = blinding.materials_of([case.id])[case.id]
    spans = checking.read_spans(case.spans)
    details: dict[str, object]
    if correction.show_from is None:
        spans, changed = _hide(case, material.text, spans, correction)
        act, details = "add_mask", {"kind": correction.kind, "count": changed}
    else:
        spans, gone = show_again(material.text, spans, correction.show_from)
        act, changed = "remove_mask", len(gone)
        details = {"kind": gone[0].kind, "layer": gone[0].layer, "count": changed}
        details["why"] = correction.reason
    _write(case, remask(material.text, spans, material.known, case.language))
    trail.record(act, by, object_kind="case", object_id=case.id, details=details)
    return changed


def _hide(
    case: Case, text: str, spans: list[Span], correction: Correction
) -> tuple[list[Span], int]:
    """Hide words in a case and in the earlier reports beside it; they may stand in one alone."""
    in_priors = prior_reports.hide_words(case.id, correction.hide, correction.kind)
    try:
        spans, changed = hide(text, spans, correction.hide, correction.kind)
    except InvalidInput:
        if not in_priors:
            raise
        changed = 0
    return spans, changed + in_priors


def approve_case(case_id: UUID, *, by: Actor, seen: str = "") -> None:
    """Say that a case names nobody, so that reviewers may read it.

    Args:
        case_id: the case.
        by: its department's coordinator.
        seen: the version of the masks that was looked at; empty does not ask.

    Raises:
        NotFound: there is no such case in the actor's department.
        IllegalMove: the case is not waiting for its check.
        Conflicting: the masks were changed since the actor looked.
    """
    case = checking.unchecked_case(case_id, by=by)
    _require_seen(case, seen)
    _approve([case], by)


def approve_all(campaign_id: UUID, *, by: Actor) -> int:
    """Approve the department's cases in which nothing doubtful was left; return how many."""
    cases = checking.cases_without_doubt(campaign_id, by=by)
    _approve(cases, by)
    return len(cases)


def withhold_prior(case_id: UUID, prior_id: UUID, *, by: Actor) -> None:
    """Take an earlier report away from a case, for good: it cannot be shown without naming.

    Raises:
        NotFound: there is no such case in the actor's department, or no such report.
        IllegalMove: the case is not waiting for its check.
    """
    case = checking.unchecked_case(case_id, by=by)
    prior_reports.take_away(case.id, prior_id)
    trail.record("withhold_prior", by, object_kind="case", object_id=case.id)


def quarantine_case(case_id: UUID, *, by: Actor) -> None:
    """Set a case aside until it has been looked at again.

    Raises:
        NotFound: there is no such case in the actor's department.
        IllegalMove: the case is set aside already, or reviewers have it.
    """
    case = checking.own_case(case_id, by=by, locked=True)
    case.state = advance(CASE_MOVES, case.state, CaseEvent.QUARANTINE)
    case.checked_at = case.checked_by = None
    trail.record("quarantine_case", by, object_kind="case", object_id=case.id)


def exclude_case(case_id: UUID, reason: ExclusionReason, *, by: Actor) -> bool:
    """Take a case out of the audit for good, with the reason.

    Returns:
        Whether the next report in the order of the tickets was drawn in its place.

    Raises:
        NotFound: there is no such case in the actor's department.
        IllegalMove: reviewers have the case.
    """
    case = checking.own_case(case_id, by=by, locked=True)
    case.state = advance(CASE_MOVES, case.state, CaseEvent.EXCLUDE)
    case.excluded_reason = reason.value
    case.checked_at, case.checked_by = now(), by.account_id
    blinding_changes.settle_waiting([case.id], Decision.EXCLUDED, by)
    trail.record("exclude_case", by, object_kind="case", object_id=case.id, details={"why": reason})
    return replacements.replace_case(case, reason.value, by=by)


def _drawn(campaign_id: UUID) -> Sequence[Case]:
    return db.session.scalars(
        select(Case)
        .where(
            Case.campaign_id == campaign_id,
            Case.state == CaseState.DRAWN,
            Case.awaits_text.is_(False),
        )
        .order_by(Case.code)
        .limit(CASES_PER_BITE)
        .with_for_update()
    ).all()


def _waiting(department_id: UUID, after: str) -> Sequence[Case]:
    """Return the next cases of a department that wait for their check, behind a code."""
    return db.session.scalars(
        select(Case)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(
            Case.id.in_(blinding.cases_sent_by(department_id)),
            Case.state.in_(UNCHECKED),
            Campaign.state.in_(OPEN_CAMPAIGNS),
            Case.code > after,
        )
        .order_by(Case.code)
        .limit(CASES_PER_BITE)
        .with_for_update(of=Case)
    ).all()


def _mask_case(
    case: Case, material: Material, shift: DayShift | None, doubt_of_priors: float
) -> None:
    if shift is not None:
        shift = replace(shift, births=material.known.birth_dates)
    masked = mask(material.text, material.known, case.language, shift)
    # What is doubtful in an earlier report keeps its case from the readers as well.
    masked = replace(masked, doubt=max(masked.doubt, doubt_of_priors))
    doubtful = masked.doubt >= QUARANTINE_DOUBT
    event = CaseEvent.QUARANTINE if doubtful else CaseEvent.DEIDENTIFY
    case.state = advance(CASE_MOVES, case.state, event)
    # Some senders write the department or the room into the examination's name.
    case.exam = mask(material.exam, material.known, case.language).text[:200]
    _write(case, masked)
    details = {"masks": len(masked.spans), "doubt": masked.doubt, "state": case.state}
    trail.record("mask_case", None, object_kind="case", object_id=case.id, details=details)


def _mask_words(case: Case, material: Material, words: str, kind: Kind) -> None:
    """Hide taught words in a case; one in which they are hidden already stays as it is."""
    prior_reports.hide_words(case.id, words, kind)
    before = checking.read_spans(case.spans)
    places = [Span(*place, kind, "dictionary") for place in occurrences(material.text, words)]
    spans = settle(material.text, [*before, *places])
    if spans == settle(material.text, before):
        return
    _write(case, remask(material.text, spans, material.known, case.language))
    details = {"kind": kind, "count": len(places)}
    trail.record("mask_taught", None, object_kind="case", object_id=case.id, details=details)


def _letterheads(campaign_id: UUID) -> dict[UUID, frozenset[str]]:
    """Return the lines that only the reports of each department of a campaign bear."""
    places: dict[UUID, list[UUID]] = defaultdict(list)
    for place in blinding.places_of_cases(campaign_id):
        if len(places[place.department_id]) < REPORTS_TO_LEARN_FROM:
            places[place.department_id].append(place.case_id)
    texts = {
        department_id: [one.text for one in blinding.materials_of(case_ids).values()]
        for department_id, case_ids in places.items()
    }
    return {
        one: learn_lines(own, [t for other, ts in texts.items() if other != one for t in ts])
        for one, own in texts.items()
    }


def _write(case: Case, masked: Masked) -> None:
    case.masked_text, case.doubt = masked.text, masked.doubt
    case.spans = json.dumps(
        [[s.start, s.end, s.kind, s.layer, *([s.shown] if s.shown else [])] for s in masked.spans]
    )


def _approve(cases: Sequence[Case], by: Actor) -> None:
    for case in cases:
        case.state = advance(CASE_MOVES, case.state, CaseEvent.APPROVE)
        case.checked_at, case.checked_by = now(), by.account_id
        trail.record("approve_case", by, object_kind="case", object_id=case.id)
    blinding_seen.forget_words([case.id for case in cases])
    # A case that a reader sent back goes on where it stood.
    given = select(Assignment.case_id).where(Assignment.case_id.in_([case.id for case in cases]))
    for case_id in sorted(set(db.session.scalars(given))):
        readings.resume_case(case_id)


def _require_seen(case: Case, seen: str) -> None:
    if seen and seen != checking.version_of(case):
        raise Conflicting(
            N_("The masks of this case were changed since you opened it. Look at it once more.")
        )


def _counts(campaign_id: UUID) -> Counter[CaseState]:
    rows = db.session.execute(
        select(Case.state, func.count()).where(Case.campaign_id == campaign_id).group_by(Case.state)
    )
    return Counter(dict(rows.all()))


def _tell_coordinators(campaign_id: UUID) -> None:
    places = Counter(place.department_id for place in blinding.places_of_cases(campaign_id))
    for department_id, count in sorted(places.items()):
        notifications.tell_all(
            department_id,
            NoticeKind.CASES_TO_CHECK,
            key=str(campaign_id),
            params={"count": count},
            path=f"{PAGE}?campaign_id={campaign_id}",
        )
