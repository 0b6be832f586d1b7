from tests.domain.statistics.planted_networks import FRAME, audited
from tests.domain.statistics.planted_recovery import recovered


def test_what_was_planted_is_found_as_often_as_promised():
    found = recovered(range(8), replicates=1)
    for name, (held, total) in found.items():
        # Eight networks: reviewers and departments of one network err together.
        assert held / total > 0.85, name
    assert set(found) == {
        "estimated rate",
        "missed findings",
        "severity",
        "severity from pairs",
        "department",
    }


def test_an_audit_counts_what_it_read():
    audit = audited("planted/one")
    assert audit.frame == 12 * FRAME
    assert sum(cell.n for cell in audit.cells) == sum(group.n for group in audit.groups) == 1200
    assert sum(unit.n for unit in audit.units) == 1200
    assert 0 < audit.missed < audit.true_rate < 0.3
    assert audited("planted/one").wins.tolist() == audit.wins.tolist()
