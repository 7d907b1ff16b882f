"""The leads of the window as measures read them: how soon answered, how judged, from whom to whom.

What a lead is worth comes from the books: what won deals brought that came from leads of the same
source, spread over all leads of it that were answered in time. Most leads bring nothing, so the
worth of one is far below that of a deal.
"""

from __future__ import annotations

import datetime as dt

import ibis
import ibis.expr.types as ir

from counterpoise.books.facts import people_over_time
from counterpoise.books.spans import in_span
from counterpoise.watch.lead_terms import under_terms
from counterpoise.watch.mix import SLICE_DAYS
from counterpoise.watch.watched import Watched

HISTORY_DAYS = 910
"""Days before the as-of day whose leads are read: how the past habitually went."""
FEWEST_TO_VALUE = 100
"""Leads without which a source takes the worth of a lead from the whole company."""
_COSTED = 0.9


def leads(watched: Watched) -> ir.Table:
    """Return the leads handed over in the window, as seen on its last day.

    Grain: a lead. Beside its own columns: `day` of the hand-over, `owner__team` of that day;
    `is_inside` (its account surely meets a persona, or surely none; NULL where unknown);
    `is_late` (answered late, or not at all though overdue; False in time; NULL where not yet due
    or where a verdict stands without the time of a response), `is_silent` (late without any
    response); `is_accepted` (NULL without verdict); `is_overdue` (no verdict though due);
    `money` that its won deal brought (NULL without one) and `is_won`; `worth` of a lead, and
    `worth_accepted` of an accepted one, of its source.
    """

    def within() -> ir.Table:
        every = history(watched)
        return every.filter(every.day >= ibis.literal(watched.first))

    return watched.share("leads", within)


def history(watched: Watched) -> ir.Table:
    """Return the leads of the last `HISTORY_DAYS` days, with the columns of `leads`.

    Grain: a lead. Adds `span`: how many whole spans of 26 days lie between its day and the last.
    """
    return watched.share("leads history", lambda: _valued(watched))


def history_first(watched: Watched) -> dt.date:
    """Return the first day of the history."""
    return min(watched.first, watched.last - dt.timedelta(days=HISTORY_DAYS - 1))


def worth_in_words(watched: Watched) -> str:
    """Say what the worth of a lead is made of."""
    what = "margin" if _has_costs(watched) else "net revenue"
    return f"{what} that a lead of the same source answered in time brings on average"


def answers_recorded(watched: Watched) -> bool:
    """Tell whether the books hold any first response in the window."""
    return _recorded(watched)["answers"]


def verdicts_recorded(watched: Watched) -> bool:
    """Tell whether the books hold any verdict in the window."""
    return _recorded(watched)["verdicts"]


def reasons_recorded(watched: Watched) -> bool:
    """Tell whether any rejection of the window carries a reason."""
    return _recorded(watched)["reasons"]


def per_quarter(watched: Watched, money: ir.NumericValue) -> ir.FloatingValue:
    """Return money of the window as money a quarter."""
    found: ir.FloatingValue = money.cast("float64") / watched.quarters
    return found


def _recorded(watched: Watched) -> dict[str, bool]:
    def ask() -> dict[str, bool]:
        rows = watched.period.handed_over
        found = rows.aggregate(
            answers=rows.first_response_at.count(),
            verdicts=rows.verdict.count(),
            reasons=rows.rejection_reason.count(),
        )
        return {name: bool(n) for name, n in watched.books.run(found).to_pylist()[0].items()}

    return watched.share("leads recorded", ask)


