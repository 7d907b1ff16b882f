"""How fast past deals are replayed: one candidate, a hundred that differ in rates, and plainly.

Run `python -m benchmarks.replay_speed [DEALS]`. Made-up books with as many lines as deals are
written first. Plain is what there was before: judge all deals by the candidate and by the agreement
of their day, and count the pairs of verdicts. It runs in the same process, on the same books.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.review_books import make_books
from counterpoise.agreement import Agreement, Agreements, load_agreements
from counterpoise.books import Books
from counterpoise.desk.judged import judged_deals
from counterpoise.desk.replay import always
from counterpoise.rehearse import Replaying, replay_many
from counterpoise.rehearse.replay import Replay, Verdict

DEALS = 1_000_000
CANDIDATES = 100
AS_OF = dt.date(2026, 6, 30)
_POINT = Decimal("0.001")
_KIBIBYTES = 1024

T = TypeVar("T")


def with_rates_cut(agreement: Agreement, by: Decimal) -> Agreement:
    """Return an agreement whose limits are lower by so much, and never below 0."""
    limits = [
        row.model_copy(
            update={"up_to": {who: max(Decimal(0), rate - by) for who, rate in row.up_to.items()}}
        )
        for row in agreement.discounts.limits
    ]
    discounts = agreement.discounts.model_copy(update={"limits": tuple(limits)})
    return agreement.model_copy(update={"discounts": discounts})


def with_other_conditions(agreement: Agreement) -> Agreement:
    """Return an agreement whose rows are tried in another order."""
    limits = agreement.discounts.limits
    discounts = agreement.discounts.model_copy(
        update={"limits": (limits[1], limits[0], *limits[2:])}
    )
    return agreement.model_copy(update={"discounts": discounts})


def plainly(books: Books, agreements: Agreements, candidate: Agreement) -> int:
    """Judge all deals twice; return how many differ in verdict or approver."""
    both = (agreements, always(candidate))
    read = ("deal_id", "outcome", "verdict", "approver")
    was, now = (judged_deals(books, each, AS_OF, reads=read) for each in both)
    now = now.select(again="deal_id", said=now.verdict, by=now.approver)
    joined = was.filter(was.outcome != "open").inner_join(now, was.deal_id == now.again)
    counted = joined.group_by("verdict", "approver", "said", "by").aggregate(deals=joined.count())
    rows = books.run(counted).to_pylist()
    return sum(row["deals"] for row in rows if _is_moved(row))


def _is_moved(row: Mapping[str, Any]) -> bool:
    """Tell whether two answers differ; who would have to approve matters where somebody must."""
    if row["verdict"] != row["said"]:
        return True
    return bool(row["said"] == "needs_approval" and row["approver"] != row["by"])


def replayed(found: Replay) -> int:
    """Return how many deals a replay finds that judging plainly tells apart, too.

    That calls a deal unjudged where no agreement was in force.
    """
    answered = [each for each in found.first_answers if each.now.verdict is not Verdict.UNJUDGED]
    return found.changed.deals + sum(each.sums.deals for each in answered)


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    """Do work, print how long it took, and return both."""
    before = time.perf_counter(), time.process_time()
    found = work()
    clock, processor = time.perf_counter() - before[0], time.process_time() - before[1]
    print(f"{name:<52}{clock:>8.2f} s {processor:>8.2f} s of processors", flush=True)
    return found, clock


def main(deals: int) -> None:
    """Make books, replay, and print a table."""
    print(f"{deals:,} deals and lines; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_books(Path(folder) / "company", deals)
        agreements = load_agreements(workspace.root)
        agreement = agreements.versions[-1].agreement
        with Books.open(workspace) as books:
            books.engine  # noqa: B018 - opened now, so that nobody's first query pays for it
            run(books, agreements, agreement)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIBIBYTES**2
    print(f"{peak:.2f} GiB at most; load {os.getloadavg()[0]:.1f}")


def run(books: Books, agreements: Agreements, agreement: Agreement) -> None:
    """Time what a rehearsal does, and what it would do plainly."""
    replaying, _ = timed(
        "past deals read and answered as of then", lambda: Replaying.of(books, agreements, AS_OF)
    )
    others = [with_rates_cut(agreement, _POINT * (at + 1)) for at in range(CANDIDATES)]
    first, _ = timed("one candidate", lambda: replaying.replay(others[0]))
    timed("one with other conditions", lambda: replaying.replay(with_other_conditions(agreement)))
    timed("one more that differs in rates alone", lambda: replaying.replay(others[1]))
    name = f"{CANDIDATES} that differ in rates alone"
    _, many = timed(name, lambda: replay_many(replaying, others))
    moved, plain = timed("one candidate plainly", lambda: plainly(books, agreements, others[0]))
    print(f"{CANDIDATES} take as long as {many / plain:.1f} plain ones")
    if moved != replayed(first):
        raise SystemExit(f"plainly {moved:,} deals differ, replayed {replayed(first):,}")
    print(f"both find {moved:,} deals that differ")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEALS)
