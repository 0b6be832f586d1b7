"""Which words of agreement and comparisons need explaining?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.term import Term

TERMS = (
    Term(
        "agreement",
        N_("Agreement"),
        N_(
            "How often two reviewers who know nothing of one another come to the same score. A "
            "per cent agreement alone misleads: if 95 chest films in 100 are concordant, two "
            "reviewers who never look agree on 90."
        ),
        (
            "S3.01",
            "S3.04",
        ),
    ),
    Term(
        "alpha",
        N_("Alpha (Krippendorff)"),
        N_(
            "Agreement over the whole scale, chance set apart: 1 is full agreement, 0 is what "
            "chance gives. A 2a met by a 2b counts as a small disagreement, a 1 met by a 3b as a "
            "large one."
        ),
        ("S3.01",),
    ),
    Term(
        "chance-floor",
        N_("Chance floor"),
        N_(
            "The agreement that two reviewers would reach by scoring at random as often as they "
            "do. With 5 discrepancies in 100 reports it is 5 per cent for positive specific "
            "agreement: 40 per cent is then far above chance."
        ),
        ("S3.01",),
    ),
    Term(
        "cusum",
        N_("CUSUM"),
        N_(
            "A running total of evidence that something has got worse, which alarms when it grows "
            "too large. It notices a doubling of discrepancies in emergency CT sooner than a "
            "chart of monthly rates."
        ),
        (
            "S6.04",
            "S6.10",
        ),
    ),
    Term(
        "funnel",
        N_("Funnel"),
        N_(
            "A chart of departments by number of reports and rate, with limits that are wide for "
            "small departments. A hospital with 3 discrepancies in 20 reports may lie inside, one "
            "with 60 in 600 outside."
        ),
        (
            "S5.01",
            "S5.03",
        ),
    ),
    Term(
        "jackknife",
        N_("Jackknife"),
        N_(
            "Leaving out one case after another to see how much the result hangs on each. If one "
            "MRI of the knee changes the agreement by half, the interval becomes wide."
        ),
        ("S3.01",),
    ),
    Term(
        "kappa",
        N_("Kappa"),
        N_(
            "Agreement of two given readers beyond what chance gives them: 1 is full, 0 is "
            "chance. Published values for peer review scores are low, 0.1 to 0.2: a property of "
            "the scale, no scandal."
        ),
        ("S3.02",),
    ),
    Term(
        "odds-ratio",
        N_("Odds ratio"),
        N_(
            "How many times higher the odds are. A reviewer with an odds ratio of 1.6 who meets "
            "CT with 8 discrepancies in 100 would call some 12."
        ),
        ("S4.03",),
    ),
    Term(
        "overdispersion",
        N_("Overdispersion"),
        N_(
            "Departments differ more, all of them, than chance and the mix of cases explain, for "
            "example because scanners and habits differ. The limits of the funnel are then "
            "widened."
        ),
        ("S5.03",),
    ),
    Term(
        "p-value",
        N_("p value"),
        N_(
            "How likely a result at least as striking would be if nothing were behind it. Of 20 "
            "departments that all work alike, one will have a p value below 5 per cent by chance."
        ),
        (
            "S5.02",
            "S2.07",
        ),
    ),
    Term(
        "positive-agreement",
        N_("Positive specific agreement"),
        N_(
            "When one reviewer calls a discrepancy, how often the other one does too. 40 per cent "
            "means: of ten missed fractures called by one, the other calls four."
        ),
        (
            "S3.01",
            "S3.04",
        ),
    ),
    Term(
        "power",
        N_("Power"),
        N_(
            "The chance that an audit of this size notices a given difference. With 120 reports "
            "and a standard of 5 per cent, only a true rate of 12 per cent or more would be "
            "noticed in four audits of five."
        ),
        (
            "S9.01",
            "S9.02",
        ),
    ),
    Term(
        "q-value",
        N_("q value"),
        N_(
            "The p value once it is allowed for having looked at many: among all departments "
            "listed at a q value of 5 per cent, about one in twenty is there by chance."
        ),
        (
            "S5.02",
            "S4.03",
        ),
    ),
    Term(
        "severity",
        N_("Severity of a reviewer"),
        N_(
            "Whether a reviewer calls discrepancies more often than colleagues on comparable "
            "cases. It is told to the reviewer and the audit lead alone, and corrected for when "
            "departments are compared."
        ),
        (
            "S4.03",
            "S4.02",
        ),
    ),
    Term(
        "shrinkage",
        N_("Shrinkage"),
        N_(
            "Drawing a value that rests on few cases towards the common one. A small site with 4 "
            "discrepancies in 20 MRI is more likely at 9 per cent, like the others, than at 20."
        ),
        (
            "S5.04",
            "S4.03",
        ),
    ),
    Term(
        "standardisation",
        N_("Standardisation"),
        N_(
            "Comparing departments as if they had the same mix of cases, since a department with "
            "many emergency CT meets more discrepancies than one with many screening mammograms."
        ),
        (
            "S5.05",
            "S5.06",
        ),
    ),
)
