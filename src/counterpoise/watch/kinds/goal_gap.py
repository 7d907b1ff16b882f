"""Goals of the agreement that are missed on the present path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Goal, Side
from counterpoise.agreement.metrics import GOAL_METRICS, MetricUnit
from counterpoise.agreement.sentences import say_goal
from counterpoise.agreement.versions import Status, Version
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.goals import ADDED_UP, GoalState, goal_states
from counterpoise.ledger.period import Period
from counterpoise.ledger.review import standing
from counterpoise.ledger.trade_goals import OF_TRADE, trade_rows
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.leads import leads
from counterpoise.watch.paths import MEASURED, Path, by_week, path_of
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import QUARTER_DAYS, Watched
from counterpoise.watch.words import counted, money, of_few, percent

_SMALLEST_SHARE = 0.01
_SMALLEST_PART = 0.05
"""The smallest gaps worth a talk: a point of a share, a twentieth of what is counted."""
_MATURE_LATE = frozenset({"lead_win_rate"})
"""Of these the latest rows tell too little: they are told of when the agreement is over."""


@dataclass(frozen=True)
class _Aim:
    """A goal, where it stands and goes, and the days over which it is measured."""

    goal: Goal
    state: GoalState
    path: Path
    period: Period
    until: dt.date | None

    @property
    def target(self) -> float:
        """Return what is asked for; times are in days."""
        return float(self.state.target)

    @property
    def gap(self) -> float:
        """Return by how much the goal is missed at the end, 0 where it is met."""
        short = self.target - self.path.projected
        return max(0.0, short if self.state.at_least else -short)

    @property
    def quarters(self) -> float:
        """Return the length of the days so far in quarters of a year."""
        days = (self.period.last - self.period.first).days + 1
        return days / float(QUARTER_DAYS)


def _test(watched: Watched) -> Iterator[Tested]:
    for aim in _aims(watched):
        p = aim.path.p(aim.target, at_least=aim.state.at_least)
        if p is None and not aim.gap:
            continue
        worth, formula = _worth(watched, aim)
        smallest = _SMALLEST_SHARE if _is_share(aim) else _SMALLEST_PART * aim.target
        if p is None or smallest * worth >= float(watched.agreement.watch.material):
            yield _tested(watched, aim, p, worth, formula)


def _aims(watched: Watched) -> Iterator[_Aim]:
    """Yield every goal whose path the books tell."""
    version = standing(watched.agreements, watched.last)
    if version is None or version.from_ > watched.last:
        return
    until = version.until or version.agreement.in_force.until
    period = _period(watched, version, until)
    states = goal_states(period, until)
    for goal, state in zip(version.agreement.goals, states, strict=True):
        if state.actual is None or goal.metric not in MEASURED:
            continue
        path = path_of(state, period, until)
        if path is not None and (path.is_over or goal.metric not in _MATURE_LATE):
            yield _Aim(goal, state, path, period, until)


def _period(watched: Watched, version: Version, until: dt.date | None) -> Period:
    """Return the days of the agreement up to the last that is over."""
    last = min(watched.last, until) if until else watched.last
    return Period(watched.view, watched.judged, version.agreement, version.from_, last)


def _tested(watched: Watched, aim: _Aim, p: float | None, worth: float, formula: str) -> Tested:
    low, high = aim.path.interval
    return Tested(
        variant="goal",
        subject=Subject("goal", aim.goal.id, aim.goal.id.replace("_", " ")),
        side=_side(aim.goal),
        observed=aim.path.projected,
        expected=aim.target,
        low=low,
        high=high,
        n=_size(aim),
        p=p,
        stake=watched.cents(aim.gap * worth),
        stake_formula=formula,
        since=aim.period.first,
        picture=_picture(aim),
        notes={"aim": aim},
    )


def _size(aim: _Aim) -> int:
    """Return the rows it stands on: closed deals, or weeks of sell-through."""
    if aim.goal.metric in OF_TRADE:
        rows = trade_rows(aim.period)
        return aim.period.count(rows.filter(rows.units.notnull()))
    return aim.period.count(aim.period.closed)


def _side(goal: Goal) -> Side:
    return Side.BOTH if goal.shared or goal.owner is None else goal.owner


def _is_share(aim: _Aim) -> bool:
    return GOAL_METRICS[aim.goal.metric].unit is MetricUnit.SHARE


_Base = Callable[[Watched, _Aim], float]


def _list_value(_: Watched, aim: _Aim) -> float:
    return float(aim.period.totals.list_revenue) / aim.quarters


def _net(_: Watched, aim: _Aim) -> float:
    return float(aim.period.totals.net_revenue) / aim.quarters


def _closed_deals(_: Watched, aim: _Aim) -> float:
    return aim.period.totals.deals_closed * _average_deal(aim) / aim.quarters


def _won_deals(_: Watched, aim: _Aim) -> float:
    return aim.period.totals.deals_won / aim.quarters


def _whole(_: Watched, aim: _Aim) -> float:
    """Return the part of the agreement's whole that falls into a quarter."""
    assert aim.until is not None
    return float(QUARTER_DAYS) / ((aim.until - aim.period.first).days + 1)


