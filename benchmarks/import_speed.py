"""How fast deals and their lines are imported, and in how much memory.

Makes books of a given size as CSV and as Parquet, imports each in a process of its own into an
empty workspace, and prints rows per second and the peak of its memory:

    python benchmarks/import_speed.py --deals 10000000
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from counterpoise.books.workspace import Workspace

PEOPLE, PRODUCTS, DEALS_AN_ACCOUNT = 200, 500, 20

_DEALS = """
SELECT 'D' || lpad(i::VARCHAR, 8, '0') AS deal_id, 'Deal ' || i AS name,
       'A' || hash(i) % {accounts} AS account_id, 'R' || hash(i + 1) % {people} AS owner_id,
       ['web', 'referral', 'event', 'outbound'][1 + (hash(i + 2) % 4)::BIGINT] AS source,
       ['new', 'growth', 'renewal'][1 + (hash(i + 3) % 3)::BIGINT] AS kind,
       ['open', 'lost', 'lost', 'won', 'won'][1 + (hash(i + 4) % 5)::BIGINT] AS outcome,
       TIMESTAMP '2022-01-01' + to_seconds((hash(i + 5) % 120000000)::BIGINT) AS created_at,
       CASE WHEN outcome <> 'open'
            THEN created_at + to_seconds((hash(i + 6) % 8000000)::BIGINT) END AS closed_at,
       ({listed})::DECIMAL(18, 2) AS list_amount, ({net})::DECIMAL(18, 2) AS net_amount,
       12 * (1 + (hash(i + 8) % 3)::BIGINT) AS term_months, 'upfront' AS payment
FROM range({deals}) AS numbers(i)
"""
_LINES = """
SELECT 'D' || lpad(i::VARCHAR, 8, '0') AS deal_id, 1 AS line_no,
       'P' || hash(i) % {products} AS product_id, 1 AS quantity,
       ({listed})::DECIMAL(18, 2) AS list_price, ({net})::DECIMAL(18, 2) AS net_price,
       round(list_price * 0.6, 2) AS unit_cost
FROM range({deals}) AS numbers(i)
"""
_LISTED = "1000 + hash(i + 10) % 90000"
_NET = f"round(({_LISTED}) * (80 + hash(i + 11) % 21) / 100, 2)"
_OTHERS = {
    "people": "SELECT 'R' || i AS person_id, 'Rep ' || i AS name, 'sales' AS side "
    "FROM range({people}) AS numbers(i)",
    "accounts": "SELECT 'A' || i AS account_id, 'Account ' || i AS name, "
    "hash(i) % 5000 AS employees FROM range({accounts}) AS numbers(i)",
    "products": "SELECT 'P' || i AS product_id, 'Product ' || i AS name, 1000 AS list_price "
    "FROM range({products}) AS numbers(i)",
}
_FORMATS = {
    "csv": "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S'",
    "parquet": "FORMAT parquet",
}
_IMPORT = """
import sys
from counterpoise.books import Workspace, import_books

class Told:
    def start(self, title, total=None):
        import time
        self.title, self.began = title, time.monotonic()
    def advance(self, amount=1):
        pass
    def done(self):
        import time
        print(f"{time.monotonic() - self.began:.2f}\\t{self.title}")

report = import_books(Workspace.open(sys.argv[1]), sys.argv[2], progress=Told())
assert not report.problems, report.problems
"""


@dataclass(frozen=True)
class Measure:
    """One import: its size, time, memory, and the seconds of each step."""

    form: str
    rows: int
    file_bytes: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    steps: tuple[tuple[str, float], ...]


def make(folder: Path, form: str, deals: int) -> Path:
    """Write the tables of books with that many deals, and as many lines, in one format."""
    place = folder / form
    place.mkdir()
    sizes = {
        "deals": deals,
        "accounts": max(deals // DEALS_AN_ACCOUNT, 1),
        "people": PEOPLE,
        "products": PRODUCTS,
        "listed": _LISTED,
        "net": _NET,
    }
    with duckdb.connect() as connection:
        for name, query in {"deals": _DEALS, "deal_lines": _LINES, **_OTHERS}.items():
            target = place / f"{name}.{form}"
            options = _FORMATS[form]
            connection.execute(f"COPY ({query.format(**sizes)}) TO '{target}' ({options})")
    return place


def measure(folder: Path, source: Path, deals: int) -> Measure:
    """Import a source into an empty workspace, in a process of its own."""
    workspace = Workspace.create(folder / f"workspace-{source.name}")
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-c", _IMPORT, str(workspace.root), str(source)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines = child.stdout.read().splitlines()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    if status:
        raise SystemExit(f"the import of {source} failed")
    steps = (line.split("\t") for line in lines)
    return Measure(
        form=source.name,
        rows=2 * deals,
        file_bytes=sum(file.stat().st_size for file in source.iterdir()),
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        steps=tuple((title, float(spent)) for spent, title in steps),
    )


def show(measures: list[Measure]) -> None:
    """Print the measures as a table, and what each step took."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(
        f"{'format':8} {'rows':>12} {'files':>8} {'wall':>8} {'CPU':>8} {'rows/s':>10} {'peak':>8}"
    )
    for one in measures:
        print(
            f"{one.form:8} {one.rows:12,} {one.file_bytes / 1e9:5.2f} GB {one.seconds:6.1f} s "
            f"{one.cpu_seconds:6.1f} s {one.rows / one.seconds:10,.0f} "
            f"{one.peak_bytes / 2**30:4.2f} GiB"
        )
    for one in measures:
        spent = ", ".join(
            f"{title} {seconds:.1f} s" for title, seconds in one.steps if seconds > 0.1
        )
        print(f"{one.form}: {spent}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--deals", type=int, default=1_000_000, help="as many lines are made too")
    parser.add_argument("--folder", type=Path, help="where to make the files; a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        measures = []
        for form in _FORMATS:
            source = make(folder, form, options.deals)
            measures.append(measure(folder, source, options.deals))
    show(measures)


if __name__ == "__main__":
    main()
