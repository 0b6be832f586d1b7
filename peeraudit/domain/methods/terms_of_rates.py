"""Which words of samples and rates need explaining?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.term import Term

TERMS = (
    Term(
        "bounds",
        N_("Bounds"),
        N_(
            "The limits between which a rate must lie by logic alone, however unlikely they are. "
            "If 10 of 100 MRI drawn were never read, the rate lies between all ten concordant and "
            "all ten discrepant."
        ),
        (
            "S2.13",
            "S2.06",
        ),
    ),
    Term(
        "clopper-pearson",
        N_("Exact interval"),
        N_(
            "An interval worked out from the chances of every possible count, without "
            "approximation; used where discrepancies are very few, such as 1 in 80 mammograms."
        ),
        (
            "S2.01",
            "S2.03",
        ),
    ),
    Term(
        "complementary",
        N_("Complementary suppression"),
        N_(
            "Hiding a second number so that the first hidden one cannot be found by subtraction. "
            "If ultrasound is hidden and the total is told, angiography has to be hidden too."
        ),
        ("S10.02",),
    ),
    Term(
        "confirmed-rate",
        N_("Confirmed rate"),
        N_(
            "Share of the reports in which a discrepancy stood once the case was settled. A lung "
            "nodule that the first reviewer saw and the adjudicator accepted counts; one that "
            "nobody saw does not."
        ),
        (
            "S2.01",
            "S2.02",
        ),
    ),
    Term(
        "discrepancy",
        N_("Discrepancy"),
        N_(
            "A score that the scale marks as discrepant: the reviewer would have reported "
            "otherwise, such as a fracture not mentioned. It is a difference between two readers, "
            "not yet an error."
        ),
    ),
    Term(
        "effective-size",
        N_("Effective sample size"),
        N_(
            "The number of simply drawn reports that would tell as much as this sample. 140 "
            "reports, of which many from a small stratum, may tell only as much as 110."
        ),
        (
            "S2.02",
            "S2.04",
        ),
    ),
    Term(
        "estimated-rate",
        N_("Estimated rate"),
        N_(
            "What the rate would be with the discrepancies that single reviewers missed. If 3 of "
            "60 concordant CT that were read again held one, the other concordant CT are taken to "
            "hold as many in proportion."
        ),
        ("S2.06",),
    ),
    Term(
        "finite-population",
        N_("Finite population"),
        N_(
            "The reports of a period are countable: who reads 120 of 800 radiographs knows more "
            "than who reads 120 of an endless number. For the question of how work is done, now "
            "and later, this does not help."
        ),
        ("S2.01",),
    ),
    Term(
        "first-read-rate",
        N_("First-read rate"),
        N_(
            "Share of the reports in which the first blinded reviewer saw a discrepancy, before "
            "anybody settled it. It holds false alarms, and lacks what that reviewer missed."
        ),
        (
            "S2.01",
            "S2.02",
        ),
    ),
    Term(
        "frame",
        N_("Frame"),
        N_(
            "The list of all eligible reports of the period from which the sample is drawn, for "
            "instance the 2195 CT and MRI reports of the autumn."
        ),
        (
            "S1.08",
            "S1.10",
        ),
    ),
    Term(
        "interval",
        N_("Interval (95 per cent)"),
        N_(
            "The range in which the true rate very probably lies. 10 discrepant of 140 abdominal "
            "CT read gives 7.1 per cent, but anything between about 4 and 13 would fit: judge by "
            "the range."
        ),
        (
            "S2.01",
            "S2.02",
        ),
    ),
    Term(
        "mover",
        N_("MOVER"),
        N_(
            "A way to build the interval of a sum from the intervals of its parts, each side by "
            "itself. It keeps the interval of the estimated rate honest when no miss was found "
            "among 40 ultrasound reports read again."
        ),
        (
            "S2.06",
            "S2.07",
        ),
    ),
    Term(
        "sensitivity",
        N_("Sensitivity"),
        N_(
            "Of the true discrepancies, the share that a single reading finds. At 0.6, four of "
            "ten missed nodules pass the first reviewer as well."
        ),
        ("S2.11",),
    ),
    Term(
        "snapshot",
        N_("Snapshot"),
        N_(
            "The counts of a campaign at one moment, with their fingerprint. The numbers of a "
            "summary follow from one snapshot, and computing them again from it gives the same, "
            "to the last digit."
        ),
    ),
    Term(
        "specificity",
        N_("Specificity"),
        N_(
            "Of the truly concordant reports, the share that a single reading lets pass. At 0.97, "
            "three normal knees of a hundred are called discrepant for nothing."
        ),
        ("S2.11",),
    ),
    Term(
        "stratum",
        N_("Stratum"),
        N_(
            "A part of the frame that is drawn from by itself: the reports of one modality in "
            "one department, such as the MRI of one hospital, or where the protocol says so a "
            "finer part, such as those of one week."
        ),
        (
            "S1.06",
            "S2.02",
        ),
    ),
    Term(
        "suppression",
        N_("Suppression of small numbers"),
        N_(
            "A number is hidden where so few reports or authors stand behind it that somebody "
            "could be recognised, such as 4 angiographies by 2 radiologists. The reason stays "
            "visible."
        ),
        ("S10.01",),
    ),
    Term(
        "ticket",
        N_("Ticket"),
        N_(
            "The number that chance gives a report from the published seed. The smallest tickets "
            "of each stratum are drawn, and anybody can check which CT of the list these are."
        ),
        ("S1.08",),
    ),
    Term(
        "two-phase",
        N_("Two phases"),
        N_(
            "Reading all sampled reports once, and a part of them again: all that called a "
            "discrepancy worth settling and a random part of the rest. The second phase tells "
            "what the first one missed, such as pneumothoraces on films called concordant."
        ),
        (
            "S2.06",
            "S3.04",
        ),
    ),
    Term(
        "wilson",
        N_("Wilson’s interval"),
        N_(
            "An interval of a rate that stays within 0 and 1 and is trustworthy for small rates, "
            "unlike the usual plus or minus. For 9 discrepant of 120 ultrasounds it runs from 4 "
            "to 14 per cent."
        ),
        (
            "S2.01",
            "S2.02",
        ),
    ),
)
