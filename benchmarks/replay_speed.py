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
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from benchmarks.review_books import make_books
from counterpoise.agreement import Agreement, Agreements, load_agreements
from counterpoise.books import Books
from counterpoise.desk.judged import judged_deals
from counterpoise.rehearse import Replaying, replay_many
from counterpoise.rehearse.past import always

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
    """Count the pairs of verdicts by judging all deals twice; return how many there are."""
    both = (agreements, always(candidate))
    read = ("deal_id", "outcome", "verdict", "approver")
    was, now = (judged_deals(books, each, AS_OF, reads=read) for each in both)
    now = now.select(again="deal_id", said=now.verdict, by=now.approver)
    joined = was.filter(was.outcome != "open").inner_join(now, was.deal_id == now.again)
    counted = joined.group_by("verdict", "approver", "said", "by").aggregate(deals=joined.count())
    return len(books.run(counted))


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
    timed("one candidate", lambda: replaying.replay(others[0]))
    timed("one with other conditions", lambda: replaying.replay(with_other_conditions(agreement)))
    timed("one more that differs in rates alone", lambda: replaying.replay(others[1]))
    _, many = timed(
        f"{CANDIDATES} that differ in rates alone", lambda: replay_many(replaying, others)
    )
    _, plain = timed("one candidate plainly", lambda: plainly(books, agreements, others[0]))
    print(f"a hundred take as long as {many / plain:.1f} plain ones")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEALS)
