"""What is told of the methods of severity and of the likely true score?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.statistics.severity.dawid_skene import fit_latent_classes, latent_panel
from peeraudit.domain.statistics.severity.facets import ordinal_severity
from peeraudit.domain.statistics.severity.pairwise import conditional_severity, count_wins
from peeraudit.domain.statistics.severity.panel import observed_to_expected, severity_panel

METHODS = (
    Method(
        "S4.01",
        (
            fit_latent_classes,
            latent_panel,
        ),
        title=N_("Likely true score"),
        question=N_(
            "Where a case was scored three times or more, which score is probably the true one, "
            "and who tends to score higher?"
        ),
        how=N_(
            "From the chances of each case follow the habits of each reviewer, and from the "
            "habits the chances, in turn until nothing changes (Dawid and Skene). A reviewer’s "
            "bias is told in classes, relative to the mean of all."
        ),
        edges=N_(
            "It never replaces the settling of a case. With two readings a case it cannot be "
            "told, and says so."
        ),
    ),
    Method(
        "S4.02",
        (
            conditional_severity,
            count_wins,
        ),
        title=N_("Severity from cases read by two"),
        question=N_(
            "Who calls a discrepancy more often, judged only on cases that both have read?"
        ),
        how=N_(
            "Only cases count in which one reviewer called a discrepancy and the other did not: "
            "how hard the case was cancels out. The severity is in logits around a mean of 0, "
            "drawn towards it where the pairs are few."
        ),
        edges=N_(
            "It needs no random allotment, but many cases read twice. A reviewer without such a "
            "pair has no value."
        ),
    ),
    Method(
        "S4.03",
        (severity_panel,),
        title=N_("Severity of reviewers"),
        question=N_(
            "Does a reviewer call a discrepancy more or less often than colleagues on comparable "
            "cases?"
        ),
        how=N_(
            "Within each stratum a reviewer’s odds are those of the stratum times an own factor; "
            "the factors scatter around one, and each is drawn towards one, the more so the fewer "
            "the readings. Told as an odds ratio: 1.6 means odds 1.6 times as high. Flagged only "
            "if it stands out after allowing for the number of reviewers."
        ),
        edges=N_(
            "Cases not allotted at random: unreliable, since harder cases look like severity. No "
            "difference between reviewers: all are one. No ranks."
        ),
    ),
    Method(
        "S4.04",
        (observed_to_expected,),
        title=N_("Calls of a reviewer over those expected"),
        question=N_(
            "How many discrepancies did a reviewer call, and how many would the colleagues have "
            "called?"
        ),
        how=N_(
            "Calls over the sum, stratum by stratum, of the reviewer’s readings times the rate of "
            "all others. The interval is the exact one of a Poisson count."
        ),
        edges=N_("A stratum that one reviewer alone has read is left out."),
    ),
    Method(
        "S4.05",
        (ordinal_severity,),
        title=N_("Severity over the whole scale"),
        question=N_(
            "Who scores higher on the ordered scale, where every case was scored three times or "
            "more?"
        ),
        how=N_(
            "A model of ordered classes with a difficulty for each case and a severity for each "
            "reviewer, in logits relative to the first reviewer (many-facet Rasch)."
        ),
        edges=N_("One class used, or one reviewer: no value."),
    ),
)
