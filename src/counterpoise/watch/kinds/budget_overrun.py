"""More spent, or given away, than a budget of the agreement lets a side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Budget, Side
from counterpoise.agreement.quantities import Period as Every
from counterpoise.agreement.sentences import say_budget
from counterpoise.agreement.versions import Version
from counterpoise.ledger.budgets import BudgetState, BudgetStatus, budget_state, spending
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.period import Period
from counterpoise.ledger.review import standing
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import money

_ONE_DAY = dt.timedelta(days=1)
_A_YEAR = 4
_WORDS = MappingProxyType(
    {
        "concessions": "concessions",
        "customizations": "customizations",
        "promotion_spend": "promotions",
        "campaign_spend": "campaigns",
        "trade_spend": "trade spend",
    }
)
_SALE = ("week", "account_id", "product_id")


@dataclass(frozen=True)
class _Measured:
    """A budget in one of its periods, with the days in which it was measured."""

    budget: Budget
    state: BudgetState
    period: Period

    @property
    def over(self) -> Decimal:
        """Return how much more was spent than agreed; 0 where that is unknown."""
        if self.state.status is not BudgetStatus.OVER or self.state.spent is None:
            return Decimal(0)
        return self.state.spent - self.state.amount


def _test(watched: Watched) -> Iterator[Tested]:
    for budget in watched.agreement.budgets:
        measured = [*_measured(watched, budget)]
        worst = max(measured, key=lambda each: each.over, default=None)
        if worst is not None and worst.over > 0:
            yield _tested(watched, worst, measured)


def _measured(watched: Watched, budget: Budget) -> Iterator[_Measured]:
    """Yield a budget in the present period, and as it was agreed in the whole one before."""
    present = standing(watched.agreements, watched.last)
    if present is None or present.from_ > watched.last:
        return
    now = _at(watched, present, budget, min(watched.last, present.until or watched.last))
    yield now
    day = now.state.first - _ONE_DAY
    version = watched.agreements.on(day)
    of_then = version.agreement.budgets if version else ()
    former = next((each for each in of_then if each.id == budget.id), None)
    if version is not None and former is not None:
        yield _at(watched, version, former, day)


def _at(watched: Watched, version: Version, budget: Budget, last: dt.date) -> _Measured:
    period = Period(watched.view, watched.judged, version.agreement, version.from_, last)
    state = budget_state(budget, period)
    return _Measured(budget, state, replace(period, first=max(state.first, version.from_)))


def _tested(watched: Watched, found: _Measured, measured: list[_Measured]) -> Tested:
    days = _by_day(watched, found)
    spent = float(found.state.spent or 0)
    return Tested(
        variant="budget",
        subject=Subject("budget", found.budget.id, found.budget.id.replace("_", " ")),
        side=found.budget.side,
        observed=spent,
        expected=float(found.state.amount),
        low=spent,
        high=spent,
        n=sum(n for n, _ in days.values()),
        p=None,
        stake=watched.cents(float(found.over) / _quarters(found.budget.every)),
        stake_formula=_formula(found.budget.every),
        since=_overrun_on(days, found),
        picture=_picture(measured, found),
        notes={"measured": found},
    )


def _quarters(every: Every) -> int:
    """Return the quarters that an overrun is spread over; of less than one it is whole."""
    return _A_YEAR if every is Every.YEAR else 1


def _formula(every: Every) -> str:
    whole = f"spent beyond the budget of the {every.value}"
    return f"{whole}, a quarter of it" if every is Every.YEAR else whole


def _by_day(watched: Watched, found: _Measured) -> Mapping[dt.date, tuple[int, Decimal]]:
    """Return how many rows were spent on each day, and how much."""
    rows = spending(found.budget.of, found.period)
    rows = rows.filter(rows.spent > 0)
    days = rows.group_by("spent_on").aggregate(n=rows.count(), spent=rows.spent.sum())
    return {
        row["spent_on"]: (row["n"], row["spent"]) for row in watched.books.run(days).to_pylist()
    }


def _overrun_on(days: Mapping[dt.date, tuple[int, Decimal]], found: _Measured) -> dt.date:
    """Return the day on which the budget was used up."""
    ordered = sorted(days)
    sums = accumulate(days[day][1] for day in ordered)
    beyond = (day for day, sum_ in zip(ordered, sums, strict=True) if sum_ > found.state.amount)
    return next(beyond, found.period.last)


def _picture(measured: list[_Measured], found: _Measured) -> Picture:
    marks = tuple(
        Mark(each.state.first.isoformat(), float(each.state.spent), is_subject=each is found)
        for each in reversed(measured)
        if each.state.spent is not None
    )
    return Picture(Axis.TIME, marks, float(found.state.amount), f"spent a {found.budget.every}")


def _read(found: Tested) -> _Measured:
    measured = found.notes["measured"]
    assert isinstance(measured, _Measured)
    return measured


def _says(watched: Watched, found: Tested) -> str:
    measured, currency = _read(found), watched.books.workspace.currency
    state = measured.state
    so_far = " so far" if measured.period.last < state.last else ""
    return (
        f"{_WORDS[state.of].capitalize()} came to {money(found.observed, currency)}{so_far} in the "
        f"{measured.budget.every} from {state.first} to {state.last}, where "
        f"{money(state.amount, currency)} were agreed: {money(measured.over, currency)} more."
        f"{_bound_nobody(watched, measured)}"
    )


def _bound_nobody(watched: Watched, measured: _Measured) -> str:
    version = watched.agreements.on(measured.period.last)
    if version is None or version.status == "ratified":
        return ""
    return " Nobody has signed that budget: it is measured as if it were in force."


def _next_step(watched: Watched, found: Tested) -> str:
    measured = _read(found)
    agreed = say_budget(measured.budget, watched.books.workspace.currency)
    return (
        f"Name at the next review who stops or shifts what is still planned, or raise the budget "
        f"together. The agreement (clause budgets.{found.subject.id}) says: {agreed}"
    )


def _rows(_: Watched, found: Tested) -> ir.Table:
    measured = _read(found)
    rows = spending(measured.budget.of, measured.period)
    rows = rows.filter(rows.spent > 0)
    if measured.budget.of == "trade_spend":
        parts = [rows[name].cast("string") for name in _SALE]
        rows = rows.mutate(sale_id=parts[0].concat("|", parts[1], "|", parts[2]))
    share = float(found.stake) / found.observed
    named = [name for name in _SHOWN[measured.budget.of] if name in rows.columns]
    return rows.select(*named, "spent", stake_part=rows.spent.cast("float64") * share)


_SHOWN = MappingProxyType(
    {
        "concessions": ("deal_id", "owner_id", "day", "list_amount", "net_amount"),
        "customizations": ("deal_id", "owner_id", "day", "list_amount", "net_amount"),
        "promotion_spend": ("promotion_id", "campaign_id", "account_id", "starts_on", "ends_on"),
        "campaign_spend": ("campaign_id", "name", "owner_id", "started_at", "ended_at"),
        "trade_spend": ("sale_id", "account_id", "product_id", "week", "units"),
    }
)


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what was sold meanwhile, against as many days before."""
    period = _read(found).period
    before = period.first - (period.last - period.first) - _ONE_DAY
    deals = watched.judged
    won = deals.filter(
        deals.outcome == "won", deals.day.between(ibis.literal(before), ibis.literal(period.last))
    )
    late = won.day >= ibis.literal(period.first)
    row = watched.books.run(
        won.aggregate(now=won.net_amount.sum(where=late), before=won.net_amount.sum(where=~late))
    ).to_pylist()[0]
    now, then = (
        money(row[name] or 0, watched.books.workspace.currency) for name in ("now", "before")
    )
    return OtherView(
        f"What was sold meanwhile: {now} net, after {then} in as many days before.",
        (("Net revenue", now), ("Before", then)),
    )


KIND = Kind(
    name="budget_overrun",
    side=Side.MARKETING,
    counterpart="leakage",
    variants=MappingProxyType({"budget": "budget"}),
    asks="Was more spent, or given away, than a budget of the agreement lets?",
    measure="What counts against each budget in its present period, and in the whole one before, "
    "each by the version in force then. A plain fact: it is there or it is not.",
    stake="What was spent beyond the budget; of a year's, a quarter of it.",
    unit=Unit.MONEY,
    needs=(),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=lambda watched: "" if watched.agreement.budgets else "the agreement has no budgets",
)
