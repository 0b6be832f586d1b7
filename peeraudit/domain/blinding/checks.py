"""How far is the coordinator's check of a case, and which reasons are there to give?"""

from collections.abc import Mapping
from enum import StrEnum

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.workflow import CampaignState, CaseState


class CheckStage(StrEnum):
    """How far the check of a case is; all that a coordinator learns of where a case stands."""

    WAITING = "waiting"
    AWAITS_TEXT = "awaits_text"
    QUARANTINED = "quarantined"
    TO_CHECK = "to_check"
    CHECKED = "checked"
    EXCLUDED = "excluded"


STAGES: Mapping[CheckStage, frozenset[CaseState]] = {
    CheckStage.WAITING: frozenset({CaseState.RECEIVED, CaseState.DRAWN}),
    # No state of its own: a case that is to be masked, and whose text is still to come.
    CheckStage.AWAITS_TEXT: frozenset(),
    CheckStage.QUARANTINED: frozenset({CaseState.QUARANTINED}),
    CheckStage.TO_CHECK: frozenset({CaseState.DEIDENTIFIED}),
    # Whatever happens to a case after its check would tell of its scores and its reviewers.
    CheckStage.CHECKED: frozenset(
        set(CaseState)
        - {
            CaseState.RECEIVED,
            CaseState.DRAWN,
            CaseState.QUARANTINED,
            CaseState.DEIDENTIFIED,
            CaseState.EXCLUDED,
        }
    ),
    CheckStage.EXCLUDED: frozenset({CaseState.EXCLUDED}),
}
"""The states of a case that look the same to its coordinator."""

UNCHECKED = STAGES[CheckStage.QUARANTINED] | STAGES[CheckStage.TO_CHECK]
"""The states in which a case waits for its coordinator."""

OPEN_CAMPAIGNS = frozenset({CampaignState.DRAWN, CampaignState.RUNNING, CampaignState.ADJUDICATING})
"""The states of a campaign in which masks may still be changed: none after the freeze."""

STAGE_LABELS: Mapping[CheckStage, Msgid] = {
    CheckStage.WAITING: Msgid(N_("Being masked")),
    CheckStage.AWAITS_TEXT: Msgid(N_("Awaits its text")),
    CheckStage.QUARANTINED: Msgid(N_("In quarantine")),
    CheckStage.TO_CHECK: Msgid(N_("To be checked")),
    CheckStage.CHECKED: Msgid(N_("Approved")),
    CheckStage.EXCLUDED: Msgid(N_("Excluded")),
}


class RevealReason(StrEnum):
    """Why a mask is taken away."""

    MEDICAL_TERM = "medical_term"
    MEASURE = "measure"
    ORDINARY_WORD = "ordinary_word"


REVEAL_LABELS: Mapping[RevealReason, Msgid] = {
    RevealReason.MEDICAL_TERM: Msgid(N_("A medical term or a sign named after somebody")),
    RevealReason.MEASURE: Msgid(N_("A measure or a reference, not an identifier")),
    RevealReason.ORDINARY_WORD: Msgid(N_("An ordinary word that looks like a name")),
}


class ExclusionReason(StrEnum):
    """Why a drawn case is not read."""

    CANNOT_BE_MASKED = "cannot_be_masked"
    NOT_A_REPORT = "not_a_report"
    OUT_OF_SCOPE = "out_of_scope"
    SAME_EXAMINATION = "same_examination"
    OBJECTION = "objection"


EXCLUSION_LABELS: Mapping[ExclusionReason, Msgid] = {
    ExclusionReason.CANNOT_BE_MASKED: Msgid(N_("It cannot be masked and still be understood")),
    ExclusionReason.NOT_A_REPORT: Msgid(N_("It is not a report: empty, technical or cancelled")),
    ExclusionReason.OUT_OF_SCOPE: Msgid(N_("It is not an examination of this campaign")),
    ExclusionReason.SAME_EXAMINATION: Msgid(N_("The same examination was drawn twice")),
    ExclusionReason.OBJECTION: Msgid(N_("The patient objects to the use of the report")),
}


def stage_of(state: CaseState, *, awaits_text: bool = False) -> CheckStage:
    """Return how far the check of a case in ``state`` is.

    Args:
        state: where the case stands.
        awaits_text: whether its report was announced without its text, which is still to come.
    """
    stage = next(stage for stage, states in STAGES.items() if state in states)
    return CheckStage.AWAITS_TEXT if awaits_text and stage is CheckStage.WAITING else stage
