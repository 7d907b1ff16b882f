"""The promotion calendar under another agreement: verdicts, spend, and what promotions brought.

The replay judges every past promotion by the agreement of its day and by a candidate, and assumes
nothing. The effect says what would have been otherwise if those that the candidate newly refuses
had not run: the volume that they brought is lost, with its dip and with what they took from
neighbours, and what they earned or lost after their cost goes with it. It stands on the measured
lift (see `ledger.lift`, `ledger.promotion_earned`) with its intervals, and is refused where that
is, where too few promotions are newly refused, or where deeper cuts seem to sell less: an
unrecorded cause drives both then. It takes for given that nothing is promoted in their place.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.desk.judge_promotions import judge_promotions
from counterpoise.desk.replay import always
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import lift
from counterpoise.ledger.promotion_earned import PromotionBook, promotion_book
from counterpoise.ledger.promotion_weeks import panel
from counterpoise.ledger.within import Refused
from counterpoise.rehearse.refusal import ONE_SIDED_5

FEWEST_PROMOTIONS = 20
"""Promotions newly refused without which an effect says nothing of the like of them."""
_REFUSED, _ASKS = "refused", "needs_approval"


@dataclass(frozen=True)
class CalendarReplay:
    """Every promotion of the books under a candidate and under the agreement of its day.

    Attributes:
        promotions: How many.
        changed: Verdicts then and now, with how many promotions went from one to the other.
        approvals: How many the candidate leaves to each role or pair.
        spend: Trade spend of all, as far as on record.
        freed: Trade spend of those that the candidate refuses and the agreement of then did not.
        allowed: Trade spend of those that it no longer refuses.
    """

    promotions: int
    changed: Mapping[tuple[str, str], int]
    approvals: Mapping[str, int]
    spend: float
    freed: float
    allowed: float

    @property
    def verdicts_changed(self) -> int:
        """Return how many promotions meet another verdict."""
        return sum(count for (then, now), count in self.changed.items() if then != now)

    @property
    def newly_refused(self) -> int:
        """Return how many are refused that were not."""
        pairs = self.changed.items()
        return sum(n for (then, now), n in pairs if now == _REFUSED and then != _REFUSED)


@dataclass(frozen=True)
class CalendarEffect:
    """What would have been otherwise without the promotions that the candidate newly refuses.

    Attributes:
        promotions: How many of them have a week on deal.
        units: Units sold less (below 0) or more.
        margin: Margin after trade spend, more (above 0: they had lost money) or less.
        assumes: What must hold.
    """

    promotions: int
    units: Estimate
    margin: Estimate
    assumes: str = "Nothing is promoted in their place, and other promotions run as they did."


@dataclass(frozen=True)
class CalendarRehearsal:
    """The replay of a calendar, and its effect or why that is refused."""

    replay: CalendarReplay
    effect: CalendarEffect | Refused


def rehearse_calendar(
    books: Books, agreements: Agreements, candidate: Agreement, as_of: dt.date
) -> CalendarRehearsal:
    """Try a candidate on the promotions of the past.

    Args:
        books: The facts.
        agreements: Every version; a promotion's is the one in force on its first day.
        candidate: The agreement to try, as if in force on every day.
        as_of: The day up to whose end the books are read.
    """
    both = _both(books, agreements, candidate, as_of)
    return CalendarRehearsal(_replay(books, both), _effect(View(books, as_of), both))


def _both(books: Books, agreements: Agreements, candidate: Agreement, as_of: dt.date) -> ir.Table:
    """Return every promotion with its verdict then and now, kept."""
    then = judge_promotions(books, agreements, as_of)
    then = then.select("promotion_id", "trade_spend", was="verdict")
    now = judge_promotions(books, always(candidate), as_of)
    now = now.select(judged="promotion_id", verdict="verdict", approver="approver")
    then, now = books.keep(then, "judged_then"), books.keep(now, "judged_now")
    joined = then.inner_join(now, then.promotion_id == now.judged).drop("judged")
    return books.keep(joined, "calendar_replay")


def _replay(books: Books, both: ir.Table) -> CalendarReplay:
    spend = ibis.coalesce(both.trade_spend.cast("float64"), 0.0)
    sums = both.mutate(spend=spend).group_by("was", "verdict", "approver")
    rows = books.run(sums.aggregate(n=ibis._.count(), spend=ibis._.spend.sum())).to_pylist()
    changed: Counter[tuple[str, str]] = Counter()
    approvals: Counter[str] = Counter()
    for row in rows:
        changed[row["was"], row["verdict"]] += row["n"]
        if row["verdict"] == _ASKS and row["approver"]:
            approvals[row["approver"]] += row["n"]
    freed = [row for row in rows if row["verdict"] == _REFUSED and row["was"] != _REFUSED]
    allowed = [row for row in rows if row["was"] == _REFUSED and row["verdict"] != _REFUSED]
    return CalendarReplay(
        promotions=sum(row["n"] for row in rows),
        changed=dict(sorted(changed.items())),
        approvals=dict(sorted(approvals.items())),
        spend=sum(row["spend"] for row in rows),
        freed=sum(row["spend"] for row in freed),
        allowed=sum(row["spend"] for row in allowed),
    )


def _effect(view: View, both: ir.Table) -> CalendarEffect | Refused:
    weeks = panel(view)
    if isinstance(weeks, Refused):
        return weeks
    found = lift(view.books, weeks)
    if isinstance(found, Refused):
        return found
    depth = found.fit.slope("depth")
    if depth and depth.value + ONE_SIDED_5 * depth.error < 0:
        return Refused(
            "Deeper cuts seem to sell less in these weeks, so something that is not on record "
            "drives both. Record what promotions were timed by."
        )
    book = promotion_book(view, weeks, found)
    if isinstance(book, Refused):
        return book
    dropped = both.filter((both.verdict == _REFUSED) & (both.was != _REFUSED))
    return _without(book, dropped.select("promotion_id"))


def _without(book: PromotionBook, dropped: ir.Table) -> CalendarEffect | Refused:
    count = len(book.earned(dropped))
    if count < FEWEST_PROMOTIONS:
        return Refused(
            f"The candidate newly refuses {count:,} promotions with a week on deal; fewer than "
            f"{FEWEST_PROMOTIONS} tell nothing of what it would do."
        )
    units, margin = book.whole(dropped)
    return CalendarEffect(count, units.turned(), margin.turned())
