"""REST: how a campaign's rules look in a call; whether they hold is for the domain to say."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, List, Nested, String
from marshmallow import INCLUDE

from peeraudit.domain.protocol import Protocol
from peeraudit.domain.protocol_reader import from_mapping


class _Rules(Schema):
    """Rules of one kind; unknown ones reach the reader of protocols, which names them."""

    class Meta:
        """Keep what is unknown."""

        unknown = INCLUDE


class ScopeRules(_Rules):
    """Which reports the campaign is about."""

    modalities = List(String(), required=True, metadata={"example": ["CT", "MR"]})
    period_start = String(required=True, metadata={"format": "date"})
    period_end = String(required=True, metadata={"format": "date"})


class InstrumentRules(_Rules):
    """The scoring scale."""

    code = String()
    version = Integer(strict=True)


class ExpectedRateRules(_Rules):
    """The discrepancy rate to expect of a modality, a proportion."""

    modality = String(required=True, metadata={"example": "CT"})
    rate = Float(required=True)


class SamplingRules(_Rules):
    """How many reports are drawn; a share of the frame stands in the place of the target."""

    target = Integer(strict=True)
    stratum_minimum = Integer(strict=True)
    share = Float(allow_none=True)
    allocation = String(metadata={"enum": ["proportional", "equal", "optimal"]})
    modality_minimum = Integer(strict=True)
    expected_rates = List(Nested(ExpectedRateRules))
    one_per_patient = Boolean(truthy={True}, falsy={False})
    author_minimum = Integer(strict=True)


class DoubleReadingRules(_Rules):
    """How many cases are read twice at random."""

    share = Float()
    minimum = Integer(strict=True)


class RoutingRules(_Rules):
    """Which first scores send a case to a second reviewer."""

    second_review_scores = List(String())


class BlindingRules(_Rules):
    """What reviewers do not see."""

    hide_department = Boolean(truthy={True}, falsy={False})
    dates = String(metadata={"enum": ["month", "hidden"]})
    text_dates = String(metadata={"enum": ["masked", "shifted"]})
    prior_reports = Boolean(truthy={True}, falsy={False})
    read_first = Boolean(truthy={True}, falsy={False})


class AssignmentRules(_Rules):
    """Who may read what."""

    allocation = String(metadata={"enum": ["random", "expert"]})
    distinct_departments = Boolean(truthy={True}, falsy={False})
    max_load = Integer(strict=True, allow_none=True)
    min_load = Integer(strict=True, allow_none=True)
    department_quota = Integer(strict=True, allow_none=True)
    author_limit = Integer(strict=True, allow_none=True)


class DelayRules(_Rules):
    """How long each step may take."""

    review_days = Integer(strict=True)
    second_review_days = Integer(strict=True)
    adjudication_days = Integer(strict=True)
    reply_days = Integer(strict=True)
    alert_triage_hours = Integer(strict=True)
    answer_days = Integer(strict=True, allow_none=True)


class ThresholdRules(_Rules):
    """Fewest reviews and authors behind any number that is shown."""

    inside_reviews = Integer(strict=True)
    inside_authors = Integer(strict=True)
    outside_reviews = Integer(strict=True)
    outside_authors = Integer(strict=True)


class RetentionRules(_Rules):
    """How long what identifies people is kept once the campaign is closed."""

    identity_months = Integer(strict=True)


class ProtocolRules(_Rules):
    """The rules of a campaign; what is left out has its default."""

    title = String(required=True)
    scope = Nested(ScopeRules, required=True)
    instrument = Nested(InstrumentRules)
    strata = List(
        String(),
        metadata={
            "description": "The department, then any of modality, region, urgency, author, week.",
            "example": ["department", "modality", "week"],
        },
    )
    sampling = Nested(SamplingRules)
    double_reading = Nested(DoubleReadingRules)
    routing = Nested(RoutingRules)
    blinding = Nested(BlindingRules)
    assignment = Nested(AssignmentRules)
    delays = Nested(DelayRules)
    thresholds = Nested(ThresholdRules)
    retention = Nested(RetentionRules)


def protocol_from(data: dict[str, Any]) -> Protocol:
    """Return the protocol of a call.

    Raises:
        InvalidInput: a rule is unknown, missing or of a wrong kind.
    """
    return from_mapping(data)
