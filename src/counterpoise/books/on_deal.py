"""Which weeks of sell-through were on deal, told from what the books record of them.

A week is *on deal* where its price was at least 5 % below its base price (what the trade counts as
a price cut), or the product was featured or displayed. What the books never record (a source
without displays) says nothing either way; what they record elsewhere and not here is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.facts import View

PRICE_CUT = Decimal("0.05")
"""The smallest part below the base price that counts as a cut; less is the noise of averages."""
_GRAIN = 1e-6
"""Less than what tells apart a cut and the next price of four decimals, more than floats err."""
_SIGNS = ("base_price", "featured", "displayed")


@dataclass(frozen=True)
class Recorded:
    """Which signs of a promotion the weeks record at all."""

    base_price: bool
    featured: bool
    displayed: bool

    @property
    def any(self) -> bool:
        """Tell whether any week can be told to be on deal."""
        return self.base_price or self.featured or self.displayed

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what is never recorded, in words."""
        words = {"base_price": "base price", "featured": "features", "displayed": "displays"}
        return tuple(words[name] for name in _SIGNS if not getattr(self, name))


def recorded(books: Books) -> Recorded:
    """Tell which signs of a promotion are on record."""
    weeks = books.table("sell_through")
    known = {name: weeks.filter(weeks[name].notnull()).select(name).limit(1) for name in _SIGNS}
    return Recorded(**{name: books.run(rows).num_rows > 0 for name, rows in known.items()})


def weeks_on_deal(view: View, signs: Recorded) -> ir.Table:
    """Return the weeks of sell-through that began by the as-of day, as they are on record.

    Grain: account × product × week. Adds `on_deal`, NULL where nobody knows.
    """
    weeks = view.seen(view.books.table("sell_through"), "week")
    return weeks.mutate(on_deal=_on_deal(weeks, signs))


def is_cut(weeks: ir.Table) -> ir.BooleanValue:
    """Tell whether the price was cut: exactly, but in floats, which take a fraction of the time."""
    base, net = weeks.base_price.cast("float64"), weeks.net_price.cast("float64")
    found: ir.BooleanValue = net <= base * float(1 - PRICE_CUT) + _GRAIN
    return found


def _on_deal(weeks: ir.Table, signs: Recorded) -> ir.BooleanValue:
    tests = [
        test
        for test, has in (
            (is_cut(weeks), signs.base_price),
            (weeks.featured, signs.featured),
            (weeks.displayed, signs.displayed),
        )
        if has
    ]
    if not tests:
        return ibis.null("boolean")
    found = tests[0]
    for test in tests[1:]:
        found = found | test
    return found
