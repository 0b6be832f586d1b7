"""At which step of a campaign do its cases stand, and what is to be done next?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.readiness import sort_open
from peeraudit.domain.workflow import CampaignState, CaseState


class Step(StrEnum):
    """What a case is waiting for."""

    MASKING = "masking"
    CHECK = "check"
    ASSIGNMENT = "assignment"
    READING = "reading"
    SETTLING = "settling"
    REPLY = "reply"
    SETTLED = "settled"
    EXCLUDED = "excluded"


class NextAct(StrEnum):
    """What moves the campaign on."""

    LOCK = "lock"
    FREEZE_FRAME = "freeze_frame"
    DRAW = "draw"
    WAIT_FOR_CHECK = "wait_for_check"
    ASSIGN = "assign"
    WAIT_FOR_READING = "wait_for_reading"
    SETTLE = "settle"
    WAIT_FOR_SETTLING = "wait_for_settling"
    FREEZE = "freeze"
    WAIT_FOR_NUMBERS = "wait_for_numbers"
    PUBLISH = "publish"
    CLOSE = "close"
    NOTHING = "nothing"


STEP_LABELS: Mapping[Step, Msgid] = {
    Step.MASKING: Msgid(N_("To be masked")),
    Step.CHECK: Msgid(N_("To be checked by the departments")),
    Step.ASSIGNMENT: Msgid(N_("Ready to assign")),
    Step.READING: Msgid(N_("With the reviewers")),
    Step.SETTLING: Msgid(N_("Being settled")),
    Step.REPLY: Msgid(N_("Awaiting the author’s reply")),
    Step.SETTLED: Msgid(N_("Settled")),
    Step.EXCLUDED: Msgid(N_("Excluded")),
}

_STEP_OF: Mapping[CaseState, Step] = {
    CaseState.RECEIVED: Step.MASKING,
    CaseState.DRAWN: Step.MASKING,
    CaseState.DEIDENTIFIED: Step.CHECK,
    CaseState.QUARANTINED: Step.CHECK,
    CaseState.ELIGIBLE: Step.ASSIGNMENT,
    CaseState.ASSIGNED: Step.READING,
    CaseState.IN_REVIEW: Step.READING,
    CaseState.REVIEWED: Step.READING,
    CaseState.SECOND_REVIEW: Step.READING,
    CaseState.ADJUDICATION: Step.SETTLING,
    CaseState.PROPOSED: Step.SETTLING,
    CaseState.AUTHOR_NOTIFIED: Step.REPLY,
    CaseState.REPLIED: Step.REPLY,
    CaseState.REPLY_EXPIRED: Step.REPLY,
    CaseState.CONCORDANT: Step.SETTLED,
    CaseState.FINAL: Step.SETTLED,
    CaseState.CLOSED: Step.SETTLED,
    CaseState.PURGED: Step.SETTLED,
    CaseState.EXCLUDED: Step.EXCLUDED,
}

# How many cases are settled, or wait for their author, tells how many are discrepant.
_TELLING = frozenset({Step.SETTLING, Step.REPLY, Step.SETTLED})


@dataclass(frozen=True, slots=True)
class StepCount:
    """Cases at one step.

    Attributes:
        step: which.
        count: in cases.
    """

    step: Step
    count: int


def count_steps(states: Mapping[CaseState, int], *, in_full: bool) -> tuple[StepCount, ...]:
    """Return the cases at each step, in the order of the steps.

    Args:
        states: cases per state.
        in_full: for the network lead; else all that comes after the first reading is
            counted with it, since its parts would tell a department of its discrepancies.

    Returns:
        Every step, those without a case too; the excluded only where there are any.
    """
    counts = dict.fromkeys(Step, 0)
    for state, number in states.items():
        step = _STEP_OF[state]
        counts[step if in_full or step not in _TELLING else Step.READING] += number
    hidden = frozenset() if in_full else _TELLING
    shown = [s for s in Step if s not in hidden and (s is not Step.EXCLUDED or counts[s])]
    return tuple(StepCount(step, counts[step]) for step in shown)


def next_act(
    state: CampaignState,
    states: Mapping[CaseState, int],
    *,
    has_frame: bool,
    has_numbers: bool,
) -> NextAct:
    """Return what moves a campaign on.

    Args:
        state: where it stands.
        states: cases per state.
        has_frame: whether the list of eligible reports is frozen.
        has_numbers: whether the final numbers are computed.
    """
    left = sort_open(states)
    steps = {part.step: part.count for part in count_steps(states, in_full=True)}
    is_ready = not steps[Step.MASKING] + steps[Step.CHECK]
    acts = {
        CampaignState.DRAFT: NextAct.LOCK,
        CampaignState.LOCKED: NextAct.DRAW if has_frame else NextAct.FREEZE_FRAME,
        CampaignState.DRAWN: NextAct.ASSIGN if is_ready else NextAct.WAIT_FOR_CHECK,
        CampaignState.RUNNING: NextAct.WAIT_FOR_READING if left.unread else NextAct.SETTLE,
        CampaignState.ADJUDICATING: NextAct.WAIT_FOR_SETTLING if left.total else NextAct.FREEZE,
        CampaignState.FROZEN: NextAct.PUBLISH if has_numbers else NextAct.WAIT_FOR_NUMBERS,
        CampaignState.REPORTED: NextAct.CLOSE,
        CampaignState.CLOSED: NextAct.NOTHING,
    }
    return acts[state]
