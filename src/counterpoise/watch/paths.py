"""The path of a goal: where it stands, where it goes by the end of the agreement, and how surely.

The weeks so far are a sample of the weeks to come. What adds up is carried on at the pace so far;
a share stays what it is. With w weeks over, a share g of the time gone, and e the weeks' deviations
from y = r · x (x = 1 for what adds up), the figure at the end has the variance

    w / (w − 1) · Σ e² / (Σ x)² · (1 − g)

in the unit of a week's figure r: the error of the pace so far and the chance of the weeks to come
together (a ratio estimated from clusters, Cochran 1977, with its finite-population correction).
At the end nothing is left to chance. Assumption: weeks are exchangeable. It fails where a company
sells most at the end of a period: what adds up is therefore also held against the share that the
same days had a year before, the more favourable of the two paths counts, and the error of that
share, a ratio of sums of weeks too, is added. Without a year before nothing is told of a sum
until half of the time is gone.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.ledger.fit import Fit, fit
from counterpoise.ledger.goals import ADDED_UP, GoalState
from counterpoise.ledger.period import Period
from counterpoise.ledger.totals import Totals, cells, read_totals, totals_by
from counterpoise.ledger.trade_goals import OF_TRADE, trade_rows
from counterpoise.watch.distributions import t_above, t_end

FEWEST_WEEKS = 8
"""Weeks without which no path is told."""
_ENOUGH_ALONE = 0.5
_WEEK = 7
_Personas = Mapping[str | None, Totals]


@dataclass(frozen=True)
class Week:
    """A week's part of a figure y / x: its number from the first day on, and both parts.

    Of what adds up x is the length of the week in weeks.
    """

    number: int
    y: float
    x: float


@dataclass(frozen=True)
class Path:
    """A goal's figure so far and at the end; `error` is 0 where nothing is left to come.

    `weeks` are those it stands on; `gone` is the share of the agreement's days that is over.
    """

    actual: float
    projected: float
    error: float
    weeks: int
    gone: float

    @property
    def is_over(self) -> bool:
        """Tell whether the agreement's days are over."""
        return self.gone >= 1

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the figure at the end."""
        if not self.error:
            return self.projected, self.projected
        half = t_end(0.025, self.weeks - 1) * self.error
        return self.projected - half, self.projected + half

    def p(self, target: float, *, at_least: bool) -> float | None:
        """Return the chance of a path so far off if the goal is met in the end.

        None where the time is over.
        """
        if self.is_over:
            return None
        short = target - self.projected if at_least else self.projected - target
        if not self.error:
            return float(short <= 0)
        return float(t_above(short / self.error, self.weeks - 1))


def path_of(state: GoalState, period: Period, until: dt.date | None) -> Path | None:
    """Return the path of a goal; None where the weeks so far do not tell.

    Args:
        state: Where the goal stands, known.
        period: From the day on which the agreement came into force to the last that is over.
        until: The last day of the agreement; None without one.
    """
    assert state.actual is not None
    actual = float(state.actual)
    gone = _gone(period, until)
    if gone >= 1:
        return Path(actual, actual, 0.0, 0, gone)
    weeks = by_week(state.metric, period)
    if len(weeks) < FEWEST_WEEKS:
        return None
    error = _error(weeks, gone)
    if state.metric not in ADDED_UP:
        return Path(actual, actual, error, len(weeks), gone)
    if until is None:
        return None
    before = _pace_a_year_before(state.metric, period, until, gone)
    if before is None and gone < _ENOUGH_ALONE:
        return None
    paces = [_Pace(gone, 0.0), *([before] if before else [])]
    pace = min(paces, key=lambda each: each.share if state.at_least else -each.share)
    projected = actual / pace.share
    whole = sum(week.x for week in weeks) / gone
    unsure = max(each.error for each in paces) * projected
    return Path(actual, projected, float(np.hypot(error * whole, unsure)), len(weeks), gone)


def _gone(period: Period, until: dt.date | None) -> float:
    """Return the share of the agreement's days that is over; 0 where it has no end."""
    if until is None:
        return 0.0
    return min(1.0, _days(period.first, period.last) / _days(period.first, until))


