"""What is told of the methods of agreement between reviewers?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_bootstrap import bootstrap_agreement
from peeraudit.domain.statistics.agreement_pair import pair_agreement
from peeraudit.domain.statistics.agreement_two_phase import two_phase_agreement
from peeraudit.domain.statistics.positive_agreement import positive_agreement

METHODS = (
    Method(
        "S3.01",
        (agreement_suite, positive_agreement),
        title=N_("Agreement of blinded readings"),
        question=N_(
            "When one reviewer calls a discrepancy, does a second one who knows nothing of it "
            "call one too?"
        ),
        how=N_(
            "Positive specific agreement: among cases with two readings, the share of the calls "
            "of a discrepancy that the other reading shares; beside it what chance would give. "
            "Krippendorff’s alpha: one less the disagreement seen over that expected by chance, "
            "on the order of the classes. Its interval leaves out one case after another "
            "(jackknife); that of positive agreement is Wilson’s, of the shared calls."
        ),
        edges=N_(
            "Only cases designated at random for a second reading count. All scores alike: no "
            "coefficient. From 30 to 49 cases the value without its interval; below, only counts. "
            "A table of ratings from elsewhere (statistics agreement) gets the jackknife interval "
            "of the literature for positive agreement too; with fewer than some 40 calls of a "
            "discrepancy it holds the true value 97 to 99 times in 100, not 95. "
            "A per cent agreement alone is never shown: with few discrepancies it is high by "
            "chance."
        ),
    ),
    Method(
        "S3.02",
        (pair_agreement,),
        title=N_("Kappa of two given readers"),
        question=N_("How far do two readers agree who read all the same cases?"),
        how=N_(
            "Cohen’s kappa: the agreement seen less that of readers who score at random with the "
            "same habits, over one less the latter. Three kinds of weights for near misses."
        ),
        edges=N_(
            "Only for a calibration round or for one reader who reads again. One class used: no "
            "kappa."
        ),
    ),
    Method(
        "S3.03",
        (bootstrap_agreement,),
        title=N_("Agreement by resampling"),
        question=N_("Do the intervals of agreement hold if cases are drawn again many times?"),
        how=N_(
            "The cases are drawn again with replacement, 2000 times; the interval goes from the "
            "value below which 2.5 per cent of the results lie to the one above which 2.5 per "
            "cent do. The draws follow from the data, so that they can be repeated."
        ),
        edges=N_("More than 2 per cent of draws without a value: no interval."),
    ),
    Method(
        "S3.04",
        (two_phase_agreement,),
        title=N_("Agreement when the first score called the second reading"),
        question=N_(
            "What would the agreement be if every case had been read twice, and not mostly the "
            "discrepant ones?"
        ),
        how=N_(
            "Each class of first scores is given back its true weight: its share of all first "
            "readings times the second scores within it. The coefficients follow from this table, "
            "with delta-method intervals."
        ),
        edges=N_(
            "A class without a second reading: no value. Fewer than 60 concordant cases read "
            "again: not shown. The naive value is far too low (64 instead of 87.5 per cent in the "
            "reference example)."
        ),
    ),
)
