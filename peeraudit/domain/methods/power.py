"""What is told of the methods of power?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.power import (
    agreement_items,
    compare_two,
    critical_count,
    detectable_rate,
    power_against_standard,
)

_SHOWN_1 = N_("Beside every comparison, and beside every statement that no difference was found.")

METHODS = (
    Method(
        "S9.01",
        (
            power_against_standard,
            critical_count,
        ),
        title=N_("Power against a standard"),
        question=N_(
            "If the true rate were twice the standard, how likely would such an audit have noticed?"
        ),
        how=N_(
            "The fewest discrepancies that speak against the standard with a risk of at most 2.5 "
            "per cent, and the chance of reaching them at the true rate. Exact binomial."
        ),
        edges=N_(
            "Where not even all reports discrepant would speak against the standard, nothing is "
            "told."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S9.02",
        (detectable_rate,),
        title=N_("Smallest rate that would be noticed"),
        question=N_("How high must the true rate be for four in five such audits to notice it?"),
        how=N_(
            "The rate at which the chance of reaching the critical number of discrepancies is 80 "
            "per cent. A share of reports."
        ),
        edges=N_(
            "With few reports it is far above the standard, and that is what it is shown for."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S9.03",
        (compare_two,),
        title=N_("Power of comparing two rates"),
        question=N_("How likely is a comparison of this size to show a given difference?"),
        how=N_(
            "The difference on the arcsine scale times the root of the two sizes put together, "
            "against 1.96; also the sizes needed and the smallest difference that would be seen."
        ),
        edges=N_("Effective sample sizes are used where the samples are stratified."),
        shown=_SHOWN_1,
    ),
    Method(
        "S9.04",
        (agreement_items,),
        title=N_("Cases for an agreement study"),
        question=N_("How many cases must be read twice to know the agreement well enough?"),
        how=N_(
            "From the standard error in a pilot, which falls with the root of the number of cases."
        ),
        edges=N_("A pilot without scatter tells nothing."),
        shown=N_("In the protocol editor and beside agreement."),
    ),
)
