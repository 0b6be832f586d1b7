"""What is told of the methods of delays and workload?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.turn_round import completion, incidence, quantile
from peeraudit.domain.statistics.workload import workload_inequality

METHODS = (
    Method(
        "S7.01",
        (quantile,),
        title=N_("Delay within which half are done"),
        question=N_("Within how many days were half, or nine in ten, of the reviews done?"),
        how=N_(
            "The value below which that share of the completed delays lies, in their unit, with "
            "limits that are two of the delays themselves."
        ),
        edges=N_(
            "Only when nothing is open any more: else it would look too short. A limit beyond the "
            "data is left out."
        ),
        shown=N_("From 10 reviews, once all are done; to the audit lead."),
    ),
    Method(
        "S7.02",
        (
            completion,
            incidence,
        ),
        title=N_("Delays, open reviews included"),
        question=N_("How long does a review take, those still open counted too?"),
        how=N_(
            "At each delay, the share still open among those that could still be: what is not yet "
            "done counts as long as it was seen (Kaplan-Meier). The median is the first delay at "
            "which at most half are open."
        ),
        edges=N_(
            "Reviews that ended otherwise (declined, withdrawn) are shown apart where they exceed "
            "5 per cent. More than half open: no median."
        ),
        shown=N_("From 10 reviews; to the audit lead."),
    ),
    Method(
        "S7.03",
        (workload_inequality,),
        title=N_("How evenly work is shared"),
        question=N_("Do a few reviewers carry most of the work?"),
        how=N_(
            "The Gini coefficient of load over capacity: 0 where all carry the same share of what "
            "they can, near 1 where one carries all."
        ),
        edges=N_(
            "Fewer than 5 reviewers: the table instead of the number. Nothing to share: no value."
        ),
        shown=N_("From 5 reviewers; to the audit lead."),
    ),
)
