"""Large tables of reports, made fast: few invented reports under many numbers."""

from collections.abc import Iterator

from peeraudit.domain.specimens.files import csv_lines
from peeraudit.domain.specimens.network import specimen_network
from peeraudit.domain.specimens.reports import specimen_reports

SPECIMENS = 2000
BYTES = 1600
FILLER = " Pas d'autre anomalie."


def table_lines(reports: int, prefix: str = "B", specimens: int = SPECIMENS) -> Iterator[str]:
    """Yield a table of so many different reports, of some 1,600 bytes each."""
    network = specimen_network("bench", departments=1, reviewers=6)
    head, *body = csv_lines(specimen_reports(network, min(reports, specimens)))
    columns = head.strip().split(",")
    # Both stand before any cell that may hold a comma.
    assert {"report_id", "accession"} == set(columns[:2])
    key, accession = columns.index("report_id"), columns.index("accession")
    yield head
    for number in range(reports):
        line = body[number % len(body)]
        cells = line.split(",", 2)
        cells[key], cells[accession] = f"{prefix}R{number}", f"{prefix}A{number}"
        row = ",".join(cells).rstrip("\r\n")
        filler = FILLER * max(0, (BYTES - len(line)) // len(FILLER))
        yield f'{row[:-1]}{filler}"\r\n' if row.endswith('"') else f"{row}\r\n"
