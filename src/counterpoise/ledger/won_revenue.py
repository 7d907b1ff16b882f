"""Won revenue beside the figure that the CRM's own report gives, and what parts the two.

A report of a CRM counts by other rules than the books do: it adds euros to dollars, counts a
duplicate twice, takes the head of a deal where the lines say otherwise. Each such difference is
measured here by itself, and the fewest that together make up the whole difference explain it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import chain, combinations

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from counterpoise.books.facts import View, deal_facts
from counterpoise.books.money import MONEY, product
from counterpoise.books.snapshot import SET_ASIDE

ZERO = Decimal(0)
_TO_THE_CENT = Decimal("0.01")
_ROUNDED = Decimal("0.0005")
"""Reports are read off rounded: what is left below this part of the figure is rounding."""
_WON = frozenset({"won", "closed won", "closedwon", "won deal"})


class Cause(StrEnum):
    """Why a report may give more or less than the books."""

    DUPLICATES = "duplicates"
    SET_ASIDE = "set_aside"
    CURRENCIES = "currencies"
    LINES = "lines"
    LIST_FOR_NET = "list_for_net"
    AT_LIST = "at_list"
    CLOSED_LATER = "closed_later"
    UNDATED = "undated"
    CANCELLED = "cancelled"
    UNPRICED = "unpriced"

    @property
    def says(self) -> str:
        """Say what a report does that makes the difference."""
        return _SAYS[self]


_SAYS = {
    Cause.DUPLICATES: "counts deals twice that stand twice in the export",
    Cause.SET_ASIDE: "counts won deals whose rows could not be used here and were set aside",
    Cause.CURRENCIES: "adds up foreign currencies as if they were the workspace's",
    Cause.LINES: "takes the amount of the deal where its lines add up to another",
    Cause.LIST_FOR_NET: "takes the list value of won deals whose net nobody wrote down",
    Cause.AT_LIST: "adds up list values instead of net",
    Cause.CLOSED_LATER: "counts deals that were won after the day up to which the books are read",
    Cause.UNDATED: "leaves out won deals without a closing date",
    Cause.CANCELLED: "counts deals that were won and cancelled afterwards",
    Cause.UNPRICED: "leaves out won deals whose list value is unknown",
}


@dataclass(frozen=True)
class Difference:
    """What a report gives more than the books, less when negative, for one cause."""

    cause: Cause
    deals: int
    amount: Decimal


@dataclass(frozen=True)
class WonRevenue:
    """Net of all won deals, as the books have it, and what would make another figure of it."""

    net: Decimal
    deals: int
    without_net: int
    """Won deals that add nothing, since their net is unknown."""
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Explanation:
    """The figure of a report beside that of the books."""

    reported: Decimal
    found: WonRevenue
    because: tuple[Difference, ...]
    """The differences that together come nearest to the whole one; the fewest that do."""

    @property
    def difference(self) -> Decimal:
        """Return how much more the report gives."""
        return self.reported - self.found.net

    @property
    def unexplained(self) -> Decimal:
        """Return what no cause explains."""
        return self.difference - _added(self.because)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is left to explain but rounding."""
        return abs(self.unexplained) <= _tolerance(self.reported)

    @property
    def others(self) -> tuple[Difference, ...]:
        """Return the causes that are there and play no part."""
        return tuple(each for each in self.found.differences if each not in self.because)


def explain(found: WonRevenue, reported: Decimal) -> Explanation:
    """Explain the difference between a report's won revenue and the books'.

    Of all sets of causes the smallest is taken that explains it but for rounding; where none
    does, the one that leaves least.
    """
    wanted = reported - found.net
    if abs(wanted) <= _TO_THE_CENT:
        return Explanation(reported, found, ())
    tolerance = _tolerance(reported)

    def rank(chosen: Sequence[Difference]) -> tuple[Decimal, int, Decimal]:
        left = abs(wanted - _added(chosen))
        return (max(left - tolerance, ZERO), len(chosen), left)

    return Explanation(reported, found, min(_sets(found.differences), key=rank))


def won_revenue(view: View) -> WonRevenue:
    """Add up won revenue as the books have it, and each cause by which a report may differ."""
    deals = _deals(view)
    sums = {
        f"{cause.value}_{part}": measure
        for cause, (where, amount) in _measures(view, deals).items()
        for part, measure in (
            ("deals", where.sum()),
            ("amount", amount.sum(where=where).cast(MONEY)),
        )
    }
    won = deals.outcome == "won"
    whole = {
        "net": deals.net_amount.sum(where=won).cast(MONEY),
        "deals": won.sum(),
        "without_net": (won & deals.net_amount.isnull()).sum(),
    }
    row = view.books.run(deals.aggregate(**whole, **sums)).to_pylist()[0]
    measured = (
        Difference(cause, row[f"{cause}_deals"] or 0, row[f"{cause}_amount"] or ZERO)
        for cause in _measures(view, deals)
    )
    every = [*_aside(view), *measured]
    return WonRevenue(
        net=row["net"] or ZERO,
        deals=row["deals"] or 0,
        without_net=row["without_net"] or 0,
        differences=tuple(each for each in every if each.deals and each.amount),
    )


