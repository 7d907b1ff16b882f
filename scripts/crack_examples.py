"""Write what the cracks of made-up companies say: `python -m scripts.crack_examples`.

In one company much goes wrong in sales, in another in marketing; the reference page on cracks
quotes what the watch says of each planted fault that it finds.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.watch_company import Bench, Task, open_bench, open_company, planted
from counterpoise.demo import Faults, Order, all_faults
from counterpoise.demo.planting import Side
from counterpoise.watch import Found, Watched, watch
from scripts.cracks import EXAMPLES

SEED = 7


def faults_of(side: Side) -> Faults:
    """Return one fault of every kind that this side, or both together, should act on."""
    return Faults(
        tuple(
            Order(kind, variant)
            for kind, fault in all_faults().items()
            for variant in fault.variants[:1]
            if fault.side_of(variant) in (side, Side.BOTH)
        )
    )


def examples(bench: Bench, side: Side) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each kind that finds what was planted on it, and what it says."""
    with open_company(bench, Task("examples", SEED), faults_of(side)) as company:
        watched = company.watched()
        truth = {(each["kind"], each["type"], each["id"]) for each in planted(company.made)}
        for found in watch(watched).found:
            subject = found.crack.subject
            if (found.crack.kind, subject.type, subject.id) in truth:
                yield found.crack.kind, _told(watched, found)


def _told(watched: Watched, found: Found) -> dict[str, str]:
    return {
        "says": found.crack.says,
        "next_step": found.crack.next_step,
        "other_view": found.kind.other_view(watched, found.tested).says,
    }


def main() -> None:
    """Write the file."""
    told: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as scratch, open_bench(Path(scratch)) as bench:
        for side in (Side.SALES, Side.MARKETING):
            told |= dict(examples(bench, side))
    missing = sorted(set(all_faults()) - set(told))
    if missing:
        sys.stderr.write(f"not found, and so without an example: {', '.join(missing)}\n")
    EXAMPLES.write_text(
        json.dumps(dict(sorted(told.items())), indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
