"""Who may review a case at all, and in which hash-random order do they come?"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from peeraudit.domain.assignment.plan import ANY, PlanCase, PlanReviewer, Speciality
from peeraudit.domain.errors import N_
from peeraudit.domain.sentences import Sentence

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Kind = tuple[str, str, str, bool]

TICKET_BITS = 52
DIGEST_BYTES = 32


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
    """Return whether a reviewer may read a case: specialities cover it, and children are read."""
    if case.is_child and not reviewer.reads_children:
        return False
    return not reviewer.specialities.isdisjoint(covering(case.modality, case.region))


@lru_cache(maxsize=1024)
def covering(modality: str, region: str) -> tuple[Speciality, ...]:
    """Return the specialities any of which covers a field."""
    return (
        Speciality(modality, region),
        Speciality(modality, ANY),
        Speciality(ANY, region),
        Speciality(ANY, ANY),
    )


def kind_of(case: PlanCase) -> Kind:
    """Return all that decides, conflicts apart, who may review a case."""
    return case.department, case.modality, case.region, case.is_child


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
    place = {reviewer.id: i for i, reviewer in enumerate(reviewers)}
    barred: dict[str, set[int]] = {}
    for case_id, reviewer_id in conflicts:
        if reviewer_id in place:
            barred.setdefault(case_id, set()).add(place[reviewer_id])
    fields: dict[tuple[str, str, bool], tuple[Bools, Bools]] = {}
    homes = np.array([reviewer.department for reviewer in reviewers], dtype=object)
    alike: dict[Kind, tuple[Ints, Ints]] = {}
    names = [reviewer.id.encode() + b"\n" for reviewer in reviewers]
    found = []
    for case in cases:
        kind = kind_of(case)
        field = kind[1:]
        if kind not in alike:
            if field not in fields:
                fields[field] = _competence(case, reviewers)
            able, general = fields[field]
            eligible: Ints = np.flatnonzero(able & (homes != case.department))
            alike[kind] = eligible, general[eligible].astype(np.int64)
        chosen, unnamed = alike[kind]
        if case.id in barred:
            out = barred[case.id]
            keep = np.array([i not in out for i in chosen.tolist()], dtype=bool)
            chosen, unnamed = chosen[keep], unnamed[keep]
        base = hashlib.sha256(_head(seed, case.id))
        found.append(Candidates(chosen, _tickets(base, names, chosen), unnamed))
    return found


def explain_none(case: PlanCase, reviewers: Sequence[PlanReviewer]) -> Sentence:
    """Return why nobody at all may review a case that has no candidate."""
    competent = [reviewer for reviewer in reviewers if is_competent(reviewer, case)]
    if not competent and any(is_competent(one, replace(case, is_child=False)) for one in reviewers):
        return Sentence(
            N_(
                "The patient was under 18, and no reviewer of %(modality)s %(region)s reads "
                "examinations of children: ask one to say so."
            ),
            {"modality": case.modality, "region": case.region},
        )
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


def _competence(case: PlanCase, reviewers: Sequence[PlanReviewer]) -> tuple[Bools, Bools]:
    """Return who covers a case's field, and who does without naming its region."""
    able = np.array([is_competent(reviewer, case) for reviewer in reviewers], dtype=bool)
    general = np.array([not names_region(reviewer, case) for reviewer in reviewers], dtype=bool)
    return able, general


def _head(seed: str, case: str) -> bytes:
    return f"peer-audit/assign/v1\n{seed}\n{case}\n".encode()


def _digits(digest: "hashlib._Hash") -> int:
    # 13 hexadecimal digits are the first 52 bits.
    return int.from_bytes(digest.digest()[:7]) >> 4


def _tickets(base: "hashlib._Hash", names: Sequence[bytes], chosen: Ints) -> Ints:
    digests, copy = [], base.copy
    for i in chosen.tolist():
        digest = copy()
        digest.update(names[i])
        digests.append(digest.digest())
    heads = np.frombuffer(b"".join(digests), dtype=">u8")[:: DIGEST_BYTES // 8]
    numbers: Ints = (heads >> np.uint64(64 - TICKET_BITS)).astype(np.int64)
    return numbers