def _days(first: dt.date, last: dt.date) -> int:
    return (last - first).days + 1


def _error(weeks: Sequence[Week], gone: float) -> float:
    """Return the standard error of a week's figure at the end."""
    y, x = (np.array([getattr(week, name) for week in weeks]) for name in ("y", "x"))
    left = y - y.sum() / x.sum() * x
    spread = float((left**2).sum()) * len(weeks) / (len(weeks) - 1)
    return float(np.sqrt(spread * (1.0 - gone)) / x.sum())


@dataclass(frozen=True)
class _Pace:
    """The share of a sum that has come, and the standard error of that share, relative to it."""

    share: float
    error: float


def _pace_a_year_before(metric: str, period: Period, until: dt.date, gone: float) -> _Pace | None:
    """Return the share of what added up by the same day of the same days a year before."""
    former = replace(period, first=_a_year_before(period.first), last=_a_year_before(until))
    weeks = by_week(metric, former)
    passed = _days(period.first, period.last) / _WEEK
    before = sum(week.y * min(1.0, max(0.0, passed - week.number)) for week in weeks)
    whole = sum(week.y for week in weeks)
    if len(weeks) < FEWEST_WEEKS or not 0 < before < whole:
        return None
    mean = whole / sum(week.x for week in weeks)
    return _Pace(before / whole, _error(weeks, gone) / mean / math.sqrt(gone))