def _whole_deals(watched: Watched, aim: _Aim) -> float:
    return _whole(watched, aim) * _average_deal(aim)


def _whole_leads(watched: Watched, aim: _Aim) -> float:
    return _whole(watched, aim) * _worth_of_a_lead(watched)


def _handed_over(watched: Watched, aim: _Aim) -> float:
    handed = aim.period.count(aim.period.handed_over)
    return handed / aim.quarters * _worth_of_a_lead(watched)


def _a_day_of_net(watched: Watched, aim: _Aim) -> float:
    return _net(watched, aim) / float(QUARTER_DAYS)


def _average_deal(aim: _Aim) -> float:
    totals = aim.period.totals
    return float(totals.net_revenue) / max(totals.deals_won, 1)


def _worth_of_a_lead(watched: Watched) -> float:
    return watched.share("worth of a lead", lambda: watched.one(leads(watched).worth.mean()) or 0.0)


def _trade(column: str) -> _Base:
    """Return what a column of the trade adds up to in a quarter."""

    def base(_: Watched, aim: _Aim) -> float:
        rows = trade_rows(aim.period)
        return float(aim.period.number(rows[column].sum()) or 0) / aim.quarters

    return base


def _cuts(watched: Watched, aim: _Aim) -> float:
    """Return what prices lay below base in a quarter, for the whole of what was on deal."""
    return _trade("depth_amount")(watched, aim) / max(aim.path.actual, _SMALLEST_SHARE)


_OF_LIST = (_list_value, "points of the gap × list value of won deals a quarter")
_OF_NET = (_net, "points of the gap × net revenue a quarter")
_OF_SUM = (_whole, "what is missing at the end of the agreement, a quarter of it")
_OF_LEADS = (_handed_over, "points of the gap × leads handed over a quarter × what a lead brings")
_MONEY: Mapping[str, tuple[_Base, str]] = MappingProxyType(
    {
        "price_realization": _OF_LIST,
        "concession_rate": _OF_LIST,
        "average_rate": _OF_LIST,
        "leakage_rate": _OF_LIST,
        "margin_rate": _OF_NET,
        "persona_share_of_won": _OF_NET,
        "persona_share_of_net": _OF_NET,
        "win_rate": (
            _closed_deals,
            "points of the gap × deals closed a quarter × net of a won deal on average",
        ),
        "average_deal": (_won_deals, "gap of a deal × deals won a quarter"),
        "cycle_time": (_a_day_of_net, "days of the gap × net revenue of a day: what comes later"),
        "deals_won": (
            _whole_deals,
            "deals missing at the end, a quarter × net of a won deal on average",
        ),
        "qualified_leads": (_whole_leads, "leads missing at the end, a quarter × what one brings"),
        "lead_acceptance": _OF_LEADS,
        "lead_win_rate": _OF_LEADS,
        "base_price_realization": (
            _trade("base_sales"),
            "points of the gap × value at base price sold a quarter",
        ),
        "trade_spend_share": (_trade("net_sales"), "points of the gap × net sales a quarter"),
        "share_on_deal": (_cuts, "points of the gap × price cuts that a point gives a quarter"),
    }
)
"""What one unit of the gap is worth, money a quarter; of what is money already, its own part."""


def _worth(watched: Watched, aim: _Aim) -> tuple[float, str]:
    base, formula = _MONEY.get(aim.goal.metric, _OF_SUM)
    return base(watched, aim), formula


