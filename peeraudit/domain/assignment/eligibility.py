"""Who may review a case at all, and in which hash-random order do they come?"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peeraudit.domain.assignment.plan import ANY, PlanCase, PlanReviewer, Speciality
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence

Ints = npt.NDArray[np.int64]

TICKET_BITS = 52


@dataclass(frozen=True, slots=True)
class Candidates:
    """Those who may review one case.

    Args:
        reviewers: positions in the list of reviewers, ascending; shape (n,).
        tickets: their hash-random numbers for this case, in [0, 2^52); shape (n,).
        general: 1 where the reviewer does not name the case's region, else 0; shape (n,).
    """

    reviewers: Ints
    tickets: Ints
    general: Ints


def is_competent(reviewer: PlanReviewer, case: PlanCase) -> bool:
    """Return whether a reviewer's specialities cover a case."""
    wanted = {
        Speciality(modality, region)
        for modality in (case.modality, ANY)
        for region in (case.region, ANY)
    }
    return not wanted.isdisjoint(reviewer.specialities)


def names_region(reviewer: PlanReviewer, case: PlanCase) -> bool:
    """Return whether a reviewer has named the very region of a case."""
    named = {Speciality(case.modality, case.region), Speciality(ANY, case.region)}
    return bool(case.region) and not named.isdisjoint(reviewer.specialities)


def ticket(seed: str, case: str, reviewer: str) -> int:
    """Return the hash-random number of a pair, in [0, 2^52).

    Source:
        S1.09 of the statistical specification: SHA-256 of ``peer-audit/assign/v1``, seed,
        case and reviewer, each followed by a line feed; here its first 13 hexadecimal digits.
    """
    return _digits(hashlib.sha256(_head(seed, case) + reviewer.encode() + b"\n"))


def seeded_order(seed: str, kind: str, ids: Sequence[str]) -> list[int]:
    """Return the positions of ``ids`` in an order that the seed decides, not the input's."""
    head = f"peer-audit/assign-order/v1\n{seed}\n{kind}\n"
    digests = [hashlib.sha256(f"{head}{name}\n".encode()).digest() for name in ids]
    return sorted(range(len(ids)), key=lambda i: (digests[i], ids[i]))


def find_candidates(
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    *,
    conflicts: Collection[tuple[str, str]],
    seed: str,
) -> list[Candidates]:
    """Return who may review each case: competent, of another department, without conflict.

    Args:
        cases: shape (m,).
        reviewers: shape (r,).
        conflicts: (case id, reviewer id) pairs that must not be: authors, declared conflicts,
            those who have read the case before.
        seed: the campaign's seed.

    Returns:
        One per case, in the order of ``cases``; shape (m,).
    """
    barred: dict[str, set[str]] = {}
    for case_id, reviewer_id in conflicts:
        barred.setdefault(case_id, set()).add(reviewer_id)
    alike: dict[tuple[str, str, str], tuple[Ints, Ints]] = {}
    names = [reviewer.id.encode() + b"\n" for reviewer in reviewers]
    found = []
    for case in cases:
        kind = (case.department, case.modality, case.region)
        if kind not in alike:
            alike[kind] = _eligible(case, reviewers)
        chosen, general = alike[kind]
        if case.id in barred:
            keep = np.array([reviewers[i].id not in barred[case.id] for i in chosen], dtype=bool)
            chosen, general = chosen[keep], general[keep]
        base = hashlib.sha256(_head(seed, case.id))
        found.append(Candidates(chosen, _tickets(base, names, chosen), general))
    return found


def explain_none(case: PlanCase, reviewers: Sequence[PlanReviewer]) -> Sentence:
    """Return why nobody at all may review a case that has no candidate."""
    competent = [reviewer for reviewer in reviewers if is_competent(reviewer, case)]
    if not competent:
        return Sentence(
            N_(
                "No reviewer has declared %(modality)s %(region)s among the specialities: "
                "ask one to."
            ),
            {"modality": case.modality, "region": case.region},
        )
    if all(reviewer.department == case.department for reviewer in competent):
        return Sentence(
            N_(
                "Every competent reviewer (%(count)d) belongs to the author's own department: "
                "one from another department is needed."
            ),
            {"count": len(competent)},
        )
    return Sentence(
        N_(
            "Every competent reviewer (%(count)d) belongs to the author's own department "
            "or is kept from this case by a conflict: somebody else is needed."
        ),
        {"count": len(competent)},
    )


def _eligible(case: PlanCase, reviewers: Sequence[PlanReviewer]) -> tuple[Ints, Ints]:
    chosen = [
        i
        for i, reviewer in enumerate(reviewers)
        if reviewer.department != case.department and is_competent(reviewer, case)
    ]
    general = [int(not names_region(reviewers[i], case)) for i in chosen]
    return np.array(chosen, dtype=np.int64), np.array(general, dtype=np.int64)


def _head(seed: str, case: str) -> bytes:
    return f"peer-audit/assign/v1\n{seed}\n{case}\n".encode()


def _digits(digest: "hashlib._Hash") -> int:
    # 13 hexadecimal digits are the first 52 bits.
    return int.from_bytes(digest.digest()[:7]) >> 4


def _tickets(base: "hashlib._Hash", names: Sequence[bytes], chosen: Ints) -> Ints:
    numbers = np.empty(len(chosen), dtype=np.int64)
    for place, i in enumerate(chosen.tolist()):
        digest = base.copy()
        digest.update(names[i])
        numbers[place] = _digits(digest)
    return numbers
