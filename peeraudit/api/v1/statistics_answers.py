"""REST: how is each statistic described to those who write programs against it?"""

from collections.abc import Mapping
from typing import Any

from apiflask import Schema, fields
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, Raw, String

from peeraudit.domain.statistics.over_time import GAPS, NOTHING, RATES
from peeraudit.domain.statistics.panel_blinding import ARM
from peeraudit.domain.statistics.results import Estimate, Status

MONTH = r"^\d{4}-\d{2}$"
PAIR = {"minItems": 2, "maxItems": 2}
STATUSES = [one.value for one in Status]


class NumberAnswer(Schema):
    """One statistic without its details; what is not told is null, and its reasons say why."""

    value = Float(required=True, allow_none=True)
    ci = List(Float(), required=True, allow_none=True)
    ci_method = String(required=True, allow_none=True)
    se = Float(required=True, allow_none=True)
    n = Integer(required=True)
    N = Integer(required=True, allow_none=True)
    n_eff = Float(required=True, allow_none=True)
    status = String(required=True, metadata={"enum": STATUSES})
    reasons = List(String(), required=True)
    warnings = List(String(), required=True)
    own_rules = List(String(), required=True)
    method = String(required=True)
    inputs_sha256 = String(required=True)


class EstimateAnswer(NumberAnswer):
    """One statistic; which details there are depends on its method."""

    details = Dict(keys=String(), values=Raw(), required=True)


class ModalityAnswer(Schema):
    """The rates of one modality."""

    modality = String(required=True)
    first_read = Nested(EstimateAnswer, required=True)
    confirmed = Nested(EstimateAnswer, required=True)


class TotalAnswer(Schema):
    """The three rates of the whole."""

    first_read = Nested(EstimateAnswer, required=True)
    confirmed = Nested(EstimateAnswer, required=True)
    estimated = Nested(EstimateAnswer, required=True)


class AgreementAnswer(Schema):
    """How far the reviewers of the network agree; ``same`` only where the form is weighted."""

    positive = Nested(EstimateAnswer, required=True)
    alpha = Nested(EstimateAnswer, required=True)
    same = Nested(EstimateAnswer)


class ResponseDetails(Schema):
    """What the bounds rest on: shares of the reports drawn, and reports still awaited."""

    weighted_response = Float(metadata={"minimum": 0, "maximum": 1})
    awaited = Integer(metadata={"minimum": 0})


class ResponseAnswer(NumberAnswer):
    """Between what the first-read rate lies whatever was not read (S2.13): ``ci`` are bounds."""

    details = Nested(ResponseDetails, required=True)


class TimePointAnswer(Schema):
    """One or more months that are told together."""

    first = String(required=True, metadata={"pattern": MONTH})
    last = String(required=True, metadata={"pattern": MONTH})
    n = Integer(required=True)
    x = Integer(required=True)


class TimeDetails(Schema):
    """Limits of a chart: of rates, one for each point (S6.01); of gaps, for all (S6.02)."""

    p = List(Float())
    lcl = List(Float())
    ucl = List(Float())
    sigma_z = Float()
    laney_lcl = List(Float())
    laney_ucl = List(Float())
    laney_z = List(Float(), allow_none=True)
    use_laney = Boolean()
    mean = Float()
    median = Float()
    ucl_3sigma = Float()
    lcl_3sigma = Float()
    p_hat = Float()
    ucl_probability = Integer()


class TimeEstimateAnswer(NumberAnswer):
    """Centre and limits of a chart."""

    details = Nested(TimeDetails, required=True)


class RunDetails(Schema):
    """Whether a series stays too long on one side of its middle, or crosses it too rarely."""

    n_useful = Integer()
    longest_run = Integer()
    longest_run_max = Integer()
    crossings = Integer()
    crossings_min = Integer()
    signal = Boolean()


class RunsAnswer(NumberAnswer):
    """The rules for runs of a chart (S6.09)."""

    details = Nested(RunDetails, required=True)


