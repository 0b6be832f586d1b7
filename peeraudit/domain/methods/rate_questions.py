"""What is told of the methods that question a rate, compare it or correct it?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.capture_recapture import capture_recapture
from peeraudit.domain.statistics.categories import category_distribution
from peeraudit.domain.statistics.differences import difference, trend
from peeraudit.domain.statistics.imperfect_reading import corrected_rate, reader_accuracy
from peeraudit.domain.statistics.reliability import judge
from peeraudit.domain.statistics.response import response_bounds

_SHOWN_1 = N_("On demand of an analyst, as a sensitivity check.")

METHODS = (
    Method(
        "S2.07",
        (difference,),
        title=N_("Difference of two rates"),
        question=N_("Is the rate higher here than there, or now than before, and by how much?"),
        how=N_(
            "One rate less the other, in points. The interval joins the Wilson limits of both "
            "sides (Newcombe). The question is about how work is done and not about one period’s "
            "reports, so that no correction for the size of the frame is made."
        ),
        edges=N_(
            "Samples that share reports are refused. Fewer than 5 discrepancies in all: too few "
            "to compare, and the smallest difference that could have been seen is told."
        ),
        shown=N_("Inside the department, from 30 reports on either side."),
    ),
    Method(
        "S2.08",
        (trend,),
        title=N_("Trend over periods"),
        question=N_("Does the rate rise or fall from period to period?"),
        how=N_(
            "The slope of a straight line through the rates, weighted by the reports of each "
            "period, in points per period, with its interval (Cochran-Armitage)."
        ),
        edges=N_(
            "Periods without a report tell nothing. Where all reports are alike there is no trend "
            "to speak of."
        ),
        shown=N_("Inside the department, from 4 periods."),
    ),
    Method(
        "S2.09",
        (category_distribution,),
        title=N_("Scores by category"),
        question=N_("How are the scores spread over the classes of the scale?"),
        how=N_(
            "The share of each class, with limits that hold for all classes at once (Goodman); "
            "the shares of the discrepant, the major and the clinically significant ones each "
            "with an interval of their own."
        ),
        edges=N_(
            "No mean score, ever: the order of the classes is a convention. Classes with fewer "
            "than 5 reports are merged upward outside the department."
        ),
        shown=N_("From 30 reports."),
    ),
    Method(
        "S2.10",
        (corrected_rate,),
        title=N_("Rate corrected for imperfect reading"),
        question=N_(
            "What is the true rate, if we know from elsewhere how well reviewers find "
            "discrepancies?"
        ),
        how=N_(
            "The rate seen, plus the specificity, less one, over the sensitivity plus the "
            "specificity less one (Rogan and Gladen), with the interval of Lang and Reiczigel."
        ),
        edges=N_(
            "Only with sensitivity and specificity that were measured, and on another sample. "
            "Where the two add up to 1.2 or less, nothing can be corrected."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S2.11",
        (reader_accuracy,),
        title=N_("How well single readers find discrepancies"),
        question=N_("Of the true discrepancies, how many does a single reading find?"),
        how=N_(
            "Those found are weighed against those missed; the missed ones are estimated from the "
            "concordant cases that were read again at random (Begg and Greenes). Intervals on the "
            "logit scale."
        ),
        edges=N_(
            "Where no miss was seen, a sensitivity of 100 per cent is not printed but a lower "
            "limit. The naive share found is only ever told as a warning."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S2.12",
        (capture_recapture,),
        title=N_("Discrepancies that both readers missed"),
        question=N_("From what two readers each found, how many are there at least?"),
        how=N_(
            "As fish are counted by catching twice: the fewer finds two readers share, the more "
            "there must be that neither found (Chapman). Interval on the number missed."
        ),
        edges=N_(
            "Readers miss the same hard cases, so the number is a lower bound. Fewer than 7 finds "
            "in common: unreliable."
        ),
        shown=_SHOWN_1,
    ),
    Method(
        "S2.13",
        (response_bounds,),
        title=N_("What reports not read could change"),
        question=N_(
            "Had those drawn but never scored been scored, between which limits would the rate lie?"
        ),
        how=N_(
            "The rate if all that is missing were concordant, and if all were discrepant. These "
            "limits are logic and no confidence interval."
        ),
        edges=N_(
            "Below 95 per cent read, the limits are shown beside the rate; below 80 per cent only "
            "the limits are, and no department is compared. A stratum of which no report was drawn "
            "is no missing answer, since nobody was asked to read it; it widens the limits alone. "
            "Version 1 counted it as missing where strata were modalities."
        ),
        version=2,
        earlier=(1,),
        shown=N_("Always."),
    ),
    Method(
        "S2.14",
        (judge,),
        title=N_("Is a rate precise enough to be shown?"),
        question=N_("May the number be told, and with which caution?"),
        how=N_(
            "The interval’s width, and its width over the rate. Fewer than 30 reports, or an "
            "interval wider than 30 points: too imprecise. A width above 5 points and above 1.3 "
            "times the rate: labelled as imprecise."
        ),
        edges=N_(
            "The American rule that it comes from would hide the last kind; nearly every audit "
            "would then be mute, so that we label it and always print the interval."
        ),
        shown=N_("On every rate, before small numbers are hidden."),
    ),
)
