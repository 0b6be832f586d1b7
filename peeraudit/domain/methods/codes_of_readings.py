"""What do the codes of agreement and severity mean?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.code import NOTHING_TO_DO, PROTECTED, READ_TWICE, Code, CodeKind

CODES = (
    Code(
        "NO_MULTIPLY_RATED_ITEMS",
        CodeKind.REASON,
        N_("No case has two blinded readings, so that agreement cannot be told."),
        READ_TWICE,
        N_("no report was read twice"),
    ),
    Code(
        "NO_RATINGS_IN_CLASS",
        CodeKind.REASON,
        N_("None of the cases read twice was called discrepant."),
        READ_TWICE,
        N_("no discrepancy among the reports read twice"),
    ),
    Code(
        "ALL_AGREE",
        CodeKind.REASON,
        N_(
            "All cases read twice got the same score from both readers; only a lower limit of the "
            "agreement can be told."
        ),
        READ_TWICE,
        N_("all reports read twice got the same score"),
    ),
    Code(
        "UNITS_LT_30",
        CodeKind.REASON,
        N_("Fewer than 30 cases have two readings."),
        READ_TWICE,
        N_("fewer than 30 reports were read twice"),
    ),
    Code(
        "UNITS_LT_50",
        CodeKind.REASON,
        N_(
            "Fewer than 50 cases have two readings: the value is told without its interval, or "
            "not at all."
        ),
        READ_TWICE,
        N_("fewer than 50 reports were read twice"),
    ),
    Code(
        "DISCREPANT_LT_10",
        CodeKind.REASON,
        N_("Among the cases read twice fewer than 10 readings called a discrepancy."),
        READ_TWICE,
        N_("fewer than 10 discrepancies among the reports read twice"),
    ),
    Code(
        "SECOND_READS_LT_60",
        CodeKind.REASON,
        N_("Fewer than 60 of the cases first called concordant were read again."),
        READ_TWICE,
        N_("fewer than 60 concordant reports were read again"),
    ),
    Code(
        "CLASS_WITHOUT_SECOND_READ",
        CodeKind.REASON,
        N_(
            "One class of first scores has no second reading, so that its weight cannot be given "
            "back."
        ),
        READ_TWICE,
        N_("one score was never read again"),
    ),
    Code(
        "UNSTABLE",
        CodeKind.REASON,
        N_("The value hangs on single cases, or cannot be computed once some are left out."),
        READ_TWICE,
        N_("leaving out one case changes everything"),
    ),
    Code(
        "ALLOCATION_NOT_RANDOM",
        CodeKind.REASON,
        N_("Cases were not allotted at random: who reads harder cases looks more severe."),
        N_("Use the severity from cases read by two, or let chance allot the cases."),
        N_("cases were not allotted at random"),
    ),
    Code(
        "NO_DIFFERENCE_DETECTED",
        CodeKind.WARNING,
        N_("The reviewers do not differ beyond chance; all severities are told as equal."),
        NOTHING_TO_DO,
    ),
    Code(
        "STRATUM_WITHOUT_VARIATION",
        CodeKind.WARNING,
        N_("In one modality all readings are alike; it tells nothing of severity and is left out."),
        NOTHING_TO_DO,
    ),
    Code(
        "ONLY_REVIEWER_IN_STRATUM",
        CodeKind.WARNING,
        N_("One modality was read by a single reviewer, with nobody to compare; it is left out."),
        N_("Let several reviewers read each modality."),
    ),
    Code(
        "NO_DISCORDANT_PAIRS",
        CodeKind.REASON,
        N_("No case was called discrepant by one reviewer and concordant by the other."),
        READ_TWICE,
        N_("no case on which two reviewers differed"),
    ),
    Code(
        "FEW_DISCORDANT_PAIRS",
        CodeKind.WARNING,
        N_(
            "Fewer than 10 cases on which this reviewer and another differed: hardly anything can "
            "be said."
        ),
        READ_TWICE,
    ),
    Code(
        "NOT_CONNECTED",
        CodeKind.WARNING,
        N_(
            "Some reviewers share no case that links them, so that they can be compared only "
            "loosely."
        ),
        N_("Let the pairs of reviewers change from case to case."),
    ),
    Code(
        "DESIGN_NOT_CONNECTED",
        CodeKind.REASON,
        N_(
            "Some reviewers read no modality that others read too, not even over others: nobody "
            "can say who is more severe."
        ),
        N_("Let several reviewers read each modality."),
        N_("some reviewers share no modality with the others"),
    ),
    Code(
        "NOT_CONVERGED",
        CodeKind.WARNING,
        N_("The search for the best fit had not come to rest."),
        N_("Do not use the value."),
    ),
    Code(
        "NOT_IDENTIFIABLE",
        CodeKind.REASON,
        N_("With so few readings per case, several explanations fit equally well."),
        N_("Have a random part of the cases read three times."),
        N_("these readings cannot tell it"),
    ),
    Code(
        "REVIEWERS_LT_5",
        CodeKind.REASON,
        N_("Fewer than 5 reviewers: a comparison would point at one of them."),
        PROTECTED,
        N_("fewer than 5 reviewers"),
    ),
    Code(
        "READINGS_LT_30",
        CodeKind.REASON,
        N_("The reviewer has fewer than 30 readings."),
        N_("Wait for more readings."),
        N_("fewer than 30 readings by this reviewer"),
    ),
    Code(
        "DISCORDANT_LT_10",
        CodeKind.REASON,
        N_("Fewer than 10 cases read by two tell the reviewer from others."),
        READ_TWICE,
        N_("fewer than 10 cases on which reviewers differed"),
    ),
)
