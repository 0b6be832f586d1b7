"""Whatever is done to a file, no item is lost and none is invented."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from tracemalloc import get_traced_memory, start, stop

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peeraudit.adapters.readers import rows as rows_module
from peeraudit.adapters.readers.detect import open_reports
from peeraudit.adapters.readers.rows import Dialect, read_rows
from peeraudit.adapters.readers.tables import read_table
from peeraudit.domain.errors import DomainError
from peeraudit.domain.intake.layouts import DELIMITERS, TableLayout
from peeraudit.domain.intake.reports import Accepted, Item, Refused

anywhere = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
texts = st.text(alphabet="abc é,;|\t\"'\n.", min_size=0, max_size=30).map(lambda t: f"Normal {t}x")
HEAD = ["accession", "performed", "report_text", "remark"]


def layout(delimiter: str) -> TableLayout:
    columns = ("accession", "observed", "report_text", "")
    return TableLayout("csv", "utf-8", delimiter, '"', 1, headings=tuple(HEAD), columns=columns)


def written(rows: list[list[str]], delimiter: str, newline: str = "\n") -> str:
    file = io.StringIO()
    # The csv module itself does not quote a line feed that is not its own line end.
    quoting = csv.QUOTE_MINIMAL if newline == "\n" else csv.QUOTE_ALL
    csv.writer(file, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return file.getvalue()


def rows_of(bodies: list[str]) -> list[list[str]]:
    return [HEAD, *([f"ID{n:04}", "2026-03-31", body, "-"] for n, body in enumerate(bodies))]


def told(items: list[Item]) -> str:
    """Everything that the items tell of the file, kept or refused."""
    parts: list[str] = []
    for item in items:
        if isinstance(item, Accepted):
            parts += [item.report.accession, item.report.text]
        else:
            parts += [item.content, item.reference]
            parts += [item.raw.accession, item.raw.text] if item.raw else []
    return "\n".join(parts)


@anywhere
@given(
    st.lists(texts, max_size=8), st.sampled_from(DELIMITERS), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_a_sound_table_gives_each_row_once(
    tmp_path: Path, bodies: list[str], delimiter: str, newline: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(written(rows_of(bodies), delimiter, newline).encode())

    items = list(read_table(path, "x", layout(delimiter)))

    assert [i.report.accession for i in items if isinstance(i, Accepted)] == [
        f"ID{n:04}" for n in range(len(bodies))
    ]


@anywhere
@given(st.lists(texts, min_size=1, max_size=8), st.sampled_from(DELIMITERS), st.data())
def test_a_spoilt_table_loses_no_row(
    tmp_path: Path, bodies: list[str], delimiter: str, data: st.DataObject
) -> None:
    text = written(rows_of(bodies), delimiter)
    body = text.index("\n") + 1
    at = data.draw(st.integers(body, len(text)))
    spoilt = (
        text[:at]
        + data.draw(st.sampled_from(['"', delimiter, "\n", '"\n', "\x00", "é"]))
        + text[at:]
    )
    path = tmp_path / "x.csv"
    path.write_text(spoilt, "utf-8", newline="")

    items = list(read_table(path, "x", layout(delimiter)))
    found = told(items)

    cut = {f"ID{n:04}" for n in range(len(bodies)) if f"ID{n:04}" not in spoilt}
    assert all(f"ID{n:04}" in found for n in range(len(bodies)) if f"ID{n:04}" not in cut)
    kept = [item.report.accession for item in items if isinstance(item, Accepted)]
    assert len(kept) == len(set(kept))


STARTS = [
    b"", b"accession,performed,report_text\n", b'{"resourceType":"Bundle","entry":[', b"MSH|^~\\&|",
    b'{"resourceType":"DiagnosticReport"}\n{', b"PK\x03\x04", b"\xff\xfe", b"%PDF-1.7",
]  # fmt: skip


@anywhere
@given(st.binary(max_size=600), st.sampled_from(STARTS))
def test_no_bytes_crash_any_reader(tmp_path: Path, tail: bytes, head: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(head + tail)
    try:
        items = list(open_reports(path, "x.bin")[1])
    except DomainError:
        return
    for item in items:
        assert item.position.source == "x.bin"
        assert isinstance(item, Accepted) or (item.code and str(item))


@anywhere
@given(st.text(alphabet='ab,"\n\r', max_size=200), st.integers(0, 1))
def test_every_line_belongs_to_one_row(text: str, sound: int) -> None:
    is_sound: Callable[[object], bool] | None = (lambda cells: len(cells) == 2) if sound else None  # type: ignore[arg-type]

    rows = list(read_rows(io.StringIO(text, newline=""), Dialect(","), is_sound))

    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert not rows or lines[0] == 1


@anywhere
@given(st.text(alphabet='ab,"\n\r', max_size=120), st.integers(0, 1), st.integers(1, 9))
def test_rows_are_the_same_however_little_is_read_at_once(
    monkeypatch: pytest.MonkeyPatch, text: str, sound: int, piece: int
) -> None:
    is_sound: Callable[[object], bool] | None = (lambda cells: len(cells) == 2) if sound else None  # type: ignore[arg-type]

    whole = list(read_rows(io.StringIO(text, newline=""), Dialect(","), is_sound))
    monkeypatch.setattr(rows_module, "_PIECE", piece)

    assert list(read_rows(io.StringIO(text, newline=""), Dialect(","), is_sound)) == whole


def test_a_line_without_end_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MAX_LINE", 40)
    monkeypatch.setattr(rows_module, "_PIECE", 16)
    text = "a,b\n" + "x" * 100 + ",y\r\nc,d\n" + "e," * 60

    found = [
        (row.line, row.cells, row.code)
        for row in read_rows(io.StringIO(text, newline=""), Dialect(","))
    ]

    refused = (), "line_too_long"
    assert found == [(1, ["a", "b"], ""), (2, *refused), (3, ["c", "d"], ""), (4, *refused)]


def peak(path: Path) -> int:
    start()
    count = sum(isinstance(item, Accepted | Refused) for item in open_reports(path, path.name)[1])
    found = get_traced_memory()[1]
    stop()
    assert count
    return found


def table(path: Path, count: int) -> Path:
    path.write_text(written(rows_of([f"{n} Normal liver. " * 60 for n in range(count)]), ","))
    return path


def bundle(path: Path, count: int) -> Path:
    reports = (
        {"resource": {
            "resourceType": "DiagnosticReport", "id": f"r{n}", "status": "final",
            "category": [{"coding": [{"code": "RAD"}]}], "effectiveDateTime": "2026-03-31",
            "conclusion": f"{n} Normal liver. " * 60}}
        for n in range(count)
    )  # fmt: skip
    with path.open("w") as file:
        file.write('{"resourceType":"Bundle","entry":[')
        file.write(",".join(json.dumps(report) for report in reports))
        file.write("]}")
    return path


@pytest.mark.parametrize("make", [table, bundle])
def test_memory_hardly_grows_with_the_file(
    tmp_path: Path, make: Callable[[Path, int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that these few megabytes are taken apart as hundreds would be.
    monkeypatch.setattr("peeraudit.adapters.readers.json_pieces._AT_ONCE", 100_000)
    less, more = make(tmp_path / "less", 500), make(tmp_path / "more", 4_000)
    growth = more.stat().st_size - less.stat().st_size

    assert peak(more) - peak(less) < growth / 4
