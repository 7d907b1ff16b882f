"""The last days of fiscal quarters: which days of the window they are."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.quantities import Period
from counterpoise.ledger.fiscal import whole_periods
from counterpoise.watch.watched import Watched

LAST_DAYS = 10


@dataclass(frozen=True)
class QuarterEnds:
    """The fiscal quarters that lie wholly in the window, earliest first."""

    quarters: tuple[tuple[dt.date, dt.date], ...]

    @classmethod
    def of(cls, watched: Watched) -> QuarterEnds:
        """Return those of what is watched."""
        starts = watched.agreement.company.fiscal_year_starts
        return cls(whole_periods(watched.first, watched.last, Period.QUARTER, starts))

    def number(self, day: ir.DateValue) -> ir.IntegerValue:
        """Return the place of the quarter that a day lies in; NULL for a day in none."""
        cases = [
            (day.between(ibis.literal(first), ibis.literal(last)), at)
            for at, (first, last) in enumerate(self.quarters)
        ]
        nothing = ibis.null("int8")
        return ibis.cases(*cases, else_=nothing).cast("int8") if cases else nothing

    def is_last_days(self, day: ir.DateValue) -> ir.BooleanValue:
        """Tell whether a day is among the last ten of its quarter."""
        spans = [
            day.between(ibis.literal(last - dt.timedelta(days=LAST_DAYS - 1)), ibis.literal(last))
            for _, last in self.quarters
        ]
        return functools.reduce(operator.or_, spans, ibis.literal(value=False))
