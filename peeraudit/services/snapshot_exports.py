"""Use cases: taking along what a frozen snapshot tells, and to whom how much of it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, NotFound
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.summaries.disclosure import Audience, Limits, Told, limits_for
from peeraudit.domain.told_files import ToldFacts, recompute_told, write_numbers, write_told
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.summaries import Snapshot
from peeraudit.services import campaigns, statistics, statistics_export, trail
from peeraudit.services.campaigns import CampaignView
from peeraudit.services.statistics_export import SnapshotExport

PURPOSE_MINIMUM = 10
"""Fewest characters of what reviews are taken along for."""

PURPOSE_MAXIMUM = 300
"""Most characters of it."""

PUBLISHED = frozenset({CampaignState.REPORTED, CampaignState.CLOSED})


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """What a person may take along of a campaign.

    Attributes:
        campaign: whose numbers.
        number: of the frozen snapshot; None where there is none to be had yet.
        audience: as whom the person reads.
        limits: the minimum counts behind what is told to this audience.
        may_take_reviews: single reviews too, with a purpose.
    """

    campaign: CampaignView
    number: int | None
    audience: Audience
    limits: Limits
    may_take_reviews: bool


@dataclass(frozen=True, slots=True)
class NumbersExport:
    """The files of what an audience may be told.

    Attributes:
        campaign: code of the campaign.
        number: the snapshot's number.
        numbers: the table of counts, CSV.
        told: the numbers as they are told, JSON.
        result: what computing them again gives, JSON.
    """

    campaign: str
    number: int
    numbers: str
    told: str
    result: str

    @property
    def name(self) -> str:
        """The name of the files together."""
        return f"{self.campaign}-{self.number}-numbers"

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Name and text of each file, in the order of ``arguments``."""
        return tuple(zip(self.arguments, (self.numbers, self.told, self.result), strict=True))

    @property
    def arguments(self) -> tuple[str, str, str]:
        """Names of the table, of the told numbers that go with it, and of the result."""
        return "numbers.csv", "told.json", "result.json"


def offer_export(campaign_id: UUID, *, by: Actor) -> ExportOffer:
    """Return what a person may take along of a campaign.

    Raises:
        NotFound: there is no such campaign, or the department takes no part in it.
    """
    by.require(Permission.EXPORT_NUMBERS)
    campaign = campaigns.show_campaign(campaign_id, by=by)
    snapshot, audience = _snapshot(campaign, by), _audience(by)
    return ExportOffer(
        campaign=campaign,
        number=snapshot.number if snapshot else None,
        audience=audience,
        limits=limits_for(audience, campaigns.protocol_of(campaign_id).thresholds),
        may_take_reviews=by.may(Permission.EXPORT_REVIEWS),
    )


def export_numbers(campaign_id: UUID, *, by: Actor) -> NumbersExport:
    """Return the files of what a person may be told, and write down that they were handed out.

    A quality lead gets those of the own department, as its summary tells them; anybody else
    those of all departments, as they may be told outside.

    Raises:
        NotFound: there is no such campaign, or no frozen snapshot that the person may read.
    """
    by.require(Permission.EXPORT_NUMBERS)
    campaign = campaigns.show_campaign(campaign_id, by=by)
    row, audience = _needed(campaign, by), _audience(by)
    told = _told(campaign, row, by)
    counts = CampaignCounts.from_json(row.data)
    facts = ToldFacts(
        campaign=campaign.code,
        snapshot=row.number,
        data_sha256=row.data_sha256,
        protocol_sha256=counts.protocol_sha256,
        frame_sha256=counts.frame_sha256,
        audience=audience,
    )
    numbers, written = write_numbers(told), write_told(told, facts)
    trail.record(
        "export_numbers",
        by,
        object_kind="snapshot",
        object_id=row.id,
        details={"number": row.number, "audience": audience.value},
    )
    result = recompute_told(numbers, written).result
    return NumbersExport(campaign.code, row.number, numbers, written, result)


def export_reviews(campaign_id: UUID, *, purpose: str, by: Actor) -> SnapshotExport:
    """Return the reviews behind the frozen snapshot line by line; the trail keeps what for.

    Nothing small is hidden in them, so that only who runs the audit gets them: with no name in
    any line, and with pseudonyms whose key nobody has.

    Raises:
        InvalidFields: the purpose is too short or too long.
        NotFound: there is no such campaign or no frozen snapshot.
        Conflicting: the readings are no longer those of the snapshot.
    """
    by.require(Permission.EXPORT_REVIEWS)
    campaign = campaigns.show_campaign(campaign_id, by=by)
    _check_purpose(purpose.strip())
    row = _needed(campaign, by)
    return statistics_export.export_row(row, by=by, purpose=purpose.strip())


def _check_purpose(purpose: str) -> None:
    if not PURPOSE_MINIMUM <= len(purpose) <= PURPOSE_MAXIMUM:
        raise InvalidFields(
            {
                "purpose": InvalidInput(
                    N_(
                        "Say in %(minimum)d to %(maximum)d characters what the reviews are needed"
                        " for: the trail keeps it."
                    ),
                    minimum=PURPOSE_MINIMUM,
                    maximum=PURPOSE_MAXIMUM,
                )
            }
        )


def _audience(by: Actor) -> Audience:
    return Audience.OUTSIDE if by.department_id is None else Audience.INSIDE


def _snapshot(campaign: CampaignView, by: Actor) -> Snapshot | None:
    """Return the frozen snapshot; whoever does not compute it waits until it is published."""
    if campaign.state not in PUBLISHED and not by.may(Permission.COMPUTE_STATISTICS):
        return None
    return statistics.find_final(campaign.id)


def _needed(campaign: CampaignView, by: Actor) -> Snapshot:
    row = _snapshot(campaign, by)
    if row is None:
        raise NotFound(
            N_(
                "The numbers of this campaign are not published yet: there is nothing to take"
                " along."
            )
        )
    return row


def _told(campaign: CampaignView, row: Snapshot, by: Actor) -> Mapping[str, Told]:
    """Return what a person may be told, by the code of the department."""
    telling = statistics.telling_of(row)
    if by.department_id is None:
        parts = telling.outside
        return {p.code: parts[str(p.id)] for p in campaign.departments if str(p.id) in parts}
    own = {p.code: p for p in campaign.departments if p.id == by.department_id}
    found = {c: telling.inside[str(p.id)] for c, p in own.items() if str(p.id) in telling.inside}
    if not found:
        raise NotFound(N_("Nothing was counted of your department in this campaign."))
    return found
