"""Use case: the cases that drawn reports become; for the services of the draw alone."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.adapters.randomness import new_bytes
from peeraudit.domain.blinding.codes import case_code
from peeraudit.domain.protocol import DateBlinding, Protocol
from peeraudit.domain.protocol_reader import from_json
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.sampling import FrameEntry, TargetedCase
from peeraudit.services import blinding, blinding_strata

CODE_BYTES = 16
KEYS_AT_ONCE = 500


def make_cases(
    campaign: Campaign, frame_id: UUID, tickets: Mapping[str, str], twice: Collection[str]
) -> dict[Case, UUID]:
    """Make a case of each drawn report; return the report of each new case.

    A report that its department had named already is a case: it counts from now on.

    Args:
        campaign: whose cases.
        frame_id: the list that the keys stand in.
        tickets: item key to ticket.
        twice: the keys designated for two readings.
    """
    protocol = from_json(campaign.protocol)
    # A ticket can be worked out again by whoever has list and seed, and would lead from the case
    # to its report: it is kept under a key that is thrown away, only to be unlike the others.
    secret = new_bytes(32)
    cases: dict[Case, UUID] = {}
    for key, report in _reports_of(frame_id, list(tickets)).items():
        if take_over(campaign, report.id):
            continue
        case = case_of(report, campaign, protocol)
        case.ticket = _veiled(tickets[key], secret)
        case.is_double_read = key in twice
        cases[case] = report.id
    # In the order of their random codes, so that the table's own order tells nothing.
    in_order: list[Case] = sorted(cases, key=lambda case: case.code)
    db.session.add_all(in_order)
    db.session.flush()  # the sealed identities refer to the cases
    return cases


def take_over(campaign: Campaign, report_id: UUID) -> bool:
    """Let a case that a department named count, since a ticket drew its report; say if it did."""
    case = db.session.scalar(
        select(Case).where(
            Case.campaign_id == campaign.id,
            Case.channel == "targeted",
            Case.id.in_(blinding.cases_of_reports([report_id])),
        )
    )
    if case is None:
        return False
    db.session.get_one(TargetedCase, case.id).drawn_at = now()
    db.session.flush()  # only a case that was drawn may change its channel
    case.channel = "random"
    for stratum in blinding_strata.strata_of(campaign, [report_id]).values():
        blinding_strata.put_in_stratum(case.id, stratum)
    return True


def case_of(report: Report, campaign: Campaign, protocol: Protocol) -> Case:
    """Return a new case of a drawn report, without a ticket yet."""
    shows_month = protocol.blinding.dates is DateBlinding.MONTH
    return Case(
        id=uuid4(),
        campaign_id=campaign.id,
        code=_free_code(),
        awaits_text=report.awaits_text,
        modality=report.modality,
        region=report.region,
        is_child=report.is_child,
        laterality=report.laterality,
        urgency=report.urgency,
        derived=report.derived,
        exam=report.exam,
        language=report.language,
        shown_date=report.performed_on.strftime("%Y-%m") if shows_month else "",
        created_at=now(),
    )


def _reports_of(frame_id: UUID, keys: Sequence[str]) -> dict[str, Report]:
    """Return the report of each key, and of no other of a list that may hold a million."""
    found: dict[str, Report] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        rows = db.session.execute(
            select(FrameEntry.item_key, Report)
            .join(Report, Report.id == FrameEntry.report_id)
            .where(FrameEntry.frame_id == frame_id, FrameEntry.item_key.in_(part))
        )
        found.update(rows.all())
    return found


def _veiled(ticket: str, secret: bytes) -> str:
    return hmac.new(secret, ticket.encode(), hashlib.sha256).hexdigest()


def _free_code() -> str:
    """Return a random code that no case of any campaign bears."""
    while True:
        code = case_code(new_bytes(CODE_BYTES))
        if db.session.scalar(select(Case.id).where(Case.code == code)) is None:
            return code