def _picture(aim: _Aim) -> Picture:
    """Show what the goal was week by week, or what had added up by each."""
    weeks = by_week(aim.goal.metric, aim.period)
    adds_up = aim.goal.metric in ADDED_UP
    marks, so_far = [], 0.0
    for week in weeks:
        so_far += week.y
        day = aim.period.first + dt.timedelta(weeks=week.number)
        value = so_far if adds_up else week.y / week.x
        marks.append(Mark(day.isoformat(), value, is_subject=week is weeks[-1]))
    measure = aim.goal.metric.replace("_", " ")
    return Picture(Axis.TIME, tuple(marks), aim.target, f"{measure} {'so far' * adds_up}".strip())


def _read(found: Tested) -> _Aim:
    aim = found.notes["aim"]
    assert isinstance(aim, _Aim)
    return aim


def _written(watched: Watched, aim: _Aim, value: float) -> str:
    unit = GOAL_METRICS[aim.goal.metric].unit
    if unit is MetricUnit.SHARE:
        return percent(value)
    if unit is MetricUnit.MONEY:
        return money(value, watched.books.workspace.currency)
    return counted(round(value), "day") if unit is MetricUnit.TIME else f"{round(value):,}"


def _says(watched: Watched, found: Tested) -> str:
    aim = _read(found)
    name = aim.goal.metric.replace("_", " ")
    bound = "at least" if aim.state.at_least else "at most"
    end = _written(watched, aim, aim.path.projected)
    asked = f"{bound} {_written(watched, aim, aim.target)}"
    if aim.path.is_over:
        told = (
            f"The goal of {asked} {name} was missed: it came to {end} from {aim.period.first} to "
            f"{aim.period.last}."
        )
    else:
        when = f" by {aim.until}" if aim.until else ""
        low, high = (_written(watched, aim, each) for each in aim.path.interval)
        told = (
            f"On the present path {name} comes to {end}{when} (between {low} and {high}), where "
            f"{asked} is the goal."
        )
    thing = "week of sell-through" if aim.goal.metric in OF_TRADE else "closed deal"
    few = "" if found.p is None else of_few(found.n, thing)
    return told + few + _bound_nobody(watched)


def _bound_nobody(watched: Watched) -> str:
    version = standing(watched.agreements, watched.last)
    if version is None or version.status is Status.RATIFIED:
        return ""
    return " Nobody has signed that goal: it is measured as if it were in force."


def _next_step(watched: Watched, found: Tested) -> str:
    aim = _read(found)
    agreed = say_goal(aim.goal, watched.books.workspace.currency)
    who = "both sides" if _side(aim.goal) is Side.BOTH else _side(aim.goal).value
    return (
        f"Let {who} bring to the next review what closes the gap, the cracks with most money "
        f"first, or set the goal anew together (clause goals.{aim.goal.id}). {agreed}"
    )


_GIVEN = frozenset(
    {"price_realization", "concession_rate", "average_rate", "value_given", "margin_rate"}
)
_LEAKED = frozenset({"leakage", "leakage_rate"})
_OUTSIDE = frozenset({"persona_share_of_won", "persona_share_of_net"})
_LEADS = frozenset({"qualified_leads", "lead_acceptance", "lead_win_rate"})


def _rows(watched: Watched, found: Tested) -> ir.Table:
    """Return the rows that the gap is made of, or that could have filled it."""
    aim = _read(found)
    if aim.goal.metric in OF_TRADE:
        rows = _weeks_behind(aim)
    else:
        rows = _leads_behind(aim) if aim.goal.metric in _LEADS else _deals_behind(aim)
    rows = watched.books.keep(rows.filter(rows.weight > 0), "gap")
    whole = watched.one(rows.weight.sum()) or 1.0
    share = float(found.stake) / whole
    return rows.mutate(stake_part=rows.weight * share).drop("weight")


def _deals_behind(aim: _Aim) -> ir.Table:
    deals, metric = aim.period.closed, aim.goal.metric
    won, one = deals.outcome == "won", ibis.ifelse(deals.deal_id.notnull(), 1, 0).cast("float64")
    if metric in _GIVEN:
        kept, weight = won, deals.concession.cast("float64")
    elif metric in _LEAKED:
        kept, weight = won, deals.leakage.cast("float64")
    elif metric in _OUTSIDE:
        kept, weight = won & (deals.persona == ""), deals.net_amount.cast("float64")
    elif metric == "customization_cost":
        kept, weight = won, deals.customization_cost.cast("float64")
    elif metric == "cycle_time":
        kept, weight = won, deals.cycle_days - aim.target
    else:
        kept, weight = deals.outcome == "lost", one
    return deals.filter(kept).select(
        "deal_id",
        "owner_id",
        "account_id",
        "outcome",
        "day",
        "list_amount",
        "net_amount",
        weight=weight,
    )


