"""Compare two snapshots: what the figures of each quarter were made of, then and now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from counterpoise.books.clock import utc_now
from counterpoise.books.snapshot import snapshot_names
from counterpoise.books.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from counterpoise.books.books import Books

NO_QUARTER = "(none)"
"""The quarter of won deals whose closing is not dated."""

_MOST_SHOWN = 1_000


class Cause(StrEnum):
    """Why a deal counts otherwise than it did."""

    ADDED = "added"
    REMOVED = "removed"
    OUTCOME = "outcome"
    CLOSED_AT = "closed_at"
    NET_AMOUNT = "net_amount"
    LIST_AMOUNT = "list_amount"


@dataclass(frozen=True)
class Figures:
    """The won deals of a quarter in one snapshot; amounts in workspace currency."""

    deals: int
    net_revenue: Decimal
    list_revenue: Decimal


@dataclass(frozen=True)
class CauseOfChange:
    """How many deals changed a quarter for one reason, and by how much in sum."""

    cause: Cause
    deals: int
    net_revenue: Decimal
    list_revenue: Decimal


@dataclass(frozen=True)
class QuarterChange:
    """A calendar quarter then and now: what was, plus what every cause changed, is what is."""

    quarter: str
    then: Figures
    now: Figures
    causes: tuple[CauseOfChange, ...]


@dataclass(frozen=True)
class DealChange:
    """A deal that counts otherwise in a quarter, with what its column said then and says now."""

    deal_id: str
    quarter: str
    cause: Cause
    then: str | None
    now: str | None
    net_revenue: Decimal
    list_revenue: Decimal


@dataclass(frozen=True)
class TableChange:
    """How many rows of a table were in use then and are now."""

    table: str
    then: int
    now: int


@dataclass(frozen=True)
class Comparison:
    """Two snapshots side by side, seen from the same day.

    `deals` are those that move most, at most a thousand; the causes count all.
    """

    old: str
    new: str
    as_of: dt.date
    quarters: tuple[QuarterChange, ...]
    deals: tuple[DealChange, ...]
    tables: tuple[TableChange, ...]


def compare_snapshots(
    workspace: Workspace,
    old: str = "previous",
    new: str = "current",
    *,
    now: Callable[[], dt.datetime] = utc_now,
) -> Comparison:
    """Say what each calendar quarter's net and list revenue was made of, then and now.

    Args:
        workspace: Whose books.
        old: A snapshot by its id, the start of its id, `current` or `previous`.
        new: The same.
        now: The clock: events that are still to come are not looked at.

    Raises:
        SnapshotError: when there is no such snapshot.
    """
    from counterpoise.books.books import Books
    from counterpoise.books.facts import latest_day

    with Books.open(workspace, old) as before, Books.open(workspace, new) as after:
        today = now().astimezone(ZoneInfo(workspace.time_zone)).date()
        as_of = max(latest_day(before, today), latest_day(after, today))
        quarters, deals = _changes(_won(before, as_of), _won(after, as_of))
        return Comparison(
            old=before.manifest.snapshot,
            new=after.manifest.snapshot,
            as_of=as_of,
            quarters=quarters,
            deals=deals,
            tables=tuple(_tables(before, after)),
        )


def has_former(workspace: Workspace) -> bool:
    """Tell whether there is a snapshot to compare the present one with."""
    return len(snapshot_names(workspace)) > 1


def _won(books: Books, as_of: dt.date) -> pa.Table:
    """Return each deal's outcome, day and amounts.

    Grain: a deal known at the end of `as_of`.
    """
    from counterpoise.books.facts import deal_facts

    facts = deal_facts(books, as_of)
    return books.run(facts.select("deal_id", "outcome", "closed_at", "net_amount", "list_amount"))


# One row for each way in which a deal counts otherwise in a quarter. A deal whose outcome or
# quarter changed leaves one quarter and enters another; else its amounts differ.
_DELTAS = """
WITH old AS (SELECT *, {quarter} AS quarter FROM before),
     new AS (SELECT *, {quarter} AS quarter FROM after),
     paired AS (
       SELECT coalesce(old.deal_id, new.deal_id) AS deal_id,
              old.deal_id IS NULL AS added, new.deal_id IS NULL AS removed,
              coalesce(old.outcome = 'won', false) AS was_won,
              coalesce(new.outcome = 'won', false) AS is_won,
              old.quarter AS old_quarter, new.quarter AS new_quarter,
              old.outcome AS old_outcome, new.outcome AS new_outcome,
              CAST(old.closed_at AS VARCHAR) AS old_closed,
              CAST(new.closed_at AS VARCHAR) AS new_closed,
              coalesce(old.net_amount, 0) AS old_net, coalesce(new.net_amount, 0) AS new_net,
              coalesce(old.list_amount, 0) AS old_list, coalesce(new.list_amount, 0) AS new_list,
              CAST(old.net_amount AS VARCHAR) AS old_net_said,
              CAST(new.net_amount AS VARCHAR) AS new_net_said,
              CAST(old.list_amount AS VARCHAR) AS old_list_said,
              CAST(new.list_amount AS VARCHAR) AS new_list_said,
              was_won AND is_won AND old_quarter = new_quarter AS stays,
              CASE WHEN old.deal_id IS NULL THEN 'added' WHEN new.deal_id IS NULL THEN 'removed'
                   WHEN was_won <> is_won THEN 'outcome' ELSE 'closed_at' END AS cause,
              CASE cause WHEN 'outcome' THEN old_outcome WHEN 'closed_at' THEN old_closed END
                AS said,
              CASE cause WHEN 'outcome' THEN new_outcome WHEN 'closed_at' THEN new_closed END
                AS says
       FROM old FULL JOIN new ON old.deal_id = new.deal_id)
