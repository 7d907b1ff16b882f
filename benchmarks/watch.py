"""How often the watch cries wolf, and what it misses: made-up companies whose truth is known.

Companies of 12,000 deals, 40 reps and two years are made, imported and watched, each by the whole
watch. Four questions:

- *blameless*: how many companies without faults raise any crack;
- *weekly*: how many do in 26 reviews a week apart, a crack staying open as it would;
- *planted*: of one fault planted alone, how often it is found with its kind and its subject, and
  how many other cracks are raised beside it;
- *scale* and *size*: the same by the size of the fault, and of the firm.

Every company is one line of the results, written when it is done: stop at any time, run again to
go on, and ask for more companies later.

    python -m benchmarks.watch results.jsonl --companies 200
    python -m benchmarks.watch results.jsonl --only blameless planted --kinds leakage --companies 50
    python -m benchmarks.watch results.jsonl --summary
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import multiprocessing
import os
import sys
import tempfile
import traceback
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.watch_company import Bench, Task, open_bench, watch_company
from benchmarks.watch_results import PARTS, Results, mend
from counterpoise import demo, watch
from counterpoise.demo import all_faults

FIRST_SEED = 10_000
"""Seeds below belong to whoever tunes the watch."""
WEEKS = 26
COUNTS = {("discount_drift", "rep"): 2}
"""On how many subjects a fault is planted, where not on one."""
SCALES = (0.25, 0.5, 0.75, 1.25, 1.5)
"""Sizes of a fault, beside its usual one, which *planted* measures."""
SCALED = (
    ("discount_drift", "rep"),
    ("leakage", "rep"),
    ("quarter_end", "team"),
    ("slow_handoff", "rep"),
    ("threshold_hugging", "limit"),
    ("lead_quality", "campaign"),
    ("list_not_believed", "family"),
    ("persona_miss", "campaign"),
    ("score_bunching", "source"),
    ("tool_gap", "competitor"),
)
SIZES = ((900, 12), (3_000, 12))
"""Deals and reps of smaller firms; 12,000 and 40 are measured by the other parts."""


def tasks(part: str, companies: int, kinds: frozenset[str]) -> Iterator[Task]:
    """Yield the companies of a part, those of every kind of fault in turn."""
    for number in range(companies):
        yield from (_seeded(task, number) for task in _patterns(part) if _is_wanted(task, kinds))


def _patterns(part: str) -> Iterator[Task]:
    blameless = Task(part, 0)
    if part == "blameless":
        yield blameless
    elif part == "weekly":
        yield replace(blameless, weeks=WEEKS)
    elif part == "planted":
        yield from _planted(part)
    elif part == "scale":
        for scale in SCALES:
            yield from (
                replace(task, scale=scale)
                for task in _planted(part)
                if (task.kind, task.variant) in SCALED
            )
    else:
        for deals, reps in SIZES:
            for task in (blameless, *_planted(part)):
                yield replace(task, deals=deals, reps=reps)


def _planted(part: str) -> Iterator[Task]:
    for kind, fault in all_faults().items():
        for variant in fault.variants:
            count = COUNTS.get((kind, variant), 1)
            yield Task(part, 0, kind=kind, variant=variant, count=count)


def _is_wanted(task: Task, kinds: frozenset[str]) -> bool:
    return not kinds or not task.kind or task.kind in kinds


def _seeded(task: Task, number: int) -> Task:
    """Give a company its seed: a fault has the same companies at every scale."""
    part = "planted" if task.part == "scale" else task.part
    name = f"{part} {task.kind} {task.variant} {task.deals}"
    return replace(task, seed=FIRST_SEED + zlib.crc32(name.encode()) // 1_000 * 1_000 + number)


def code() -> str:
    """Return a fingerprint of the watch and of the companies, so that results are not mixed."""
    found = hashlib.sha256()
    for package in (watch, demo):
        for file in sorted(Path(package.__path__[0]).rglob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()[:12]


def run(file: Path, wanted: Iterable[Task], workers: int) -> int:
    """Watch what is not in the file yet, adding a line a company; return how many failed."""
    mend(file)
    done = Results.read(file).done
    left = [task for task in wanted if task not in done]
    mark, failed = code(), 0
    with (
        tempfile.TemporaryDirectory() as scratch,
        file.open("a", encoding="utf-8") as lines,
        ProcessPoolExecutor(workers, _SPAWNED, _begin, (Path(scratch),)) as pool,
    ):
        asked = {pool.submit(_watch, task): task for task in left}
        try:
            for number, answer in enumerate(as_completed(asked), 1):
                if error := answer.exception():
                    failed += 1
                    if failed == 1:
                        traceback.print_exception(error)
                    print(f"{asked[answer]} failed: {error!r}", file=sys.stderr)
                    continue
                lines.write(json.dumps({**answer.result(), "code": mark}) + "\n")
                lines.flush()
                if sys.stderr.isatty():
                    print(f"\r{number} of {len(left)}", end="", file=sys.stderr, flush=True)
        finally:
            pool.shutdown(cancel_futures=True)  # who interrupts does not wait for all the rest
    return failed


_SPAWNED = multiprocessing.get_context("spawn")
_OPEN = ExitStack()
_BENCHES: list[Bench] = []
_SELDOM = 500_000
"""Objects made between two looks for rubbish: statements that are kept make each look long."""


def _begin(scratch: Path) -> None:
    """Open the engine of a worker."""
    gc.set_threshold(_SELDOM)
    _BENCHES.append(_OPEN.enter_context(open_bench(scratch)))


def _watch(task: Task) -> dict[str, Any]:
    return watch_company(_BENCHES[0], task)


def main() -> None:
    """Run the benchmark, or sum up what it found so far."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path, help="where a line a company is added")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument("--kinds", nargs="+", default=[], help="plant these kinds of faults alone")
    parser.add_argument("--companies", type=int, default=200, help="a part, and a kind and variant")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--summary", action="store_true", help="run nothing")
    options = parser.parse_args()
    failed = 0
    if not options.summary:
        wanted = (
            task
            for part in options.only
            for task in tasks(part, options.companies, frozenset(options.kinds))
        )
        failed = run(options.results, wanted, options.workers)
    print(Results.read(options.results).summary())
    if failed:
        raise SystemExit(f"{failed} companies failed; run again to try them again")


if __name__ == "__main__":
    main()
