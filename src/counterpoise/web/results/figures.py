"""Figures of any set of deals: what they add up to, and the deals themselves.

Two such questions run at a time, over all processes; answers are kept until the next review.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir
from django.core.cache import caches

from counterpoise.books.lock import one_of
from counterpoise.ledger.fiscal import month_label, month_number_expr, quarter_days, quarter_label
from counterpoise.ledger.groups import key_text
from counterpoise.ledger.totals import Totals, cells, read_totals, totals_by
from counterpoise.web import house
from counterpoise.web.access import EVERYTHING, Reach, Scope
from counterpoise.web.results.filters import (
    EVERY_DEAL,
    NONE,
    OUTSIDE,
    PARTS,
    PERSONA,
    QUARTER,
    UNKNOWN,
    Filters,
    UnknownFilterError,
    column_of,
)
from counterpoise.web.results.rates import gave_at_least, gave_at_most
from counterpoise.web.results.reading import KeptReview

AT_A_TIME = 2
"""How many questions run at a time, over all processes of a machine."""

PATIENCE = 20.0
"""Seconds that a question waits for its turn before the page says that it is busy."""

_MONTH = "month"
_TIMES = (_MONTH, QUARTER)
_KEEP_SECONDS = 24 * 3600
_Found = TypeVar("_Found")
Row = dict[str, Any]


@dataclass(frozen=True)
class Deals:
    """Some of the deals that are meant, in order, and how many there are."""

    rows: tuple[Row, ...]
    opened: int
    """How many of them open to whoever asks."""
    everywhere: int
    """How many there are in all."""


def totals(kept: KeptReview, filters: Filters = EVERY_DEAL, scope: Scope = EVERYTHING) -> Totals:
    """Add up the deals that are meant, of those in the scope."""
    return grouped(kept, (), filters, scope).get((), Totals())


def grouped(
    kept: KeptReview,
    by: Sequence[str],
    filters: Filters = EVERY_DEAL,
    scope: Scope = EVERYTHING,
) -> dict[tuple[str | None, ...], Totals]:
    """Add up the deals that are meant by one field, or by several crossed.

    Args:
        kept: The review.
        by: Fields as filters name them, `month`, and `quarter` for the fiscal one.
        filters: Which deals are meant.
        scope: Whose deals count.

    Raises:
        UnknownFilterError: If there is no such field.
        LockHeldError: If too many questions wait.
    """
    names = tuple(by)
    asked = ("grouped", names, filters)
    return kept_answer(kept, scope, asked, lambda: _grouped(kept, names, filters, scope))


def rows(
    kept: KeptReview,
    filters: Filters = EVERY_DEAL,
    scope: Scope = EVERYTHING,
    order: str = "-net_amount",
    limit: int = 50,
    offset: int = 0,
) -> Deals:
    """Return deals that are meant and open, in order.

    Args:
        kept: The review.
        filters: Which deals are meant.
        scope: Whose deals open.
        order: The column to sort by; a minus before it turns the order. Unknown values come last.
        limit: How many to return.
        offset: How many to pass over.

    Raises:
        UnknownFilterError: If there is no such field or column.
        LockHeldError: If too many questions wait.
    """
    asked = ("rows", filters, order, limit, offset)
    return kept_answer(
        kept, scope, asked, lambda: _rows(kept, filters, scope, order, (limit, offset))
    )


def meant(kept: KeptReview, filters: Filters, scope: Scope = EVERYTHING) -> ir.Table:
    """Return the deals that are meant and open as a table, for an export to run.

    Raises:
        UnknownFilterError: If there is no such field.
    """
    deals = kept.tables.table("deals")
    tests = [_named(kept, deals, name, values) for name, values in filters.values]
    tests += _priced_so(deals, filters)
    if filters.first:
        tests.append(deals.day >= ibis.literal(filters.first))
    if filters.last:
        tests.append(deals.day <= ibis.literal(filters.last))
    if scope.reach is not Reach.EVERYTHING:
        tests.append(opens_deal(kept, deals, scope))
    return deals.filter(tests) if tests else deals


def warm(kept: KeptReview) -> None:
    """Read the review and ask the engine one question, so that the first asker need not wait."""
    if kept.object:
        kept.tables.run(totals_by(cells(kept.tables.table("deals").limit(0), {})))


def one(kept: KeptReview, deal_id: str) -> Row | None:
    """Return one deal as the review judged it, or nothing where it did not know it."""
    deals = kept.tables.table("deals")
    found = kept.tables.run(deals.filter(deals.deal_id == deal_id).limit(1)).to_pylist()
    return found[0] if found else None


def turn() -> AbstractContextManager[None]:
    """Wait for a turn among the questions that run at a time, and hold it while a block runs.

    Raises:
        LockHeldError: If too many questions wait.
    """
    folder = house.workspace().root / "cache" / "turns"
    return one_of([folder / str(number) for number in range(AT_A_TIME)], PATIENCE)


def _grouped(
    kept: KeptReview, by: tuple[str, ...], filters: Filters, scope: Scope
) -> dict[tuple[str | None, ...], Totals]:
    deals = meant(kept, filters, scope)
    keys = {f"key_{number}": _key(deals, name) for number, name in enumerate(by)}
    rows = kept.tables.run(totals_by(cells(deals, keys), *keys))
    found: dict[tuple[str | None, ...], Totals] = {}
    for key, each in read_totals(rows, *keys).items():
        named = tuple(_label(kept, name, value) for name, value in zip(by, key, strict=True))
        found[named] = found[named] + each if named in found else each
    return found


def _key(deals: ir.Table, name: str) -> ir.Value:
    if name in _TIMES:
        return month_number_expr(deals.day)
    column: ir.Value = deals[column_of(name, deals.columns)]
    return column


def _label(kept: KeptReview, name: str, value: Any) -> str | None:
    """Name a key; months are numbers until here, because small integers group fast."""
    if value is None or name not in _TIMES:
        return key_text(value)
    if name == _MONTH:
        return month_label(value)
    return quarter_label(value, kept.fiscal_year_starts)


def _rows(
    kept: KeptReview, filters: Filters, scope: Scope, order: str, part: tuple[int, int]
) -> Deals:
    deals = meant(kept, filters, scope)
    name = order.removeprefix("-")
    if name not in deals.columns:
        raise UnknownFilterError(name, deals.columns)
    key = deals[name].desc(nulls_first=False) if order[0] == "-" else deals[name].asc()
    limit, offset = part
    first = deals.order_by([key, deals.deal_id]).limit(limit, offset=offset)
    found = tuple(kept.tables.run(first).to_pylist())
    opened = int(kept.tables.run(deals.count().name("n").as_table()).column("n")[0].as_py())
    everywhere = opened
    if scope.reach is not Reach.EVERYTHING:
        every = meant(kept, filters).count().name("n").as_table()
        everywhere = int(kept.tables.run(every).column("n")[0].as_py())
    return Deals(found, opened, everywhere)


def _named(
    kept: KeptReview, deals: ir.Table, name: str, values: tuple[str, ...]
) -> ir.BooleanValue:
    """Test that a field has one of the values; a quarter is its days, which are fast to compare."""
    if name != QUARTER:
        return has_one_of(deals[column_of(name, deals.columns)], values)
    spans = (quarter_days(value, kept.fiscal_year_starts) for value in values)
    tests = [deals.day.between(*span) for span in spans if span]
    return reduce(or_, [*tests, deals.day.isnull() if NONE in values else ibis.literal(False)])


def _priced_so(deals: ir.Table, filters: Filters) -> list[ir.BooleanValue]:
    """Test rates, and that a won deal has a part of the waterfall."""
    tests = []
    if filters.least_rate is not None:
        tests.append(gave_at_least(deals, filters.least_rate))
    if filters.most_rate is not None:
        tests.append(gave_at_most(deals, filters.most_rate))
    if filters.part is not None:
        if filters.part not in PARTS:
            raise UnknownFilterError(filters.part, tuple(PARTS))
        tests.append((deals.outcome == "won") & (deals[PARTS[filters.part]] != 0))
    return tests


def has_one_of(column: ir.Value, values: tuple[str, ...]) -> ir.BooleanValue:
    """Test that a column has one of the values; `NONE` stands for no value.

    Of personas `OUTSIDE` stands for surely none, `UNKNOWN` for those that nobody knows.
    """
    text = column if column.type().is_string() else column.cast("string")
    if column.get_name() == PERSONA:
        return _has_persona(text, values)
    there = [value for value in values if value != NONE]
    tests = [text.isin(there)] if there else []
    if NONE in values:
        tests.append(column.isnull() | (text == ""))
    return reduce(or_, tests)


def _has_persona(persona: ir.StringValue, values: tuple[str, ...]) -> ir.BooleanValue:
    told = ["" if value == OUTSIDE else value for value in values if value not in (NONE, UNKNOWN)]
    found = ibis.coalesce(persona.isin([*told, *([""] if NONE in values else [])]), False)
    return found | persona.isnull() if {NONE, UNKNOWN} & set(values) else found


def opens_deal(kept: KeptReview, deals: ir.Table, scope: Scope) -> ir.BooleanValue:
    """Test that a deal opens: the same rule as `Scope.opens`, over a table."""
    opens: ir.BooleanValue = ibis.literal(False)
    if scope.owners:
        opens = deals.owner_id.isin(sorted(scope.owners))
    if scope.campaigns:
        touching = kept.tables.table("deal_campaigns")
        touched = touching.filter(touching.campaign_id.isin(sorted(scope.campaigns)))
        opens = opens | deals.deal_id.isin(touched.deal_id)
    return opens


def kept_answer(
    kept: KeptReview, scope: Scope, asked: tuple[object, ...], ask: Callable[[], _Found]
) -> _Found:
    """Return the answer to a question, asked once a scope until the next review.

    Raises:
        LockHeldError: If too many questions wait.
    """
    name = f"figures:{kept.key}:{scope.key}:{_name_of(asked)}"
    pages = caches["pages"]
    found: _Found | None = pages.get(name)
    if found is None:
        with turn():
            found = pages.get(name)
            if found is None:
                found = ask()
                pages.set(name, found, _KEEP_SECONDS)
    return found


def _name_of(asked: tuple[object, ...]) -> str:
    """Return a short name of a question, the same in every process."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:24]
