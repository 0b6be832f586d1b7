"""What does a page show around its content: ways to go, roles to choose, language and look?"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, session, url_for  # noqa: TID251 - reads the map only
from flask_babel import get_locale, gettext, lazy_gettext

from peeraudit.config import Mode
from peeraudit.domain.accounts import ROLE_LABELS, Permission, Role
from peeraudit.services import notifications
from peeraudit.services.notifications import Notice
from peeraudit.web.login import current_actor, current_grant, current_person

LANGUAGES = {"fr": "Français", "en": "English"}
THEMES = ("auto", "light", "dark")

# At most six for a role, the first being where it begins.
WAYS: dict[Role, tuple[tuple[Any, str], ...]] = {
    Role.COORDINATOR: (
        (lazy_gettext("Reports"), "intake.list_uploads"),
        (lazy_gettext("De-identification"), "blinding.list_cases"),
        (lazy_gettext("Campaigns"), "campaigns.list_campaigns"),
        (lazy_gettext("Notices to hand over"), "handover.list_handovers"),
    ),
    Role.REVIEWER: (
        (lazy_gettext("Cases to score"), "scoring.show_queue"),
        (lazy_gettext("My profile"), "network.show_profile"),
    ),
    Role.ADJUDICATOR: ((lazy_gettext("Cases to settle"), "adjudication.list_cases"),),
    Role.AUTHOR: ((lazy_gettext("Feedback"), "feedback.list_outcomes"),),
    Role.QUALITY_LEAD: (
        (lazy_gettext("Summaries"), "summaries.list_summaries"),
        (lazy_gettext("Campaigns"), "campaigns.list_campaigns"),
    ),
    Role.SAFETY_OFFICER: (
        (lazy_gettext("Urgent cases"), "alerts.list_cases"),
        (lazy_gettext("Identities"), "unsealing.list_requests"),
        (lazy_gettext("Campaigns"), "campaigns.list_campaigns"),
    ),
    Role.MEETING_CHAIR: ((lazy_gettext("Campaigns"), "campaigns.list_campaigns"),),
    Role.NETWORK_LEAD: (
        (lazy_gettext("Campaigns"), "campaigns.list_campaigns"),
        (lazy_gettext("Departments"), "network.list_departments"),
        (lazy_gettext("Reviewers"), "network.list_reviewers"),
        (lazy_gettext("Summaries"), "summaries.list_summaries"),
    ),
    Role.EXTERNAL_AUDITOR: ((lazy_gettext("Campaigns"), "campaigns.list_campaigns"),),
    Role.DATA_PROTECTION_OFFICER: (
        (lazy_gettext("Trail"), "trail.list_entries"),
        (lazy_gettext("Identities"), "unsealing.list_requests"),
        (lazy_gettext("Retention"), "retention.show_retention"),
    ),
    Role.ADMINISTRATOR: (
        (lazy_gettext("People"), "accounts.list_people"),
        (lazy_gettext("Departments"), "network.list_departments"),
        (lazy_gettext("Health"), "health.show_health"),
    ),
}
NOTICES_ON_FIRST_PAGE = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A link or a choice around the page."""

    label: str
    url: str
    current: bool


def is_demo() -> bool:
    """Return whether this installation is a demonstration."""
    return current_app.config["MODE"] is Mode.DEMO


def register(app: Flask) -> None:
    """Give every template what stands around its content."""
    app.context_processor(_surroundings)


def first_url(role: Role) -> str:
    """Return the address of the page where a role begins."""
    return url_for(WAYS[role][0][1])


def _surroundings() -> dict[str, Any]:
    # After a fault the database may be what is broken: the page must do without it.
    known = {} if g.get("fault") else _about_person()
    return _about_installation() | known


def _about_installation() -> dict[str, Any]:
    locale = get_locale()
    language = locale.language if locale else "fr"
    return {
        "language": language,
        "languages": [
            {"code": code, "label": label, "current": code == language}
            for code, label in LANGUAGES.items()
        ],
        "theme": session.get("theme", "auto"),
        "preferences_url": url_for("accounts.set_preferences"),
        "demo_mode": is_demo(),
        "home_url": url_for("home.show_home"),
        "sign_in_url": url_for("accounts.sign_in"),
        "messages_url": url_for("messages.list_messages"),
        "read_all_url": url_for("messages.mark_all_read"),
    }


def _about_person() -> dict[str, Any]:
    person, grant = current_person(), current_grant()
    if person is None:
        return {}
    count = notifications.count_unread(by=current_actor()) if grant else 0
    return {
        "sign_out_url": url_for("accounts.sign_out"),
        "account_name": person.name,
        "role_in_use": _role_label(grant.role, grant.department_name) if grant else "",
        "account_links": _account_links(count),
        "unread": _unread() if count else [],
        "unread_count": count,
        "navigation": _navigation() if grant else [],
        "roles_in_use": _roles(),
    }


def _navigation() -> list[Way]:
    ways = [(str(label), url_for(endpoint)) for label, endpoint in WAYS[current_actor().role]]
    return [Way(label, url, _is_under(url)) for label, url in ways]


def _account_links(unread: int) -> list[Way]:
    """Return the ways to what is the person's own, in whatever role."""
    messages = gettext("Messages") if not unread else gettext("Messages (%(num)d)", num=unread)
    ways = [(messages, "messages.list_messages"), (gettext("Password"), "accounts.change_password")]
    if current_grant() and current_actor().may(Permission.USE_API_TOKENS):
        ways.append((gettext("API tokens"), "accounts.list_tokens"))
    return [Way(label, url_for(end), request.endpoint == end) for label, end in ways]


def _unread() -> list[Notice]:
    """Return the newest notices where the role begins; elsewhere they would only disturb."""
    actor = current_actor()
    if request.endpoint != WAYS[actor.role][0][1] or request.method != "GET":
        return []
    return notifications.inbox(by=actor, limit=NOTICES_ON_FIRST_PAGE, only_unread=True)


def _is_under(url: str) -> bool:
    """Return whether the page asked for is the one at ``url`` or one below it."""
    return f"{request.path.rstrip('/')}/".startswith(f"{url.rstrip('/')}/")


def _roles() -> list[Way]:
    person, used = current_person(), current_grant()
    if person is None:
        return []
    return [
        Way(
            _role_label(grant.role, grant.department_name),
            url_for("accounts.choose_role", grant_id=grant.id),
            used is not None and used.id == grant.id,
        )
        for grant in person.grants
    ]


def _role_label(role: Role, department: str) -> str:
    label = gettext(ROLE_LABELS[role])
    return f"{label} · {department}" if department else label
