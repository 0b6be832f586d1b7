"""How does an instance of scored pairs read from a file, and its plan into one?

Three formats: our own JSON; the tables of PrefLib's bids (``.in``: "cases reviewers", then one
line of scores a case, 0 or less for a forbidden pair); and arrays (``.npz``).
"""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.instances import Floats, Instance
from peeraudit.domain.assignment.plan import Overlap
from peeraudit.domain.assignment.relaxations import Relaxation
from peeraudit.domain.assignment.scored_plan import ScoredPlan
from peeraudit.domain.errors import N_, InvalidInput

_HEAD = re.compile(r"\s*(\d+)\s+(\d+)\s*$")


def read_json(text: str) -> Instance:
    """Return the instance of a JSON document.

    It holds ``seed``, ``reviews_per_case``, ``cases`` (``id``, ``department``, ``reviews``),
    ``reviewers`` (``id``, ``department``, ``min``, ``max``), ``pairs`` (``case``, ``reviewer``,
    ``score``) and ``rules`` (``distinct_departments``, ``department_quota``,
    ``fairness_floor``). A document with matrices is read as well: ``S``, the scores of
    reviewers (lines) for cases (columns); ``M``, in which 1 forbids a pair; ``k``, the reviews
    of each case; ``ub`` and, if any, ``lb``, the most and the fewest reviews of each reviewer.

    Raises:
        InvalidInput: something is missing, of the wrong kind, or names what is not there.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InvalidInput(N_("This is no JSON: %(why)s."), why=str(error)) from None
    if not isinstance(data, dict):
        raise InvalidInput(N_("An instance is a JSON object with cases, reviewers and pairs."))
    if "M" in data:
        return _read_matrices(data)
    cases, reviewers = _list(data, "cases"), _list(data, "reviewers")
    rules = data.get("rules") or {}
    if not isinstance(rules, dict):
        raise InvalidInput(N_("“%(field)s” must be a JSON object."), field="rules")
    default = data.get("reviews_per_case", 1)
    case_ids = tuple(_text(one, "id", "cases", i) for i, one in enumerate(cases))
    reviewer_ids = tuple(_text(one, "id", "reviewers", i) for i, one in enumerate(reviewers))
    pair_cases, pair_reviewers, scores = _pairs(_list(data, "pairs"), case_ids, reviewer_ids)
    total = len(cases) * 64
    return Instance(
        seed=str(data.get("seed", "")),
        cases=case_ids,
        homes=tuple(str(one.get("department", "")) for one in cases),
        reviews=_whole([one.get("reviews", default) for one in cases], "reviews"),
        reviewers=reviewer_ids,
        departments=tuple(str(one.get("department", "")) for one in reviewers),
        least=_whole([one.get("min", 0) for one in reviewers], "min"),
        most=_whole([one.get("max", total) for one in reviewers], "max"),
        pair_cases=pair_cases,
        pair_reviewers=pair_reviewers,
        scores=scores,
        distinct_departments=rules.get("distinct_departments") is True,
        department_quota=_quota(rules),
        fairness_floor=rules.get("fairness_floor") is True,
    )


def _read_matrices(data: Mapping[str, Any]) -> Instance:
    try:
        barred = np.array(data["M"], dtype=np.int64)
        scores = np.array(data.get("S", np.zeros_like(barred)), dtype=np.float64)
        most = np.array(data["ub"], dtype=np.int64)
        least = np.array(data.get("lb", np.zeros_like(most)), dtype=np.int64)
        reviewers, cases = barred.shape
        # Shapes that do not fit are refused here, as the numbers are above.
        scores, most = scores.reshape(reviewers, cases), most.reshape(reviewers)
        least = least.reshape(reviewers)
        pair_reviewers, pair_cases = np.nonzero(barred == 0)
        reviews = np.full(cases, int(data["k"]), dtype=np.int64)
    except (KeyError, TypeError, ValueError):
        raise InvalidInput(
            N_("This is no instance: it needs M, k and ub, as described for the command.")
        ) from None
    return Instance(
        seed=str(data.get("seed", "")),
        cases=_names("c", cases),
        homes=("",) * cases,
        reviews=reviews,
        reviewers=_names("r", reviewers),
        departments=_names("d", reviewers),
        least=least,
        most=most,
        pair_cases=pair_cases.astype(np.int64),
        pair_reviewers=pair_reviewers.astype(np.int64),
        scores=scores[pair_reviewers, pair_cases],
    )


def read_bids(text: str, *, reviews: int, most: int) -> Instance:
    """Return the instance of a table of bids; each reviewer is of an own department.

    Args:
        text: the table.
        reviews: reviews of each case.
        most: most reviews of each reviewer.

    Raises:
        InvalidInput: it is no such table.
    """
    lines = text.splitlines()
    head = _HEAD.match(lines[0]) if lines else None
    if head is None:
        raise InvalidInput(N_("The first line must hold two numbers: cases and reviewers."))
    cases, reviewers = int(head[1]), int(head[2])
    try:
        table = np.array([line.split() for line in lines[1:] if line.strip()], dtype=np.float64)
    except ValueError:
        table = np.zeros((0, 0))
    if table.shape != (cases, reviewers):
        raise InvalidInput(
            N_("The table must hold %(cases)d lines of %(reviewers)d numbers."),
            cases=cases,
            reviewers=reviewers,
        )
    pair_cases, pair_reviewers = np.nonzero(table > 0)
    return Instance(
        seed="",
        cases=_names("c", cases),
        homes=("",) * cases,
        reviews=np.full(cases, reviews, dtype=np.int64),
        reviewers=_names("r", reviewers),
        departments=_names("d", reviewers),
        least=np.zeros(reviewers, dtype=np.int64),
        most=np.full(reviewers, most, dtype=np.int64),
        pair_cases=pair_cases.astype(np.int64),
        pair_reviewers=pair_reviewers.astype(np.int64),
        scores=table[pair_cases, pair_reviewers],
    )


def read_arrays(content: bytes, *, with_rules: bool) -> Instance:
    """Return the instance of an archive of arrays: arc_case, arc_reviewer, arc_score and others.

    Args:
        content: the archive.
        with_rules: whether both department rules hold, the quota being that of the archive.

    Raises:
        InvalidInput: it is no such archive.
    """
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            data = {name: archive[name] for name in archive.files}
        cases, reviewers = int(data["P"]), int(data["R"])
        return Instance(
            seed="",
            cases=_names("c", cases),
            homes=tuple(f"d{one}" for one in data["case_dept"].tolist()),
            reviews=np.full(cases, int(data["k"]), dtype=np.int64),
            reviewers=_names("r", reviewers),
            departments=tuple(f"d{one}" for one in data["reviewer_dept"].tolist()),
            least=data["lb"].astype(np.int64),
            most=data["ub"].astype(np.int64),
            pair_cases=data["arc_case"].astype(np.int64),
            pair_reviewers=data["arc_reviewer"].astype(np.int64),
            scores=data["arc_score"].astype(np.float64),
            distinct_departments=with_rules,
            department_quota=int(data["quota"]) if with_rules else None,
        )
    except (KeyError, ValueError, OSError, BadZipFile, TypeError, IndexError):
        raise InvalidInput(N_("This archive does not hold the arrays of an instance.")) from None


def write_plan(plan: ScoredPlan) -> str:
    """Return a plan as CSV: case, reviewer, score."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("case", "reviewer", "score"))
    writer.writerows((case, who, f"{score:.10g}") for case, who, score in plan.readings)
    return target.getvalue()


