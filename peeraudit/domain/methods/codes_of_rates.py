"""What do the codes of rates and of hidden numbers mean?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.code import (
    NOTHING_TO_DO,
    PROTECTED,
    READ_MORE,
    READ_TWICE,
    WITH_CAUTION,
    Code,
    CodeKind,
)

CODES = (
    Code(
        "CENSUS",
        CodeKind.WARNING,
        N_("All reports of the period were read: the draw adds no uncertainty."),
        NOTHING_TO_DO,
    ),
    Code(
        "FRAME_SIZE_UNKNOWN",
        CodeKind.WARNING,
        N_(
            "How many reports the period holds is not known, so that the interval is wider than "
            "need be."
        ),
        N_("Give the size of the frame."),
    ),
    Code(
        "STRATA_WITHOUT_SCORES",
        CodeKind.WARNING,
        N_(
            "In some modalities, or finer strata of the draw, no report was read; the rates speak "
            "of the others only."
        ),
        N_("Have reports of these drawn next time."),
    ),
    Code(
        "LONELY_STRATUM",
        CodeKind.WARNING,
        N_(
            "In one modality, or finer stratum, a single report was read, so that the standard "
            "error cannot be given; the interval can."
        ),
        N_("Draw at least two reports in every modality or finer stratum."),
    ),
    Code(
        "STRATA_COLLAPSED",
        CodeKind.WARNING,
        N_(
            "Too few cases were read again in some modalities, or finer strata of the draw; these "
            "were counted together for the estimated rate."
        ),
        NOTHING_TO_DO,
    ),
    Code(
        "CLASSES_COLLAPSED",
        CodeKind.WARNING,
        N_(
            "Too few cases of some scores were read again; these scores were counted together for "
            "the estimated rate."
        ),
        NOTHING_TO_DO,
    ),
    Code(
        "CELLS_LT_10",
        CodeKind.WARNING,
        N_("A category of the weighting has fewer than 10 reports read."),
        N_("Merge it with another."),
    ),
    Code(
        "CASES_UNSETTLED",
        CodeKind.WARNING,
        N_("Some cases were not settled when the data were frozen; the confirmed rate may be low."),
        N_("Settle the cases before the freeze in the next campaign."),
    ),
    Code(
        "RESPONSE_LT_95",
        CodeKind.WARNING,
        N_(
            "Fewer than 95 in 100 of the reports drawn were read; the limits say what the others "
            "could change."
        ),
        N_("Ask for the readings that are missing."),
    ),
    Code(
        "RESPONSE_LT_80",
        CodeKind.WARNING,
        N_(
            "Fewer than 80 in 100 of the reports drawn were read: only limits are told, and "
            "nothing is compared."
        ),
        N_("Ask for the readings that are missing before drawing any conclusion."),
        N_("fewer than 80 in 100 of the reports drawn were read"),
    ),
    Code(
        "PHASE2_EMPTY_GROUP",
        CodeKind.REASON,
        N_(
            "Of one class of first scores no case was read again, so that what was missed in it "
            "is not known."
        ),
        READ_TWICE,
        N_("no report was read again at random"),
    ),
    Code(
        "SUPPRESS_N",
        CodeKind.REASON,
        N_("Fewer than 30 reports, or as much information as fewer than 30 would give."),
        READ_MORE,
        N_("too few reports for a reliable rate"),
    ),
    Code(
        "SUPPRESS_WIDTH",
        CodeKind.REASON,
        N_("The interval is 30 points wide or more: nearly anything is possible."),
        READ_MORE,
        N_("too imprecise to be told"),
    ),
    Code(
        "WARN_RELWIDTH",
        CodeKind.WARNING,
        N_("The interval is wide compared with the rate."),
        N_("Read the interval rather than the rate."),
    ),
    Code(
        "REVIEW_DF",
        CodeKind.WARNING,
        N_("The interval rests on few independent reports (fewer than 8 beyond the strata)."),
        WITH_CAUTION,
    ),
    Code(
        "YOUDEN_TOO_SMALL",
        CodeKind.REASON,
        N_("Sensitivity and specificity add up to hardly more than 1: no correction is possible."),
        N_("Use the estimated rate from cases read twice instead."),
        N_("the reviewers hardly do better than chance"),
    ),
    Code(
        "APPARENT_BELOW_FALSE_ALARM",
        CodeKind.WARNING,
        N_(
            "Fewer discrepancies were seen than false alarms alone would give; the corrected rate "
            "is set to 0."
        ),
        WITH_CAUTION,
    ),
    Code(
        "NO_MISS_SEEN",
        CodeKind.WARNING,
        N_(
            "Among the concordant cases read again no miss was seen; only a lower limit of the "
            "sensitivity can be told."
        ),
        READ_TWICE,
    ),
    Code(
        "NO_FALSE_ALARM_SEEN",
        CodeKind.WARNING,
        N_(
            "None of the discrepancies called was a false alarm; only a lower limit of the "
            "specificity can be told."
        ),
        NOTHING_TO_DO,
    ),
    Code(
        "OVERLAP_LT_7",
        CodeKind.REASON,
        N_("Fewer than 7 discrepancies were found by both readers: the number is unreliable."),
        READ_MORE,
        N_("fewer than 7 discrepancies found by both"),
    ),
    Code(
        "LOWER_BOUND",
        CodeKind.WARNING,
        N_("Readers miss the same hard cases: the true number is higher."),
        N_("Read it as at least so many."),
    ),
    Code(
        "NO_DISCORDANT_FINDINGS",
        CodeKind.WARNING,
        N_("One reader found all that the other did, so that there is no interval."),
        WITH_CAUTION,
    ),
    Code(
        "N_LT_MIN",
        CodeKind.REASON,
        N_("Fewer reports were read than the minimum for these readers."),
        PROTECTED,
        N_("fewer than %(reviews)s reports were read"),
    ),
    Code(
        "AUTHORS_LT_MIN",
        CodeKind.REASON,
        N_(
            "The reports come from fewer authors than the minimum: one of them could be recognised."
        ),
        PROTECTED,
        N_("the reports come from fewer than %(authors)s authors"),
    ),
    Code(
        "X_LT_MIN",
        CodeKind.REASON,
        N_("So few discrepancies that a single case could be recognised."),
        PROTECTED,
        N_("fewer than %(events)s discrepancies"),
    ),
    Code(
        "COMPLEMENT_LT_MIN",
        CodeKind.REASON,
        N_("So few concordant reports that a single case could be recognised."),
        PROTECTED,
        N_("fewer than %(events)s concordant reports"),
    ),
    Code(
        "GROUP_DISCLOSURE",
        CodeKind.REASON,
        N_("All reports read are discrepant: the number would say it of every author."),
        PROTECTED,
        N_("it would say the same of every author"),
    ),
    Code(
        "DOMINANCE",
        CodeKind.REASON,
        N_(
            "More than 80 in 100 of the reports come from one author: the number would be that "
            "author’s."
        ),
        PROTECTED,
        N_("nearly all the reports come from one author"),
    ),
    Code(
        "COMPLEMENTARY",
        CodeKind.REASON,
        N_("Hidden only because a number hidden for its own sake could be worked out from it."),
        PROTECTED,
        N_("another hidden number could be worked out from it"),
    ),
    Code(
        "COARSE",
        CodeKind.WARNING,
        N_(
            "Some numbers are hidden because too few people stand behind them, or some strata of "
            "the draw are as small; the totals are therefore told in whole per cent, and to others "
            "than the department less exactly still where a hidden number could be tried from "
            "them: their intervals allow for it."
        ),
        NOTHING_TO_DO,
    ),
    Code(
        "FINER_STRATA",
        CodeKind.REASON,
        N_(
            "The sample was drawn from strata finer than the modality: the rate is weighted over "
            "them, and cannot be computed again from the counts of the modality alone."
        ),
        N_("Compute it again from the line-by-line export."),
        N_("it is weighted over finer strata"),
    ),
)