SELECT deal_id, old_quarter AS quarter, cause, said, says,
       -old_net AS net, -old_list AS list, -1 AS deals
FROM paired WHERE was_won AND NOT stays
UNION ALL
SELECT deal_id, new_quarter, cause, said, says, new_net, new_list, 1
FROM paired WHERE is_won AND NOT stays
UNION ALL
SELECT deal_id, new_quarter, 'net_amount', old_net_said, new_net_said, new_net - old_net, 0, 0
FROM paired WHERE stays AND old_net <> new_net
UNION ALL
SELECT deal_id, new_quarter, 'list_amount', old_list_said, new_list_said, 0, new_list - old_list, 0
FROM paired WHERE stays AND old_list <> new_list
"""
_QUARTER = f"""
CASE WHEN outcome = 'won'
THEN coalesce(year(closed_at) || '-Q' || quarter(closed_at), '{NO_QUARTER}') END
"""
_FIGURES = """
SELECT {quarter} AS quarter, count(*), coalesce(sum(net_amount), 0), coalesce(sum(list_amount), 0)
FROM {table} WHERE outcome = 'won' GROUP BY 1
"""
_NOTHING = Figures(0, Decimal(0), Decimal(0))


def _changes(
    before: pa.Table, after: pa.Table
) -> tuple[tuple[QuarterChange, ...], tuple[DealChange, ...]]:
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.register("before", before)
        connection.register("after", after)
        connection.execute(f"CREATE TABLE deltas AS {_DELTAS.format(quarter=_QUARTER)}")
        then, now = (
            {
                row[0]: Figures(*row[1:])
                for row in connection.execute(
                    _FIGURES.format(quarter=_QUARTER, table=table)
                ).fetchall()
            }
            for table in ("before", "after")
        )
        causes = connection.execute(
            "SELECT quarter, cause, count(*), sum(net), sum(list) FROM deltas "
            "GROUP BY quarter, cause ORDER BY quarter, abs(sum(net)) DESC, cause"
        ).fetchall()
        largest = connection.execute(
            "SELECT deal_id, quarter, cause, said, says, net, list FROM deltas "
            f"ORDER BY abs(net) DESC, abs(list) DESC, deal_id, quarter LIMIT {_MOST_SHOWN}"
        ).fetchall()
    quarters = tuple(_quarters(then, now, causes))
    return quarters, tuple(
        DealChange(deal, quarter, Cause(cause), *rest) for deal, quarter, cause, *rest in largest
    )


def _quarters(
    then: Mapping[str, Figures], now: Mapping[str, Figures], causes: Iterable[tuple[Any, ...]]
) -> Iterable[QuarterChange]:
    by_quarter: dict[str, list[CauseOfChange]] = {}
    for quarter, cause, *sums in causes:
        by_quarter.setdefault(quarter, []).append(CauseOfChange(Cause(cause), *sums))
    for quarter in sorted({*then, *now}):
        yield QuarterChange(
            quarter,
            then.get(quarter, _NOTHING),
            now.get(quarter, _NOTHING),
            tuple(by_quarter.get(quarter, ())),
        )


def _tables(before: Books, after: Books) -> Iterable[TableChange]:
    old, new = before.manifest.tables, after.manifest.tables
    for name in dict.fromkeys((*old, *new)):
        then = old[name].rows if name in old else 0
        now = new[name].rows if name in new else 0
        yield TableChange(name, then, now)