def _valued(watched: Watched) -> ir.Table:
    """Lay the worth of a lead beside each; where it is large only the small part is stored."""
    kept = watched.books.keep(_frame(watched), "watch_leads")
    own = kept.filter(kept.day >= ibis.literal(watched.first), ibis.coalesce(~kept.is_late, True))
    sums = own.group_by("source").aggregate(
        brought=own.money.sum(), rows=own.count(), accepted=own.is_accepted.sum()
    )
    found = watched.books.run(sums).to_pylist()
    worth = [_worth(found, row["source"]) for row in found]
    values = ibis.memtable(
        {
            "worth_source": [row["source"] or "" for row in found],
            "worth": [each for each, _ in worth],
            "worth_accepted": [each for _, each in worth],
        },
        schema={"worth_source": "string", "worth": "float64", "worth_accepted": "float64"},
    )
    small = watched.books.keep(values, "watch_lead_worth")
    joined = kept.left_join(small, kept.source.fill_null("") == small.worth_source)
    nothing = ibis.literal(0.0)
    return joined.mutate(
        worth=ibis.coalesce(joined.worth, nothing),
        worth_accepted=ibis.coalesce(joined.worth_accepted, nothing),
    ).drop("worth_source")


def _worth(found: list[dict[str, float | None]], source: object) -> tuple[float, float]:
    """Return what a lead, and an accepted one, of a source brings; of all sources where few."""
    own = [row for row in found if row["source"] == source]
    rows = own if sum(row["rows"] or 0 for row in own) >= FEWEST_TO_VALUE else found
    brought, n, accepted = (
        float(sum(row[name] or 0 for row in rows)) for name in ("brought", "rows", "accepted")
    )
    return max(0.0, brought / max(n, 1)), max(0.0, brought / max(accepted, 1))


def _frame(watched: Watched) -> ir.Table:
    table = under_terms(watched, history_first(watched))
    before = ibis.literal(watched.last).delta(table.day, unit="day")
    table = table.mutate(
        span=(before // SLICE_DAYS).cast("int16"), is_accepted=table.verdict == "accepted"
    )
    return _with_money(watched, _with_team(watched, table)).select(*_COLUMNS)


def _with_team(watched: Watched, table: ir.Table) -> ir.Table:
    """Add the owner's team on the day of the hand-over."""
    people = people_over_time(watched.books)
    dated = people.select("valid_from", "valid_until", led_by="person_id", owner__team="team")
    joined = table.left_join(dated, [table.owner_id == dated.led_by, *in_span(table.day, dated)])
    return joined.drop("led_by", "valid_from", "valid_until")


def _with_money(watched: Watched, table: ir.Table) -> ir.Table:
    """Add what the won deal of a lead brought; a deal that several leads name counts for one."""
    deals = watched.judged
    won = deals.filter(deals.outcome == "won", deals.net_amount.notnull())
    named = table.filter(table.deal_id.notnull())
    first = named.group_by(named_deal=named.deal_id).aggregate(named_by=named.lead_id.min())
    won = won.left_join(first, won.deal_id == first.named_deal)
    money = _brought(watched, won)
    won = won.select(won_lead=ibis.coalesce(won.named_by, won.lead_id), brought=money)
    won = won.filter(won.won_lead.notnull())
    sums = won.group_by("won_lead").aggregate(money=won.brought.sum())
    joined = table.left_join(sums, table.lead_id == sums.won_lead)
    return joined.mutate(is_won=joined.won_lead.notnull()).drop("won_lead")


def _brought(watched: Watched, won: ir.Table) -> ir.FloatingValue:
    """Return the margin of won deals where costs are on record, else their net revenue."""
    net = won.net_amount.cast("float64")
    if not _has_costs(watched):
        return net
    cost = won.cost_amount.cast("float64") + won.customization_cost.cast("float64")
    found: ir.FloatingValue = net - cost
    return found


def _has_costs(watched: Watched) -> bool:
    """Tell whether nearly all won deals have their cost on record."""

    def ask() -> bool:
        won = watched.judged.filter(watched.judged.outcome == "won")
        share = watched.one(won.cost_amount.count().cast("float64") / won.count().nullif(0))
        return share is not None and share >= _COSTED

    return watched.share("leads have costs", ask)


_COLUMNS = (
    "lead_id",
    "account_id",
    "campaign_id",
    "source",
    "score",
    "handed_over_at",
    "day",
    "span",
    "owner_id",
    "owner__team",
    "first_response_at",
    "verdict",
    "verdict_at",
    "rejection_reason",
    "deal_id",
    "account__segment",
    "account__industry",
    "is_inside",
    "is_late",
    "is_silent",
    "is_accepted",
    "is_overdue",
    "is_won",
    "money",
)
