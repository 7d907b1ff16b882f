"""Lines: what was sold on each deal, priced and in workspace currency, and added up to the deal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.datatypes as types
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.money import MONEY, ZERO, above_zero, narrow, product
from counterpoise.books.spans import in_span, spans
from counterpoise.books.view import ONE, View, converted, deals_as_of, prefixed, with_exchange

_SIZE = types.Decimal(38, 10)
_LINE_TIE = ibis.literal(Decimal("0.0000000001"), _SIZE)
_UNITS = 10_000
"""How many of the smallest units of money one is."""
_LARGEST = 10**18


def line_facts(view: View) -> ir.Table:
    """Return the lines of the deals known by then, priced and in workspace currency.

    Grain: a line. Columns: deal_id, line_no, product_id, the product's facts (`product__*`),
    product_family, list_amount, net_amount, cost_amount, concession and above_list (both NULL
    unless list and net are known). A missing list price is the price list's of that day, then the
    product's.
    """
    known = with_exchange(view, deals_as_of(view))
    return _priced(view, _with_terms(view, known)).drop("product_number")


def lines_to_join(view: View, deals: ir.Table | None = None) -> ir.Table:
    """Return priced lines for joining to deals; those of other deals may be among them.

    Where nothing about a line hangs on its deal, the deal is not looked up twice. Columns: those
    of `line_facts` and `product_number`.

    Args:
        view: The books as of a day.
        deals: The deals with `exchange` and `owned_on`, where they are at hand.
    """
    if view.books.manifest.foreign_currencies or view.books.has("list_prices"):
        known = with_exchange(view, deals_as_of(view)) if deals is None else deals
        return _priced(view, _with_terms(view, known))
    lines = view.books.table("deal_lines")
    return _priced(view, lines.mutate(exchange=ONE, owned_on=ibis.null("date")))


def with_lines(view: View, deals: ir.Table) -> ir.Table:
    """Lay the sums of its lines over each deal's amounts.

    Grain: a deal. Adds `line_count`, `has_lines`, `line_concession` and `line_above` (NULL unless
    every line has them), and `largest_product`, the number of the largest line's product.
    """
    if not view.books.has("deal_lines"):
        nothing = ibis.null(MONEY)
        return deals.mutate(
            line_count=ibis.literal(0).cast("int64"),
            has_lines=ibis.literal(False),
            line_concession=nothing,
            line_above=nothing,
            largest_product=ibis.null("int64"),
        )
    sums = _sums(view, lines_to_join(view, deals)).rename(lined_deal="deal_id")
    joined = deals.left_join(sums, deals.deal_id == sums.lined_deal)
    return joined.mutate(
        line_count=ibis.coalesce(joined.lines_there, 0),
        has_lines=joined.lined_deal.notnull(),
        line_above=narrow(joined.line_concession - joined.line_list + joined.line_net),
        list_amount=ibis.coalesce(joined.line_list, joined.list_amount),
        net_amount=ibis.coalesce(joined.line_net, joined.net_amount),
        cost_amount=ibis.coalesce(joined.line_cost, joined.cost_amount),
    ).drop("lined_deal", "lines_there", "line_list", "line_net", "line_cost")


def _sums(view: View, lines: ir.Table) -> ir.Table:
    """Add lines up to deals; an amount that one of them lacks is NULL. Grain: a deal."""
    there = lines.count()
    packing = _Packing.of(view, lines)

    def whole(amounts: ir.DecimalValue) -> ir.DecimalValue:
        return ibis.ifelse(amounts.count() == there, amounts.sum(), ibis.null(MONEY)).cast(MONEY)

    return lines.group_by("deal_id").aggregate(
        lines_there=there,
        line_list=whole(lines.list_amount),
        line_net=whole(lines.net_amount),
        line_cost=whole(lines.cost_amount),
        line_concession=whole(lines.concession),
        largest_product=packing.largest_product(lines),
    )


@dataclass(frozen=True)
class _Packing:
    """How the largest line of a deal is found: by list amount, the lower number first.

    One whole number holds both and the product where the amounts at hand leave room for it; the
    greatest of such numbers costs an engine a fraction of what a look-up by a long decimal does.
    """

    low: Decimal
    high: Decimal
    last: int
    places: int
    products: int

    @classmethod
    def of(cls, view: View, lines: ir.Table) -> _Packing:
        """Measure the lines."""
        bounds = lines.aggregate(
            low=lines.list_amount.min(),
            high=lines.list_amount.max(),
            first=lines.line_no.min(),
            last=lines.line_no.max(),
        )
        row: dict[str, Any] = view.books.run(bounds).to_pylist()[0]
        first, last = row["first"] or 0, row["last"] or 0
        low, high = (row[name] or Decimal(0) for name in ("low", "high"))
        products = view.books.manifest.tables.get("products")
        return cls(
            low=min(low, Decimal(0)),
            high=max(high, Decimal(0)),
            last=last,
            places=last - first + 1,
            products=products.rows + 1 if products else 1,
        )

    @property
    def fits(self) -> bool:
        """Tell whether a whole number holds every line."""
        span = (self.high - self.low) * _UNITS
        return span < _LARGEST / _UNITS and (span + 1) * self.places * self.products < _LARGEST

    def largest_product(self, lines: ir.Table) -> ir.IntegerValue:
        """Return the number of the largest line's product, 0 where that is unknown."""
        listed = ibis.coalesce(lines.list_amount, ZERO)
        number = ibis.coalesce(lines.product_number, 0)
        if not self.fits:
            return number.argmax(listed.cast(_SIZE) - lines.line_no * _LINE_TIE)
        units = (listed * _UNITS).cast("int64") - int(self.low * _UNITS)
        packed = (units * self.places + (self.last - lines.line_no)) * self.products + number
        return packed.max() % self.products


