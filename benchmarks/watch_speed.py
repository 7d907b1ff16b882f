"""How fast books are reviewed with the watch, and in how much memory.

Makes books of a given size (as many deals, lines and leads, three times as many touches), reviews
and watches them in a process of its own, and prints time and peak memory:

    python -m benchmarks.watch_speed --deals 10000000
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.review_speed import Measure, measure
from benchmarks.watch_books import make_books
from counterpoise.books.workspace import Workspace


def show(deals: int, found: Measure) -> None:
    """Print what was measured."""
    watch = found.answer["watch"]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {version('duckdb')}; {deals:,} deals, lines and leads, {3 * deals:,} touches"
    )
    print(
        f"{found.seconds:.1f} s, {found.cpu_seconds:.1f} s of CPU, "
        f"{found.peak_bytes / 2**30:.2f} GiB at most"
    )
    print(f"{watch['questions']:,} questions asked, {len(found.answer['cracks'])} cracks")


def the_books(folder: Path, deals: int) -> Workspace:
    """Return books of that size, made where they are not there yet."""
    root = folder / f"watch-{deals}"
    if (root / "books" / "current").exists():
        return Workspace.open(root)
    return make_books(root, deals)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where books are made, and found again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = options.folder or Path(name)
        workspace = the_books(folder, options.deals)
        found = measure("watch", "one_watch.py", workspace.root, Path(name) / "answer.json")
    show(options.deals, found)


if __name__ == "__main__":
    main()
