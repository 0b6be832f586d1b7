"""Use cases: by how many days the days in a patient's texts move, which nobody is ever told."""

import hashlib
import hmac
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.randomness import new_bytes
from peeraudit.adapters.sealing import keyed_digest, seal, unseal
from peeraudit.domain.blinding.day_shift import DayShift, shift_of
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.identities import ShiftKey
from peeraudit.models.intake import Report
from peeraudit.services import blinding_records as records

_KEY_BYTES = 32


def shifts_of_cases(case_ids: Collection[UUID]) -> dict[UUID, DayShift]:
    """Return by how much the days of each case's text move.

    All reports of a patient from one department move alike within a campaign. Another campaign
    moves them otherwise, and so does another department, whose coordinator sees originals too:
    neither can work out the other's shift. A report without a patient's number moves by itself.
    """
    links = records.links_of(case_ids)
    report_ids = [link.report_id for link in links.values()]
    days = dict(
        db.session.execute(
            select(Report.id, Report.performed_on).where(Report.id.in_(report_ids))
        ).all()
    )
    patients = {
        report_id: records.open_known(row).patient_id
        for report_id, row in records.reports_of(report_ids).items()
    }
    keys = {one: _key_of(one) for one in {link.campaign_id for link in links.values()}}
    shifts = {}
    for case_id, link in links.items():
        patient = patients.get(link.report_id) or link.report_id.hex
        digest = _digest(keys[link.campaign_id], f"{link.department_id.hex}/{patient}")
        shifts[case_id] = DayShift(shift_of(digest), days[link.report_id].year)
    return shifts


def shift_of_words(words: str) -> int:
    """Return by how many days the days of texts move that are handed in, without a database.

    Args:
        words: what tells the patient; equal words move alike until the newest key changes.
    """
    return shift_of(keyed_digest("days", words))


def seal_keys(rows: Collection[ShiftKey]) -> None:
    """Seal the secrets of some campaigns anew, under the newest key."""
    for row in rows:
        row.sealed_key = seal(unseal(row.sealed_key, _place(row)), _place(row))


def _key_of(campaign_id: UUID) -> bytes:
    """Return a campaign's secret, which is made when it is first asked for."""
    row = db.session.get(ShiftKey, campaign_id)
    if row is None:
        # Two workers that mask at once must not make two.
        db.session.get_one(Campaign, campaign_id, with_for_update=True)
        row = db.session.get(ShiftKey, campaign_id)
    if row is None:
        row = ShiftKey(campaign_id=campaign_id)
        row.sealed_key = seal(new_bytes(_KEY_BYTES), _place(row))
        db.session.add(row)
        db.session.flush()  # whoever waits for the lock must find it
    return unseal(row.sealed_key, _place(row))


def _place(row: ShiftKey) -> str:
    return f"shift_key/{row.campaign_id.hex}"


def _digest(key: bytes, value: str) -> bytes:
    return hmac.new(key, value.encode(), hashlib.sha256).digest()
