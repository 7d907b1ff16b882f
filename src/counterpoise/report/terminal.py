"""The review in the terminal: one screen that says it, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from counterpoise.ledger import Review
from counterpoise.ledger.groups import Group as Row
from counterpoise.ledger.waterfall import StepName
from counterpoise.report.cracks import cracks_parts, silent_parts
from counterpoise.report.layout import Column, figures, points, table
from counterpoise.report.trade import is_trade_alone, trade_parts
from counterpoise.report.wording import (
    GROUPINGS,
    STEPS,
    agreed_days,
    counted,
    days,
    doubts,
    goal_figure,
    leakage,
    money,
    share,
    standing,
    step_amount,
    weighed,
    words,
)

_BAR_WIDTH = 40
_MOST_ROWS = 8
_TABLES = ("quarter", "segment", "product_family", "team", "persona", "source")
"""The groupings that are shown unasked; persons are not among them: nobody is ranked here."""

_TOTALS = (StepName.LIST, StepName.NET, StepName.MARGIN)


def print_review(review: Review, console: Console) -> None:
    """Print a review: the figures that matter, what could not be judged, and the tables."""
    for at, part in enumerate(_parts(review)):
        if at:
            console.print()
        console.print(part)


def _parts(review: Review) -> Iterator[RenderableType]:
    yield _head(review)
    if is_trade_alone(review):
        yield from _trade_alone(review)
        return
    yield _balance(review)
    yield _figures(review)
    yield from cracks_parts(review)
    yield Group(Text("What these figures do not tell", style="bold"), points(doubts(review)))
    if review.ledger.totals.priced_deals:
        yield _waterfall(review)
    yield from _groupings(review)
    if review.trade:
        yield from trade_parts(review.trade)
    yield from _agreed(review)
    yield from silent_parts(review)
    yield _closing(review)


def _trade_alone(review: Review) -> Iterator[RenderableType]:
    """Show books of sell-through without deals: what is there, and nothing of what is not."""
    if review.trade:
        yield from trade_parts(review.trade)
    if review.cracks:
        yield from cracks_parts(review)
    yield from _agreed(review)
    yield from silent_parts(review)


def _agreed(review: Review) -> Iterator[RenderableType]:
    """Show what was agreed, and what is wrong with the books."""
    if review.goals or review.promises:
        yield Text(agreed_days(review.agreement), style="dim")
    if review.goals:
        yield _goals(review)
    if review.promises:
        yield _promises(review)
    if review.budgets:
        yield _budgets(review)
    if review.books.problems:
        yield _problems(review)


def _head(review: Review) -> Group:
    title = Text(f"Review as of {review.as_of}, in {review.currency}", style="bold")
    return Group(title, Text(f"Measured by {standing(review.agreement)}"))


def _balance(review: Review) -> Text:
    """Draw value held against value given."""
    totals = review.ledger.totals
    held, given = totals.value_held, totals.value_given
    if held + given <= 0:
        return Text("No won deal has both list and net known.", style="italic")
    width = int((held / (held + given) * _BAR_WIDTH).to_integral_value())
    width = min(max(width, 1), _BAR_WIDTH - 1) if given else _BAR_WIDTH
    bar = Text("held ")
    bar.append("█" * width, style="green")
    bar.append("░" * (_BAR_WIDTH - width), style="yellow")
    return bar.append(" given")


def _figures(review: Review) -> Table:
    """Show the five figures."""
    totals = review.ledger.totals
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right", style="bold")
    grid.add_column(style="dim")
    priced = counted(totals.priced_deals, "won deal")
    realized = share(totals.price_realization)
    grid.add_row("Price realization", realized, f"net over list, {priced} with both known")
    held, given = (weighed(review, each) for each in (totals.value_held, totals.value_given))
    grid.add_row("Value held", money(held), "sold at its value, and above list")
    grid.add_row("Value given", money(given), "conceded from list")
    least, most = leakage(review)
    leaked = f"{least} to {most}" if most else least
    grid.add_row("Leakage", leaked, "above authority and without approval")
    closed = f"{totals.deals_won:,} won, {totals.deals_lost:,} lost, {totals.deals_open:,} open"
    grid.add_row("Win rate", share(totals.win_rate), closed)
    return grid


def _waterfall(review: Review) -> Table:
    made = table("From list to margin", figures(review.currency, "of list"))
    whole = review.ledger.totals.list_revenue
    for step in review.ledger.waterfall:
        amount = step_amount(review, step)
        part = amount / whole if whole and amount is not None else None
        style = "bold" if step.step in _TOTALS else ""
        made.add_row(STEPS[step.step], money(amount), share(part), style=style)
    return made


def _groupings(review: Review) -> Iterator[Table]:
    """Show the usual groupings that tell apart, then those that were asked for."""
    by = review.ledger.by
    for name in _TABLES:
        if len(by.get(name, ())) > 1:
            yield _grouping(GROUPINGS[name], by[name], in_time=name == "quarter")
    for name, rows in by.items():
        if name not in GROUPINGS:
            yield _grouping(name, rows, in_time=False)


def _grouping(title: str, rows: Sequence[Row], *, in_time: bool) -> Table:
    heads = figures("won", "win rate", "net", "given", "realization")
    made = table(f"By {title[:1].lower()}{title[1:]}", heads)
    shown = rows[-_MOST_ROWS:] if in_time else rows[:_MOST_ROWS]
    for row in shown:
        totals = row.totals
        made.add_row(
            Text(row.name),
            f"{totals.deals_won:,}",
            share(totals.win_rate),
            money(totals.net_revenue),
            money(totals.conceded),
            share(totals.price_realization),
        )
    if len(rows) > len(shown):
        made.caption = f"{len(rows) - len(shown)} {'earlier' if in_time else 'more'} in --json"
        made.caption_justify = "left"
    return made


def _goals(review: Review) -> Table:
    made = table("Goals", [*figures("target", "actual"), Column("", is_figure=False)])
    for goal in review.goals:
        target, actual = goal_figure(goal, goal.target), goal_figure(goal, goal.actual)
        state = words(goal.status.value) + (f": {goal.why}" if goal.why else "")
        made.add_row(goal.id, target, actual, state)
    return made


def _promises(review: Review) -> Table:
    columns = [Column("of", is_figure=False), *figures("kept", "due"), Column("", is_figure=False)]
    made = table("Promises of both sides", columns)
    for promise in review.promises:
        state = words(promise.status.value) + (f": {promise.why}" if promise.why else "")
        made.add_row(promise.id, promise.side.value, share(promise.kept), f"{promise.due:,}", state)
    return made


def _budgets(review: Review) -> Table:
    columns = [
        Column("of", is_figure=False),
        *figures("amount", "spent"),
        Column("", is_figure=False),
    ]
    made = table("Budgets", columns)
    for each in review.budgets:
        made.add_row(
            each.id, each.side.value, money(each.amount), money(each.spent), words(each.status)
        )
    return made


def _problems(review: Review) -> Group:
    """Show what is wrong with the books, the most frequent first."""
    problems = sorted(review.books.problems, key=lambda problem: -problem.rows)
    said = []
    for problem in problems[:_MOST_ROWS]:
        column = f".{problem.column}" if problem.column else ""
        said.append(
            f"{words(problem.rule.value)}, {problem.table}{column}, "
            f"{counted(problem.rows, 'row')}: {problem.effect}"
        )
    title = f"{counted(len(problems), 'problem')} in the books"
    rest = len(problems) - len(said)
    more = [Text(f"{rest} more in --json", style="dim")] if rest else []
    return Group(Text(title, style="bold"), points(said), *more)


def _closing(review: Review) -> Group:
    """Say how long deals take, and what one point more would cost."""
    lines = [Text(review.ledger.break_even.says)]
    cycle = review.ledger.cycle.all
    took = [
        f"{days(span)} to {end}"
        for span, end in ((cycle.won, "win"), (cycle.lost, "lose"))
        if span is not None
    ]
    if took:
        lines.insert(0, Text(f"The median deal takes {' and '.join(took)}."))
    return Group(*lines)
