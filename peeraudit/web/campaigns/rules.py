"""How do the fields of the form become the rules of a protocol, and back?"""

from dataclasses import asdict, fields, is_dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from peeraudit.domain.protocol import (
    Allocation,
    AssignmentRules,
    DateBlinding,
    Delays,
    DoubleReading,
    Protocol,
    Retention,
    Routing,
    SampleAllocation,
    Sampling,
    Scope,
    TextDates,
    Thresholds,
)
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.strata import StratumField, in_order
from peeraudit.web.campaigns.forms import ProtocolForm

DEFAULT_MODALITIES = ("CT", "MR")
# A weekend and three working days.
FIRST_ANSWER_DAYS = 5


def first_protocol(today: date) -> Protocol:
    """Return the rules that a new campaign starts from: last month's CT and MRI, and defaults."""
    last = date.fromordinal(today.replace(day=1).toordinal() - 1)
    scope = Scope(DEFAULT_MODALITIES, last.replace(day=1), last)
    return Protocol(title="", scope=scope, delays=Delays(answer_days=FIRST_ANSWER_DAYS))


def fill(form: ProtocolForm, protocol: Protocol, departments: list[UUID]) -> None:
    """Show rules as they are kept."""
    form.title.data = protocol.title
    form.departments.data = [str(one) for one in departments]
    for part in fields(protocol):
        rules = getattr(protocol, part.name)
        if not is_dataclass(rules):
            continue
        for rule in fields(rules):
            field = form._fields.get(f"{part.name}_{rule.name}")
            if field is not None:
                value = getattr(rules, rule.name)
                field.data = list(value) if isinstance(value, tuple) else value
    form.double_reading_share.data = _percent(protocol.double_reading.share)
    share = protocol.sampling.share
    form.sampling_share.data = None if share is None else _percent(share)


def to_protocol(form: ProtocolForm, kept: Protocol) -> Protocol:
    """Return what was typed; rules that the form does not show stay as they were.

    Args:
        form: with values of the right kind.
        kept: the rules as they are kept.
    """
    return replace(
        kept,
        title=(form.title.data or "").strip(),
        scope=Scope(
            modalities=tuple(form.scope_modalities.data or ()),
            period_start=form.scope_period_start.data,
            period_end=form.scope_period_end.data,
        ),
        sampling=_sampling(form),
        double_reading=DoubleReading(
            share=float(form.double_reading_share.data) / 100,
            minimum=form.double_reading_minimum.data,
        ),
        routing=Routing(tuple(form.routing_second_review_scores.data or ())),
        blinding=replace(
            kept.blinding,
            hide_department=form.blinding_hide_department.data,
            dates=DateBlinding(form.blinding_dates.data),
            text_dates=TextDates(form.blinding_text_dates.data),
            prior_reports=form.blinding_prior_reports.data,
            read_first=form.blinding_read_first.data,
        ),
        assignment=AssignmentRules(
            allocation=Allocation(form.assignment_allocation.data),
            distinct_departments=form.assignment_distinct_departments.data,
            max_load=form.assignment_max_load.data,
            min_load=form.assignment_min_load.data,
            department_quota=form.assignment_department_quota.data,
            author_limit=form.assignment_author_limit.data,
        ),
        delays=Delays(**_typed(form, "delays", Delays())),
        thresholds=Thresholds(**_typed(form, "thresholds", Thresholds())),
        retention=Retention(**_typed(form, "retention", Retention())),
    )


def _sampling(form: ProtocolForm) -> Sampling:
    share = form.sampling_share.data
    return Sampling(
        target=form.sampling_target.data,
        stratum_minimum=form.sampling_stratum_minimum.data,
        share=None if share is None else round(float(share) / 100, 6),
        allocation=SampleAllocation(form.sampling_allocation.data),
        modality_minimum=form.sampling_modality_minimum.data,
        expected_rates=tuple(form.sampling_expected_rates.data or ()),
        one_per_patient=form.sampling_one_per_patient.data,
        strata=in_order([StratumField(one) for one in form.sampling_strata.data or ()]),
        author_minimum=form.sampling_author_minimum.data or 0,
    )


def departments_of(form: ProtocolForm) -> list[UUID]:
    """Return the departments that were ticked."""
    return [UUID(one) for one in form.departments.data or ()]


def assumed(form: ProtocolForm) -> WhatIf:
    """Return what is assumed to foretell the price of the rules."""
    return WhatIf(rate=float(form.assumed_rate.data) / 100, minutes=form.assumed_minutes.data)


def _typed(form: ProtocolForm, part: str, rules: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: form[f"{part}_{name}"].data for name in asdict(rules)}


def _percent(share: float) -> float | int:
    whole = round(share * 100, 4)
    return int(whole) if whole == int(whole) else whole