def report(plan: ScoredPlan, *, seconds: float) -> dict[str, Any]:
    """Return what is to be said of a plan, as values that JSON can hold.

    Args:
        plan: the plan.
        seconds: how long it took to plan.
    """
    instance, chosen = plan.instance, plan.chosen
    told: dict[str, Any] = {
        "status": plan.status.value,
        "total": round(plan.total, 9),
        "worst_case": round(plan.worst_case, 9) if instance.cases else None,
        "loads": dict(sorted(zip(instance.reviewers, chosen.loads.tolist(), strict=True))),
        "unplaced": [
            {"case": instance.cases[i], "missing": int(chosen.missing[i])}
            for i in sorted(np.flatnonzero(chosen.missing), key=instance.cases.__getitem__)
        ],
        "explanation": [str(sentence) for sentence in plan.shortages],
        "relaxations": [_relaxation(one) for one in plan.relaxations],
        "overlap": overlap_in_figures(plan.overlap),
        "seconds": round(seconds, 3),
    }
    if plan.floored is not None:
        told["fairness_floor"] = {
            "floor": round(plan.floored.floor, 9),
            "bound": round(plan.floored.bound, 9),
            "total_bound": round(plan.floored.total_bound, 9),
        }
    return told


def overlap_in_figures(overlap: Overlap | None) -> dict[str, Any] | None:
    """Return what the cases that several read let be compared; None where none is read so."""
    if overlap is None or not overlap.after.shared:
        return None
    found = {"before": overlap.before, "after": overlap.after}
    told: dict[str, Any] = {
        name: asdict(pairing) | {"odds_ratio_factor": round(pairing.factor, 3)}
        for name, pairing in found.items()
    }
    return told | {"moved": overlap.moved}


