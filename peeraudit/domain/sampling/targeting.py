"""Why is a report read although no ticket drew it?"""

from collections.abc import Mapping
from enum import StrEnum

from peeraudit.domain.errors import N_, Msgid


class TargetReason(StrEnum):
    """Why a department names a report; chosen and not typed, so that it can name nobody."""

    SAFETY_EVENT = "safety_event"
    COMPLAINT = "complaint"
    FOLLOW_UP = "follow_up"
    TEACHING = "teaching"


TARGET_LABELS: Mapping[TargetReason, Msgid] = {
    TargetReason.SAFETY_EVENT: Msgid(N_("A patient safety event")),
    TargetReason.COMPLAINT: Msgid(N_("A question or complaint of a clinician or patient")),
    TargetReason.FOLLOW_UP: Msgid(N_("A later examination showed something else")),
    TargetReason.TEACHING: Msgid(N_("Rare or instructive")),
}
