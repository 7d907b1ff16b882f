"""The promotion calendar under another agreement: verdicts, spend, and what promotions brought.

The replay judges every past promotion by the agreement of its day and by a candidate, and assumes
nothing; it names those that are newly refused, by which clause, and how they would have to give
way (see `giving_way`). The effect says what would have been otherwise if they had (see
`calendar_effect`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.desk.judge_promotions import judge_promotions
from counterpoise.desk.promotion_chain import WEEK
from counterpoise.desk.replay import always
from counterpoise.ledger.within import Refused
from counterpoise.rehearse.calendar_effect import CalendarEffect, calendar_effects
from counterpoise.rehearse.giving_way import REFUSED, Way, giving_way

MOST_TOLD = 20
"""Promotions that are named: those that free most spend first."""
_ASKS = "needs_approval"


@dataclass(frozen=True)
class GivenWay:
    """A promotion that is newly refused, and what becomes of it.

    Attributes:
        promotion_id: Whose.
        account_id: Where; None at all accounts.
        goods: Its product, else its family; None for all.
        starts_on: Its first day.
        ends_on: Its last.
        was: Its verdict under the agreement of its day.
        clause: The clause of the candidate that refuses it; None where several may.
        way: What becomes of it.
        rate: How deep it was; None where nobody knows.
        limit: How deep it may be; None where that is not the matter.
        weeks_kept: How many weeks it may run; None where that is not the matter.
        weeks_later: How many weeks later it would start.
        freed: Trade spend that this frees, as far as on record.
    """

    promotion_id: str
    account_id: str | None
    goods: str | None
    starts_on: dt.date
    ends_on: dt.date
    was: str
    clause: str | None
    way: Way
    rate: float | None
    limit: float | None
    weeks_kept: int | None
    weeks_later: int
    freed: float

    @property
    def says(self) -> str:
        """Say what becomes of it, and why.

        >>> from datetime import date
        >>> day = date(2026, 3, 2)
        >>> GivenWay(
        ...     "M1",
        ...     "A1",
        ...     "P1",
        ...     day,
        ...     day,
        ...     "granted",
        ...     "promotions.limits.juice",
        ...     Way.CUT,
        ...     0.3,
        ...     0.2,
        ...     None,
        ...     0,
        ...     50.0,
        ... ).says
        '30% was too deep: it runs at 20%'
        """
        parts = []
        if self.rate is not None and self.limit is not None:
            runs = f"it runs at {_percent(self.limit)}" if self.limit > 0 else "none is allowed"
            parts.append(f"{_percent(self.rate)} was too deep: {runs}")
        if self.weeks_kept is not None:
            runs = f"it runs for {self.weeks_kept}" if self.weeks_kept else "none is left"
            parts.append(f"too many weeks on deal: {runs}")
        if self.weeks_later:
            later = "a week" if self.weeks_later == 1 else f"{self.weeks_later} weeks"
            is_moved = self.way is Way.MOVED
            runs = f"it starts {later} later" if is_moved else f"{later} later does not fit"
            parts.append(f"too soon after another: {runs}")
        said = "; ".join(parts) or "nobody may grant it"
        return f"{said}; it does not run" if self.way is Way.NOT_RUN else said


@dataclass(frozen=True)
class CalendarReplay:
    """Every promotion of the books under a candidate and under the agreement of its day.

    Attributes:
        promotions: How many.
        changed: Verdicts then and now, with how many promotions went from one to the other.
        approvals: How many the candidate leaves to each role or pair.
        spend: Trade spend of all, as far as on record.
        freed: Trade spend that those free which the candidate newly refuses: all of it where they
            do not run, else the part of their depth and days that goes.
        allowed: Trade spend of those that it no longer refuses.
        ways: What becomes of those newly refused, with how many go each way.
        told: The first of them, those that free most spend first.
    """

    promotions: int
    changed: Mapping[tuple[str, str], int]
    approvals: Mapping[str, int]
    spend: float
    freed: float
    allowed: float
    ways: Mapping[Way, int]
    told: tuple[GivenWay, ...]

    @property
    def verdicts_changed(self) -> int:
        """Return how many promotions meet another verdict."""
        return sum(count for (then, now), count in self.changed.items() if then != now)

    @property
    def newly_refused(self) -> int:
        """Return how many are refused that were not."""
        pairs = self.changed.items()
        return sum(n for (then, now), n in pairs if now == REFUSED and then != REFUSED)


@dataclass(frozen=True)
class CalendarRehearsal:
    """The replay of a calendar, and its effect, in all and by way, or why that is refused."""

    replay: CalendarReplay
    effect: CalendarEffect | Refused
    by_way: Mapping[Way, CalendarEffect | Refused]


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
    replay = _replay(books, both)
    found = calendar_effects(View(books, as_of), both, replay.ways)
    return CalendarRehearsal(replay, found.whole, found.by_way)


def _both(books: Books, agreements: Agreements, candidate: Agreement, as_of: dt.date) -> ir.Table:
    """Return every promotion with its verdict then and now, and how it gives way, kept."""
    then = judge_promotions(books, agreements, as_of)
    then = books.keep(then.select(judged="promotion_id", was="verdict"), "judged_then")
    now = judge_promotions(books, always(candidate), as_of)
    now = books.keep(now.select(*_SHOWN), "judged_now")
    joined = now.inner_join(then, now.promotion_id == then.judged).drop("judged")
    return books.keep(giving_way(joined, _last_day(View(books, as_of))), "calendar_replay")


def _last_day(view: View) -> dt.date:
    """Return the last day of the weeks of sell-through, at most the as-of day."""
    if not view.books.has("sell_through"):
        return view.as_of
    weeks = view.seen(view.books.table("sell_through"), "week")
    last: dt.date | None = view.books.run(weeks.week.max()).as_py()
    return min(view.as_of, last + dt.timedelta(days=6)) if last else view.as_of


_SHOWN = (
    "promotion_id",
    "account_id",
    "product_id",
    "product_family",
    "starts_on",
    "ends_on",
    "rate",
    "trade_spend",
    "verdict",
    "approver",
    "clause",
    "most_depth",
    "days_left",
    "days_too_soon",
    "days_free",
)


def _replay(books: Books, both: ir.Table) -> CalendarReplay:
    spend = ibis.coalesce(both.trade_spend.cast("float64"), 0.0)
    both = both.mutate(spend=spend, freed=spend * (1.0 - both.part_left))
    sums = both.group_by("was", "verdict", "approver", "way").aggregate(
        n=both.count(), spend=both.spend.sum(), freed=both.freed.sum()
    )
    rows = books.run(sums).to_pylist()
    changed: Counter[tuple[str, str]] = Counter()
    approvals: Counter[str] = Counter()
    ways: Counter[Way] = Counter()
    for row in rows:
        changed[row["was"], row["verdict"]] += row["n"]
        if row["verdict"] == _ASKS and row["approver"]:
            approvals[row["approver"]] += row["n"]
        if row["way"]:
            ways[Way(row["way"])] += row["n"]
    allowed = [row for row in rows if row["was"] == REFUSED and row["verdict"] != REFUSED]
    given = both.filter(both.way.notnull()).order_by(ibis.desc("freed"), "promotion_id")
    return CalendarReplay(
        promotions=sum(row["n"] for row in rows),
        changed=dict(sorted(changed.items())),
        approvals=dict(sorted(approvals.items())),
        spend=sum(row["spend"] for row in rows),
        freed=sum(row["freed"] for row in rows),
        allowed=sum(row["spend"] for row in allowed),
        ways={way: ways[way] for way in Way if ways[way]},
        told=tuple(map(_told, books.run(given.limit(MOST_TOLD)).to_pylist())),
    )


def _percent(rate: float) -> str:
    return f"{100 * rate:.10g}%"


def _told(row: Mapping[str, Any]) -> GivenWay:
    is_long = row["days_left"] is not None
    return GivenWay(
        promotion_id=row["promotion_id"],
        account_id=row["account_id"],
        goods=row["product_id"] or row["product_family"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        was=row["was"],
        clause=row["clause"],
        way=Way(row["way"]),
        rate=None if row["rate"] is None else float(row["rate"]),
        limit=None if row["cut_to"] is None else float(row["cut_to"]),
        weeks_kept=row["days_kept"] // WEEK if is_long else None,
        weeks_later=row["weeks_later"],
        freed=row["freed"],
    )
