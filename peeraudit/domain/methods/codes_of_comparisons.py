"""What do the codes of departments, time and blinding mean?"""

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.code import NOTHING_TO_DO, PROTECTED, READ_MORE, Code, CodeKind

CODES = (
    Code(
        "UNITS_LT_5",
        CodeKind.REASON,
        N_("Fewer than 5 departments: no funnel can be drawn."),
        N_("Compare the department with itself over time."),
        N_("fewer than 5 departments"),
    ),
    Code(
        "NOT_COMPARED",
        CodeKind.REASON,
        N_("The department may not be told to others, so that it is not compared with them."),
        N_("Have more of its reports read."),
        N_("too few reports to be compared"),
    ),
    Code(
        "UNITS_LT_10",
        CodeKind.REASON,
        N_("Fewer than 10 departments: how they scatter cannot be learnt."),
        N_("Use the funnel without widening."),
        N_("fewer than 10 departments"),
    ),
    Code(
        "REVIEWER_POOL_NOT_COMMON",
        CodeKind.REASON,
        N_(
            "The departments were not read by one pool of reviewers: differences may be "
            "differences between reviewers."
        ),
        N_("Let one pool read all departments, cases being allotted by chance."),
        N_("the departments were read by different reviewers"),
    ),
    Code(
        "COMPLETE_POOLING",
        CodeKind.WARNING,
        N_("The departments do not differ beyond chance; all get the common rate."),
        NOTHING_TO_DO,
    ),
    Code(
        "EXPECTED_LT_1",
        CodeKind.WARNING,
        N_("Fewer than one discrepancy was to be expected: the ratio says next to nothing."),
        READ_MORE,
    ),
    Code(
        "FEW_IN_CLASS",
        CodeKind.WARNING,
        N_("A modality that counts has fewer than 10 reports read."),
        N_("Compare what was seen with what was to be expected instead."),
    ),
    Code(
        "DATES_HIDDEN",
        CodeKind.REASON,
        N_("The protocol hides the dates of the reports, or none was read: there is no order."),
        N_("Let reviewers know the month of the examination in the next protocol."),
        N_("the months of the reports are not known"),
    ),
    Code(
        "CELL_HIDDEN",
        CodeKind.REASON,
        N_("A modality is hidden, and the points of the chart would give it away."),
        PROTECTED,
        N_("a modality is hidden that its points would give away"),
    ),
    Code(
        "PERIODS_LT_12",
        CodeKind.REASON,
        N_("Fewer than 12 periods: limits would be guesswork."),
        N_("Wait, or use shorter periods that still hold 20 reports."),
        N_("fewer than 12 periods"),
    ),
    Code(
        "BASELINE_LT_200",
        CodeKind.REASON,
        N_("Fewer than 200 reports tell what is usual."),
        N_("Wait until 200 reports have been read."),
        N_("fewer than 200 reports before"),
    ),
    Code(
        "NOT_FINAL",
        CodeKind.REASON,
        N_("The numbers of the campaign are not final yet."),
        N_("Freeze the data of the campaign."),
        N_("the numbers of this campaign are not final yet"),
    ),
    Code(
        "REPORTS_GT_100000",
        CodeKind.REASON,
        N_("More than 100,000 reports were read since: they are not added up one by one."),
        N_("Compare the rates of the campaigns."),
        N_("more than 100,000 reports were read since"),
    ),
    Code(
        "EXPECTED_LT_3",
        CodeKind.WARNING,
        N_(
            "In some period fewer than 3 discrepancies were to be expected: the moving average is "
            "rough."
        ),
        N_("Use longer periods, or the CUSUM."),
    ),
    Code(
        "MEDIAN_NOT_REACHED",
        CodeKind.REASON,
        N_("More than half of the reviews are open, so that there is no median yet."),
        N_("Wait, or read the share done after a week."),
        N_("more than half are still open"),
    ),
    Code(
        "BEYOND_THE_DATA",
        CodeKind.WARNING,
        N_("A limit lies beyond the longest or shortest delay seen."),
        N_("Wait for more reviews."),
    ),
    Code(
        "ANSWERS_LT_30",
        CodeKind.REASON,
        N_("Fewer than 30 reviewers answered the question about the blinding."),
        N_("Wait for more answers."),
        N_("fewer than 30 answers"),
    ),
    Code(
        "NO_CRITICAL_COUNT",
        CodeKind.REASON,
        N_(
            "So few reports were read that not even all of them discrepant would speak against "
            "the standard."
        ),
        READ_MORE,
        N_("no count would speak against the standard"),
    ),
)
