"""Every table that the ledger shows, as a file of the whole of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import HttpResponseBase

from counterpoise.desk.decision import plain
from counterpoise.report.wording import STEPS
from counterpoise.web.access import Scope
from counterpoise.web.ledger.addresses import file_url
from counterpoise.web.ledger.asking import QUARTER, attributes_of, crossed, cut, filters_of
from counterpoise.web.ledger.exports import Format, file_of, packed_file
from counterpoise.web.ledger.figures import GroupRow, figures_of
from counterpoise.web.ledger.page import Asked
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.ledger.sheets import Cell, Sheet, SheetColumn
from counterpoise.web.results.figures import meant, rows, turn
from counterpoise.web.results.filters import column_of
from counterpoise.web.results.reading import KeptReview

_BATCH = 10_000

FIGURES = (
    SheetColumn("deals_won", "Won", Cell.COUNT),
    SheetColumn("deals_lost", "Lost", Cell.COUNT),
    SheetColumn("win_rate", "Win rate", Cell.SHARE),
    SheetColumn("list_revenue", "List", Cell.MONEY),
    SheetColumn("net_revenue", "Net", Cell.MONEY),
    SheetColumn("conceded", "Conceded", Cell.MONEY),
    SheetColumn("above_list", "Above list", Cell.MONEY),
    SheetColumn("price_realization", "Realization", Cell.SHARE),
    SheetColumn("value_held", "Held", Cell.MONEY),
    SheetColumn("value_given", "Given", Cell.MONEY),
)
_DEALS = (
    "deal_id name account_id account__name account__segment account__industry owner_id "
    "owner__name owner__team source campaign_id persona product_family outcome day list_amount "
    "net_amount cost_amount concession above_list within_authority approved leakage unjudged "
    "customization_cost adjustment_amount verdict approver clause agreement"
).split()


def file_for(
    kept: KeptReview, name: str, asked: Asked, scope: Scope, form: Format
) -> HttpResponseBase | None:
    """Return a table as a file, or nothing where there is no such table.

    Raises:
        NotForYouError: If it would tell of single people beyond the scope.
        LockHeldError: If too many such questions wait.
    """
    told = f"ledger-{name.replace('_', '-')}-{kept.as_of}"
    if name == "deals":
        return _deals(kept, asked.selection, scope, (told, form))
    sheet = sheet_of(kept, name, asked, scope)
    return None if sheet is None else file_of(told, sheet.schema, sheet.batches(), form)


def sheet_of(kept: KeptReview, name: str, asked: Asked, scope: Scope) -> Sheet | None:
    """Return a table of the ledger, or nothing where there is none of that name."""
    if name == "crossed":
        return _crossed(kept, asked, scope) if asked.across else None
    if name not in ("waterfall", "over_time", "groups"):
        return None
    found = cut(kept, asked.selection, asked.by, scope)
    if name == "waterfall":
        columns = (
            SheetColumn("step", "Step", Cell.TEXT),
            SheetColumn("says", "Says", Cell.TEXT),
            SheetColumn("amount", "Amount", Cell.MONEY),
        )
        steps = [
            {"step": step.step.value, "says": STEPS[step.step], "amount": step.amount}
            for step in found.steps
        ]
        return Sheet(name, "Waterfall", columns, steps)
    if name == "over_time":
        return Sheet(name, "Over time", _keyed(QUARTER), _rows(QUARTER, found.quarters))
    return Sheet(name, "Groups", _keyed(asked.by), _rows(asked.by, found.groups))


def of_deals(selection: Selection) -> dict[str, Any]:
    """Return where the deals of a selection are to be had as files."""
    return {"files": {form: file_url("deals", form, selection) for form in ("csv", "parquet")}}


def deal_rows(
    kept: KeptReview, selection: Selection, scope: Scope, part: tuple[str, int, int]
) -> dict[str, Any]:
    """Return some of the deals that open, with their columns and the offset of the next."""
    order, offset, limit = part
    found = rows(kept, filters_of(selection), scope, order, limit, offset)
    columns = _deal_columns(kept, kept.tables.columns("deals"))
    plain_deals = [{name: plain(row[name]) for name in columns} for row in found.rows]
    after = offset + len(found.rows)
    return {
        "columns": columns,
        "rows": plain_deals,
        "next": after if after < found.opened else None,
    }


def _deal_columns(kept: KeptReview, there: Sequence[str]) -> list[str]:
    attributes = [column_of(name, there) for name in attributes_of(kept)]
    return [name for name in (*_DEALS, *attributes) if name in set(there)]


def _keyed(*names: str) -> tuple[SheetColumn, ...]:
    keys = [SheetColumn(name, name, Cell.TEXT) for name in names]
    if len(names) == 1:
        keys.append(SheetColumn("name", "Name", Cell.TEXT))
    return (*keys, *FIGURES)


def _rows(name: str, groups: Iterable[GroupRow]) -> list[Mapping[str, Any]]:
    return [{name: row.key, "name": row.name, **row.figures} for row in groups]


def _crossed(kept: KeptReview, asked: Asked, scope: Scope) -> Sheet:
    by = (asked.by, asked.across)
    cells = [
        {by[0]: key[0], by[1]: key[1], **figures_of(totals)}
        for key, totals in crossed(kept, asked.selection, by, scope).items()
    ]
    cells.sort(key=lambda cell: [(cell[name] is None, cell[name] or "") for name in by])
    return Sheet("crossed", "Crossed", _keyed(*by), cells)


def _deals(
    kept: KeptReview, selection: Selection, scope: Scope, named: tuple[str, Format]
) -> HttpResponseBase:
    """Write the deals that open into a file of its own, and send it batch by batch."""
    deals = meant(kept, filters_of(selection), scope)
    columns = _deal_columns(kept, deals.columns)
    handle, path = tempfile.mkstemp(suffix=".parquet")
    os.close(handle)  # the engine puts a file of its own there
    try:
        with turn():
            kept.tables.write(deals.select(*columns).order_by("day", "deal_id"), Path(path))
        return _sent(Path(path), named)
    finally:
        Path(path).unlink()  # what is open stays readable until it is closed


def _sent(path: Path, named: tuple[str, Format]) -> HttpResponseBase:
    name, form = named
    if form is Format.PARQUET:
        return packed_file(name, path.open("rb"))
    opened = pq.ParquetFile(path)
    return file_of(name, opened.schema_arrow, _batches(opened), form)


def _batches(opened: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    with opened:
        yield from opened.iter_batches(_BATCH)
