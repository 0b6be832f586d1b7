"""Did a draw grow, and were its unusable reports replaced, in the order of the tickets?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peeraudit.domain.errors import N_, DomainError
from peeraudit.domain.protocol import Sampling
from peeraudit.domain.sampling.draws import Draw
from peeraudit.domain.sampling.plan_proof import rules_of
from peeraudit.domain.sampling.proof_problems import Problem
from peeraudit.domain.sampling.sample_plans import plan_sample


@dataclass(frozen=True)
class Replacement:
    """An unusable report of the sample and the reserve that took its place.

    Attributes:
        stratum: of both.
        removed: item key of the unusable report.
        added: item key of the reserve.
        reason: why the report was unusable.
    """

    stratum: str
    removed: str
    added: str
    reason: str


@dataclass(frozen=True)
class Extension:
    """A draw that was made larger: the next tickets of each stratum, and nothing else.

    Attributes:
        after: how many replacements had been made before it.
        target: reports in all that were asked for then.
        sizes: n_h of every stratum from then on.
        added: item keys that came to each stratum that grew, in ticket order.
        reason: why.
        extended_at: when, in ISO 8601 with its offset.
    """

    after: int
    target: int
    sizes: Mapping[str, int]
    added: Mapping[str, Sequence[str]]
    reason: str
    extended_at: str


def larger_sizes(
    counts: Mapping[str, int], old: Mapping[str, int], sampling: Sampling, target: int
) -> dict[str, int]:
    """Return n_h of every stratum once ``target`` reports are wanted in all.

    A larger plan may give a stratum fewer reports than a smaller one did, by its rounding or by
    the minimums. What is drawn stays drawn: each stratum keeps the larger of both numbers, so
    that the total may exceed the target.

    Args:
        counts: N_h per stratum.
        old: n_h before.
        sampling: the protocol's rules; a share in them gives way to the target.
        target: reports wanted in all.

    Raises:
        InvalidInput: the minimums ask for more than the target.
    """
    planned = plan_sample(counts, replace(sampling, target=target, share=None)).sizes
    return {stratum: max(size, planned[stratum]) for stratum, size in old.items()}


def is_replacement(value: object) -> bool:
    """Return whether a JSON value has the shape of a replacement."""
    names = ("stratum", "removed", "added", "reason")
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in names)


def is_extension(value: object) -> bool:
    """Return whether a JSON value has the shape of an extension."""
    if not isinstance(value, dict):
        return False
    sizes, added = value.get("sizes"), value.get("added")
    return (
        all(type(value.get(name)) is int for name in ("after", "target"))
        and all(isinstance(value.get(name), str) for name in ("reason", "extended_at"))
        and isinstance(sizes, dict)
        and all(type(size) is int for size in sizes.values())
        and isinstance(added, dict)
        and all(
            isinstance(keys, list) and all(isinstance(key, str) for key in keys)
            for keys in added.values()
        )
    )


def step_problems(bundle: Mapping[str, Any], drawn: Draw) -> list[Problem]:
    """Return what is wrong with the replacements and extensions of a bundle.

    Args:
        bundle: with both in the order in which they were made.
        drawn: the draw as it was at first.
    """
    replay = _Replay(bundle, drawn)
    entries, extensions = bundle.get("replacements", []), bundle.get("extensions", [])
    steps = [one["after"] for one in extensions]
    if steps != sorted(steps) or not all(0 <= step <= len(entries) for step in steps):
        return [Problem(N_("The extensions and replacements are not in their order."))]
    for number in range(len(entries) + 1):
        for extension in extensions:
            if extension["after"] == number:
                replay.extend(extension)
        if number < len(entries):
            replay.exchange(entries[number])
    return replay.problems


class _Replay:
    """A draw on its way from its first state to its last."""

    def __init__(self, bundle: Mapping[str, Any], drawn: Draw) -> None:
        wanted = Counter(entry["stratum"] for entry in bundle.get("replacements", []))
        for one in bundle.get("extensions", []):
            wanted.update({name: len(keys) for name, keys in one["added"].items()})
        self.problems: list[Problem] = []
        self._counts = drawn.frame.counts
        self._sizes = {name: len(part.sample) for name, part in drawn.strata.items()}
        self._rules = rules_of(bundle)
        self._since = bundle.get("seed_published_at", "")
        self._in_use = {n: {t.item_key for t in part.sample} for n, part in drawn.strata.items()}
        self._reserves = {
            name: [t.item_key for t in part.next_reserves(wanted[name])]
            for name, part in drawn.strata.items()
        }
        self._left = {
            name: len(part.tickets) - len(part.sample) for name, part in drawn.strata.items()
        }

    def exchange(self, entry: Mapping[str, str]) -> None:
        """Let the next reserve take the place of an unusable report."""
        stratum, removed, added = entry["stratum"], entry["removed"], entry["added"]
        if removed not in self._in_use.get(stratum, ()):
            message = N_("The report %(key)s was replaced but was not in the sample.")
            self._say(message, key=removed)
            return
        if [added] != self._take(stratum, 1):
            message = N_("%(stratum)s: the report %(key)s was not the next reserve.")
            self._say(message, stratum=stratum, key=added)
        if not entry["reason"].strip():
            self._say(N_("The report %(key)s was replaced without a reason."), key=removed)
        self._in_use[stratum] = (self._in_use[stratum] - {removed}) | {added}

    def extend(self, one: Mapping[str, Any]) -> None:
        """Let the next reserves of each stratum come to the sample."""
        wanted = self._wanted(one)
        if one["sizes"].keys() != self._sizes.keys() or one["added"].keys() - self._sizes.keys():
            self._say(N_("An extension names other strata than the list has."))
            return
        for stratum, old in self._sizes.items():
            size, added = one["sizes"][stratum], one["added"].get(stratum, [])
            planned = min(wanted[stratum], old + self._left[stratum])
            if size != planned:
                message = N_(
                    "%(stratum)s: the extension draws %(claimed)d reports, and should draw"
                    " %(planned)d."
                )
                self._say(message, stratum=stratum, claimed=size, planned=planned)
            if added != self._take(stratum, len(added)) or len(added) != size - old:
                message = N_("%(stratum)s: the extension did not add the next reserves.")
                self._say(message, stratum=stratum)
            self._in_use[stratum] |= set(added)
        self._sizes = dict(one["sizes"])
        if not one["reason"].strip():
            self._say(N_("The draw was extended without a reason."))
        if not _is_later(one["extended_at"], self._since):
            self._say(N_("An extension is older than the seed, or its time cannot be read."))

    def _wanted(self, one: Mapping[str, Any]) -> Mapping[str, int]:
        """Return the sizes that the rules ask for; without rules, those claimed that grew."""
        if self._rules is not None:
            try:
                return larger_sizes(self._counts, self._sizes, self._rules, one["target"])
            except DomainError as error:
                self._say(error.message, **error.params)
        return {name: max(size, one["sizes"].get(name, 0)) for name, size in self._sizes.items()}

    def _take(self, stratum: str, count: int) -> list[str]:
        taken = self._reserves[stratum][:count]
        del self._reserves[stratum][:count]
        self._left[stratum] -= len(taken)
        return taken

    def _say(self, message: str, **params: object) -> None:
        self.problems.append(Problem(message, **params))


def _is_later(moment: str, since: str) -> bool:
    try:
        return not since or datetime.fromisoformat(moment) > datetime.fromisoformat(since)
    except (ValueError, TypeError):
        return False
