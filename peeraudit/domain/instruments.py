"""Which scales may a campaign score with, and what does each score ask for and mean?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from peeraudit.domain.errors import N_, Msgid, NotFound


class ErrorGroup(StrEnum):
    """The family of an error type."""

    PERCEPTION = "perception"
    INTERPRETATION = "interpretation"
    COMMUNICATION = "communication"
    PRODUCTION = "production"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Category:
    """One score of a scale: its code, the digit that chooses it, its label and its meaning."""

    code: str
    key: str
    label: Msgid
    help: Msgid


@dataclass(frozen=True, slots=True)
class ErrorType:
    """One kind of error: its code, the letter that chooses it, its family and its label."""

    code: str
    key: str
    group: ErrorGroup
    label: Msgid


@dataclass(frozen=True, slots=True)
class Instrument:
    """A versioned scoring scale; a used version never changes, it is followed by another.

    Args:
        code: short name of the scale.
        version: from 1.
        title: full name.
        categories: scores in order of severity, mildest first; shape (k,).
        discrepant: scores that count as a discrepancy (the set D).
        major: scores that count as major (the set M).
        significant: scores that count as clinically significant (the set C).
        needs_second_review: scores that no single reviewer may settle.
        error_types: taxonomy of errors, in order of display.

    Source:
        The sets follow Goldberg-Stein S. et al. (2017). ACR RADPEER Committee white paper.
        J Am Coll Radiol 14(8), 1080-1086. doi:10.1016/j.jacr.2017.03.023
    """

    code: str
    version: int
    title: Msgid
    categories: tuple[Category, ...]
    discrepant: frozenset[str]
    major: frozenset[str]
    significant: frozenset[str]
    needs_second_review: frozenset[str]
    error_types: tuple[ErrorType, ...]

    @property
    def name(self) -> str:
        """Code and version in one word, such as ``CR3/1``: what a review keeps."""
        return f"{self.code}/{self.version}"

    @property
    def codes(self) -> tuple[str, ...]:
        """The scores' codes in order of severity, mildest first."""
        return tuple(category.code for category in self.categories)

    @property
    def error_codes(self) -> tuple[str, ...]:
        """The error types' codes in order of display."""
        return tuple(kind.code for kind in self.error_types)

    def is_discrepant(self, score: str) -> bool:
        """Return whether ``score`` counts as a discrepancy."""
        return score in self.discrepant

    def category(self, score: str) -> Category:
        """Return the category of ``score``.

        Raises:
            NotFound: the scale has no such score.
        """
        for category in self.categories:
            if category.code == score:
                return category
        raise NotFound(N_("The scale has no score “%(score)s”."), score=score)

    def error_type(self, code: str) -> ErrorType:
        """Return the error type of ``code``.

        Raises:
            NotFound: the taxonomy has no such type.
        """
        for kind in self.error_types:
            if kind.code == code:
                return kind
        raise NotFound(N_("The taxonomy has no error type “%(code)s”."), code=code)


ERROR_GROUP_LABELS: Mapping[ErrorGroup, Msgid] = {
    ErrorGroup.PERCEPTION: Msgid(N_("Seeing")),
    ErrorGroup.INTERPRETATION: Msgid(N_("Understanding")),
    ErrorGroup.COMMUNICATION: Msgid(N_("Saying")),
    ErrorGroup.PRODUCTION: Msgid(N_("Producing the report")),
    ErrorGroup.OTHER: Msgid(N_("Something else")),
}

