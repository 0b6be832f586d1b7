"""How are reports planned, drawn and given to reviewers?"""

from peeraudit.domain.assignment.baseline import assign_at_random
from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.sampling.acceptance_plans import acceptance_plan, zero_plan
from peeraudit.domain.sampling.draws import draw, ticket
from peeraudit.domain.sampling.frame_checks import check_frame, day_dispersion, representativeness
from peeraudit.domain.sampling.optimal_allocation import allocate_optimally
from peeraudit.domain.sampling.precision_plans import exact_size, expected_half_width, wald_size
from peeraudit.domain.sampling.sample_size import allocate, expected_interval, sample_size

_SHOWN_1 = N_("In the protocol editor, always; it is a plan and no result.")

METHODS = (
    Method(
        "S1.01",
        (wald_size,),
        title=N_("Sample size, rule of thumb"),
        question=N_("How many reports would the textbook formula ask for?"),
        how=N_(
            "The square of 1.96 times p(1 - p), over the square of the half-width wanted, p being "
            "the rate assumed; then lowered for the size of the frame. The answer is a number of "
            "reports, rounded up."
        ),
        edges=N_(
            "Below a rate of 10 per cent it asks for too few reports. A half-width as large as "
            "the rate itself is refused."
        ),
        shown=N_("Beside the default plan only, as a rule of thumb."),
    ),
    Method(
        "S1.02",
        (
            sample_size,
            expected_interval,
        ),
        title=N_("Sample size for a wanted precision"),
        question=N_(
            "How many reports must be read for the rate to be known within, say, three points "
            "either way?"
        ),
        how=N_(
            "The number of reports at which Wilson’s interval, at the rate assumed, has the "
            "half-width wanted; then lowered for the size of the frame, because a report drawn is "
            "never drawn twice."
        ),
        edges=N_(
            "Never more than the frame holds. A half-width of one half or more is refused: it "
            "would ask for nothing."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S1.03",
        (
            exact_size,
            expected_half_width,
        ),
        title=N_("Sample size, cautious plan"),
        question=N_("How many reports keep the exact interval narrow enough, on average?"),
        how=N_(
            "The smallest number at which the half-width of the Clopper-Pearson interval, "
            "averaged over all that the draw may give, is the one wanted; then lowered for the "
            "size of the frame."
        ),
        edges=N_("A plan of more than 10 million reports is refused."),
        shown=_SHOWN_1,
    ),
    Method(
        "S1.04",
        (zero_plan,),
        title=N_("Plan without a finding"),
        question=N_(
            "How many reports, all of them concordant, let us say that the rate is below a limit?"
        ),
        how=N_(
            "The smallest number for which drawing no discrepant report would be unlikely (at "
            "most one minus the confidence wanted) if the rate were at the limit. Over a frame "
            "the probability is exact. The rule of three, 3 over the limit, is printed beside it."
        ),
        edges=N_(
            "In a small frame at least one discrepant report is supposed, however low the limit."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S1.05",
        (acceptance_plan,),
        title=N_("Pass or investigate"),
        question=N_(
            "How many reports, and how many discrepancies among them, decide whether a department "
            "passes or is looked into?"
        ),
        how=N_(
            "The smallest sample, and the most discrepancies allowed in it, for which a good "
            "department is rarely looked into and a poor one rarely passes. Both risks, and the "
            "chance of passing at every rate, are shown."
        ),
        edges=N_(
            "Where no plan tells the two rates apart, it says so. The result reads pass or "
            "investigate, never good or bad."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S1.06",
        (allocate,),
        title=N_("Sharing the sample in proportion"),
        question=N_("How many reports are drawn from each stratum?"),
        how=N_(
            "In proportion to the reports that each stratum holds, held between a minimum and a "
            "maximum; what rounding leaves over goes to the largest fractions, then to the larger "
            "stratum."
        ),
        edges=N_(
            "Minima that add up to more than the sample are refused with the number that they "
            "need. Where all maxima are reached, fewer are drawn, and the plan says so."
        ),
        shown=N_("At the freeze of the frame."),
    ),
    Method(
        "S1.07",
        (allocate_optimally,),
        title=N_("Sharing the sample for the best precision"),
        question=N_("Which share for each stratum makes the overall rate as precise as possible?"),
        how=N_(
            "Each further report goes to the stratum where it lowers the variance of the overall "
            "rate most, from the spread seen in the last period. This is the exact best among "
            "whole numbers."
        ),
        edges=N_(
            "A stratum without a past discrepancy is taken to have a rate of 2 per cent, so that "
            "it is not forgotten. In proportion is better unless rates are known to differ "
            "threefold."
        ),
        shown=N_("In the protocol editor, when it is chosen."),
    ),
    Method(
        "S1.08",
        (
            draw,
            ticket,
        ),
        title=N_("The draw by ticket"),
        question=N_("Which reports does chance draw, and can anybody check it?"),
        how=N_(
            "The list of reports is frozen and its fingerprint published; only then a seed is "
            "made. The ticket of a report is the SHA-256 of the seed and of the report’s keyed "
            "pseudonym; in each stratum the smallest tickets are drawn. Anybody with the list and "
            "the seed finds the same sample."
        ),
        edges=N_(
            "A report that cannot be read is replaced by the next ticket, with its reason. A "
            "larger sample keeps the smaller one. A weak seed is refused."
        ),
        shown=N_("On the page of the draw, to everybody in the audit."),
    ),
    Method(
        "S1.09",
        (assign_at_random,),
        title=N_("Assignment by chance"),
        question=N_("Who reads which case, if nothing but load and chance decides?"),
        how=N_(
            "Cases in the order of their tickets; each goes to the eligible reviewers with the "
            "smallest load for their capacity, and among equals to the smallest hash of seed, "
            "case and reviewer. It is the yardstick of the plan that is really used."
        ),
        edges=N_(
            "Nobody reads a report of the own department, nor one in a declared conflict. A case "
            "without enough reviewers is told as such."
        ),
        shown=N_("When an assignment is planned."),
    ),
    Method(
        "S1.10",
        (
            check_frame,
            representativeness,
            day_dispersion,
        ),
        title=N_("Checks of the frame and of the sample"),
        question=N_("Is the list of reports complete, and is the sample like it?"),
        how=N_(
            "Reports listed twice, the total that the department’s system counts, gaps in the "
            "numbers and in the days, eligible authors without a report; after the draw the "
            "composition of the sample is compared with that of the list, with the exact variance "
            "of drawing without replacement."
        ),
        edges=N_(
            "A red finding blocks the draw, an amber one is to be looked at. A sample unlike its "
            "frame (less than one chance in a thousand) points to a fault, and is never drawn "
            "again to look better."
        ),
        shown=N_("On the pages of the frame and of the draw."),
    ),
)
