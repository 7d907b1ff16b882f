"""How fast books are reviewed, and in how much memory, beside the same figures in pandas.

Makes books of a given size, reviews them in a process of its own, works the same figures out with
pandas in another, checks that both agree, and prints time and peak memory of each:

    python -m benchmarks.review_speed --deals 10000000
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.review_books import make_books

AS_OF = "2026-06-30"
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Measure:
    """One run: its time, memory, and what it printed."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    answer: dict[str, Any]


def measure(name: str, script: str, books: Path, answer: Path) -> Measure:
    """Run a script on books in a process of its own and read the JSON that it prints."""
    command = [sys.executable, str(Path(__file__).with_name(script)), str(books), AS_OF]
    began = time.monotonic()
    with answer.open("wb") as file:
        child = subprocess.Popen(command, stdout=file)
        _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    if status:
        raise SystemExit(f"{name} failed")
    return Measure(
        name=name,
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        answer=json.loads(answer.read_text(encoding="utf-8")),
    )


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """Name the figures in which the review and pandas part."""
    ledger, totals = ours["ledger"], theirs["totals"]
    steps = {step["step"]: step["amount"] for step in ledger["waterfall"]}
    pairs = {
        **{name: (ledger[name], totals[name]) for name in _SUMMED},
        "within_authority": (-steps["within_authority"], totals["within_authority"]),
        "unjudged": (-steps["unjudged"], totals["unjudged"]),
        "cost": (-steps["cost"], totals["cost"]),
        "won_days": (ledger["cycle"]["median_days"]["won"], theirs["days"]["won_days"]),
    }
    for grouping in ("owner", "segment", "source", "campaign"):
        rows = theirs["by"][grouping]
        for row in ledger["by"][grouping]:
            other = rows[row["key"] or "nan"] if (row["key"] or "nan") in rows else rows["None"]
            pairs |= {
                f"{grouping} {row['key']} {name}": (row[name], other[name]) for name in _SUMMED
            }
    for name, (mine, other) in pairs.items():
        if not math.isclose(mine, other, rel_tol=TOLERANCE, abs_tol=0.01):
            yield f"{name}: {mine} against {other}"


_SUMMED = ("deals_won", "deals_lost", "list_revenue", "net_revenue", "conceded", "above_list")


def show(deals: int, ours: Measure, theirs: Measure) -> None:
    """Print the measures as a table, and how they compare."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {version('duckdb')}, pandas {version('pandas')}; {deals:,} deals and lines"
    )
    print(f"{'':14} {'wall':>8} {'CPU':>9} {'peak':>9}")
    for one in (ours, theirs):
        print(
            f"{one.name:14} {one.seconds:6.1f} s {one.cpu_seconds:7.1f} s "
            f"{one.peak_bytes / 2**30:5.2f} GiB"
        )
    print(
        f"{theirs.seconds / ours.seconds:.1f} times faster, in "
        f"{ours.peak_bytes / theirs.peak_bytes:.2f} of its memory"
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--deals", type=int, default=1_000_000, help="as many lines are made too")
    parser.add_argument("--folder", type=Path, help="where to make the books; a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        workspace = make_books(folder / "books", options.deals)
        tables = workspace.books_dir / "snapshots" / "benchmark"
        ours = measure("counterpoise", "one_review.py", workspace.root, folder / "ours.json")
        theirs = measure("pandas", "pandas_review.py", tables, folder / "theirs.json")
    show(options.deals, ours, theirs)
    if parting := list(differences(ours.answer, theirs.answer)):
        raise SystemExit("the figures part: " + "; ".join(parting[:5]))


if __name__ == "__main__":
    main()
