"""What does a page show around its content: ways to go, roles to choose, language and look?"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, session, url_for  # noqa: TID251 - reads the map only
from flask_babel import get_locale, gettext, lazy_gettext

from peeraudit.config import Mode
from peeraudit.domain.accounts import ROLE_LABELS, Permission, Role
from peeraudit.web.login import current_actor, current_grant, current_person

LANGUAGES = {"fr": "Français", "en": "English"}
THEMES = ("auto", "light", "dark")

WAYS: dict[Role, tuple[tuple[Any, str], ...]] = {
    Role.COORDINATOR: (
        (lazy_gettext("Reports"), "intake.list_uploads"),
        (lazy_gettext("De-identification"), "blinding.list_cases"),
        (lazy_gettext("Campaigns"), "campaigns.list_campaigns"),
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
    Role.SAFETY_OFFICER: ((lazy_gettext("Campaigns"), "campaigns.list_campaigns"),),
    Role.MEETING_CHAIR: ((lazy_gettext("Campaigns"), "campaigns.list_campaigns"),),
    Role.NETWORK_LEAD: (
        (lazy_gettext("Campaigns"), "campaigns.list_campaigns"),
        (lazy_gettext("Departments"), "network.list_departments"),
        (lazy_gettext("Reviewers"), "network.list_reviewers"),
        (lazy_gettext("Summaries"), "summaries.list_summaries"),
    ),
    Role.EXTERNAL_AUDITOR: ((lazy_gettext("Campaigns"), "campaigns.list_campaigns"),),
    Role.DATA_PROTECTION_OFFICER: ((lazy_gettext("Trail"), "trail.list_entries"),),
    Role.ADMINISTRATOR: (
        (lazy_gettext("People"), "accounts.list_people"),
        (lazy_gettext("Departments"), "network.list_departments"),
        (lazy_gettext("Health"), "health.show_health"),
    ),
}
TOKENS = (lazy_gettext("API tokens"), "accounts.list_tokens")


@dataclass(frozen=True, slots=True)
class Way:
    """A link or a choice around the page."""

    label: str
    url: str
    current: bool


def ways_of(role: Role) -> list[tuple[Any, str]]:
    """Return the label and the endpoint of each way that a role has and that has a page."""
    return [way for way in WAYS[role] if way[1] in current_app.view_functions]


def is_demo() -> bool:
    """Return whether this installation is a demonstration."""
    return current_app.config["MODE"] is Mode.DEMO


def register(app: Flask) -> None:
    """Give every template what stands around its content."""
    app.context_processor(_surroundings)


def first_url(role: Role) -> str | None:
    """Return the address of the page where a role begins; None where it has no page."""
    ways = ways_of(role)
    return url_for(ways[0][1]) if ways else None


def _surroundings() -> dict[str, Any]:
    locale = get_locale()
    language = locale.language if locale else "fr"
    person, grant = current_person(), current_grant()
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
        "sign_out_url": url_for("accounts.sign_out") if person else "",
        "account_name": person.name if person else "",
        "navigation": _navigation() if grant else [],
        "roles_in_use": _roles() if person else [],
    }


def _navigation() -> list[Way]:
    actor = current_actor()
    ways = ways_of(actor.role)
    if actor.may(Permission.USE_API_TOKENS) and TOKENS[1] in current_app.view_functions:
        ways.append(TOKENS)
    blueprint = request.blueprint or ""
    return [
        Way(str(label), url_for(endpoint), _is_current(endpoint, blueprint))
        for label, endpoint in ways
    ]


def _is_current(endpoint: str, blueprint: str) -> bool:
    if request.endpoint == endpoint:
        return True
    # A sub-page belongs to its blueprint's entry, where the blueprint has one entry only.
    entries = [e for ways in WAYS.values() for _, e in ways] + [TOKENS[1]]
    shared = {e for e in entries if e.split(".")[0] == blueprint}
    return endpoint.split(".", maxsplit=1)[0] == blueprint and len(shared) == 1


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