def numbered_products(books: Books) -> ir.Table:
    """Return the products, each column behind `product__`, with a `product_number` from 1 on."""
    goods = prefixed(books.table("products"), "product")
    number = ibis.row_number().over(order_by=goods.product__product_id) + 1
    return goods.mutate(product_number=number)


def _with_terms(view: View, deals: ir.Table) -> ir.Table:
    """Lay beside each line the rate of exchange and the day of its deal."""
    head = deals.select("deal_id", "exchange", "owned_on")
    return view.books.table("deal_lines").inner_join(head, "deal_id")


def _priced(view: View, lines: ir.Table) -> ir.Table:
    """Price lines that carry `exchange` and `owned_on`."""
    joined = _with_list_price(view, lines)
    goods = numbered_products(view.books)
    joined = joined.left_join(goods, joined.product_id == goods.product__product_id)
    quantity = joined.quantity
    own = converted(view, product(quantity, joined.list_price), joined.exchange)
    listed = product(quantity, ibis.coalesce(joined.dated_price, joined.product__list_price))
    own_cost = converted(view, product(quantity, joined.unit_cost), joined.exchange)
    priced = joined.mutate(
        list_amount=ibis.coalesce(own, listed),
        net_amount=converted(view, product(quantity, joined.net_price), joined.exchange),
        cost_amount=ibis.coalesce(own_cost, product(quantity, joined.product__unit_cost)),
        product_family=joined.product__family,
    )
    gap = priced.list_amount - priced.net_amount
    priced = priced.mutate(concession=above_zero(gap), above_list=above_zero(-gap))
    columns = (
        "deal_id",
        "line_no",
        "product_id",
        "product_family",
        "list_amount",
        "net_amount",
        "cost_amount",
        "concession",
        "above_list",
    )
    return priced.select(*columns, *goods.columns)


def _with_list_price(view: View, lines: ir.Table) -> ir.Table:
    """Add `dated_price`: the product's list price of the deal's day."""
    if not view.books.has("list_prices"):
        return lines.mutate(dated_price=ibis.null(MONEY))
    prices = spans(view.books.table("list_prices"), "product_id")
    prices = prices.select(
        priced_product=prices.product_id,
        dated_price=prices.list_price,
        valid_from=prices.valid_from,
        valid_until=prices.valid_until,
    )
    joined = lines.left_join(
        prices, [lines.product_id == prices.priced_product, *in_span(lines.owned_on, prices)]
    )
    return joined.drop("priced_product", "valid_from", "valid_until")
