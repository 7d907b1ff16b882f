"""Put what `benchmarks.rehearse` found into the page on the rehearsal.

python -m scripts.rehearse_figures results.jsonl
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.rehearse import read
from benchmarks.rehearse_results import hidden_table, shapes_table
from scripts.watch_figures import filled

PAGE = Path(__file__).resolve().parent.parent / "docs/explanation/rehearsal.md"


def main() -> None:
    """Fill the page from a file of results."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    records = read(Path(sys.argv[1]))
    figures = {"shapes": shapes_table(records), "hidden": hidden_table(records)}
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main()
