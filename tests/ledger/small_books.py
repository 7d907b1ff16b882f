"""Small books held in memory, and deals as the desk hands them over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from counterpoise.books.books import Books
from counterpoise.books.money import MONEY
from counterpoise.books.schema import READABLE, Kind
from counterpoise.ledger.cycle import days_of
from counterpoise.ledger.unjudged import reason_of

Row = Mapping[str, Any]

_MONEY = (
    "list_amount",
    "net_amount",
    "cost_amount",
    "concession",
    "above_list",
    "within_authority",
    "approved",
    "leakage",
    "unjudged",
    "leakage_high",
    "customization_cost",
    "adjustment_amount",
)
JUDGED = ibis.schema(
    {
        "deal_id": "string",
        "account_id": "string",
        "owner_id": "string",
        "campaign_id": "string",
        "source": "string",
        "outcome": "string",
        "created_at": Kind.INSTANT.dtype,
        "closed_at": Kind.INSTANT.dtype,
        "loss_reason": "string",
        "day": "date",
        "priced": "boolean",
        "has_lines": "boolean",
        "line_count": "int64",
        "owner__team": "string",
        "account__segment": "string",
        "account__industry": "string",
        "persona": "string",
        "ladder_role": "string",
        "agreement": "string",
        "clause": "string",
        "verdict": "string",
        **dict.fromkeys(_MONEY, MONEY),
    }
)
LINES = ibis.schema(
    {
        "deal_id": "string",
        "line_no": "int64",
        "product_id": "string",
        "product_family": "string",
        "list_amount": MONEY,
        "net_amount": MONEY,
        "cost_amount": MONEY,
        "concession": MONEY,
        "above_list": MONEY,
    }
)


def table(schema: ibis.Schema, rows: Iterable[Row]) -> ir.Table:
    """Return rows as an Ibis table; columns that a row lacks are NULL."""
    arrow = schema.to_pyarrow()
    given = list(rows)
    arrays = [pa.array([row.get(each.name) for row in given], type=each.type) for each in arrow]
    return ibis.memtable(pa.Table.from_arrays(arrays, schema=arrow))


def deals_of(rows: Iterable[Row], recorded: bool = False) -> ir.Table:
    """Return judged deals as the ledger keeps them, approvals on record in their days or not."""
    judged = table(JUDGED, rows)
    return judged.mutate(
        cycle_days=days_of(judged),
        has_loss_reason=judged.loss_reason.notnull(),
        unjudged_because=reason_of(judged, ibis.literal(recorded)),
    )


def deal(deal_id: str, outcome: str = "won", **facts: Any) -> dict[str, Any]:
    """Return a judged deal; its concession follows from list and net and is within authority."""
    listed, net = (_money(facts.pop(name, None)) for name in ("list_amount", "net_amount"))
    priced = listed is not None and net is not None
    gap = listed - net if listed is not None and net is not None else None
    parts = {
        "concession": None if gap is None else max(gap, Decimal(0)),
        "above_list": None if gap is None else max(-gap, Decimal(0)),
        "customization_cost": Decimal(0),
        "adjustment_amount": Decimal(0),
    }
    split = {
        name: Decimal(0) if priced else None
        for name in ("approved", "leakage", "unjudged", "leakage_high")
    }
    row = {
        "deal_id": deal_id,
        "outcome": outcome,
        "day": dt.date(2026, 6, 30) if outcome == "open" else dt.date(2026, 2, 10),
        "list_amount": listed,
        "net_amount": net,
        "priced": priced,
        "within_authority": parts["concession"],
        **parts,
        **split,
        **facts,
    }
    return {
        name: _money(value) if JUDGED.get(name) == MONEY else value for name, value in row.items()
    }


def line(deal_id: str, product: str | None, listed: Any, net: Any, **facts: Any) -> dict[str, Any]:
    """Return a line of a deal."""
    listed, net = _money(listed), _money(net)
    gap = None if listed is None or net is None else listed - net
    return {
        "deal_id": deal_id,
        "line_no": 1,
        "product_id": product,
        "list_amount": listed,
        "net_amount": net,
        "concession": None if gap is None else max(gap, Decimal(0)),
        "above_list": None if gap is None else max(-gap, Decimal(0)),
        **facts,
    }


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


class MemoryBooks:
    """Books that are given as rows, and run on the embedded engine like those on disk."""

    is_large = False

    def __init__(self, **tables: Iterable[Row]) -> None:
        self.engine = ibis.duckdb.connect(":memory:")
        self._rows = {name: list(rows) for name, rows in tables.items()}
        self._kept = 0

    def once(self, key: object, make: Callable[[], ir.Table]) -> ir.Table:
        return make()

    def table(self, name: str) -> ir.Table:
        columns = {column.name: column.kind.dtype for column in READABLE[name].columns}
        return table(ibis.schema(columns), self._rows.get(name, ()))

    def has(self, name: str) -> bool:
        return bool(self._rows.get(name))

    @property
    def all_attributes(self) -> dict[str, dict[str, Kind]]:
        return {}

    def run(self, expression: ir.Expr) -> pa.Table:
        return self.engine.to_pyarrow(expression)

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        self._kept += 1
        return self.engine.create_table(f"{name}_{self._kept}", expression, temp=True)

    def keep_to_write(
        self, expression: ir.Table, name: str, order: tuple[str, ...] = ()
    ) -> ir.Table:
        return self.keep(expression, name)


def memory_books(**tables: Iterable[Row]) -> Books:
    """Return books in memory with these rows."""
    return cast(Books, MemoryBooks(**tables))