def _deals(view: View) -> ir.Table:
    """Return the deals' facts beside what their heads and lines say before any conversion.

    Grain: a deal known by the as-of day. Adds `head_net`, `raw_net`, `raw_outcome`.
    """
    raw = view.books.table("deals")
    heads = raw.select(
        head_deal=raw.deal_id,
        head_net=raw.net_amount,
        raw_outcome=raw.outcome,
    )
    facts = deal_facts(view.books, view.as_of)
    joined = facts.left_join(heads, facts.deal_id == heads.head_deal)
    if not view.books.has("deal_lines"):
        return joined.mutate(raw_net=joined.head_net.cast(MONEY))
    lines = view.books.table("deal_lines")
    sums = lines.group_by(lined_deal=lines.deal_id).aggregate(
        line_net=product(lines.quantity, lines.net_price).sum().cast(MONEY)
    )
    lined = joined.left_join(sums, joined.deal_id == sums.lined_deal)
    return lined.mutate(raw_net=ibis.coalesce(lined.line_net, lined.head_net.cast(MONEY)))


def _measures(view: View, deals: ir.Table) -> dict[Cause, tuple[ir.BooleanValue, ir.Value]]:
    """Return, by cause, which deals it is about and what the report gives more for each."""
    won = deals.outcome == "won"
    home = deals.currency.isnull() | (deals.currency == view.books.workspace.currency)
    net, listed = deals.net_amount, deals.list_amount
    parts = deals.has_lines & home & (deals.head_net.cast(MONEY) != net)
    return {
        Cause.CURRENCIES: (_sure(won & ~home & net.notnull()), deals.raw_net - net),
        Cause.LINES: (_sure(won & parts), deals.head_net.cast(MONEY) - net),
        Cause.LIST_FOR_NET: (_sure(won & net.isnull() & listed.notnull()), listed),
        Cause.AT_LIST: (_sure(won & (listed != net)), listed - net),
        Cause.CLOSED_LATER: (_sure((deals.outcome == "open") & (deals.raw_outcome == "won")), net),
        Cause.UNDATED: (_sure(won & deals.day.isnull()), -net),
        Cause.CANCELLED: (_sure(deals.outcome == "cancelled"), net),
        Cause.UNPRICED: (_sure(won & listed.isnull() & net.notnull()), -net),
    }


def _sure(test: ir.BooleanValue) -> ir.BooleanValue:
    return ibis.coalesce(test, ibis.literal(False))


def _aside(view: View) -> Iterator[Difference]:
    """Measure the won deals among the rows that were set aside: duplicates, and the others."""
    found: dict[Cause, list[Decimal]] = {Cause.DUPLICATES: [], Cause.SET_ASIDE: []}
    for rule, row in _rows_aside(view):
        amount = _read_amount(row.get("net_amount"))
        if str(row.get("outcome") or "").strip().casefold() in _WON and amount is not None:
            cause = Cause.DUPLICATES if rule == "duplicate_key" else Cause.SET_ASIDE
            found[cause].append(amount)
    for cause, amounts in found.items():
        yield Difference(cause, len(amounts), sum(amounts, ZERO))


def _rows_aside(view: View) -> Iterator[tuple[str, dict[str, object]]]:
    file = view.books.folder / SET_ASIDE
    if file.exists():
        rows = pq.read_table(file, columns=["rule", "row"], filters=[("table", "=", "deals")])
        for each in rows.to_pylist():
            yield each["rule"], json.loads(each["row"])


def _read_amount(written: object) -> Decimal | None:
    """Read an amount of a row that could not be used; what is no plain number is unknown."""
    try:
        amount = Decimal(str(written).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _sets(differences: Sequence[Difference]) -> Iterable[tuple[Difference, ...]]:
    sizes = range(len(differences) + 1)
    return chain.from_iterable(combinations(differences, size) for size in sizes)


def _added(differences: Iterable[Difference]) -> Decimal:
    return sum((each.amount for each in differences), ZERO)


def _tolerance(reported: Decimal) -> Decimal:
    return max(_TO_THE_CENT, min(abs(reported) * _ROUNDED, Decimal(500)))
