"""What promotions do, worked out once a review and read by the measures of the trade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir

from counterpoise.ledger.baseline import Baseline, baseline
from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.promotion_earned import PromotionBook, promotion_book
from counterpoise.ledger.promotion_weeks import Panel, panel
from counterpoise.ledger.trade_weeks import trade_weeks
from counterpoise.ledger.within import Refused
from counterpoise.watch.trade_measures import book_of, lift_of, panel_of, weeks_of
from counterpoise.web.results.measured import Measured


@dataclass(frozen=True)
class PromotionsMeasured:
    """Panel, lift and earnings; those that the watch made already are taken from there."""

    measured: Measured

    @cached_property
    def weeks(self) -> ir.Table:
        """Return all weeks of sell-through, kept."""
        if watched := self.measured.watched:
            return weeks_of(watched)
        view = self.measured.view
        return view.books.keep(trade_weeks(view), "shelf_weeks")

    @cached_property
    def panel(self) -> Panel | Refused:
        """Return the panel, or why the weeks cannot tell promotions apart."""
        watched = self.measured.watched
        return panel_of(watched) if watched else panel(self.measured.view)

    @cached_property
    def lift(self) -> Lift | Refused:
        """Return what promotions do to volume, or why nobody can tell."""
        if watched := self.measured.watched:
            return lift_of(watched)
        if isinstance(self.panel, Refused):
            return self.panel
        return lift(self.measured.view.books, self.panel)

    @cached_property
    def book(self) -> PromotionBook | Refused:
        """Return what each promotion brought, or why nobody can tell."""
        if watched := self.measured.watched:
            return book_of(watched)
        for needed in (self.panel, self.lift):
            if isinstance(needed, Refused):
                return needed
        assert isinstance(self.panel, Panel)
        assert isinstance(self.lift, Lift)
        return promotion_book(self.measured.view, self.panel, self.lift)

    @cached_property
    def baseline(self) -> Baseline | Refused:
        """Return what would have been sold without promotion, or why nobody can tell."""
        if isinstance(self.panel, Refused):
            return self.panel
        return baseline(self.measured.view.books, self.panel)
