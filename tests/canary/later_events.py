"""What happens in a campaign after its draw and its offers, in the canary network."""

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.absences import Away
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import IllegalMove
from peeraudit.domain.intake.changes import Decision, KeepReason
from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.domain.specimens.files import CSV_COLUMNS
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.services import (
    absences,
    blinding_unsealing,
    change_decisions,
    checking,
    demo_audit,
    draw_extensions,
    giving_back,
    masking,
    reminders,
    report_changes,
    targeting,
)
from peeraudit.services import blinding_records as records
from peeraudit.services.checking import Wanted

CORRECTED = 4
DAYS_LATER = 12


def corrected(row: dict[str, str], word: str) -> bytes:
    """Return a file with a later version of a report, which says a word more."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, CSV_COLUMNS, restval="")
    writer.writeheader()
    text = f"{row['report_text']}\nCorrection : nodule {word}."
    writer.writerow(
        {**row, "report_id": f"{row['report_id']}C", "status": "C", "report_text": text}
    )
    return table.getvalue().encode()


def decide_on_changes(coordinators: list[Actor]) -> None:
    """Let one department take a later version in, another keep what was drawn; the rest wait."""
    for choice, by in zip((Decision.REPLACED, Decision.KEPT), coordinators, strict=False):
        line = next(
            one
            for one in report_changes.list_changes(by=by)
            if choice in report_changes.show_change(one.id, by=by).choices
        )
        reason = next(iter(KeepReason)) if choice is Decision.KEPT else None
        with unit_of_work():
            change_decisions.decide(line.id, choice, reason=reason, by=by)


def approve_what_waits(coordinator: Actor, campaign_id: UUID, *, leave: int) -> None:
    """Let a department let its masked cases go to their readers, but some and a pulled one.

    Whose case was pulled is for chance to say; it is to stay so.
    """
    lines = checking.list_cases(Wanted(campaign_id), by=coordinator).lines
    waiting = [line for line in lines if not line.is_back]
    for line in waiting[leave:]:
        # Some on the list wait for something else.
        with suppress(IllegalMove), unit_of_work():
            masking.approve_case(line.id, by=coordinator)


def name_and_extend(coordinators: list[Actor], lead: Actor, campaign_id: UUID) -> None:
    """Let departments name reports that no ticket drew, and let the draw be extended."""
    cases = db.session.scalars(select(Case.id).where(Case.campaign_id == campaign_id)).all()
    drawn = {link.report_id for link in records.links_of(cases).values()}
    # By their number: of one that was corrected a later version counts than was drawn.
    numbers = db.session.scalars(select(Report.accession).where(Report.id.in_(drawn))).all()
    for by in coordinators:
        spare = db.session.scalars(
            select(Report.accession)
            .where(Report.department_id == by.department_id, Report.is_current)
            .where(Report.accession.not_in(numbers), Report.accession.not_like("%P"))
            .order_by(Report.accession)
        ).all()
        if spare:
            with unit_of_work():
                targeting.name_report(campaign_id, spare[-1], TargetReason.TEACHING, by=by)
    with unit_of_work():
        draw_extensions.extend_draw(campaign_id, 32, reason="Trop peu de cas.", by=lead)


def give_back_and_leave(campaign_id: UUID, work: Callable[[], None]) -> None:
    """Let one reviewer give a case back, and another be away when theirs are due."""
    first, second, *_ = {
        waiting.actor.account_id: waiting.actor for waiting in demo_audit.list_waiting(campaign_id)
    }.values()
    with unit_of_work():
        giving_back.give_back(campaign_id, 1, by=first)
    day = clock.today()
    with unit_of_work():
        absences.declare_absence(Away(day + timedelta(days=1), day + timedelta(days=30)), by=second)
    work()


def ask_to_unseal(officers: list[Actor], coordinator: Actor, campaign_id: UUID) -> None:
    """Let a safety officer ask whose report a case is; nobody has answered yet."""
    code = checking.list_cases(Wanted(campaign_id), by=coordinator).lines[0].code
    officer = next(one for one in officers if one.department_id == coordinator.department_id)
    with unit_of_work():
        blinding_unsealing.ask(code, "Une opacité non signalée.", by=officer)


def remind(work: Callable[[], None]) -> None:
    """Let the digests of a later noon go out."""
    at = clock.local(clock.now())
    noon = timedelta(days=DAYS_LATER, hours=12 - at.hour)
    with clock.shifted(noon):
        with unit_of_work():
            reminders.remind_reviewers()
        work()


def actors_of(people, role: Role) -> list[Actor]:
    """Return those who hold a role, as they act."""
    return [person.actor for person in people if person.actor.role is role]
