"""Do the published data sets come out as other software and the literature have them?"""

import csv
import itertools
import json

import numpy as np
import pytest

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.agreement_pair import pair_agreement
from peeraudit.domain.statistics.agreement_patterns import compress_ratings
from peeraudit.domain.statistics.comparison.funnels import rate_funnel_limits
from peeraudit.domain.statistics.intervals import poisson_interval
from peeraudit.domain.statistics.monitoring.charts import p_chart, u_limits
from peeraudit.domain.statistics.monitoring.series import run_rules
from peeraudit.domain.statistics.severity.dawid_skene import fit_latent_classes
from peeraudit.domain.statistics.severity.readings import compress_readings

WEIGHTS = {
    "unweighted": "identity",
    "linear": "linear",
    "quadratic": "quadratic",
    "ordinal": "ordinal",
}
COEFFICIENTS = {
    "percent_agreement": "pct",
    "fleiss_gwet_generalised": "fleiss",
    "gwet_ac": "gwet",
    "brennan_prediger": "bp",
}


@pytest.fixture
def folder(shared):
    return shared / "statistics"


@pytest.fixture
def expected(folder):
    return json.loads((folder / "agreement" / "expected.json").read_text())["datasets"]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def ratings_of(folder, name):
    """Return a data set as indices of its sorted categories, NaN where missing."""
    rows = [list(row.values()) for row in rows_of(folder / "agreement" / f"{name}.csv")]
    given = sorted({cell for row in rows for cell in row if cell not in {"", "NA"}})
    place = {cell: float(i) for i, cell in enumerate(given)}
    return np.array([[place.get(cell, np.nan) for cell in row] for row in rows]), len(given)


def suite_of(folder, name):
    ratings, k = ratings_of(folder, name)
    patterns = compress_ratings(ratings, categories=k)
    return agreement_suite(patterns, categories=k, positive=range(1, k)), ratings, k


def table_of(first, second, k):
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (first.astype(int), second.astype(int)), 1)
    return table.tolist()


@pytest.mark.parametrize("name", ["diagnoses", "anxiety"])
def test_agreement_under_all_weights(folder, expected, name):
    suite, _, _ = suite_of(folder, name)
    compared = 0
    for theirs, weights in WEIGHTS.items():
        found = expected[name].get(f"irrCAC_{theirs}")
        for block, ours in COEFFICIENTS.items() if found else ():
            estimate = suite.coefficients[f"{weights}.{ours}"]
            # pa and pe are given in full there, the coefficient and its error to 5 places.
            pa, pe = found[block]["pa"], found[block]["pe"]
            assert estimate.value == pytest.approx((pa - pe) / (1 - pe), abs=1e-6)
            assert estimate.details["se_ij"] == pytest.approx(found[block]["se"], abs=6e-6)
            compared += 1
    assert compared >= 4


def test_published_agreement_on_the_diagnoses(folder, expected):
    suite, ratings, k = suite_of(folder, "diagnoses")
    fleiss = suite.coefficients["identity.fleiss"].value
    assert fleiss == pytest.approx(expected["diagnoses"]["irr_fleiss"]["kappa"], abs=1e-6)
    assert round(fleiss, 3) == 0.430
    pairs = expected["diagnoses"]["irr_pairwise_cohen"]
    for a, b in itertools.combinations(range(6), 2):
        kappa = pair_agreement(table_of(ratings[:, a], ratings[:, b], k)).kappas["identity"].value
        assert kappa == pytest.approx(pairs[f"rater{a + 1}~rater{b + 1}"]["kappa"], abs=1e-6)


def test_weighted_kappa_of_two_readers(folder, expected):
    ratings, k = ratings_of(folder, "anxiety")
    found = pair_agreement(table_of(ratings[:, 0], ratings[:, 1], k)).kappas
    for theirs, ours in (("unweighted", "identity"), ("equal", "linear"), ("squared", "quadratic")):
        block = expected["anxiety"][f"kappa2_rater1_rater2_{theirs}"]
        assert found[ours].value == pytest.approx(block["kappa"], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("SexualFun", ["Never Fun", "Fairly Often", "Very Often", "Always fun"]),
        ("MSPatients_Winnipeg", ["Certain", "Probable", "Possible", "Doubtful"]),
    ],
)
def test_weighted_kappa_of_published_tables(folder, expected, name, order):
    table = [[0] * 4 for _ in order]
    for first, second, count in (
        row.values() for row in rows_of(folder / "agreement" / f"{name}.csv")
    ):
        table[order.index(first)][order.index(second)] = int(count)
    found, want = pair_agreement(table), expected[name]
    assert found.n == want["n"]
    for theirs, ours in (("unweighted", "identity"), ("linear", "linear"), ("quadratic",) * 2):
        assert found.kappas[ours].value == pytest.approx(want[theirs]["value"], abs=1e-6)
    bowker = want["mcnemar_bowker"]
    assert found.bowker_chi2 == pytest.approx(bowker["stat"], abs=1e-6)
    assert (found.bowker_df, found.bowker_p) == (bowker["df"], pytest.approx(bowker["p"]))


