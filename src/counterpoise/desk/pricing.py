"""Prices of a request: its lines or its whole amount as what is asked, what it costs, and at list.

Lines count where there are lines. Where they have no net price, the deal's net amount or rate is
shared among them in proportion to list.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from counterpoise.desk.book_facts import Record
from counterpoise.desk.case import CENT, ZERO, Difference, Unit
from counterpoise.desk.claims import STORED, stored
from counterpoise.desk.lookup import Lookup
from counterpoise.desk.request import NO_CLAIMS, AskedLine, Claims, Request

AMOUNTS = ("list_amount", "net_amount", "cost_amount")


class PricedLine(NamedTuple):
    """A line with its product's facts and its amounts; None where not known."""

    line_no: int
    quantity: Decimal
    facts: dict[str, Any]
    list_amount: Decimal | None
    net_amount: Decimal | None
    cost: Decimal | None
    states_cost: bool


class Priced(NamedTuple):
    """What is asked for, unit by unit, and the cost of the deal, None where not known."""

    units: tuple[Unit, ...]
    cost: Decimal | None


class Pricing:
    """One walk over the prices of a request; states what it finds in the deal's facts."""

    __slots__ = ("facts", "is_on_record", "lookup", "recorded", "request", "taken")

    def __init__(
        self, request: Request, facts: dict[str, Any], recorded: Record, lookup: Lookup
    ) -> None:
        self.request = request
        self.facts = facts
        self.recorded = recorded
        self.lookup = lookup
        self.taken: list[str] = []
        self.is_on_record = False

    def priced(self, *, by_line: bool) -> Priced:
        """Return what is asked, of the whole deal or line by line."""
        lines = self._lines()
        if not lines:
            return self._whole()
        claims = self.request.claims if lines is self.request.lines else NO_CLAIMS
        of_products = {
            column: claim for column, claim in claims.items() if column.startswith("product")
        }
        priced = [self._line(line, at, of_products) for at, line in enumerate(lines)]
        return self._of_lines(priced, by_line)

    # Lines

    def _lines(self) -> Sequence[AskedLine]:
        """Return the lines of the request, or those on record where it states no list price."""
        request = self.request
        if request.lines or request.list_amount is not None or not self.recorded:
            return request.lines
        self.is_on_record = True
        rows = self.lookup.books.lines(self.recorded["deal_id"])
        return [_on_record(row, with_net=not request.is_priced) for row in rows]

    def _line(self, line: AskedLine, at: int, claims: Claims) -> PricedLine:
        quantity, lookup = line.quantity, self.lookup
        facts = {**claims, **line.claims}
        listed = net = cost = None
        if line.list_price is not None:
            listed = lookup.converted(stored(quantity * line.list_price))
        if line.net_price is not None:
            net = lookup.converted(stored(quantity * line.net_price))
        if line.unit_cost is not None:
            cost = lookup.converted(stored(quantity * line.unit_cost))
        if line.product_id is not None:
            facts["product__product_id"] = line.product_id
            found = lookup.product(line.product_id, f"deal.lines[{at}].product_id")
            if found:
                lookup.fill(facts, found, "product")
                listed = self._chosen(line, "list_price", listed, found)
                cost = self._chosen(line, "unit_cost", cost, found)
        if listed is None:
            where = f"deal.lines[{at}].list_price"
            lookup.refuse(where, "no list price is given or on record; give it")
        states_cost = line.unit_cost is not None
        return PricedLine(line.line_no, quantity, facts, listed, net, cost, states_cost)

    def _chosen(
        self, line: AskedLine, name: str, claimed: Decimal | None, found: Record
    ) -> Decimal | None:
        """Choose between the amount of a claimed unit price and that of the price list.

        The price of a deal's own line on record is a fact of the books too, and the closer one.
        """
        price: Decimal | None = found.get(name)
        is_kept = self.is_on_record or not self.lookup.books_win
        if price is None or (claimed is not None and is_kept):
            return claimed
        recorded = stored(line.quantity * price)
        if claimed is not None and claimed != recorded:
            mine = line.list_price if name == "list_price" else line.unit_cost
            where = f"lines.{line.line_no}.{name}"
            self.lookup.differences.append(Difference(where, mine or ZERO, price))
        return recorded

    def _of_lines(self, lines: list[PricedLine], by_line: bool) -> Priced:
        self._check_sums(lines)
        self._take_largest(lines)
        lists = [line.list_amount for line in lines if line.list_amount is not None]
        if len(lists) < len(lines) or self.lookup.problems:
            return Priced((), None)
        nets = self._nets(lines, lists)
        cost = self._cost_of(lines)
        listed = sum(lists, ZERO)
        if nets is None:
            self._state(listed, None, cost)
            return Priced((), cost)
        net = sum(nets, ZERO)
        self._state(listed, net, cost)
        if not by_line:
            return Priced((Unit(self.facts, listed, net),), cost)
        return Priced(tuple(map(self._unit, lines, lists, nets)), cost)

    def _unit(self, line: PricedLine, list_amount: Decimal, net_amount: Decimal) -> Unit:
        """Give a line its own product; what the deal took from its largest line is not its."""
        facts = self.facts | dict.fromkeys(self.taken) | line.facts
        facts |= {"list_amount": list_amount, "net_amount": net_amount}
        return Unit(facts, list_amount, net_amount, line.line_no, line.quantity)

    def _nets(self, lines: list[PricedLine], lists: list[Decimal]) -> list[Decimal] | None:
        """Return each line's price: as asked, by the rate, or its share of the deal's."""
        request = self.request
        asked = [line.net_amount for line in lines if line.net_amount is not None]
        if len(asked) == len(lines):
            return asked
        if asked:
            self.lookup.refuse("deal.lines", "some lines have no net price; give it for each")
            return None
        if request.rate is not None:
            return [at_rate(amount, request.rate) for amount in lists]
        if request.net_amount is None:
            return None
        net_amount = self.lookup.converted(request.net_amount)
        if net_amount and not any(lists):
            says = "it cannot be shared among lines without a list price"
            self.lookup.refuse("deal.net_amount", says)
        return shared(net_amount, lists)

    def _cost_of(self, lines: list[PricedLine]) -> Decimal | None:
        """Return the lines' cost; an amount stated for the deal stands above looked-up ones."""
        costs = [line.cost for line in lines if line.cost is not None]
        is_whole = len(costs) == len(lines)
        stated = self.request.cost_amount
        if stated is not None and not (
            is_whole and (self.lookup.books_win or all(line.states_cost for line in lines))
        ):
            return self.lookup.converted(stated)
        if is_whole:
            return sum(costs, ZERO)
        return None if self.request.lines else self._recorded_amount("cost_amount")

    def _check_sums(self, lines: list[PricedLine]) -> None:
        """Refuse a deal's amount that its own lines contradict by a cent or more."""
        request = self.request
        if request.list_amount is not None:
            added = [line.list_amount for line in lines if line.list_amount is not None]
            self._check_sum("list_amount", request.list_amount, added, len(lines))
        if request.net_amount is not None:
            added = [line.net_amount for line in lines if line.net_amount is not None]
            self._check_sum("net_amount", request.net_amount, added, len(lines))

    def _check_sum(self, name: str, stated: Decimal, parts: list[Decimal], lines: int) -> None:
        stated, added = self.lookup.converted(stated), sum(parts, ZERO)
        allowed = CENT * lines if self.lookup.exchange else CENT
        if len(parts) == lines and abs(added - stated) >= allowed:
            says = f"it is {stated:f} but the lines add to {added:f}; leave one of them out"
            self.lookup.refuse(f"deal.{name}", says)

    def _take_largest(self, lines: list[PricedLine]) -> None:
        """Give the deal the product facts of its largest line, the lowest number of equals."""
        largest = lines[0]
        if len(lines) > 1:
            largest = min(lines, key=lambda line: (-(line.list_amount or ZERO), line.line_no))
        facts = self.facts
        for column, value in largest.facts.items():
            if facts.get(column) is None:
                facts[column] = value
                self.taken.append(column)

    # The whole deal

    def _whole(self) -> Priced:
        """Return the one unit of a deal without lines, none where no price is asked."""
        request, lookup = self.request, self.lookup
        product_id = self.facts.get("product__product_id")
        if product_id is not None and (found := lookup.product(product_id, "deal.product_id")):
            lookup.fill(self.facts, found, "product")
        listed, net, cost = [self._stated_amount(name) for name in AMOUNTS]
        if request.rate is not None and listed is not None:
            net = at_rate(listed, request.rate)
        self._state(listed, net, cost)
        if listed is None and (net is not None or request.rate is not None):
            says = "no list price is given; give it, or lines with list prices"
            lookup.refuse("deal.list_amount", says)
        if listed is None or net is None:
            return Priced((), cost)
        return Priced((Unit(self.facts, listed, net),), cost)

    def _stated_amount(self, name: str) -> Decimal | None:
        stated: Decimal | None = getattr(self.request, name)
        return self._recorded_amount(name) if stated is None else self.lookup.converted(stated)

    def _recorded_amount(self, name: str) -> Decimal | None:
        amount: Decimal | None = self.recorded.get(name)
        return None if amount is None else self.lookup.converted(amount)

    def _state(self, listed: Decimal | None, net: Decimal | None, cost: Decimal | None) -> None:
        facts = self.facts
        facts["list_amount"] = listed
        facts["net_amount"] = net
        facts["cost_amount"] = cost


def at_rate(list_amount: Decimal, rate: Decimal) -> Decimal:
    """Return the price at a rate, rounded up, so that rounding never makes it a higher rate."""
    return (list_amount * (1 - rate)).quantize(STORED, ROUND_CEILING)


def shared(amount: Decimal, lists: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount in proportion to list prices; the largest takes what rounding leaves.

    >>> shared(Decimal(100), [Decimal(30), Decimal(60)])
    [Decimal('33.3333'), Decimal('66.6667')]
    """
    total = sum(lists, ZERO)
    if total == 0:
        return [ZERO for _ in lists]
    shares = [stored(amount * each / total) for each in lists]
    largest = max(range(len(lists)), key=lambda at: lists[at])
    shares[largest] += amount - sum(shares, ZERO)
    return shares


def _on_record(row: Record, *, with_net: bool) -> AskedLine:
    return AskedLine(
        line_no=int(row["line_no"]),
        quantity=Decimal(row["quantity"]),
        product_id=row.get("product_id"),
        list_price=row.get("list_price"),
        net_price=row.get("net_price") if with_net else None,
        unit_cost=row.get("unit_cost"),
    )
