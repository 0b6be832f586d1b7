"""What are people told of, in which words, and in which role do they read it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import N_, InvalidInput, Msgid
from peeraudit.domain.sentences import Sentence


class NoticeKind(StrEnum):
    """What a notice is about; the value is kept with the notice, so it never changes."""

    CASES_TO_CHECK = "cases_to_check"
    CASE_BACK_TO_COORDINATOR = "case_back_to_coordinator"
    REPORT_CHANGED = "report_changed"
    TEXTS_WANTED = "texts_wanted"
    CASE_URGENT = "case_urgent"
    CASE_URGENT_TO_OFFICER = "case_urgent_to_officer"
    CASES_OFFERED = "cases_offered"
    CASES_TO_ANSWER = "cases_to_answer"
    OFFERS_LAPSED = "offers_lapsed"
    CASES_PASSED_ON = "cases_passed_on"
    ABSENCE_ENTERED = "absence_entered"
    CASES_DUE = "cases_due"
    CASES_DUE_OR_TO_ANSWER = "cases_due_or_to_answer"
    CASE_REPLACED = "case_replaced"
    CASE_RENEWED = "case_renewed"
    CASE_WITHDRAWN = "case_withdrawn"
    CASE_WITHOUT_REVIEWER = "case_without_reviewer"
    CASE_TO_SETTLE = "case_to_settle"
    OUTCOME_FOR_AUTHOR = "outcome_for_author"
    OUTCOME_FINAL = "outcome_final"
    SUMMARY_ISSUED = "summary_issued"
    UNSEALING_ASKED = "unsealing_asked"
    UNSEALING_ASKED_OF_OFFICER = "unsealing_asked_of_officer"
    UNSEALING_GRANTED = "unsealing_granted"
    UNSEALING_REFUSED = "unsealing_refused"
    IDENTITIES_TO_END = "identities_to_end"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a notice reads, and who reads it.

    Attributes:
        role: under which role the person reads it; under the others it is not shown.
        many: the sentence, an English template with named placeholders.
        one: the sentence where ``count`` is 1; empty where nothing is counted.
    """

    role: Role
    many: str
    one: str = ""


WORDINGS: Mapping[NoticeKind, Wording] = {
    NoticeKind.CASES_TO_CHECK: Wording(
        Role.COORDINATOR,
        N_("%(count)d cases were drawn from your department: check that they name nobody."),
        N_("One case was drawn from your department: check that it names nobody."),
    ),
    NoticeKind.CASE_BACK_TO_COORDINATOR: Wording(
        Role.COORDINATOR,
        N_("A reviewer saw an identifier in the case %(code)s. Mask it, then let it go on."),
    ),
    NoticeKind.REPORT_CHANGED: Wording(
        Role.COORDINATOR,
        N_(
            "The sender corrected or cancelled the report of the case %(code)s after it was "
            "drawn. Decide which version is audited."
        ),
    ),
    NoticeKind.TEXTS_WANTED: Wording(
        Role.COORDINATOR,
        N_("%(count)d drawn reports wait for their text: send these texts, and no others."),
        N_("One drawn report waits for its text: send this text, and no other."),
    ),
    NoticeKind.CASE_URGENT: Wording(
        Role.COORDINATOR,
        N_(
            "A reviewer marked the case %(code)s as urgent: a patient may need care now. "
            "Find the report and tell the doctor who treats the patient."
        ),
    ),
    NoticeKind.CASE_URGENT_TO_OFFICER: Wording(
        Role.SAFETY_OFFICER,
        N_(
            "A reviewer marked the case %(code)s as urgent: a patient may need care now. "
            "Call the coordinator of the department now, who can tell which report it is, and make "
            "sure that the doctor who treats the patient is told."
        ),
    ),
    NoticeKind.CASES_OFFERED: Wording(
        Role.REVIEWER,
        N_("%(count)d cases wait to be read by you until %(due)s."),
        N_("One case waits to be read by you until %(due)s."),
    ),
    NoticeKind.CASES_TO_ANSWER: Wording(
        Role.REVIEWER,
        N_(
            "%(count)d cases are offered to you, to be read until %(due)s. Accept or decline by "
            "%(answer)s; otherwise they go to other reviewers."
        ),
        N_(
            "One case is offered to you, to be read until %(due)s. Accept or decline by "
            "%(answer)s; otherwise it goes to another reviewer."
        ),
    ),
    NoticeKind.OFFERS_LAPSED: Wording(
        Role.REVIEWER,
        N_("%(count)d offers without an answer in time went to other reviewers."),
        N_("One offer without an answer in time went to another reviewer."),
    ),
    NoticeKind.CASES_PASSED_ON: Wording(
        Role.REVIEWER,
        N_("Of your cases, %(moved)d went to other reviewers and %(postponed)d are due later."),
    ),
    NoticeKind.ABSENCE_ENTERED: Wording(
        Role.REVIEWER,
        N_(
            "The lead of the network entered that you are away from %(first)s to %(last)s. If that "
            "is wrong, take it back in your profile."
        ),
    ),
    NoticeKind.CASES_DUE: Wording(
        Role.REVIEWER,
        N_(
            "Your cases to read: %(late)d late, %(soon)d due within three days, %(unopened)d not "
            "opened yet. The earliest due day is %(due)s."
        ),
    ),
    NoticeKind.CASES_DUE_OR_TO_ANSWER: Wording(
        Role.REVIEWER,
        N_(
            "Offers that wait for your answer until %(answer)s: %(count)d. Your cases to read: "
            "%(late)d late, %(soon)d due within three days."
        ),
    ),
    NoticeKind.CASE_REPLACED: Wording(
        Role.REVIEWER,
        N_("The case %(code)s is no longer yours to read: it went to another reviewer."),
    ),
    # Neither tells why: that a report was corrected or cancelled would colour what is read.
    NoticeKind.CASE_RENEWED: Wording(
        Role.REVIEWER,
        N_(
            "The text of the case %(code)s is being prepared anew. The case comes back to you: "
            "read it once more then. What you typed is kept."
        ),
    ),
    NoticeKind.CASE_WITHDRAWN: Wording(
        Role.REVIEWER,
        N_("The case %(code)s is no longer yours to read. Nothing more is to be done."),
    ),
    NoticeKind.CASE_WITHOUT_REVIEWER: Wording(
        Role.NETWORK_LEAD,
        N_("Nobody is free to read the case %(code)s of “%(campaign)s”. Find a reviewer for it."),
    ),
    NoticeKind.CASE_TO_SETTLE: Wording(
        Role.ADJUDICATOR,
        N_("The case %(code)s waits for you to settle it."),
    ),
    NoticeKind.OUTCOME_FOR_AUTHOR: Wording(
        Role.AUTHOR,
        N_("A report of yours was read by peers. You may reply until %(due)s."),
    ),
    NoticeKind.OUTCOME_FINAL: Wording(
        Role.AUTHOR,
        N_("The feedback on a report of yours is now final."),
    ),
    NoticeKind.SUMMARY_ISSUED: Wording(
        Role.QUALITY_LEAD,
        N_("The summary of “%(campaign)s” is ready for your department."),
    ),
    NoticeKind.UNSEALING_ASKED: Wording(
        Role.SAFETY_OFFICER,
        N_("A colleague asks to see who is behind the case %(code)s. Decide within 24 hours."),
    ),
    NoticeKind.UNSEALING_ASKED_OF_OFFICER: Wording(
        Role.DATA_PROTECTION_OFFICER,
        N_("A safety officer asks to see who is behind the case %(code)s. Decide within 24 hours."),
    ),
    NoticeKind.UNSEALING_GRANTED: Wording(
        Role.SAFETY_OFFICER,
        N_("You may see who is behind the case %(code)s, once, within 24 hours."),
    ),
    NoticeKind.UNSEALING_REFUSED: Wording(
        Role.SAFETY_OFFICER,
        N_("Your request to see who is behind the case %(code)s was refused: read why."),
    ),
    NoticeKind.IDENTITIES_TO_END: Wording(
        Role.COORDINATOR,
        N_(
            "On %(due)s what says which reports of your department were read in “%(campaign)s” is "
            "destroyed for good, with their texts. Scores and counts stay."
        ),
    ),
}
"""The sentences hold counts, codes, days and names of campaigns alone: an e-mail is read by more
people than the one it is for, so no patient, report, score, author or reviewer is ever in one."""