class OverTimeAnswer(Schema):
    """A department's reports over the months, or why they are not shown; for itself alone."""

    kind = String(required=True, metadata={"enum": [RATES, GAPS, NOTHING]})
    points = List(Nested(TimePointAnswer), required=True)
    gaps = List(Integer(), required=True)
    chart = Nested(TimeEstimateAnswer, required=True, allow_none=True)
    runs = Nested(RunsAnswer, required=True, allow_none=True)
    reasons = List(String(), required=True)


class ToldAnswer(Schema):
    """Numbers as they may be told."""

    total = Nested(TotalAnswer, required=True)
    modalities = List(Nested(ModalityAnswer), required=True)
    agreement = Nested(AgreementAnswer, required=True)
    is_coarse = Boolean(required=True)
    response = Nested(ResponseAnswer, allow_none=True)
    over_time = Nested(OverTimeAnswer)


class DepartmentToldAnswer(Schema):
    """What may be told of one department."""

    id = fields.UUID(required=True)
    code = String(required=True)
    told = Nested(ToldAnswer, required=True)


class LimitsAnswer(Schema):
    """The minimum counts behind what is told."""

    reviews = Integer(required=True)
    authors = Integer(required=True)
    events = Integer(required=True)


class StandingAnswer(Schema):
    """Where a department stands among the others (S5.01 to S5.04)."""

    n = Integer(required=True)
    rate = Float(required=True)
    limits = List(Float(), required=True, metadata=PAIR)
    is_unusual = Boolean(required=True)
    is_beyond_chance = Boolean(required=True)
    # The likely rate, then its interval; none with fewer than ten departments.
    likely = List(Float(), required=True, allow_none=True, metadata={"minItems": 3, "maxItems": 3})


class ComparisonAnswer(Schema):
    """The departments among one another, by their ids; without a target ``reasons`` say why."""

    target = Float(required=True, allow_none=True)
    spread = Float(required=True)
    standings = Dict(keys=String(), values=Nested(StandingAnswer), required=True)
    methods = List(String(), required=True)
    reasons = List(String(), required=True)


class SeverityDetails(Schema):
    """Whether a reviewer lies beyond chance after allowing for the number of reviewers."""

    flagged = Boolean()


class ReviewerAnswer(NumberAnswer):
    """The severity of one reviewer as the logarithm of an odds ratio."""

    details = Nested(SeverityDetails, required=True)


class SeveritySpread(Schema):
    """How far reviewers lie apart: a standard deviation on the scale of log odds."""

    sigma = Float()


class SeverityAnswer(Schema):
    """The severity of all reviewers (S4.03), by codes of this snapshot; nobody is named."""

    method = String(required=True)
    inputs_sha256 = String(required=True)
    units = Dict(keys=String(), values=Nested(ReviewerAnswer), required=True)
    n = Integer(required=True)
    status = String(required=True, metadata={"enum": STATUSES})
    reasons = List(String(), required=True)
    warnings = List(String(), required=True)
    details = Nested(SeveritySpread, required=True)


class BlindingDetails(Schema):
    """Guesses that were right, wrong, or not made; James' index has the share of the last."""

    right = Integer()
    wrong = Integer()
    unsure = Integer()
    no_sign_of_unmasking = Boolean()
    p_dont_know = Float()


class BlindingIndexAnswer(NumberAnswer):
    """One blinding index."""

    details = Nested(BlindingDetails, required=True)


class BlindingAnswer(Schema):
    """Whom reviewers recognised (S8.01, S8.02); what nobody was asked is not there."""

    author = Nested(BlindingIndexAnswer)
    department = Nested(BlindingIndexAnswer)
    together = Nested(BlindingIndexAnswer)
    departments = Dict(keys=String(), values=Nested(BlindingIndexAnswer), required=True)


def blinding_answer(indices: Mapping[str, Estimate]) -> dict[str, Any]:
    """Return the indices as they are described: those of single departments by their ids."""
    found = {name: one.to_dict() for name, one in indices.items()}
    arms = {name.removeprefix(ARM): one for name, one in found.items() if name.startswith(ARM)}
    return {n: one for n, one in found.items() if not n.startswith(ARM)} | {"departments": arms}
