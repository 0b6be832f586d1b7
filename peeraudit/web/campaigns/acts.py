"""What moves a campaign on, in words and with the one button of its board."""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app, url_for  # noqa: TID251 - reads the map only
from flask_babel import gettext, lazy_gettext, ngettext

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.board import NextAct, Step
from peeraudit.domain.workflow import CAMPAIGN_LABELS, CampaignState
from peeraudit.services.boards import Board


@dataclass(frozen=True, slots=True)
class Act:
    """The next act: what it is, why, and the button where the person may do it.

    Attributes:
        url: where the button leads; empty where the person waits for others.
        event: the step of the campaign that the button takes by a POST; empty for a link.
    """

    heading: str
    words: str
    label: str = ""
    url: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """A state on the way of a campaign: past, present or to come."""

    label: str
    is_past: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A way to what belongs to the campaign."""

    label: str
    url: str


LINKS = (
    (
        Permission.NAME_CASES,
        CampaignState.DRAWN,
        lazy_gettext("Reports named to teach from"),
        "sampling.list_named",
    ),
    (
        Permission.PLAN_ASSIGNMENT,
        CampaignState.RUNNING,
        lazy_gettext("Who reads what"),
        "assignment.show_plan",
    ),
    (
        Permission.READ_CAMPAIGN,
        CampaignState.DRAWN,
        lazy_gettext("What is late or waits, and why"),
        "campaigns.show_lateness",
    ),
    (
        Permission.COMPUTE_STATISTICS,
        CampaignState.RUNNING,
        lazy_gettext("Statistics"),
        "statistics.show_statistics",
    ),
    (
        Permission.READ_SUMMARY,
        CampaignState.REPORTED,
        lazy_gettext("Summaries"),
        "summaries.list_summaries",
    ),
    (
        Permission.EXPORT_NUMBERS,
        CampaignState.REPORTED,
        lazy_gettext("Data to compute again"),
        "exports.show_export",
    ),
)
HEADINGS = {
    NextAct.LOCK: lazy_gettext("The rules can still change"),
    NextAct.FREEZE_FRAME: lazy_gettext("The list of eligible reports comes next"),
    NextAct.DRAW: lazy_gettext("The list is frozen: the sample can be drawn"),
    NextAct.WAIT_FOR_CHECK: lazy_gettext("The departments check that no case names anybody"),
    NextAct.ASSIGN: lazy_gettext("The cases are ready to be given to reviewers"),
    NextAct.WAIT_FOR_READING: lazy_gettext("The reviewers are reading"),
    NextAct.SETTLE: lazy_gettext("Every case has had its first reading"),
    NextAct.WAIT_FOR_SETTLING: lazy_gettext("The last cases are being settled"),
    NextAct.FREEZE: lazy_gettext("Every case is settled"),
    NextAct.WAIT_FOR_NUMBERS: lazy_gettext("The final numbers are being computed"),
    NextAct.PUBLISH: lazy_gettext("The final numbers are ready"),
    NextAct.CLOSE: lazy_gettext("The summaries are published"),
    NextAct.NOTHING: lazy_gettext("This campaign is closed"),
}
WORDS = {
    NextAct.LOCK: lazy_gettext("Once locked, they bind everybody: their hash proves them."),
    NextAct.FREEZE_FRAME: lazy_gettext(
        "Its hash is published before any seed exists, so that nobody can choose what is drawn."
    ),
    NextAct.DRAW: lazy_gettext("Anybody will be able to draw it again and find the same reports."),
    NextAct.ASSIGN: lazy_gettext("Reviewers see nothing of the plan before it is published."),
    NextAct.SETTLE: lazy_gettext(
        "Closing the reading leaves the second readings and the settling to go on."
    ),
    NextAct.FREEZE: lazy_gettext(
        "Freezing takes the data as they are, for good, and computes the final numbers."
    ),
    NextAct.WAIT_FOR_NUMBERS: lazy_gettext("This takes a minute at most."),
    NextAct.PUBLISH: lazy_gettext(
        "Publishing writes one numbered summary for each department and tells its quality leads."
    ),
    NextAct.CLOSE: lazy_gettext("Closing the campaign ends it; its summaries stay."),
    NextAct.NOTHING: lazy_gettext("Its summaries, its draw and its rules can still be read."),
}
# act: permission, label of the button, endpoint of the page or "" for a step of the campaign
BUTTONS = {
    NextAct.LOCK: (
        Permission.LOCK_PROTOCOL,
        lazy_gettext("Check and lock the rules"),
        "campaigns.lock_campaign",
    ),
    NextAct.FREEZE_FRAME: (
        Permission.DRAW_SAMPLE,
        lazy_gettext("Look at the list"),
        "sampling.show_frame",
    ),
    NextAct.DRAW: (Permission.DRAW_SAMPLE, lazy_gettext("Go to the draw"), "sampling.show_draw"),
    NextAct.WAIT_FOR_CHECK: (
        Permission.CHECK_DEIDENTIFICATION,
        lazy_gettext("Check our cases"),
        "blinding.list_cases",
    ),
    NextAct.ASSIGN: (
        Permission.PLAN_ASSIGNMENT,
        lazy_gettext("Plan the assignment"),
        "assignment.show_plan",
    ),
    NextAct.SETTLE: (Permission.COMPUTE_STATISTICS, lazy_gettext("Close the reading"), "settle"),
    NextAct.FREEZE: (
        Permission.COMPUTE_STATISTICS,
        lazy_gettext("Freeze the data and compute"),
        "freeze",
    ),
    NextAct.PUBLISH: (
        Permission.COMPUTE_STATISTICS,
        lazy_gettext("Publish the summaries"),
        "report",
    ),
    NextAct.CLOSE: (Permission.COMPUTE_STATISTICS, lazy_gettext("Close the campaign"), "close"),
}


def act_of(board: Board, actor: Actor) -> Act:
    """Return the next act of a campaign as a person sees it."""
    act = board.next_act
    heading, words = str(HEADINGS[act]), _words(board)
    permission, label, way = BUTTONS.get(act, (None, "", ""))
    if permission is None or not actor.may(permission):
        return Act(heading, words)
    if "." not in way:
        url = url_for("campaigns.take_step", campaign_id=board.campaign.id)
        return Act(heading, words, str(label), url, event=way)
    return Act(heading, words, str(label), _url(way, board.campaign.id))


def links_of(board: Board, actor: Actor) -> list[Link]:
    """Return the ways to what else belongs to the campaign, where there is a page for it."""
    state = list(CampaignState).index(board.campaign.state)
    found = [
        Link(str(label), _url(endpoint, board.campaign.id))
        for permission, first, label, endpoint in LINKS
        if actor.may(permission) and state >= list(CampaignState).index(first)
    ]
    return [link for link in found if link.url]


def stations(state: CampaignState) -> list[Station]:
    """Return the way of a campaign from draft to closed."""
    states = list(CampaignState)
    place = states.index(state)
    return [
        Station(gettext(CAMPAIGN_LABELS[one]), number < place, number == place)
        for number, one in enumerate(states)
    ]


def _words(board: Board) -> str:
    counts = {part.step: part.count for part in board.steps}
    if board.next_act is NextAct.WAIT_FOR_CHECK:
        left = counts[Step.MASKING] + counts[Step.CHECK]
        return ngettext("%(num)s case is not ready yet.", "%(num)s cases are not ready yet.", left)
    if board.next_act in {NextAct.WAIT_FOR_READING, NextAct.WAIT_FOR_SETTLING}:
        return gettext("Whoever is late is reminded, and replaced where that is possible.")
    return str(WORDS[board.next_act])


def _url(endpoint: str, campaign_id: UUID) -> str:
    if endpoint not in current_app.view_functions:
        return ""
    needs_campaign = any(
        "campaign_id" in rule.arguments for rule in current_app.url_map.iter_rules(endpoint)
    )
    # Where the page is for all campaigns, the campaign is a filter of its address.
    return url_for(endpoint, campaign_id=campaign_id) if needs_campaign else url_for(endpoint)