def _relaxation(one: Relaxation) -> dict[str, Any]:
    return {
        "rules": [rule.value for rule in one.rules],
        "units": one.units,
        "text": str(one.reason),
        "max": dict(one.most),
        "min": dict(one.least),
        "reviews": dict(one.reviews),
        "department_quota": one.quota,
        "cases_with_one_department": list(one.exempt),
    }


def _list(data: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    value = data.get(field)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise InvalidInput(N_("“%(field)s” must be a list of JSON objects."), field=field)
    return value


def _text(one: Mapping[str, Any], field: str, where: str, place: int) -> str:
    value = one.get(field)
    if not isinstance(value, str | int) or value == "":
        raise InvalidInput(
            N_("Entry %(place)d of “%(where)s” lacks “%(field)s”."),
            place=place + 1,
            where=where,
            field=field,
        )
    return str(value)


def _whole(values: Sequence[Any], field: str) -> Ints:
    for place, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31:
            raise InvalidInput(
                N_("Entry %(place)d: “%(column)s” must be a whole number."),
                place=place + 1,
                column=field,
            )
    return np.array(values, dtype=np.int64)


def _quota(rules: Mapping[str, Any]) -> int | None:
    quota = rules.get("department_quota")
    if quota is None:
        return None
    return int(_whole([quota], "department_quota")[0])


def _pairs(
    pairs: Sequence[Mapping[str, Any]], cases: Sequence[str], reviewers: Sequence[str]
) -> tuple[Ints, Ints, Floats]:
    case_place = {name: i for i, name in enumerate(cases)}
    reviewer_place = {name: i for i, name in enumerate(reviewers)}
    ends: list[tuple[int, int]] = []
    scores: list[float] = []
    for place, pair in enumerate(pairs):
        case = case_place.get(str(pair.get("case")))
        reviewer = reviewer_place.get(str(pair.get("reviewer")))
        score = pair.get("score", 0)
        if case is None or reviewer is None:
            raise InvalidInput(
                N_("Pair %(place)d names a case or a reviewer that is not listed."), place=place + 1
            )
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise InvalidInput(N_("Pair %(place)d: the score must be a number."), place=place + 1)
        ends.append((case, reviewer))
        scores.append(float(score))
    found = np.array(ends, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1], np.array(scores, dtype=np.float64)


def _names(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i}" for i in range(count))
