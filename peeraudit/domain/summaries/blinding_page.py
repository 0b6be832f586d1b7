"""How is it laid out whether reviewers could tell whose reports they read?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.codes import CODES, brief_code
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.panel_blinding import ARM, AUTHOR, DEPARTMENT, TOGETHER
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.summaries.in_words import number, percent, phrase

UNMASKED_BELOW = 0.5
"""An upper limit of James' index below this says that the departments were recognised."""


@dataclass(frozen=True, slots=True)
class BlindingRow:
    """One index.

    Attributes:
        label: of what; empty for a department, whose name stands in ``name``.
        name: the department's.
        counts: right, wrong and no guesses; None where they are not told.
        value: Bang's index, -1 to 1; None where it is not told.
        limits: its 95 % interval.
        verdict: what it means, or why nothing is told.
    """

    label: Sentence | None
    name: str
    counts: tuple[int, int, int] | None
    value: float | None
    limits: tuple[float, float] | None
    verdict: Sentence


def blinding_rows(
    indices: Mapping[str, Estimate], names: Mapping[str, str]
) -> tuple[BlindingRow, ...]:
    """Return Bang's index of the authors, of the departments, and of each of them.

    Args:
        indices: as ``panel_blinding`` gives them.
        names: of the departments by id, in the order of display.
    """
    labels = {
        AUTHOR: Sentence(N_("The author, over all reports")),
        DEPARTMENT: Sentence(N_("The department, over all reports")),
    }
    rows = [_row(indices[key], label=label) for key, label in labels.items() if key in indices]
    rows += [
        _row(indices[ARM + place], name=name)
        for place, name in names.items()
        if ARM + place in indices
    ]
    return tuple(rows)


def _row(one: Estimate, *, label: Sentence | None = None, name: str = "") -> BlindingRow:
    if one.value is None or one.ci is None:
        alike = [N_("all answers are alike")] if "NO_VARIATION" in one.reasons else []
        meanings = alike or [CODES[code].meaning for code in one.reasons if code in CODES]
        why = Sentence(meanings[0] if meanings else N_("Nobody answered yet."))
        return BlindingRow(label, name, None, None, None, why)
    right, wrong, unsure = (one.details[part] for part in ("right", "wrong", "unsure"))
    counts = (int(str(right)), int(str(wrong)), int(str(unsure)))
    return BlindingRow(label, name, counts, one.value, one.ci, _verdict(one, one.ci))


def _verdict(one: Estimate, limits: tuple[float, float]) -> Sentence:
    if one.details.get("no_sign_of_unmasking"):
        return Sentence(N_("no sign of unmasking"))
    if limits[0] > 0:
        return Sentence(N_("recognised more often than mistaken"))
    return Sentence(N_("cannot be told yet"))


def together_told(indices: Mapping[str, Estimate]) -> Sentence | None:
    """Return what James' index over all departments says, or why it is not told.

    Returns:
        A sentence; None where nobody was asked for a department.
    """
    james = indices.get(TOGETHER)
    if james is None:
        return None
    if james.value is None or james.ci is None:
        code = brief_code(james.reasons)
        words = CODES[code].brief if code else N_("all answers are alike")
        return Sentence(
            N_("James’ index over all departments is not told: %(reason)s."),
            {"reason": phrase(Sentence(words))},
        )
    values = {
        "index": {"decimal": james.value, "decimals": 2},
        "low": {"decimal": james.ci[0], "decimals": 2},
        "high": {"decimal": james.ci[1], "decimals": 2},
    }
    if james.ci[1] < UNMASKED_BELOW:
        return Sentence(
            N_(
                "Over all departments James’ index is %(index)s (95%% interval %(low)s to "
                "%(high)s): below 0.5 the departments were recognised."
            ),
            values,
        )
    return Sentence(
        N_(
            "Over all departments James’ index is %(index)s (95%% interval %(low)s to %(high)s): "
            "1 is perfect blinding, and only below 0.5 were the departments recognised."
        ),
        values,
    )


def recognition_told(indices: Mapping[str, Estimate]) -> Iterable[Sentence]:
    """Yield what a summary says of its blinding: over all departments, and of no single one."""
    words = {
        AUTHOR: N_(
            "Asked after %(n)s readings whether they had recognised the author, reviewers named "
            "the right one in %(right)s of them and a wrong one in %(wrong)s (Bang’s index "
            "%(index)s, 95%% interval %(low)s to %(high)s; 0 is blinded)."
        ),
        DEPARTMENT: N_(
            "They named the right department in %(right)s of them and a wrong one in %(wrong)s "
            "(index %(index)s, 95%% interval %(low)s to %(high)s)."
        ),
    }
    for key, message in words.items():
        one = indices.get(key)
        if one is None or one.value is None or one.ci is None:
            continue
        values: dict[str, object] = {
            "right": percent(int(str(one.details["right"])) / one.n),
            "wrong": percent(int(str(one.details["wrong"])) / one.n),
            "index": {"decimal": one.value, "decimals": 2},
            "low": {"decimal": one.ci[0], "decimals": 2},
            "high": {"decimal": one.ci[1], "decimals": 2},
        }
        yield Sentence(message, values | ({"n": number(one.n)} if key == AUTHOR else {}))
