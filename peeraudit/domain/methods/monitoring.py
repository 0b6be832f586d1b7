"""What is told of the methods that watch for a change over time?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.monitoring.charts import g_chart, p_chart, t_chart
from peeraudit.domain.statistics.monitoring.cusum import risk_adjusted_cusum
from peeraudit.domain.statistics.monitoring.run_lengths import (
    bernoulli_run_length,
    calibrate_threshold,
    ewma_run_length,
    risk_adjusted_run_length,
)
from peeraudit.domain.statistics.monitoring.series import ewma_chart, run_rules

METHODS = (
    Method(
        "S6.01",
        (p_chart,),
        title=N_("Chart of the rate over time"),
        question=N_("Does the rate vary from period to period more than chance would have it?"),
        how=N_(
            "The rate of all periods, plus and minus three standard errors of each. Where "
            "neighbouring points differ more than chance allows, Laney’s wider limits are used, a "
            "choice that stays with the baseline."
        ),
        edges=N_(
            "Periods with fewer than 20 reports are joined to the next. By the day of the report, "
            "not of the review."
        ),
    ),
    Method(
        "S6.02",
        (g_chart,),
        title=N_("Chart of reports between discrepancies"),
        question=N_("How many reports in a row are concordant before the next discrepancy?"),
        how=N_(
            "The counts in their order around their median, with an upper limit that chance "
            "exceeds about once in 740 times."
        ),
        edges=N_(
            "Its lower limit is nearly always 0, so that a point cannot show a worsening: it is "
            "for looking, alarms come from the CUSUM."
        ),
    ),
    Method(
        "S6.03",
        (t_chart,),
        title=N_("Chart of days between major discrepancies"),
        question=N_("Are major discrepancies coming faster or more slowly?"),
        how=N_(
            "The days between two of them, raised to the power 1/3.6 so that they scatter evenly, "
            "with limits from their moving range, turned back into days."
        ),
        edges=N_("Two on the same day need the time of day."),
    ),
    Method(
        "S6.04",
        (risk_adjusted_cusum,),
        title=N_("CUSUM, the alarm"),
        question=N_(
            "Is evidence piling up, report by report, that discrepancies have become commoner?"
        ),
        how=N_(
            "Each report adds the logarithm of how much likelier it is under doubled odds than "
            "under the expected ones, given its modality and its reviewer; the sum never falls "
            "below 0. Above the threshold it alarms, and starts again."
        ),
        edges=N_(
            "A second chart looks for halved odds, an improvement. The alarm names the report "
            "since which evidence has piled up."
        ),
    ),
    Method(
        "S6.05",
        (bernoulli_run_length,),
        title=N_("Time to an alarm, textbook CUSUM"),
        question=N_("After how many reports does the simple CUSUM alarm, rightly or falsely?"),
        how=N_("Exact, from the chain of all states of the sum. In reports."),
        edges=N_("A check of the next method, which takes the mix of cases into account."),
    ),
    Method(
        "S6.06",
        (risk_adjusted_run_length,),
        title=N_("Time to an alarm, CUSUM in use"),
        question=N_(
            "After how many reports would this CUSUM alarm if nothing, or if something, had "
            "changed?"
        ),
        how=N_(
            "The mean over a chain of small steps of evidence, for the mix of expected "
            "probabilities. In reports."
        ),
        edges=N_("To be computed again when the mix of cases shifts by more than a fifth."),
    ),
    Method(
        "S6.07",
        (ewma_chart,),
        title=N_("Moving average of the rate"),
        question=N_("Is the rate drifting slowly?"),
        how=N_(
            "Each period’s distance from the expected rate, in standard errors, averaged so that "
            "the newest counts one fifth and older ones ever less; a signal beyond 2.86 standard "
            "errors of the average."
        ),
        edges=N_("Periods with fewer than 3 discrepancies expected: a warning."),
    ),
    Method(
        "S6.08",
        (ewma_run_length,),
        title=N_("Time to a signal of the moving average"),
        question=N_("After how many points does the moving average signal?"),
        how=N_("The integral equation of the run length, solved numerically. In points."),
        edges=N_("For points that scatter normally."),
    ),
    Method(
        "S6.09",
        (run_rules,),
        title=N_("Runs on one side"),
        question=N_(
            "Do the points stay too long on one side of the middle, or cross it too rarely?"
        ),
        how=N_(
            "A signal if the longest run on one side is longer than log2 of the points, rounded, "
            "plus 3, or if the crossings are fewer than chance gives in 95 of 100 series (Anhøj)."
        ),
        edges=N_(
            "Points on the middle do not count. No other set of rules is added: each one more "
            "means more false alarms."
        ),
    ),
    Method(
        "S6.10",
        (calibrate_threshold,),
        title=N_("Threshold of the CUSUM"),
        question=N_("How high must the threshold be for a false alarm to be rare?"),
        how=N_(
            "The smallest threshold with at least the wanted number of reports to a false alarm: "
            "by default one in two years of the department’s volume, at least 500 reports. How "
            "long a true doubling goes unnoticed is told beside it."
        ),
        edges=N_("A threshold beyond what can be computed is told as such."),
    ),
)