def test_all_coefficients_of_the_abstractors(folder, expected):
    rows = rows_of(folder / "agreement" / "cont3x3abstractors.csv")
    table = [[int(cell) for cell in row.values()] for row in rows]
    want = expected["cont3x3abstractors"]
    kappas = pair_agreement(table).kappas
    for name, block in (("identity", "cohen"), ("quadratic", "cohen_quadratic")):
        assert kappas[name].value == pytest.approx(want[block]["coeff.val"], abs=1e-6)
        assert kappas[name].details["se_fce"] == pytest.approx(want[block]["coeff.se"], abs=1e-6)
    pairs = [[i, j] for i in range(3) for j in range(3) for _ in range(table[i][j])]
    patterns = compress_ratings(np.array(pairs), categories=3)
    suite = agreement_suite(patterns, categories=3, positive={1, 2})
    for name, block in {
        "identity.fleiss": "scott_pi",
        "identity.gwet": "gwet_ac1",
        "identity.bp": "bp",
        "identity.pct": "pa",
        "krippendorff.nominal": "kripp",
    }.items():
        found = suite.coefficients[name]
        assert found.value == pytest.approx(want[block]["coeff.val"], abs=1e-6)
        # The table form there divides by n, where the jackknife divides by n - 1.
        error = found.details["se_ij"] * (99 / 100) ** 0.5
        if name != "krippendorff.nominal":
            assert error == pytest.approx(want[block]["coeff.se"], abs=1e-6)


@pytest.mark.parametrize("name", ["anxiety", "video"])
def test_alpha_of_many_readers(folder, expected, name):
    suite, _, _ = suite_of(folder, name)
    for metric in ("nominal", "ordinal", "interval"):
        found = suite.coefficients[f"krippendorff.{metric}"].value
        assert found == pytest.approx(expected[name][f"kripp_{metric}"], abs=1e-6)


def test_alpha_of_readings_with_gaps(folder):
    suite, _, _ = suite_of(folder, "cac.raw4raters")
    alphas = [suite.coefficients[f"krippendorff.{m}"].value for m in ("nominal", "ordinal")]
    assert alphas == pytest.approx([0.743421053, 0.815387504], abs=1e-8)


def test_latent_classes_of_the_anaesthetists(folder):
    want = json.loads((folder / "dawid_skene" / "expected.json").read_text())
    rows = rows_of(folder / "dawid_skene" / "anesthesia.csv")
    columns = [[int(row[name]) - 1 for row in rows] for name in ("item", "rater", "rating")]
    data = compress_readings(*columns, categories=4)
    fit = fit_latent_classes(data, smooth=0.0)
    assert fit.prevalence == pytest.approx(want["prevalence"], abs=1e-6)
    assert fit.prevalence.round(2).tolist() == want["published"]["prevalence"]
    assert fit.confusion == pytest.approx(np.array(want["confusion_by_rater"]), abs=1e-6)
    assert fit.loglik == pytest.approx(want["log_likelihood"], abs=1e-6)
    posterior = fit.posterior[data.of_item]
    assert posterior == pytest.approx(np.array(want["posterior"]), abs=1e-6)
    assert (posterior.argmax(axis=1) + 1).tolist() == want["map"]


def test_published_chart_of_the_orange_juice_cans(folder):
    want = json.loads((folder / "spc" / "expected.json").read_text())["orangejuice_p"]
    trial = [row for row in rows_of(folder / "spc" / "orangejuice.csv") if row["trial"] == "TRUE"]
    found = p_chart([int(row["D"]) for row in trial], [int(row["size"]) for row in trial])
    assert found.value == pytest.approx(want["center"], abs=1e-6)
    limits = found.details["lcl"][0], found.details["ucl"][0]
    assert limits == pytest.approx(want["limits"], abs=1e-6)
    outside = [i for i, p in enumerate(found.details["p"], 1) if not limits[0] <= p <= limits[1]]
    assert outside == want["violations"]


def test_rate_and_run_charts_of_infections(folder):
    rows = rows_of(folder / "spc" / "spc_cdi_u.csv")
    days = [float(row["n"]) / 1e4 for row in rows]
    centre, low, high = u_limits([int(row["y.sum"]) for row in rows], days)
    assert centre == pytest.approx(float(rows[0]["cl"]), abs=1e-6)
    assert low == pytest.approx([float(row["lcl"]) for row in rows], abs=1e-6)
    assert high == pytest.approx([float(row["ucl"]) for row in rows], abs=1e-6)
    for name, centre_given in (("spc_cdi_u.csv", centre), ("spc_cdi_run.csv", None)):
        rows = rows_of(folder / "spc" / name)
        runs = run_rules([float(row["y"]) for row in rows], centre=centre_given).details
        assert runs["longest_run"] == int(rows[0]["longest.run"])
        assert runs["longest_run_max"] == int(rows[0]["longest.run.max"])
        assert runs["crossings"] == int(rows[0]["n.crossings"])
        assert runs["crossings_min"] == int(rows[0]["n.crossings.min"])
        assert runs["signal"] is (rows[0]["runs.signal"] == "TRUE")


def test_funnel_of_infections_in_six_hospitals(folder):
    rows = rows_of(folder / "funnel" / "funnel_poisson_BAC.csv")
    days = [float(row["days"]) for row in rows]
    rate = sum(int(row["n"]) for row in rows) / sum(days)
    lines = rate_funnel_limits(days, rate)
    for name, line in lines.items():
        assert line * 1e4 == pytest.approx([float(row[name]) for row in rows], abs=1e-6)


def test_exact_intervals_of_counts(folder):
    rows = rows_of(folder / "ci" / "poisson_rate_ci.csv")
    assert rows
    for row in rows:
        low, high = poisson_interval(int(row["events"]))
        exposure = float(row["exposure"])
        assert (low / exposure, high / exposure) == pytest.approx(
            (float(row["exact_lower"]), float(row["exact_upper"])), abs=1e-6
        )
