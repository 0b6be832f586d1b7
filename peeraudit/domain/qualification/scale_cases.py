"""How is the large data set of the examples made from its seed, and computed?"""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.qualification.answers import Answer, Inputs
from peeraudit.domain.statistics.agreement import AgreementSuite, agreement_suite
from peeraudit.domain.statistics.agreement_patterns import compress_ratings
from peeraudit.domain.statistics.severity.dawid_skene import fit_latent_classes
from peeraudit.domain.statistics.severity.pairwise import conditional_severity, count_wins
from peeraudit.domain.statistics.severity.readings import ReadingPatterns, compress_readings

CATEGORIES = 5
SLOTS = 3
REVIEWERS = 60
THRESHOLDS = (0.88, 0.93, 0.97, 0.99)
MISSING = 0.2
ERRORS = (0.04, 0.4)
NAMES: Mapping[str, str] = {
    "pct_identity": "identity.pct",
    "fleiss_identity": "identity.fleiss",
    "gwet_identity": "identity.gwet",
    "pct_ordinal": "ordinal.pct",
    "fleiss_ordinal": "ordinal.fleiss",
    "gwet_ordinal": "ordinal.gwet",
    "alpha_nominal": "krippendorff.nominal",
    "alpha_ordinal": "krippendorff.ordinal",
    "alpha_interval": "krippendorff.interval",
    "positive_agreement": "specific_agreement.positive",
}

Ints = NDArray[np.int64]


def generate_readings(seed: str, items: int) -> tuple[Ints, Ints]:
    """Return readings that any language can make again from a seed.

    Args:
        seed: ASCII text.
        items: number of items.

    Returns:
        Scores from 0, -1 for a missing one, and the reviewers; shape (items, 3) each.
    """
    digests = b"".join(
        hashlib.sha256(f"{seed}/{place}".encode("ascii")).digest() for place in range(items)
    )
    words = np.frombuffer(digests, dtype=">u4").reshape(items, 8).astype(np.int64)
    u = words / 2.0**32
    truth = (np.array(THRESHOLDS) <= u[:, :1]).sum(axis=1)
    error = np.where(truth == 0, *ERRORS)
    scores = np.empty((items, SLOTS), dtype=np.int64)
    reviewers = np.empty((items, SLOTS), dtype=np.int64)
    for slot in range(SLOTS):
        a, b = u[:, 1 + 2 * slot], u[:, 2 + 2 * slot]
        chance = a if slot == 0 else (a - MISSING) / (1 - MISSING)
        moved = np.clip(truth + np.where(b < 0.5, 1, -1), 0, CATEGORIES - 1)
        given = np.where(chance < error, moved, truth)
        scores[:, slot] = given if slot == 0 else np.where(a < MISSING, -1, given)
        reviewers[:, slot] = (7 * np.arange(items) + 13 * slot + words[:, 7] % 11) % REVIEWERS
    return scores, reviewers


def _scale(inputs: Inputs) -> Answer:
    scores, reviewers = generate_readings(inputs["seed"], inputs["n_items"])
    given = scores >= 0
    positive = range(1, CATEGORIES)
    patterns = compress_ratings(scores, categories=CATEGORIES)
    suite = agreement_suite(patterns, categories=CATEGORIES, positive=positive)
    item = np.repeat(np.arange(len(scores)), SLOTS)[given.reshape(-1)]
    data = compress_readings(item, reviewers[given], scores[given], categories=CATEGORIES)
    return {
        "n_items": suite.n_items,
        "n_ratings": int(given.sum()),
        "n_items_multi": suite.n_items_multi,
        "n_patterns": suite.n_patterns,
        "score_counts": np.bincount(scores[given], minlength=CATEGORIES).tolist(),
        **_agreement(suite),
        **_severity(data),
    }


def _agreement(suite: AgreementSuite) -> dict[str, object]:
    found = {name: suite.coefficients[full] for name, full in NAMES.items()}
    return {name: {"value": part.value, "se": part.se} for name, part in found.items()}


def _severity(data: ReadingPatterns) -> dict[str, object]:
    wins = count_wins(data, range(1, CATEGORIES))
    panel = conditional_severity(wins, [str(place) for place in range(data.reviewers)])
    fit = fit_latent_classes(data, smooth=0.5)
    return {
        "pairwise_discordant": int(wins.sum()),
        "pairwise_map_theta": panel.details["map_theta"],
        "dawid_skene_smooth05": {
            "prevalence": fit.prevalence.tolist(),
            "loglik": fit.loglik,
            "accuracy_reviewer0": float(fit.accuracy[0]),
            "accuracy_reviewer59": float(fit.accuracy[59]),
        },
    }


SCALE = {"scale": _scale}
