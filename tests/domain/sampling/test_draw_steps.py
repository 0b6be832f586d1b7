"""A draw that grows: the same whether in one step or in several, and never out of order."""

import copy
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.protocol import Protocol, SampleAllocation, Sampling, Scope
from peeraudit.domain.sampling.draw_proof import build_proof, verify_proof
from peeraudit.domain.sampling.draw_steps import Extension, Replacement, larger_sizes
from peeraudit.domain.sampling.draws import draw, frame_counts
from peeraudit.domain.sampling.sample_plans import plan_sample
from tests.domain.sampling.test_draw_proof import FRAME, FROZEN, SEED, SEEDED

COUNTS = frame_counts(FRAME)
RULES = Protocol(
    "Scanners",
    Scope(("CT",), date(2026, 1, 1), date(2026, 1, 31)),
    sampling=Sampling(9, 2, strata=()),
)
LATER = "2024-02-01T09:00:00+00:00"
ORDER = {
    name: [t.item_key for t in p.sample] for name, p in draw(FRAME, SEED, COUNTS).strata.items()
}


def grown(steps, *, rules=RULES):
    """Return the bundle of a draw with steps: a target, or a stratum whose first case goes out."""
    sizes = plan_sample(COUNTS, rules.sampling).sizes
    base, taken, swaps, more = dict(sizes), dict(sizes), [], []
    in_use = {name: ORDER[name][:size] for name, size in sizes.items()}
    for step in steps:
        if isinstance(step, int):
            wanted = larger_sizes(COUNTS, sizes, rules.sampling, step)
            added = {}
            for name, old in sizes.items():
                new = ORDER[name][taken[name] : taken[name] + wanted[name] - old]
                if new:
                    added[name] = new
                taken[name] += len(new)
                in_use[name] += new
            sizes = {name: old + len(added.get(name, ())) for name, old in sizes.items()}
            more.append(Extension(len(swaps), step, sizes, added, "more precision", LATER))
        elif taken[step] < COUNTS[step]:
            out, next_one = in_use[step].pop(0), ORDER[step][taken[step]]
            taken[step] += 1
            in_use[step].append(next_one)
            swaps.append(Replacement(step, out, next_one, "images missing"))
    bundle = build_proof(
        FRAME, SEED, base, published=(FROZEN, SEEDED), replacements=swaps, extensions=more
    )
    named = {"protocol": rules.to_canonical_json(), "protocol_sha256": rules.sha256()}
    return json.loads(json.dumps({**bundle, **named})), in_use


steps = st.lists(st.integers(9, 39) | st.sampled_from(sorted(COUNTS)), max_size=8)


@given(steps, st.sampled_from([SampleAllocation.PROPORTIONAL, SampleAllocation.EQUAL]))
def test_every_honest_history_verifies(history, allocation):
    rules = replace(RULES, sampling=replace(RULES.sampling, allocation=allocation))
    bundle, _ = grown(history, rules=rules)
    assert verify_proof(bundle) == []


@given(st.lists(st.integers(9, 39), min_size=1, max_size=5))
def test_the_smaller_draw_is_the_beginning_of_the_larger_one(targets):
    _, in_use = grown(targets)
    for name, keys in in_use.items():
        assert keys == ORDER[name][: len(keys)]


@given(st.integers(9, 39), st.integers(9, 39))
def test_extending_twice_is_extending_once_where_no_stratum_shrinks_between(one, two):
    small, large = sorted((one, two))
    mid, end = (plan_sample(COUNTS, Sampling(n, 2)).sizes for n in (small, large))
    _, twice = grown([small, large])
    _, once = grown([large])
    if all(mid[name] <= end[name] for name in COUNTS):
        assert twice == once
    for name in COUNTS:
        assert twice[name] == ORDER[name][: max(mid[name], len(once[name]))]


@given(steps)
def test_the_order_of_steps_changes_nothing_but_what_replaced_what(history):
    _, in_use = grown(history)
    swaps = [step for step in history if isinstance(step, str)]
    for name, keys in in_use.items():
        # Those in use and those put out are together the first tickets of the stratum.
        out = [key for key in ORDER[name] if key not in keys][: swaps.count(name)]
        seen = set(keys) | set(out)
        assert len(keys) <= len(seen)
        assert set(keys) <= set(ORDER[name][: len(keys) + swaps.count(name)])


def test_a_stratum_that_a_larger_plan_would_shrink_keeps_what_it_has():
    counts = {"A:CT": 10, "B:CT": 10}
    assert larger_sizes(counts, {"A:CT": 7, "B:CT": 2}, Sampling(5, 0), 10) == {
        "A:CT": 7,
        "B:CT": 5,
    }


def test_the_target_stands_in_the_place_of_a_share():
    sizes = larger_sizes(COUNTS, dict.fromkeys(COUNTS, 0), Sampling(share=0.1), 20)
    assert sum(sizes.values()) == 20


TAMPERED = {
    "size": (lambda one: one["sizes"].update(CT=1), "the extension draws 1 reports"),
    "added": (lambda one: one["added"]["CT"].reverse(), "did not add the next reserves"),
    "left out": (lambda one: one["added"].pop("CT"), "did not add the next reserves"),
    "strata": (lambda one: one["sizes"].pop("MR"), "other strata than the list has"),
    "reason": (lambda one: one.update(reason=" "), "without a reason"),
    "time": (
        lambda one: one.update(extended_at="2024-01-15T09:00:00+00:00"),
        "older than the seed",
    ),
    "no time": (lambda one: one.update(extended_at="soon"), "cannot be read"),
    "order": (lambda one: one.update(after=7), "not in their order"),
    "target": (lambda one: one.update(target=38), "should draw"),
    "too few": (lambda one: one.update(target=1), "The minimums ask for"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_changed_extension_is_seen_and_said(what):
    change, said = TAMPERED[what]
    bundle = copy.deepcopy(grown([20, "CT"])[0])
    change(bundle["extensions"][0])
    assert any(said in problem for problem in verify_proof(bundle))


@pytest.mark.parametrize("value", [None, {}, [1], [{"after": 0}], [{"after": True}]])
def test_what_is_no_extension_is_named(value):
    bundle = grown([])[0] | {"extensions": value}
    [problem] = verify_proof(bundle)
    assert problem.params["part"] == "extensions"
