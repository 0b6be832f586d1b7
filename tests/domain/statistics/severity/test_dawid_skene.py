from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.severity.dawid_skene import fit_latent_classes, latent_panel
from peeraudit.domain.statistics.severity.readings import compress_readings


def rowwise(items, who, scores, k, smooth, steps):
    """Return prevalence, confusion and log-likelihood by EM over the single readings."""
    n, r = items.max() + 1, who.max() + 1
    posterior = np.zeros((n, k))
    np.add.at(posterior, (items, scores), 1)
    posterior /= posterior.sum(axis=1, keepdims=True)
    for _ in range(steps):
        prevalence = (posterior.sum(axis=0) + smooth) / (n + k * smooth)
        confusion = np.full((r, k, k), smooth)
        for item, reviewer, score in zip(items, who, scores, strict=True):
            confusion[reviewer, :, score] += posterior[item]
        confusion /= confusion.sum(axis=2, keepdims=True)
        joint = np.tile(np.log(prevalence), (n, 1))
        for item, reviewer, score in zip(items, who, scores, strict=True):
            joint[item] += np.log(confusion[reviewer, :, score])
        total = np.log(np.exp(joint).sum(axis=1))
        posterior = np.exp(joint - total[:, None])
    return prevalence, confusion, total.sum()


def simulated(items=300, seed=11, readings=3):
    draws = np.random.Generator(np.random.PCG64(seed))
    truth = draws.choice(3, size=items, p=[0.8, 0.15, 0.05])
    who = np.array([draws.permutation(5)[:readings] for _ in range(items)])
    right = draws.random((items, readings)) < 0.85
    given_ = np.where(right, truth[:, None], draws.integers(0, 3, (items, readings)))
    return np.repeat(np.arange(items), readings), who.reshape(-1), given_.reshape(-1), truth


def test_patterns_give_what_single_readings_give():
    items, who, scores, _ = simulated(items=60)
    data = compress_readings(items, who, scores, categories=3)
    fit = fit_latent_classes(data, most_steps=7)
    prevalence, confusion, loglik = rowwise(items, who, scores, 3, 0.5, 7)
    assert fit.prevalence == pytest.approx(prevalence)
    assert fit.confusion == pytest.approx(confusion)
    assert fit.loglik == pytest.approx(loglik)
    assert not fit.converged


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_the_likelihood_never_falls(seed):
    items, who, scores, _ = simulated(items=40, seed=seed)
    data = compress_readings(items, who, scores, categories=3)
    values = [fit_latent_classes(data, smooth=0.0, most_steps=s).loglik for s in (1, 2, 4, 8, 16)]
    assert all(a <= b + 1e-9 for a, b in pairwise(values))


def test_planted_classes_are_found():
    items, who, scores, truth = simulated(items=4000)
    data = compress_readings(items, who, scores, categories=3)
    fit = fit_latent_classes(data)
    assert fit.converged
    assert fit.prevalence == pytest.approx([0.8, 0.15, 0.05], abs=0.02)
    # Right by knowledge or by luck: .85 + .15/3.
    assert fit.accuracy == pytest.approx(np.full(5, 0.9), abs=0.03)
    assert (fit.posterior[data.of_item].argmax(axis=1) == truth).mean() > 0.94


def test_the_panel_shows_bias_relative_to_its_mean():
    items, who, scores, _ = simulated()
    scores = np.where((who == 2) & (scores < 2), scores + 1, scores)
    panel = latent_panel(compress_readings(items, who, scores, categories=3), "abcde")
    values = {name: unit.value for name, unit in panel.units.items()}
    assert sum(values.values()) == pytest.approx(0, abs=1e-12)
    assert max(values, key=values.get) == "c"
    assert (panel.status, panel.n) == (Status.OK, 900)
    assert sum(unit.n for unit in panel.units.values()) == 900


def test_two_readings_of_a_case_do_not_identify_the_classes():
    items, who, scores, _ = simulated(readings=2)
    panel = latent_panel(compress_readings(items, who, scores, categories=3), "abcde")
    assert (panel.status, panel.reasons) == (Status.UNRELIABLE, ("NOT_IDENTIFIABLE",))


def test_a_class_that_nobody_was_given_has_no_table():
    data = compress_readings([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 2, 2], categories=3)
    fit = fit_latent_classes(data, smooth=0.0)
    assert fit.prevalence.tolist() == [0.5, 0, 0.5]
    assert fit.confusion[:, 1].sum() == 0
    assert np.isfinite(fit.loglik)


@pytest.mark.parametrize("smooth", [-0.5, float("nan")])
def test_pseudo_counts_below_nothing_are_refused(smooth):
    one = np.array([0])
    with pytest.raises(ValueError, match="pseudo-counts"):
        fit_latent_classes(compress_readings(one, one, one, categories=2), smooth=smooth)
