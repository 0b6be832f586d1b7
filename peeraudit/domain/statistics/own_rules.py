"""Which rules of the engine are our own, and to which numbers do they apply?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.errors import N_


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule that no paper prescribes.

    Attributes:
        name: in a few words.
        words: what it is and why.
        methods: ids of the methods in which it is used.
    """

    name: str
    words: str
    methods: tuple[str, ...]


OWN_RULES: Final[Mapping[str, OwnRule]] = {
    "CAPPED_EFFECTIVE_SIZE": OwnRule(
        N_("Cap on the effective sample size"),
        N_(
            "The effective sample size never exceeds the one that the sample would have if all "
            "strata shared one rate. With rare discrepancies the estimated variance is often far "
            "too small, and the intervals then promise too much: in simulated audits they held "
            "the true rate in 65 to 93 per cent of cases instead of 95, with the cap in 94 to 95."
        ),
        (
            "S2.02",
            "S2.04",
            "S2.05",
            "S2.07",
            "S5.06",
        ),
    ),
    "EXACT_AT_FEW_EVENTS": OwnRule(
        N_("Exact interval at three events or fewer"),
        N_(
            "With three discrepancies or fewer, or three concordant reports or fewer, the exact "
            "interval takes the place of Wilson’s, which then holds the true rate too rarely. "
            "That the change comes at three is our choice, from simulations."
        ),
        (
            "S2.01",
            "S2.02",
            "S5.06",
        ),
    ),
    "MOVER_TWO_PHASE": OwnRule(
        N_("Two-phase interval in MOVER form"),
        N_(
            "The interval of the estimated rate joins Wilson’s limits of each class of first "
            "scores and the chance of the draw, side by side. The usual interval fails just when "
            "no miss was found: it held the true rate in 62 to 93 per cent of simulated audits, "
            "ours in 94 to 97. Strata counted together for want of verified cases are weighted, "
            "and count as many cases as these weights leave them worth: that is ours as well."
        ),
        ("S2.06",),
    ),
    "SHARED_CALLS": OwnRule(
        N_("Interval of the shared calls"),
        N_(
            "The interval of positive agreement is Wilson’s, of the share of cases on which both "
            "readings call a discrepancy among those on which either does. The usual interval "
            "(jackknife on the logit) is too wide while calls are few, and missing where all are "
            "shared: in simulated audits of 50 to 100 cases it held the true value in 97 to 99 "
            "per cent, ours in 94 to 97."
        ),
        ("S3.01",),
    ),
    "SEVERITY_SPREAD_IN_DOUBT": OwnRule(
        N_("Severity interval averaged over the spread"),
        N_(
            "With fewer than 100 reviewers, how much they differ is hardly known. The interval of "
            "a severity is therefore averaged over all spreads, each weighted by its likelihood; "
            "that it is done below 100 is our choice."
        ),
        ("S4.03",),
    ),
    "RATE_SPREAD_IN_DOUBT": OwnRule(
        N_("Department interval averaged over the spread"),
        N_(
            "With fewer than 30 departments, how much they differ is hardly known. The interval "
            "of a department’s rate is therefore averaged over all common rates and spreads, each "
            "weighted by its likelihood; that it is done below 30 is our choice."
        ),
        ("S5.04",),
    ),
}
"""Every rule of our own, by the code under which JSON names it."""

# The rules behind an interval follow from the interval's name; ``""`` stands for any method.
_BEHIND: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("", "wilson_guarded"): ("CAPPED_EFFECTIVE_SIZE",),
    ("", "kg_guarded"): ("CAPPED_EFFECTIVE_SIZE", "EXACT_AT_FEW_EVENTS"),
    ("", "hypergeometric_exact"): ("EXACT_AT_FEW_EVENTS",),
    ("S2.01", "clopper_pearson"): ("EXACT_AT_FEW_EVENTS",),
    ("S2.06", "mover_wilson"): ("MOVER_TWO_PHASE",),
    ("S3.01", "wilson_shared_calls"): ("SHARED_CALLS",),
    ("S4.03", "laplace_mixture"): ("SEVERITY_SPREAD_IN_DOUBT",),
    ("S5.04", "beta_likelihood_mixture"): ("RATE_SPREAD_IN_DOUBT",),
}


def own_rules_behind(method: str, ci_method: str | None) -> tuple[str, ...]:
    """Return the codes of the rules of our own that an interval follows.

    Args:
        method: id and version of the computation.
        ci_method: the name of its interval; None where there is none.

    Returns:
        Keys of ``OWN_RULES``, in their order.
    """
    function, name = method.partition("@")[0], ci_method or ""
    return _BEHIND.get((function, name), _BEHIND.get(("", name), ()))