ALLOWED_PARAMS = frozenset(
    {"count", "code", "due", "answer", "first", "last", "moved", "postponed", "campaign", "late"}
    | {"soon", "unopened"}
)
DAYS = frozenset({"due", "answer", "first", "last"})
"""Values that are days: kept as ``YYYY-MM-DD``, told as the language writes them."""


MUTABLE: Mapping[NoticeKind, Msgid] = {
    NoticeKind.CASES_DUE: Msgid(N_("The morning’s digest of cases that are due")),
    NoticeKind.CASE_REPLACED: Msgid(N_("A case of mine went to somebody else")),
    NoticeKind.OFFERS_LAPSED: Msgid(N_("Offers that I did not answer went to others")),
    NoticeKind.CASES_PASSED_ON: Msgid(N_("Cases of mine were moved or are due later")),
    NoticeKind.OUTCOME_FINAL: Msgid(N_("The feedback on a report of mine is final")),
    NoticeKind.SUMMARY_ISSUED: Msgid(N_("A summary is ready for my department")),
}
"""What a person may do without by e-mail, in words. All else is a duty or the safety of a patient:
an offer to be answered, a case to settle, a reply, an alarm, an identity."""


def mutable_for(role: Role) -> tuple[NoticeKind, ...]:
    """Return what a person may do without by e-mail under a role, in the order of a page."""
    return tuple(kind for kind in MUTABLE if WORDINGS[kind].role is role)


def check_params(kind: NoticeKind, params: Mapping[str, object]) -> None:
    """Refuse values that a notice's sentence does not need.

    Raises:
        InvalidInput: a value is missing, or is none that a notice may hold.
    """
    wording = WORDINGS[kind]
    needed = {name for name in ALLOWED_PARAMS if f"%({name})" in wording.many}
    if set(params) != needed:
        raise InvalidInput(
            N_("A notice “%(kind)s” needs: %(needed)s."),
            kind=kind.value,
            needed=", ".join(sorted(needed)) or "–",
        )


def sentence_of(kind: NoticeKind, params: Mapping[str, object]) -> Sentence:
    """Return the sentence of a notice, in the singular where one thing is counted.

    Args:
        kind: what the notice is about.
        params: the values as they were kept: counts, texts, and days as ``YYYY-MM-DD``.

    Returns:
        The template with its values; days are dates again, for a door to write out.

    Raises:
        ValueError: a day is not one.
    """
    wording = WORDINGS[kind]
    values = {
        name: date.fromisoformat(str(value)) if name in DAYS else value
        for name, value in params.items()
    }
    one = wording.one and values.get("count") == 1
    return Sentence(wording.one if one else wording.many, values)


def kinds_for(role: Role) -> frozenset[NoticeKind]:
    """Return the kinds of notice that are read under a role."""
    return frozenset(kind for kind, wording in WORDINGS.items() if wording.role is role)
