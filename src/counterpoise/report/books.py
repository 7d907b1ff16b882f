"""What came of an import, and how two snapshots differ, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from counterpoise.books import Comparison, ImportReport, Problem, Suggestion
from counterpoise.books.comparing import DealChange, QuarterChange
from counterpoise.report.layout import figures, points, table
from counterpoise.report.unknown_columns import unknown_columns
from counterpoise.report.wording import counted, money, signed, words

_MOST_SHOWN = 12


def print_import(report: ImportReport, console: Console) -> None:
    """Print what an import found: the tables, their problems, and spellings to take."""
    for at, part in enumerate(_import_parts(report)):
        if at:
            console.print()
        console.print(part)


def _import_parts(report: ImportReport) -> Iterator[RenderableType]:
    how = "the snapshot in use already" if report.unchanged else "a new snapshot"
    said = f"{report.source}, read as {report.adapter}: {how}, {report.snapshot}"
    yield Text(said, no_wrap=True, overflow="ignore")
    yield _tables(report)
    if columns := unknown_columns(report.tables):
        yield _listed("Columns that no table knows, kept as attributes", columns)
    if report.problems:
        title = f"{counted(len(report.problems), 'problem')}, shown in the review too"
        told = "; `counterpoise review --json` has them all"
        yield _listed(title, [_problem(each) for each in report.problems], told)
    if report.accepted:
        yield _listed("Spellings taken", [_spelling(each) for each in report.accepted])
    waiting = [each for each in report.suggestions if each not in report.accepted]
    if waiting:
        title = "Probably misspelt; take these with --accept"
        yield _listed(title, [_spelling(each) for each in waiting])


def _tables(report: ImportReport) -> Table:
    made = table("", figures("rows", "set aside"), first="table")
    for name, facts in report.tables.items():
        made.add_row(name, f"{facts.rows:,}", f"{facts.set_aside:,}" if facts.set_aside else "")
    return made


def _listed(title: str, said: list[Text], told: str = "") -> Group:
    rest = len(said) - _MOST_SHOWN
    more = [Text(f"and {rest:,} more{told}", style="dim")] if rest > 0 else []
    return Group(Text(title, style="bold"), points(said[:_MOST_SHOWN]), *more)


def _problem(problem: Problem) -> Text:
    where = f"{problem.table}.{problem.column}" if problem.column else problem.table
    rows = counted(problem.rows, "row")
    text = Text(f"{words(problem.rule.value)}, {where}, {rows}: {problem.effect}")
    return text.append(f"\nfor example {problem.example}", style="dim")


def _spelling(each: Suggestion) -> Text:
    rows = counted(each.rows, "row")
    return Text(f"{each.table}.{each.column}: {each.value} → {each.suggestion}, {rows}")


def print_comparison(found: Comparison, console: Console) -> None:
    """Print why figures of past quarters differ between two snapshots."""
    console.print(Text(f"{found.old} → {found.new}, both seen at the end of {found.as_of}"))
    changed = [quarter for quarter in found.quarters if quarter.causes]
    if not changed:
        console.print("No figure of any quarter is another.")
    for quarter in changed:
        console.print()
        console.print(_quarter(quarter))
    if found.deals:
        console.print()
        console.print(_listed("Deals that differ", [_deal(each) for each in found.deals]))


def _quarter(quarter: QuarterChange) -> Table:
    made = table(quarter.quarter, figures("deals won", "net", "list"))
    then, now = quarter.then, quarter.now
    made.add_row("was", f"{then.deals:,}", money(then.net_revenue), money(then.list_revenue))
    for cause in quarter.causes:
        made.add_row(
            f"{words(cause.cause.value)}, {counted(cause.deals, 'deal')}",
            "",
            signed(cause.net_revenue),
            signed(cause.list_revenue),
        )
    made.add_row("is", f"{now.deals:,}", money(now.net_revenue), money(now.list_revenue))
    return made


def _deal(deal: DealChange) -> Text:
    was, now = deal.then or "(none)", deal.now or "(none)"
    return Text(f"{deal.deal_id} in {deal.quarter}: {words(deal.cause.value)} {was} → {now}")
