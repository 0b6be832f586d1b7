"""Are the rules of a campaign sound, so that they can be locked?"""

import re
from collections.abc import Iterator
from dataclasses import asdict

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput
from peeraudit.domain.instruments import INSTRUMENTS
from peeraudit.domain.protocol import DateBlinding, Protocol, SampleAllocation, TextDates
from peeraudit.domain.strata import StratumField

TITLE_MAXIMUM = 200
LONGEST_DELAY_DAYS = 365
LONGEST_DELAY_HOURS = 24 * 30
LONGEST_RETENTION_MONTHS = 36
MODALITY = re.compile(r"[A-Z]{2,8}")


def find_problems(protocol: Protocol) -> dict[str, InvalidInput]:
    """Return what keeps a protocol from being locked.

    Args:
        protocol: the rules as they stand.

    Returns:
        One sentence for each field with a problem, by its dotted path such as
        ``sampling.target``; empty if the rules are sound.
    """
    checks = (
        _of_title,
        _of_scope,
        _of_scale,
        _of_sampling,
        _of_plan,
        _of_strata,
        _of_blinding,
        _of_load,
        _of_delays,
        _of_thresholds,
        _of_retention,
    )
    return {path: problem for check in checks for path, problem in check(protocol)}


def check_protocol(protocol: Protocol) -> None:
    """Refuse rules that cannot be followed.

    Raises:
        InvalidFields: some are not sound; ``fields`` says which, by dotted path.
    """
    problems = find_problems(protocol)
    if problems:
        raise InvalidFields(problems)


