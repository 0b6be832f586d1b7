"""What is told of the methods that compare departments?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.comparison.funnels import (
    department_tests,
    funnel_limits,
    rate_funnel_limits,
)
from peeraudit.domain.statistics.comparison.overdispersion import overdispersion
from peeraudit.domain.statistics.comparison.prior_doubt import likelihood_limits
from peeraudit.domain.statistics.comparison.shrinkage import shrunken_rates
from peeraudit.domain.statistics.comparison.standardisation import (
    direct_standardisation,
    indirect_standardisation,
)
from peeraudit.domain.statistics.multiplicity import benjamini_hochberg

METHODS = (
    Method(
        "S5.01",
        (
            funnel_limits,
            rate_funnel_limits,
        ),
        title=N_("Funnel of departments"),
        question=N_("Which departments lie outside what chance alone would scatter them to?"),
        how=N_(
            "Around the common rate, the limits between which 95 and 99.8 per cent of departments "
            "with as many reports would fall if all worked alike; exact binomial, smoothed "
            "between whole counts. Small departments scatter widely, which makes the funnel."
        ),
        edges=N_(
            "A lower limit of 0 means that no department of that size can be unusually low. Below "
            "10 reports a department is not plotted. Outside the limits reads unusual, look into "
            "it, and nothing more."
        ),
    ),
    Method(
        "S5.02",
        (
            department_tests,
            benjamini_hochberg,
        ),
        title=N_("Departments beyond chance"),
        question=N_("Which departments are still unusual once we allow for having looked at many?"),
        how=N_(
            "A two-sided mid-P value for each department, then a q value over all of them "
            "(Benjamini and Hochberg). Only those with a q value of at most 5 per cent are "
            "listed."
        ),
        edges=N_("No discrepancy at all, or nothing else: no test."),
    ),
    Method(
        "S5.03",
        (overdispersion,),
        title=N_("More scatter than chance"),
        question=N_("Do departments as a whole differ more than chance and case-mix explain?"),
        how=N_(
            "The mean squared distance from the common rate, in standard errors, the outermost "
            "tenths being drawn in. What exceeds one becomes a variance between departments, and "
            "the funnel is widened by it."
        ),
        edges=N_("Widened only where the excess is beyond chance; the caption then says so."),
    ),
    Method(
        "S5.04",
        (
            shrunken_rates,
            likelihood_limits,
        ),
        title=N_("Rate drawn towards the common one"),
        question=N_(
            "What is a department’s likely rate, given its few reports and those of all the others?"
        ),
        how=N_(
            "How the true rates scatter is learnt from all departments (beta-binomial); each "
            "department’s own rate is then drawn towards the common one, the more so the fewer "
            "its reports."
        ),
        edges=N_("Where no difference shows, all get the common rate, and a warning says so."),
    ),
    Method(
        "S5.05",
        (indirect_standardisation,),
        title=N_("Seen over expected, for the department’s own cases"),
        question=N_(
            "Does a department have more discrepancies than its mix of modalities would lead to "
            "expect?"
        ),
        how=N_(
            "Discrepancies over the sum of its reports in each class times the reference rate of "
            "the class. The interval is the exact one of a Poisson count, the p value exact for "
            "the mix."
        ),
        edges=N_(
            "Compared with 1 only: two departments with different mixes are not comparable with "
            "one another. Fewer than one expected: hidden."
        ),
    ),
    Method(
        "S5.06",
        (direct_standardisation,),
        title=N_("Rate at a standard mix of cases"),
        question=N_("What would the rate be if the department had the same mix of cases as all?"),
        how=N_(
            "The rates by class, weighted by the shares of a fixed standard mix, with the "
            "interval of the rate over strata, without correction for the size of the frame."
        ),
        edges=N_(
            "A class with weight and no report: no value. Fewer than 10 reports in a class that "
            "counts: a warning."
        ),
    ),
)