_WEIGHED = {
    "trade_spend": "trade_spend",
    "trade_spend_share": "trade_spend",
    "net_sales": "net_sales",
}


def _weeks_behind(aim: _Aim) -> ir.Table:
    """Return what was given away, spent or sold. Grain: account × product."""
    rows = trade_rows(aim.period)
    weight = rows[_WEIGHED.get(aim.goal.metric, "depth_amount")]
    sums = rows.group_by("account_id", "product_id").aggregate(
        units=rows.units.sum(),
        net_sales=rows.net_sales.sum(),
        price_cuts=rows.depth_amount.sum(),
        trade_spend=rows.trade_spend.sum(),
        weight=ibis.coalesce(weight.cast("float64"), 0.0).sum(),
    )
    names = [ibis.coalesce(sums[each], "-") for each in ("account_id", "product_id")]
    return sums.select(
        account_product=names[0].concat("|", names[1]), **{n: sums[n] for n in sums.columns}
    )


def _leads_behind(aim: _Aim) -> ir.Table:
    rows = aim.period.handed_over
    if aim.goal.metric != "qualified_leads":
        rows = rows.filter(ibis.coalesce(rows.verdict != "accepted", ibis.literal(True)))
    return rows.select(
        "lead_id",
        "campaign_id",
        "source",
        "owner_id",
        "handed_over_at",
        "verdict",
        weight=ibis.ifelse(rows.lead_id.notnull(), 1, 0).cast("float64"),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell where the won deals came from: leads of marketing, and what sales found by itself.

    Of the trade: what was sold on deal, which both sides plan, and what sold without.
    """
    aim = _read(found)
    if aim.goal.metric in OF_TRADE:
        return _other_view_of_trade(watched, aim)
    deals = aim.period.closed
    sent = deals.campaign_id.notnull()
    won = deals.outcome == "won"
    row = watched.books.run(
        deals.aggregate(
            sent=deals.net_amount.sum(where=won & sent),
            found=deals.net_amount.sum(where=won & ~sent),
        )
    ).to_pylist()[0]
    sent_net, found_net = (
        money(row[name] or 0, watched.books.workspace.currency) for name in ("sent", "found")
    )
    return OtherView(
        f"Where the revenue came from meanwhile: {sent_net} from campaigns of marketing, "
        f"{found_net} from what sales found by itself.",
        (("From campaigns", sent_net), ("Found by sales", found_net)),
    )


def _other_view_of_trade(watched: Watched, aim: _Aim) -> OtherView:
    rows = trade_rows(aim.period)
    sums = rows.aggregate(
        dealt=rows.net_sales.sum(where=rows.on_deal), plain=rows.net_sales.sum(where=~rows.on_deal)
    )
    row = watched.books.run(sums).to_pylist()[0]
    dealt, plain = (
        money(row[name] or 0, watched.books.workspace.currency) for name in ("dealt", "plain")
    )
    return OtherView(
        f"Where the sales came from meanwhile: {plain} at base price, on what the brand is worth "
        f"by itself, and {dealt} on deal, which sales and marketing plan together.",
        (("At base price", plain), ("On deal", dealt)),
    )


def _missing(watched: Watched) -> str:
    goals = watched.agreement.goals
    if not goals:
        return "the agreement has no goals"
    if watched.books.has("deals") or any(goal.metric in OF_TRADE for goal in goals):
        return ""
    return "the books hold no deals, and no goal is about the trade"


KIND = Kind(
    name="goal_gap",
    side=Side.BOTH,
    counterpart="price_erosion",
    variants=MappingProxyType({"goal": "goal"}),
    asks="Is a goal missed on the present path?",
    measure="What adds up is carried on at the pace so far, or at that of the same days a year "
    "before where that is kinder; a share stays what it is. The chance that the goal is still met "
    "follows from how much the weeks so far differ, and from how many are left. When the "
    "agreement's days are over a missed goal is a plain fact.",
    stake="The gap at the end in money, a quarter: of money itself; of a share of list or net, "
    "points × list or net; of deals and leads, × what one brings; "
    "of the trade, points × base value, net sales or price cuts.",
    unit=Unit.COUNT,
    needs=(),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
