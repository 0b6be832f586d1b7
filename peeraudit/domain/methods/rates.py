"""What is told of the methods behind the discrepancy rates?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.differences import process_rate
from peeraudit.domain.statistics.post_stratification import post_stratified_rate
from peeraudit.domain.statistics.rates import simple_rate, stratified_rate
from peeraudit.domain.statistics.subgroups import subgroup_rate
from peeraudit.domain.statistics.two_phase import two_phase_rate
from peeraudit.domain.statistics.two_phase_strata import stratified_two_phase_rate
from peeraudit.domain.statistics.weighting import moments
from peeraudit.domain.statistics.zero_events import zero_event_bounds

_SHOWN_1 = N_(
    "From 10 reports by 3 authors inside the department and from 30 reports by 5 authors outside "
    "it, unless the protocol says otherwise; labelled as imprecise where the interval is wide."
)

METHODS = (
    Method(
        "S2.01",
        (simple_rate,),
        title=N_("Rate in one stratum"),
        question=N_(
            "What share of the reports of the period is discrepant, when they were drawn from one "
            "list?"
        ),
        how=N_(
            "Discrepant reports over reports read. The interval is Wilson’s on an enlarged sample "
            "size, n over one minus the share of the period that was read: who reads half of the "
            "period knows more than half of it. With three discrepancies or fewer (or three "
            "concordant reports or fewer) it is the exact interval of a draw without replacement."
        ),
        edges=N_(
            "No report read: no rate. All reports read: the interval shrinks to the rate, since "
            "chance played no part. Size of the period unknown: no correction is made."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S2.02",
        (
            stratified_rate,
            process_rate,
            moments,
        ),
        title=N_("Rate over strata"),
        question=N_(
            "What share of all reports is discrepant, when each modality, or each finer stratum, "
            "was drawn at its own rate?"
        ),
        how=N_(
            "The rates of the strata, each weighted by its share of the frame. The variance is "
            "turned into an effective sample size, the number of simply drawn reports that would "
            "tell as much; it may not exceed the one that the sample would have if all strata "
            "shared one rate. Wilson’s interval on that size; with three events or fewer, the "
            "beta interval of Korn and Graubard."
        ),
        edges=N_(
            "A stratum without a report read is left out of the rate, the share covered and the "
            "bounds for the whole are told. A stratum with one report has no standard error. "
            "Strata finer than the modality, by week or author say, are weighted one by one; "
            "what may be told is still decided by department and modality."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S2.03",
        (zero_event_bounds,),
        title=N_("No discrepancy found"),
        question=N_("If none was found among those read, how high may the rate still be?"),
        how=N_(
            "The most discrepant reports that the frame could hold while a draw of this size "
            "would still miss them all with a chance of 2.5 per cent. Over strata, the worst way "
            "in which they could lie is found."
        ),
        edges=N_("A stratum of which nothing was read counts as if it could be wholly discrepant."),
        shown=N_("Wherever no discrepancy was found: zero is never shown without its upper bound."),
    ),
    Method(
        "S2.04",
        (subgroup_rate,),
        title=N_("Rate of a subgroup across strata"),
        question=N_("What is the rate of night reports, say, that lie in every modality?"),
        how=N_(
            "Each report weighs as many as it stands for; the rate is the weighted discrepant "
            "ones over the weighted reports of the subgroup. Since the size of the subgroup is "
            "itself estimated, the variance is that of a ratio. Wilson’s interval on the "
            "effective sample size, with our cap."
        ),
        edges=N_(
            "Where the subgroup is a stratum, the rate in one stratum is used. A modality is "
            "such a subgroup where a campaign’s strata are not by modality; how many of its "
            "reports the period holds is then not known."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S2.05",
        (post_stratified_rate,),
        title=N_("Rate weighted after the draw"),
        question=N_(
            "What is the rate once a sample that came out unbalanced is weighted back to the frame?"
        ),
        how=N_(
            "The rates by category, weighted by the categories’ known shares of the frame; "
            "Wilson’s interval on the effective sample size, with our cap."
        ),
        edges=N_("Categories with fewer than 10 reports are merged first."),
        shown=N_("On demand of an analyst, as a sensitivity check."),
    ),
    Method(
        "S2.06",
        (
            stratified_two_phase_rate,
            two_phase_rate,
        ),
        title=N_("Estimated rate, missed findings included"),
        question=N_(
            "What would the rate be if every report had been read twice and settled, those called "
            "concordant included?"
        ),
        how=N_(
            "The first readings are split by their score. In each class, the share settled as "
            "discrepant among the cases read again as designed stands for the whole class; the "
            "classes are added up by their sizes. The interval combines Wilson’s interval of each "
            "class with the chance of the first draw, side by side (MOVER). Strata are combined "
            "in the same way."
        ),
        edges=N_(
            "A class of which nothing was read again gives bounds and no rate. Strata and classes "
            "with fewer than 5 cases verified are counted together, and a warning says so; each "
            "case of the merged strata then weighs as many reports as it stands for. Version 1 "
            "weighed them so only where strata were finer than modalities."
        ),
        shown=_SHOWN_1,
        version=2,
        earlier=(1,),
    ),
)