def _of_title(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    if not protocol.title.strip():
        yield "title", InvalidInput(N_("Give the campaign a title."))
    elif len(protocol.title) > TITLE_MAXIMUM:
        yield (
            "title",
            InvalidInput(
                N_("The title may have at most %(maximum)d characters."), maximum=TITLE_MAXIMUM
            ),
        )


def _of_scope(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    scope = protocol.scope
    wrong = [code for code in scope.modalities if not MODALITY.fullmatch(code)]
    if not scope.modalities:
        yield "scope.modalities", InvalidInput(N_("Choose at least one modality."))
    elif wrong:
        yield (
            "scope.modalities",
            InvalidInput(
                N_("“%(code)s” is not a modality code: write it like CT, MR or US."), code=wrong[0]
            ),
        )
    elif len(set(scope.modalities)) < len(scope.modalities):
        yield "scope.modalities", InvalidInput(N_("A modality is named twice."))
    if scope.period_end < scope.period_start:
        yield "scope.period_end", InvalidInput(N_("The period ends before it starts."))


def _of_scale(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    scale = INSTRUMENTS.get((protocol.instrument.code, protocol.instrument.version))
    if scale is None:
        yield (
            "instrument.code",
            InvalidInput(
                N_("There is no scoring scale “%(code)s” in version %(version)s."),
                code=protocol.instrument.code,
                version=protocol.instrument.version,
            ),
        )
        return
    chosen = set(protocol.routing.second_review_scores)
    unknown = sorted(chosen - set(scale.codes))
    forgotten = sorted(scale.needs_second_review - chosen)
    if unknown:
        yield (
            "routing.second_review_scores",
            InvalidInput(N_("The scale has no score “%(score)s”."), score=unknown[0]),
        )
    elif forgotten:
        yield (
            "routing.second_review_scores",
            InvalidInput(
                N_("A score of %(score)s always needs a second review."), score=forgotten[0]
            ),
        )


def _of_sampling(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    sampling, reading = protocol.sampling, protocol.double_reading
    if sampling.target < 1:
        yield "sampling.target", InvalidInput(N_("Draw at least one report."))
    if sampling.share is not None and not 0 < sampling.share <= 1:
        yield (
            "sampling.share",
            InvalidInput(N_("The share must lie above 0 and at most at 100 per cent.")),
        )
    if sampling.stratum_minimum < 0:
        yield "sampling.stratum_minimum", InvalidInput(N_("This number cannot be negative."))
    elif sampling.share is None and sampling.stratum_minimum > sampling.target:
        yield (
            "sampling.stratum_minimum",
            InvalidInput(
                N_("The minimum per stratum (%(minimum)d) exceeds the sample (%(target)d)."),
                minimum=sampling.stratum_minimum,
                target=sampling.target,
            ),
        )
    if not 0 <= reading.share <= 1:
        yield (
            "double_reading.share",
            InvalidInput(N_("The share must lie between 0 and 100 per cent.")),
        )
    if reading.minimum < 0:
        yield "double_reading.minimum", InvalidInput(N_("This number cannot be negative."))


def _of_plan(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    sampling = protocol.sampling
    if sampling.modality_minimum < 0:
        yield "sampling.modality_minimum", InvalidInput(N_("This number cannot be negative."))
    rates = sampling.expected_rates
    known = [one.modality for one in rates]
    strange = [code for code in known if code not in protocol.scope.modalities]
    path, said = "sampling.expected_rates", ""
    if sampling.allocation is SampleAllocation.OPTIMAL and not rates:
        said = N_("For the most exact overall rate, say which rates are expected.")
    elif sampling.allocation is not SampleAllocation.OPTIMAL and rates:
        said = N_("Expected rates serve the allocation for the most exact overall rate alone.")
    elif len(set(known)) < len(known):
        said = N_("A modality is named twice.")
    elif any(not 0 <= one.rate <= 1 for one in rates):
        said = N_("An expected rate must lie between 0 and 100 per cent.")
    elif strange:
        yield (
            path,
            InvalidInput(
                N_("“%(code)s” is not among the modalities of the campaign."), code=strange[0]
            ),
        )
    if said:
        yield path, InvalidInput(said)


def _of_strata(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    sampling = protocol.sampling
    if len(set(sampling.strata)) < len(sampling.strata):
        yield "sampling.strata", InvalidInput(N_("A stratum is named twice."))
    if sampling.author_minimum < 0:
        yield "sampling.author_minimum", InvalidInput(N_("This number cannot be negative."))
    elif sampling.author_minimum and StratumField.AUTHOR not in sampling.strata:
        sentence = N_(
            "For a minimum of each author, choose author as a stratum: reports that were added"
            " for it within a larger stratum would weigh too much, and the rate would be biased."
        )
        yield "sampling.author_minimum", InvalidInput(sentence)
    if StratumField.MODALITY in sampling.strata:
        return
    if sampling.modality_minimum > 0:
        sentence = N_("For a minimum of each modality, choose modality as a stratum.")
        yield "sampling.modality_minimum", InvalidInput(sentence)
    if sampling.expected_rates:
        sentence = N_("Expected rates are those of modalities: choose modality as a stratum.")
        yield "sampling.expected_rates", InvalidInput(sentence)


def _of_blinding(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    mode = protocol.blinding
    if mode.text_dates is TextDates.SHIFTED and mode.dates is not DateBlinding.HIDDEN:
        yield (
            "blinding.dates",
            InvalidInput(
                N_(
                    "Where the dates in the text are shifted, hide the date of the examination: "
                    "its true month would tell by how much they are."
                )
            ),
        )


def _of_load(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    rules = protocol.assignment
    for name in ("max_load", "min_load", "department_quota", "author_limit"):
        number = getattr(rules, name)
        if number is not None and number < 1:
            yield (
                f"assignment.{name}",
                InvalidInput(N_("Let each reviewer have at least one case, or leave this empty.")),
            )
    if rules.min_load is not None and 1 <= (rules.max_load or rules.min_load) < rules.min_load:
        yield (
            "assignment.min_load",
            InvalidInput(N_("The fewest cases of a reviewer exceed the most.")),
        )


def _of_delays(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    delays = protocol.delays
    for name, length in asdict(delays).items():
        if length is None:
            continue
        hours = name.endswith("_hours")
        longest = LONGEST_DELAY_HOURS if hours else LONGEST_DELAY_DAYS
        if not 1 <= length <= longest:
            sentence = (
                N_("A delay must lie between 1 and %(longest)d hours.")
                if hours
                else N_("A delay must lie between 1 and %(longest)d days.")
            )
            yield f"delays.{name}", InvalidInput(sentence, longest=longest)
            return
    shortest = min(delays.review_days, delays.second_review_days)
    if delays.answer_days is not None and delays.answer_days >= shortest:
        yield (
            "delays.answer_days",
            InvalidInput(
                N_("The time to answer must be shorter than that of a review (%(days)d days)."),
                days=shortest,
            ),
        )


def _of_thresholds(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    limits = protocol.thresholds
    for name, number in asdict(limits).items():
        if number < 1:
            yield f"thresholds.{name}", InvalidInput(N_("This number must be at least 1."))
    for outside, inside, name in (
        (limits.outside_reviews, limits.inside_reviews, "outside_reviews"),
        (limits.outside_authors, limits.inside_authors, "outside_authors"),
    ):
        if 1 <= outside < inside:
            yield (
                f"thresholds.{name}",
                InvalidInput(
                    N_("What leaves the department needs at least as many as what stays in it.")
                ),
            )


def _of_retention(protocol: Protocol) -> Iterator[tuple[str, InvalidInput]]:
    if not 1 <= protocol.retention.identity_months <= LONGEST_RETENTION_MONTHS:
        sentence = N_("Identities are kept between 1 and %(longest)d months.")
        yield "retention.identity_months", InvalidInput(sentence, longest=LONGEST_RETENTION_MONTHS)
