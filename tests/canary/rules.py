"""Which words may each role never see? From the table of people in the product's design."""

import re

from peeraudit.domain.accounts import Role

PATIENT = {"patient", "requester", "report_id"}
PEOPLE = {"author", "reviewer", "adjudicator"}
READING = {"comment", "reply", "decline", "own"}
# Whom a reviewer believes to have recognised: nobody reads it. What gave a person away: only the
# department that sent the case does.
GUESS = {"guess", "seen"}
EVERYTHING = PATIENT | PEOPLE | READING | GUESS | {"department", "text"}

HIDDEN: dict[Role, set[str]] = {
    Role.COORDINATOR: EVERYTHING,
    # The cases given to a reviewer are read, so their text is known; nobody else's is.
    Role.REVIEWER: EVERYTHING,
    # Reviews and the reply are what is settled; who wrote them is not told.
    Role.ADJUDICATOR: PATIENT | PEOPLE | GUESS | {"department", "decline"},
    Role.AUTHOR: EVERYTHING,
    Role.QUALITY_LEAD: EVERYTHING,
    Role.SAFETY_OFFICER: EVERYTHING - {"department"},
    Role.MEETING_CHAIR: EVERYTHING - {"department"},
    # A network lead plans who reads; whose reports they are stays hidden.
    Role.NETWORK_LEAD: PATIENT | {"author", "text"} | READING | GUESS,
    Role.EXTERNAL_AUDITOR: EVERYTHING - {"department"},
    # Accounts and the trail name people, never what they said of whose report; why a case was
    # given back is kept for the trail alone.
    Role.DATA_PROTECTION_OFFICER: PATIENT | GUESS | {"text", "comment", "reply", "own"},
    Role.ADMINISTRATOR: PATIENT | {"text"} | READING | GUESS,
}

LISTS = {"department": ("/campaigns", "/api/v1/campaigns")}
"""Pages that name departments as takers part, never beside a case: for who reads campaigns."""

CHOICES = {
    "department": ("/network/profile", "/api/v1/profile", "/recognition", "/api/v1/recognition")
}
"""Where a reviewer declares conflicts, or says whom one recognised, every department is offered."""


def allowed_pages(role: Role) -> dict[str, tuple[str, ...]]:
    """Return where a kind of word is no leak after all."""
    if role is Role.REVIEWER:
        return CHOICES
    if role in {Role.COORDINATOR, Role.QUALITY_LEAD}:
        return LISTS
    return {}


DAY = re.compile(
    r"\b2019-03-\d\d|\b\d\d?/0?3/2019|\b\d\d? (?:mars|March) 2019|\bMar\w* \d\d?, 2019", re.I
)
"""A day of the examinations: the protocol shows readers the month at most."""

SCORE = re.compile(r'score-tag|"score"')
"""How pages and answers write a score."""


def forbidden_shape(role: Role) -> re.Pattern[str] | None:
    """Return what a role never sees though it is no word of anybody."""
    if role in {Role.REVIEWER, Role.ADJUDICATOR}:
        return DAY
    return SCORE if role is Role.COORDINATOR else None