ERROR_TYPES_1 = (
    ErrorType("missed_finding", "M", ErrorGroup.PERCEPTION, Msgid(N_("Missed finding"))),
    ErrorType(
        "satisfaction_of_search",
        "S",
        ErrorGroup.PERCEPTION,
        Msgid(N_("Search stopped at a first finding")),
    ),
    ErrorType("misinterpretation", "I", ErrorGroup.INTERPRETATION, Msgid(N_("Misinterpretation"))),
    ErrorType(
        "overcall", "O", ErrorGroup.INTERPRETATION, Msgid(N_("Normal finding read as abnormal"))
    ),
    ErrorType(
        "prior_comparison",
        "P",
        ErrorGroup.INTERPRETATION,
        Msgid(N_("Earlier examination not compared")),
    ),
    ErrorType(
        "communication", "C", ErrorGroup.COMMUNICATION, Msgid(N_("Unclear or misleading wording"))
    ),
    ErrorType(
        "recommendation",
        "R",
        ErrorGroup.COMMUNICATION,
        Msgid(N_("Recommendation missing or unsuitable")),
    ),
    ErrorType("laterality", "L", ErrorGroup.PRODUCTION, Msgid(N_("Wrong side or level"))),
    ErrorType("measurement", "V", ErrorGroup.PRODUCTION, Msgid(N_("Wrong measurement"))),
    ErrorType("dictation", "D", ErrorGroup.PRODUCTION, Msgid(N_("Dictation or template error"))),
    ErrorType("technique", "T", ErrorGroup.PRODUCTION, Msgid(N_("Technique or protocol"))),
    ErrorType("other", "A", ErrorGroup.OTHER, Msgid(N_("Another error"))),
)
"""Kinds of error: those of reading, and those of producing a report.

Source:
    Kim Y.W., Mansfield L.T. (2014). AJR 202(3), 465-470. doi:10.2214/AJR.13.11493
"""

CR3_1 = Instrument(
    code="CR3",
    version=1,
    title=Msgid(N_("Three-level scale with clinical significance")),
    categories=(
        Category(
            "1",
            "1",
            Msgid(N_("Concordance")),
            Msgid(N_("I would have reported this examination in the same way.")),
        ),
        Category(
            "2a",
            "2",
            Msgid(N_("Understandable discrepancy, probably without consequence")),
            Msgid(
                N_(
                    "The diagnosis is difficult and one would not usually expect it to be made; "
                    "the patient's care would probably not have changed."
                )
            ),
        ),
        Category(
            "2b",
            "3",
            Msgid(N_("Understandable discrepancy, probably with a consequence")),
            Msgid(
                N_(
                    "The diagnosis is difficult and one would not usually expect it to be made; "
                    "the patient's care would probably have changed."
                )
            ),
        ),
        Category(
            "3a",
            "4",
            Msgid(N_("Discrepancy, diagnosis usually expected, probably without consequence")),
            Msgid(
                N_(
                    "One would expect the diagnosis to be made most of the time; "
                    "the patient's care would probably not have changed."
                )
            ),
        ),
        Category(
            "3b",
            "5",
            Msgid(N_("Discrepancy, diagnosis usually expected, probably with a consequence")),
            Msgid(
                N_(
                    "One would expect the diagnosis to be made most of the time; "
                    "the patient's care would probably have changed."
                )
            ),
        ),
    ),
    discrepant=frozenset({"2a", "2b", "3a", "3b"}),
    major=frozenset({"3a", "3b"}),
    significant=frozenset({"2b", "3b"}),
    needs_second_review=frozenset({"2b", "3a", "3b"}),
    error_types=ERROR_TYPES_1,
)
"""The default scale; its classes are compatible with RADPEER 2016, its words are ours."""

INSTRUMENTS: Mapping[tuple[str, int], Instrument] = {(CR3_1.code, CR3_1.version): CR3_1}
"""Every version that was ever offered, by code and version; none is ever removed."""


def find_instrument(code: str, version: int) -> Instrument:
    """Return one version of a scale.

    Raises:
        NotFound: there is no such scale or version.
    """
    try:
        return INSTRUMENTS[code, version]
    except KeyError:
        raise NotFound(
            N_("There is no scoring scale “%(code)s” in version %(version)s."),
            code=code,
            version=version,
        ) from None
