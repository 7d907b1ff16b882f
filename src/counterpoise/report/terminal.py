"""The review in the terminal: one screen that says it, then the tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from counterpoise.ledger import Review
from counterpoise.ledger.groups import Group as Row
from counterpoise.ledger.waterfall import StepName
from counterpoise.report.wording import GROUPINGS, STEPS, days, money, share, standing

_BAR_WIDTH = 40
_MOST_ROWS = 8
_TABLES = ("quarter", "segment", "product_family", "team", "persona", "source")
_TOTALS = (StepName.LIST, StepName.NET, StepName.MARGIN)


def print_review(review: Review, console: Console) -> None:
    """Print a review: the figures that matter, what could not be judged, and the tables."""
    console.print(_head(review))
    console.print(_figures(review))
    console.print(_doubts(review))
    console.print(_waterfall(review))
    for name in _TABLES:
        rows = review.ledger.by.get(name, ())
        if len(rows) > 1:
            console.print(_grouping(GROUPINGS[name], rows, in_time=name == "quarter"))
    for name, rows in review.ledger.by.items():
        if name not in GROUPINGS:
            console.print(_grouping(name, rows, in_time=False))
    console.print(_commitments(review))


def _head(review: Review) -> Group:
    title = Text(f"Review as of {review.as_of}, in {review.currency}", style="bold")
    return Group(title, Text(f"Measured by {standing(review)}"), Text())


def _figures(review: Review) -> Group:
    """Show the balance and the five figures."""
    ledger = review.ledger
    totals, parts = ledger.totals, ledger.concessions
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column(style="dim")
    table.add_row(
        "Price realization",
        share(totals.price_realization),
        f"net over list, {totals.priced_deals:,} won deals with both known",
    )
    table.add_row("Value held", money(totals.value_held), "sold at its value, and above list")
    table.add_row("Value given", money(totals.value_given), "conceded from list")
    table.add_row("Leakage", _leakage(review), "above authority and without approval")
    closed = f"{totals.deals_won:,} won, {totals.deals_lost:,} lost, {totals.deals_open:,} open"
    table.add_row("Win rate", share(totals.win_rate), closed)
    del parts
    return Group(_balance(totals.value_held, totals.value_given), table, Text())


def _balance(held: Decimal, given: Decimal) -> Text:
    """Draw value held against value given."""
    if held + given <= 0:
        return Text("No won deal has both list and net known.\n", style="italic")
    width = int((held / (held + given) * _BAR_WIDTH).to_integral_value())
    width = min(max(width, 1), _BAR_WIDTH - 1) if given else _BAR_WIDTH
    bar = Text("held ")
    bar.append("█" * width, style="green")
    bar.append("░" * (_BAR_WIDTH - width), style="yellow")
    return bar.append(" given\n")


def _leakage(review: Review) -> str:
    parts = review.ledger.concessions
    if parts.leakage_high == parts.leakage_low:
        return money(parts.leakage)
    return f"{money(parts.leakage_low)} to {money(parts.leakage_high)}"


def _doubts(review: Review) -> Group:
    """Say what could not be judged or counted, and why."""
    ledger = review.ledger
    lines: list[str] = [
        f"{money(each.amount)} conceded on {each.deals:,} deals is unjudged: {each.reason.says}"
        for each in ledger.unjudged
    ]
    if ledger.totals.unpriced_deals:
        lines.append(
            f"{ledger.totals.unpriced_deals:,} won deals lack list or net and stand apart, "
            f"with {money(ledger.totals.unpriced_net)} of net"
        )
    if ledger.totals.uncosted_deals:
        lines.append(
            f"The cost of {ledger.totals.uncosted_deals:,} won deals is unknown; "
            "margin counts it as none"
        )
    effect = ledger.discount_effect
    lines.append(f"The effect of discounts on winning is {effect.status.value}: {effect.why}")
    problems = review.books.problems
    if problems:
        rows = sum(problem.rows for problem in problems)
        lines.append(f"The books have {len(problems)} problems in {rows:,} rows; see --json")
    head = Text("What these figures do not tell", style="bold")
    return Group(head, *(Text(f"· {line}") for line in lines), Text())


def _waterfall(review: Review) -> Table:
    table = _table("From list to margin", "", review.currency, "of list")
    whole = review.ledger.totals.list_revenue
    for step in review.ledger.waterfall:
        part = step.amount / whole if whole else None
        style = "bold" if step.step in _TOTALS else ""
        table.add_row(STEPS[step.step], money(step.amount), share(part), style=style)
    return table


def _grouping(title: str, rows: Sequence[Row], *, in_time: bool) -> Table:
    table = _table(title, "", "won", "win rate", "net", "given", "realization")
    shown = rows[-_MOST_ROWS:] if in_time else rows[:_MOST_ROWS]
    for row in shown:
        totals = row.totals
        table.add_row(
            Text(row.name if row.key is not None else "(none)"),
            f"{totals.deals_won:,}",
            share(totals.win_rate),
            money(totals.net_revenue),
            money(totals.conceded),
            share(totals.price_realization),
        )
    if len(rows) > len(shown):
        table.caption = f"{len(rows) - len(shown)} more in --json"
        table.caption_justify = "left"
    return table


def _commitments(review: Review) -> Group:
    """Show goals and the promises of both sides, and how long deals take."""
    parts: list[Table | Text] = []
    if review.goals:
        table = _table("Goals", "", "target", "actual", "")
        for goal in review.goals:
            table.add_row(
                goal.id,
                _figure(goal.target),
                _figure(goal.actual),
                goal.status.value.replace("_", " "),
            )
        parts.append(table)
    if review.promises:
        table = _table("Promises", "", "of", "kept", "due", "")
        for promise in review.promises:
            table.add_row(
                promise.id,
                promise.side.value,
                share(promise.kept),
                f"{promise.due:,}",
                promise.status.value,
            )
        parts.append(table)
    cycle = review.ledger.cycle.all
    if cycle.won is not None or cycle.lost is not None:
        parts.append(Text(f"Median time to win {days(cycle.won)}, to lose {days(cycle.lost)}"))
    parts.append(Text(review.ledger.break_even.says))
    return Group(*parts)


def _figure(value: Decimal | None) -> str:
    if value is not None and abs(value) <= 1:
        return share(value)
    return money(value)


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
    )
    table.add_column(first, overflow="ellipsis", no_wrap=True, max_width=30)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
