"""How fast are reports read out of files, next to what Python itself takes for the bare file?

Each reader is measured against the standard library's own parser of the same bytes in the same
run, both at their best of some runs, since a busy machine only adds. A ratio of 0.02 means that
understanding a report costs fifty times as much as splitting its line into cells.
"""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

import pytest

from peeraudit.adapters.readers.detect import open_reports
from peeraudit.domain.intake.reports import Accepted

RUNS = 3
ROWS = 3_000
BODY = "The liver is normal in size and contour, without any focal lesion. " * 22
TEXT = f"INDICATION: pain.\nTECHNIQUE: helical CT.\nFINDINGS: {BODY}\nCONCLUSION: normal."


def table(path: Path, rows: int = ROWS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["report_id", "accession", "patient_id", "last name", "first name", "exam", "performed",
             "reported", "status", "radiologist", "text"]
        )  # fmt: skip
        for n in range(rows):
            writer.writerow(
                [f"R{n}", f"A{n}", f"P{n % 997}", "DUMONT", "Hélène", "CT abdomen", "2026-03-31",
                 "2026-03-31 14:25:00", "final", "Dr DURAND Paul", f"{n} {TEXT}"]
            )  # fmt: skip
    return path


def resources(path: Path, rows: int = ROWS) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for n in range(rows):
            report = {
                "resourceType": "DiagnosticReport", "id": f"r{n}", "status": "final",
                "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": f"A{n}"}],
                "category": [{"coding": [{"code": "RAD"}]}], "code": {"text": "CT abdomen"},
                "subject": {"reference": f"Patient/{n % 997}"}, "effectiveDateTime": "2026-03-31",
                "issued": "2026-03-31T14:25:00Z", "conclusion": f"{n} {TEXT}",
            }  # fmt: skip
            file.write(json.dumps(report) + "\n")
    return path


def fastest(read: Callable[[], Iterable[object]]) -> tuple[float, int]:
    """Return the least seconds of some runs, and how many items there were."""
    best, count = float("inf"), 0
    for _ in range(RUNS):
        begun = perf_counter()
        count = sum(1 for _ in read())
        best = min(best, perf_counter() - begun)
    return best, count


def by_csv(path: Path) -> Iterable[object]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file)


def by_json(path: Path) -> Iterable[object]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def by_us(path: Path) -> Iterable[object]:
    return (item for item in open_reports(path, path.name)[1] if isinstance(item, Accepted))


@pytest.mark.benchmark
@pytest.mark.parametrize(
    ("make", "bare", "least"), [(table, by_csv, 0.008), (resources, by_json, 0.008)]
)
def test_reading_reports_against_splitting_the_file(
    tmp_path: Path,
    make: Callable[[Path], Path],
    bare: Callable[[Path], Iterable[object]],
    least: float,
) -> None:
    path = make(tmp_path / "feed")

    seconds, _ = fastest(lambda: bare(path))
    ours, count = fastest(lambda: by_us(path))

    assert count == ROWS
    megabytes = path.stat().st_size / 1e6
    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{make.__name__:10} {megabytes:6.1f} MB  {bare.__name__} {ROWS / seconds:9.0f}/s"
        f"  ours {ROWS / ours:8.0f}/s  ratio {seconds / ours:.3f}"
    )
    assert seconds / ours > least


@pytest.mark.benchmark
@pytest.mark.parametrize("make", [table, resources])
def test_time_grows_no_faster_than_the_file(
    tmp_path: Path, make: Callable[[Path, int], Path]
) -> None:
    few, many = make(tmp_path / "few", 1_000), make(tmp_path / "many", 4_000)

    ratio = fastest(lambda: by_us(many))[0] / fastest(lambda: by_us(few))[0]

    print(  # noqa: T201 - the figures are what a benchmark is for
        f"\n{make.__name__:10} four times the rows take {ratio:.2f} times as long"
    )
    assert ratio < 8
