from collections import Counter

import pytest

from peeraudit.domain.accounts import Role
from peeraudit.domain.specimens.library import ENGLISH, FRENCH
from peeraudit.domain.specimens.network import specimen_network

NETWORK = specimen_network("tests")


def test_the_same_seed_gives_the_same_network():
    assert specimen_network("tests") == NETWORK
    assert specimen_network("else") != NETWORK


@pytest.mark.parametrize(("departments", "reviewers"), [(4, 24), (3, 10), (12, 60), (1, 3)])
def test_any_size_is_whole(departments, reviewers):
    network = specimen_network("size", departments=departments, reviewers=reviewers)
    assert len({d.code for d in network.departments}) == departments
    assert len({d.finess for d in network.departments}) == departments
    assert len(network.reviewers) == reviewers
    homes = Counter(a.department_code for a in network.authors)
    assert min(homes.values()) >= 6
    assert len({a.email for a in network.accounts}) == len(network.accounts)
    assert len({a.rpps for a in network.authors}) == len(network.authors)


def test_one_department_in_four_is_english():
    assert [d.language for d in NETWORK.departments] == ["fr", "fr", "fr", "en"]


def test_reviewers_are_authors_at_home_and_accounts():
    assert {r.author for r in NETWORK.reviewers} < set(NETWORK.authors)
    roles = {a.email: dict.fromkeys(r for r, _ in a.roles) for a in NETWORK.accounts}
    for reviewer in NETWORK.reviewers:
        assert {Role.AUTHOR, Role.REVIEWER} <= set(roles[reviewer.author.email])
        assert (Role.ADJUDICATOR in roles[reviewer.author.email]) == reviewer.adjudicates


def test_every_role_is_held_by_somebody():
    assert {role for a in NETWORK.accounts for role, _ in a.roles} == set(Role)


def test_addresses_lead_nowhere():
    assert all(a.email.endswith(".example") and a.email.isascii() for a in NETWORK.accounts)


def test_conflicts_are_with_other_departments():
    for reviewer in NETWORK.reviewers:
        codes = {c.department_code for c in reviewer.conflicts}
        assert codes <= {d.code for d in NETWORK.departments} - {reviewer.author.department_code}


def test_severities_differ_both_ways():
    shifts = [r.severity for r in NETWORK.reviewers]
    assert min(shifts) < -0.2
    assert max(shifts) > 0.2


@pytest.mark.parametrize("site", NETWORK.departments, ids=lambda d: d.code)
def test_three_strangers_read_every_kind_of_examination(site):
    for kind in {(s.modality, s.region) for s in FRENCH + ENGLISH}:
        able = [
            r
            for r in NETWORK.reviewers
            if kind in r.author.specialities
            and r.author.department_code != site.code
            and site.code not in {c.department_code for c in r.conflicts}
        ]
        assert len(able) >= 3, kind
