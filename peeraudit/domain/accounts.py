"""Which roles are there, what may each do and where, and which passwords are good enough?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from peeraudit.domain.errors import N_, InvalidInput, Msgid

PASSWORD_MINIMUM = 12
"""Fewest characters of a password."""

PASSWORD_MAXIMUM = 128
"""Most characters of a password: hashing a longer one would cost the server for no safety."""

FEWEST_DISTINCT_CHARACTERS = 5
"""A password with fewer different characters is a pattern."""


class Role(StrEnum):
    """What a person is in the audit; a person may be several."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    AUTHOR = "author"
    QUALITY_LEAD = "quality_lead"
    SAFETY_OFFICER = "safety_officer"
    MEETING_CHAIR = "meeting_chair"
    NETWORK_LEAD = "network_lead"
    EXTERNAL_AUDITOR = "external_auditor"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that a page, an API call or a command may demand; also the scope of a token."""

    UPLOAD_REPORTS = "upload_reports"
    READ_INTAKE = "read_intake"
    CHECK_DEIDENTIFICATION = "check_deidentification"
    MANAGE_NETWORK = "manage_network"
    DECLARE_PROFILE = "declare_profile"
    WRITE_PROTOCOL = "write_protocol"
    LOCK_PROTOCOL = "lock_protocol"
    DRAW_SAMPLE = "draw_sample"
    PLAN_ASSIGNMENT = "plan_assignment"
    PUBLISH_ASSIGNMENT = "publish_assignment"
    NAME_CASES = "name_cases"
    SCORE_CASES = "score_cases"
    ADJUDICATE_CASES = "adjudicate_cases"
    READ_FEEDBACK = "read_feedback"
    REPLY = "reply"
    FOLLOW_ALERTS = "follow_alerts"
    READ_SUMMARY = "read_summary"
    COMPUTE_STATISTICS = "compute_statistics"
    EXPORT_NUMBERS = "export_numbers"
    EXPORT_REVIEWS = "export_reviews"
    READ_CAMPAIGN = "read_campaign"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_HEALTH = "read_health"
    READ_TRAIL = "read_trail"
    RUN_RETENTION = "run_retention"
    UNSEAL_IDENTITIES = "unseal_identities"
    GRANT_UNSEALING = "grant_unsealing"
    USE_API_TOKENS = "use_api_tokens"


ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {
            Permission.UPLOAD_REPORTS,
            Permission.READ_INTAKE,
            Permission.CHECK_DEIDENTIFICATION,
            Permission.NAME_CASES,
            Permission.READ_CAMPAIGN,
            Permission.USE_API_TOKENS,
        }
    ),
    Role.REVIEWER: frozenset(
        {Permission.DECLARE_PROFILE, Permission.SCORE_CASES, Permission.USE_API_TOKENS}
    ),
    Role.ADJUDICATOR: frozenset({Permission.ADJUDICATE_CASES, Permission.USE_API_TOKENS}),
    Role.AUTHOR: frozenset({Permission.READ_FEEDBACK, Permission.REPLY, Permission.USE_API_TOKENS}),
    Role.QUALITY_LEAD: frozenset(
        {
            Permission.READ_SUMMARY,
            Permission.EXPORT_NUMBERS,
            Permission.NAME_CASES,
            Permission.READ_CAMPAIGN,
            Permission.USE_API_TOKENS,
        }
    ),
    Role.SAFETY_OFFICER: frozenset(
        {
            Permission.FOLLOW_ALERTS,
            Permission.READ_CAMPAIGN,
            Permission.UNSEAL_IDENTITIES,
            Permission.GRANT_UNSEALING,
            Permission.USE_API_TOKENS,
        }
    ),
    Role.MEETING_CHAIR: frozenset({Permission.READ_CAMPAIGN, Permission.USE_API_TOKENS}),
    Role.NETWORK_LEAD: frozenset(
        {
            Permission.MANAGE_NETWORK,
            Permission.WRITE_PROTOCOL,
            Permission.LOCK_PROTOCOL,
            Permission.DRAW_SAMPLE,
            Permission.PLAN_ASSIGNMENT,
            Permission.PUBLISH_ASSIGNMENT,
            Permission.COMPUTE_STATISTICS,
            Permission.EXPORT_NUMBERS,
            Permission.EXPORT_REVIEWS,
            Permission.READ_SUMMARY,
            Permission.READ_CAMPAIGN,
            Permission.USE_API_TOKENS,
        }
    ),
    Role.EXTERNAL_AUDITOR: frozenset(
        {Permission.READ_CAMPAIGN, Permission.EXPORT_NUMBERS, Permission.USE_API_TOKENS}
    ),
    Role.DATA_PROTECTION_OFFICER: frozenset(
        {
            Permission.READ_TRAIL,
            Permission.RUN_RETENTION,
            Permission.GRANT_UNSEALING,
            Permission.USE_API_TOKENS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_NETWORK,
            Permission.READ_HEALTH,
            Permission.USE_API_TOKENS,
        }
    ),
}
"""What each role may do. What is absent is what the role never sees: a coordinator reads no
summary and no score, an administrator no clinical content, a network lead no report text."""

DEPARTMENT_ROLES = frozenset(
    {
        Role.COORDINATOR,
        Role.REVIEWER,
        Role.AUTHOR,
        Role.QUALITY_LEAD,
        Role.SAFETY_OFFICER,
        Role.MEETING_CHAIR,
    }
)
"""Roles that are held in one department; the others are held in the whole network."""

ROLE_LABELS: Mapping[Role, Msgid] = {
    Role.COORDINATOR: Msgid(N_("Coordinator")),
    Role.REVIEWER: Msgid(N_("Reviewer")),
    Role.ADJUDICATOR: Msgid(N_("Adjudicator")),
    Role.AUTHOR: Msgid(N_("Author")),
    Role.QUALITY_LEAD: Msgid(N_("Quality lead")),
    Role.SAFETY_OFFICER: Msgid(N_("Safety officer")),
    Role.MEETING_CHAIR: Msgid(N_("Meeting chair")),
    Role.NETWORK_LEAD: Msgid(N_("Network lead")),
    Role.EXTERNAL_AUDITOR: Msgid(N_("External auditor")),
    Role.DATA_PROTECTION_OFFICER: Msgid(N_("Data protection officer")),
    Role.ADMINISTRATOR: Msgid(N_("Administrator")),
}

ROLE_DUTIES: Mapping[Role, Msgid] = {
    Role.COORDINATOR: Msgid(N_("Uploads reports and checks their de-identification")),
    Role.REVIEWER: Msgid(N_("Scores the cases assigned")),
    Role.ADJUDICATOR: Msgid(N_("Settles the cases on which reviewers differ")),
    Role.AUTHOR: Msgid(N_("Reads the feedback on own reports and replies")),
    Role.QUALITY_LEAD: Msgid(N_("Reads the department's summaries")),
    Role.SAFETY_OFFICER: Msgid(N_("Follows alerts up to the treating clinician")),
    Role.MEETING_CHAIR: Msgid(N_("Runs the discrepancy meetings")),
    Role.NETWORK_LEAD: Msgid(N_("Writes protocols, launches campaigns, watches progress")),
    Role.EXTERNAL_AUDITOR: Msgid(N_("Reads the evidence of a campaign")),
    Role.DATA_PROTECTION_OFFICER: Msgid(N_("Reads the trail of who did what")),
    Role.ADMINISTRATOR: Msgid(N_("Manages accounts and settings, watches the system's health")),
}


PERMISSION_LABELS: Mapping[Permission, Msgid] = {
    Permission.UPLOAD_REPORTS: Msgid(N_("Send reports")),
    Permission.READ_INTAKE: Msgid(N_("See what became of the reports sent")),
    Permission.CHECK_DEIDENTIFICATION: Msgid(N_("Check the de-identification of cases")),
    Permission.MANAGE_NETWORK: Msgid(N_("Change departments and reviewers")),
    Permission.DECLARE_PROFILE: Msgid(N_("Change my reviewer’s profile")),
    Permission.WRITE_PROTOCOL: Msgid(N_("Write protocols")),
    Permission.LOCK_PROTOCOL: Msgid(N_("Lock protocols")),
    Permission.DRAW_SAMPLE: Msgid(N_("Draw samples")),
    Permission.PLAN_ASSIGNMENT: Msgid(N_("Plan assignments")),
    Permission.PUBLISH_ASSIGNMENT: Msgid(N_("Publish assignments")),
    Permission.NAME_CASES: Msgid(N_("Name reports of the department to teach from")),
    Permission.SCORE_CASES: Msgid(N_("Score my cases")),
    Permission.ADJUDICATE_CASES: Msgid(N_("Settle cases")),
    Permission.READ_FEEDBACK: Msgid(N_("Read the feedback on my reports")),
    Permission.REPLY: Msgid(N_("Reply to feedback")),
    Permission.FOLLOW_ALERTS: Msgid(N_("Follow urgent cases")),
    Permission.READ_SUMMARY: Msgid(N_("Read summaries")),
    Permission.COMPUTE_STATISTICS: Msgid(N_("Compute statistics")),
    Permission.EXPORT_NUMBERS: Msgid(N_("Take along the numbers that may be told")),
    Permission.EXPORT_REVIEWS: Msgid(N_("Take along frozen reviews, line by line")),
    Permission.READ_CAMPAIGN: Msgid(N_("Read campaigns")),
    Permission.MANAGE_ACCOUNTS: Msgid(N_("Manage accounts")),
    Permission.READ_HEALTH: Msgid(N_("Read the system’s health")),
    Permission.READ_TRAIL: Msgid(N_("Read the trail")),
    Permission.RUN_RETENTION: Msgid(N_("Destroy identities whose time is over")),
    Permission.UNSEAL_IDENTITIES: Msgid(N_("Ask who is behind a case")),
    Permission.GRANT_UNSEALING: Msgid(N_("Decide who may see who is behind a case")),
    Permission.USE_API_TOKENS: Msgid(N_("Ask who the token stands for")),
}
"""What a person reads when choosing what a token may do."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds in one department, or in the network where that is None.

    Raises:
        InvalidInput: a department's role has no department, or a network's role has one.
    """

    role: Role
    department_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.role in DEPARTMENT_ROLES and self.department_id is None:
            raise InvalidInput(
                N_("The role “%(role)s” is held in one department: choose which."),
                role=ROLE_LABELS[self.role],
            )
        if self.role not in DEPARTMENT_ROLES and self.department_id is not None:
            raise InvalidInput(
                N_("The role “%(role)s” is held in the whole network: leave the department empty."),
                role=ROLE_LABELS[self.role],
            )


def may(grants: Iterable[Grant], permission: Permission, department_id: UUID | None = None) -> bool:
    """Return whether a person may do something.

    Args:
        grants: the roles in use; in any order.
        permission: what is to be done.
        department_id: the department whose things are touched; None asks "anywhere at all?",
            for what belongs to no department (a protocol) or to the person (own reviews).

    Returns:
        True if one grant at least allows it, in that department or in the whole network.
    """
    return any(
        permission in ROLE_PERMISSIONS[grant.role]
        and (department_id is None or grant.department_id in {None, department_id})
        for grant in grants
    )


def departments_for(grants: Iterable[Grant], permission: Permission) -> frozenset[UUID] | None:
    """Return the departments in which a person may do something.

    Args:
        grants: the roles in use; in any order.
        permission: what is to be done.

    Returns:
        The departments' ids, possibly none; None (and not a set) means every department.
    """
    places = {g.department_id for g in grants if permission in ROLE_PERMISSIONS[g.role]}
    if None in places:
        return None
    return frozenset(place for place in places if place is not None)


def check_password(password: str, about: Collection[str] = ()) -> None:
    """Refuse a password that is too short, too long or too easily guessed.

    There are no rules of composition: length and novelty are what helps.

    Args:
        password: the password in clear.
        about: what is known of its owner (e-mail address, name), which it must not be.

    Raises:
        InvalidInput: the password is not good enough; the sentence says why.

    Source:
        NIST SP 800-63B-4, section 3.1.1. doi:10.6028/NIST.SP.800-63B-4
    """
    if len(password) < PASSWORD_MINIMUM:
        raise InvalidInput(
            N_(
                "The password has %(length)d characters and needs at least %(minimum)d: "
                "a few words that you alone would put together do well."
            ),
            length=len(password),
            minimum=PASSWORD_MINIMUM,
        )
    if len(password) > PASSWORD_MAXIMUM:
        raise InvalidInput(
            N_("The password may have at most %(maximum)d characters."), maximum=PASSWORD_MAXIMUM
        )
    if _is_easily_guessed(password, about):
        raise InvalidInput(
            N_("This password is among the first that would be tried: choose another.")
        )


def _is_easily_guessed(password: str, about: Collection[str]) -> bool:
    bare = "".join(password.casefold().split())
    known = {"".join(word.casefold().split()) for word in about}
    return (
        bare in COMMON_PASSWORDS
        or bare in known
        or len(set(bare)) < FEWEST_DISTINCT_CHARACTERS
        or bare.rstrip("0123456789!?.*") in COMMON_STEMS
    )


COMMON_PASSWORDS = frozenset(
    {
        "012345678910",
        "0123456789ab",
        "0987654321098",
        "1234567890123",
        "123456789012",
        "1234567890abc",
        "12345678910",
        "123456789123",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "a1b2c3d4e5f6",
        "abcd1234abcd",
        "abc123abc123",
        "abcdefgh1234",
        "correcthorsebatterystaple",
        "q1w2e3r4t5y6",
        "qwer1234asdf",
    }
)
"""Long enough, and yet among the first tried; without spaces, in lower case."""

COMMON_STEMS = frozenset(
    {
        "abcdefghijkl",
        "abcdefghijklm",
        "adminadmin",
        "administrateur",
        "administrator",
        "azertyazerty",
        "azertyuiop",
        "azertyuiopqs",
        "azertyuiopqsdfghjklm",
        "bienvenue",
        "bonjourbonjour",
        "changeme",
        "changemechangeme",
        "changez-moi",
        "iloveyouiloveyou",
        "jetaimejetaime",
        "letmeinletmein",
        "motdepasse",
        "motdepassemotdepasse",
        "p@ssw0rd",
        "passw0rd",
        "password",
        "passwordpassword",
        "peeraudit",
        "qwertyqwerty",
        "qwertyuiop",
        "qwertyuiopas",
        "qwertyuiopasdfghjkl",
        "radiologie",
        "radiology",
        "radiologue",
        "welcome",
    }
)
"""Words that stay easily guessed however many digits or marks follow them."""