def _a_year_before(day: dt.date) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def by_week(metric: str, period: Period) -> list[Week]:
    """Return the weeks of a period, the last of which may be short.

    Weeks without anything count as nothing of what adds up, and are left out of a share.
    """
    if metric in _OF_TOTALS:
        found = _read(metric, _weekly_totals(period))
    else:
        found = _read_rows(_ROWS[metric](period), period)
    if metric not in ADDED_UP:
        return [week for week in found if week.x > 0]
    sums = {week.number: week.y for week in found}
    days = _days(period.first, period.last)
    return [
        Week(number, sums.get(number, 0.0), min(_WEEK, days - number * _WEEK) / _WEEK)
        for number in range(-(-days // _WEEK))
    ]


def _number(day: ir.DateValue, period: Period) -> ir.IntegerValue:
    number: ir.IntegerValue = (day.delta(ibis.literal(period.first), unit="day") // _WEEK).cast(
        "int32"
    )
    return number


def _weekly_totals(period: Period) -> Mapping[int, _Personas]:
    closed = period.closed
    keys = {"week": _number(closed.day, period), "persona": closed.persona}
    table = totals_by(cells(closed, keys), "week", "persona")
    found: dict[int, dict[str | None, Totals]] = {}
    rows = read_totals(period.view.books.run(table), "week", "persona")
    for (week, persona), totals in rows.items():
        found.setdefault(week, {})[persona] = totals
    return found


def _read(metric: str, weeks: Mapping[int, _Personas]) -> list[Week]:
    parts = _OF_TOTALS[metric]
    found = []
    for number, personas in sorted(weeks.items()):
        y, x = parts(sum(personas.values(), Totals()), fit(personas))
        found.append(Week(number, float(y), float(x)))
    return found


def _read_rows(rows: ir.Table, period: Period) -> list[Week]:
    found = period.view.books.run(rows).to_pylist()
    ordered = sorted(found, key=lambda row: int(row["week"]))
    return [Week(row["week"], float(row["y"] or 0), float(row["x"] or 0)) for row in ordered]


_TotalsParts = Callable[[Totals, Fit], tuple[Decimal | int, Decimal | int]]


def _sum(read: Callable[[Totals], Decimal | int]) -> _TotalsParts:
    return lambda totals, _: (read(totals), 1)


def _known(part: Callable[[Totals], Decimal | int]) -> _TotalsParts:
    def parts(_: Totals, found: Fit) -> tuple[Decimal | int, Decimal | int]:
        inside, outside = part(found.inside.totals), part(found.outside.totals)
        return inside, inside + outside

    return parts


_OF_TOTALS: Mapping[str, _TotalsParts] = MappingProxyType(
    {
        "net_revenue": _sum(lambda totals: totals.net_revenue),
        "list_revenue": _sum(lambda totals: totals.list_revenue),
        "value_held": _sum(lambda totals: totals.value_held),
        "value_given": _sum(lambda totals: totals.value_given),
        "leakage": _sum(lambda totals: totals.leakage),
        "margin": _sum(lambda totals: totals.costed.margin),
        "deals_won": _sum(lambda totals: totals.deals_won),
        "customization_cost": _sum(lambda totals: totals.customization),
        "price_realization": lambda totals, _: (totals.net_priced, totals.list_revenue),
        "concession_rate": lambda totals, _: (totals.conceded, totals.list_revenue),
        "leakage_rate": lambda totals, _: (totals.leakage, totals.list_revenue),
        "margin_rate": lambda totals, _: (totals.costed.margin, totals.costed.net_revenue),
        "win_rate": lambda totals, _: (totals.deals_won, totals.deals_closed),
        "average_deal": lambda totals, _: (totals.net_revenue, totals.deals_won),
        "persona_share_of_won": _known(lambda totals: totals.deals_won),
        "persona_share_of_net": _known(lambda totals: totals.net_revenue),
    }
)
"""What a week adds to the two parts of a metric, read from the ledger's totals."""


def _weeks_of(table: ir.Table, day: ir.DateValue, period: Period, **parts: ir.Scalar) -> ir.Table:
    return table.group_by(week=_number(day, period)).aggregate(**parts)


def _qualified(period: Period) -> ir.Table:
    leads = period.within(period.view.books.table("leads"), "qualified_at")
    return _weeks_of(leads, leads.qualified_at.date(), period, y=leads.count(), x=leads.count())


def _accepted(period: Period) -> ir.Table:
    leads = period.handed_over
    accepted, judged = (leads.verdict == "accepted").sum(), leads.verdict.count()
    return _weeks_of(leads, leads.handed_over_at.date(), period, y=accepted, x=judged)


def _won_leads(period: Period) -> ir.Table:
    won = period.deals.filter(period.deals.outcome == "won").select(won_deal="deal_id")
    leads = period.handed_over
    leads = leads.left_join(won, leads.deal_id == won.won_deal)
    day = leads.handed_over_at.date()
    return _weeks_of(leads, day, period, y=leads.won_deal.count(), x=leads.count())


def _rates(period: Period) -> ir.Table:
    won = period.closed.filter(period.closed.outcome == "won", period.closed.list_amount > 0)
    gap = (won.list_amount - won.net_amount).cast("float64")
    rate = gap / won.list_amount.cast("float64").nullif(0)
    return _weeks_of(won, won.day, period, y=rate.sum(), x=rate.count())


def _cycles(period: Period) -> ir.Table:
    won = period.closed.filter(period.closed.outcome == "won")
    timed = won.cycle_days.count()
    return _weeks_of(won, won.day, period, y=won.cycle_days.median() * timed, x=timed)


def _of_trade(metric: str) -> Callable[[Period], ir.Table]:
    def weeks(period: Period) -> ir.Table:
        rows = trade_rows(period)
        y, x = OF_TRADE[metric](rows)
        return _weeks_of(rows, rows.day, period, y=y.sum(), x=x.sum())

    return weeks


_ROWS: Mapping[str, Callable[[Period], ir.Table]] = MappingProxyType(
    {
        **{metric: _of_trade(metric) for metric in OF_TRADE},
        "qualified_leads": _qualified,
        "lead_acceptance": _accepted,
        "lead_win_rate": _won_leads,
        "average_rate": _rates,
        "cycle_time": _cycles,
    }
)
"""What totals do not hold. Grain: a week. Columns: week, y, x."""

MEASURED = frozenset(_OF_TOTALS) | frozenset(_ROWS)
"""The metrics whose path is told."""
